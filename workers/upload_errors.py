"""What can go wrong while a file comes in pieces."""

from documents.errors import PolicyViolationError, RejectedInputError


class UploadOffsetError(PolicyViolationError):
    """A piece of a file does not follow the bytes that have come."""

    code = "upload_offset"

    def __init__(self, offset_bytes: int) -> None:
        self.headers = {"Upload-Offset": str(offset_bytes)}
        super().__init__(
            vi=f"Máy chủ đã có {offset_bytes} byte. Gửi tiếp từ đó (Upload-Offset).",
            en=f"The server has {offset_bytes} bytes. Continue from there (Upload-Offset).",
        )


class UploadLockedError(PolicyViolationError):
    """Another request adds to the same upload now."""

    code = "upload_locked"

    def __init__(self) -> None:
        self.headers = {"Retry-After": "1"}
        super().__init__(
            vi="Một yêu cầu khác đang gửi tệp này. Chờ nó xong, hỏi Upload-Offset rồi gửi tiếp.",
            en="Another request sends this file. Wait for it, ask for the Upload-Offset, go on.",
        )


class UploadChecksumError(RejectedInputError):
    """A piece of a file arrived with other bytes than were sent; it was not kept."""

    code = "upload_checksum"

    def __init__(self) -> None:
        super().__init__(
            vi="Đoạn vừa nhận không khớp Upload-Checksum nên không được giữ. Gửi lại đoạn đó.",
            en="The piece does not match its Upload-Checksum and was not kept. Send it again.",
        )


class UploadTooLongError(RejectedInputError):
    """More of a file came than its sender announced."""

    code = "upload_too_long"

    def __init__(self, size_bytes: int) -> None:
        super().__init__(
            vi=f"Tệp được báo là {size_bytes} byte nhưng gửi nhiều hơn. Hủy (DELETE) rồi gửi lại.",
            en=f"The file was announced with {size_bytes} bytes, more came. DELETE it, start anew.",
        )


class TooManyUploadsError(PolicyViolationError):
    """An account has as many unfinished uploads as it may."""

    code = "too_many_uploads"

    def __init__(self, limit: int) -> None:
        self.headers = {"Retry-After": "60"}
        super().__init__(
            vi=f"Tài khoản này có {limit} tệp gửi dở. Gửi xong hoặc hủy bớt (DELETE) rồi mở mới.",
            en=f"This account has {limit} unfinished uploads. Finish or DELETE some first.",
        )
