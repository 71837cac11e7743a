"""What can go wrong in running the pipeline."""

from collections.abc import Sequence
from typing import Literal

from documents.errors import (
    BackEndUnavailableError,
    ConfigurationError,
    IntegrityError,
    PipelineError,
    PolicyViolationError,
    RejectedInputError,
)


class ChildDiedError(PipelineError):
    """A child process died, hung or used more than it may, on the work it was given."""

    code = "child_died"

    def __init__(self, kind: Literal["died", "memory", "time", "unexpected"], *, job: str) -> None:
        self.kind = kind
        self.job = job
        vi, en = _CHILD_MESSAGES[kind]
        super().__init__(vi=vi, en=en)


_CHILD_MESSAGES = {
    "died": (
        "Chương trình xử lý trang đã dừng đột ngột.",
        "The program that works on pages stopped suddenly.",
    ),
    "memory": (
        "Trang này cần nhiều bộ nhớ hơn mức cho phép.",
        "This page needs more memory than is allowed.",
    ),
    "time": (
        "Xử lý trang này lâu hơn mức cho phép.",
        "Work on this page takes longer than is allowed.",
    ),
    "unexpected": (
        "Chương trình gặp lỗi không lường trước khi xử lý tài liệu này.",
        "The program met an unexpected error while working on this material.",
    ),
}


class NoChildError(BackEndUnavailableError):
    """No child process can be started: each dies before it takes work."""

    code = "no_child"

    def __init__(self) -> None:
        super().__init__(
            vi="Không khởi động được chương trình xử lý trang; sẽ tự thử lại. Kiểm tra bộ nhớ "
            "trống và chạy: sohoa doctor.",
            en="The program that works on pages cannot be started; it is tried again by itself. "
            "Check the free memory and run: sohoa doctor.",
        )


class PoisonedError(RejectedInputError):
    """The material stopped the program three times."""

    code = "poisoned"

    def __init__(self, last: str, *, vi: str) -> None:
        super().__init__(
            vi=f"Đã thử ba lần không được: {vi} Hãy quét lại hoặc kiểm tra tệp gốc.",
            en=f"Tried three times without success: {last} Scan it again or check the original.",
        )


class NotArchivalError(IntegrityError):
    """What was assembled or signed is not PDF/A; nothing goes on."""

    code = "not_archival"

    def __init__(self, findings: tuple[str, ...]) -> None:
        self.findings = findings
        super().__init__(
            vi="Tệp tạo ra chưa đạt chuẩn PDF/A nên không được ký. Báo cho quản trị viên.",
            en="The file that was made is not PDF/A, so it is not signed. Tell the administrator.",
        )


class SecretPaperError(PolicyViolationError):
    """A secrecy stamp was found; such papers are not digitized here."""

    code = "secret_paper"

    def __init__(self) -> None:
        super().__init__(
            vi="Tài liệu có dấu chỉ mức độ mật. Không được số hóa ở đây: lấy bản giấy ra, "
            "xử lý theo quy định về tài liệu mật. Không lưu lại nội dung đã đọc.",
            en="The paper bears a secrecy stamp. It must not be digitized here: take the paper "
            "out and handle it by the rules for secret papers. No text that was read is kept.",
        )


class UnreadPagesError(RejectedInputError):
    """Some pages of a document could not be read."""

    code = "unread_pages"

    def __init__(self, ordinals: tuple[int, ...]) -> None:
        numbers = ", ".join(str(ordinal) for ordinal in ordinals)
        super().__init__(
            vi=f"Không đọc được trang {numbers}. Quét lại các trang này rồi thử lại.",
            en=f"Pages {numbers} could not be read. Scan them again, then try again.",
        )


class DiskFullError(BackEndUnavailableError):
    """There is no room to store what is delivered."""

    code = "disk_full"

    def __init__(self) -> None:
        super().__init__(
            vi="Đĩa đã đầy, chưa nhận được tệp. Giải phóng dung lượng rồi gửi lại.",
            en="The disk is full; the file was not taken. Free some space and send it again.",
        )


class FileTooLargeError(RejectedInputError):
    """A delivered file is larger than is allowed."""

    code = "file_too_large"

    def __init__(self, limit_bytes: int) -> None:
        mib = limit_bytes >> 20
        super().__init__(
            vi=f"Tệp lớn hơn {mib} MiB. Hãy chia nhỏ tệp rồi gửi lại.",
            en=f"The file is larger than {mib} MiB. Split it and send it again.",
        )


class AlreadyServedError(PolicyViolationError):
    """A server already runs over this home."""

    code = "already_served"

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(
            vi=f"Thư mục này đang được phục vụ tại {address}.",
            en=f"This home is served already at {address}.",
        )


class UnsafeAddressError(ConfigurationError):
    """Plain HTTP was asked for off the loopback."""

    code = "unsafe_address"

    def __init__(self, host: str) -> None:
        super().__init__(
            vi=f"Không phục vụ HTTP không mã hóa tại {host}. Dùng --tls-cert và --tls-key.",
            en=f"Plain HTTP is not served at {host}. Use --tls-cert and --tls-key.",
        )


class StaleReviewError(PolicyViolationError):
    """Somebody else changed the document meanwhile."""

    code = "stale_review"

    def __init__(self) -> None:
        super().__init__(
            vi="Tài liệu đã được thay đổi ở nơi khác. Tải lại trang, xem lại rồi xác nhận.",
            en="The document was changed elsewhere. Load it again and look before confirming.",
        )


class SignInRefusedError(PolicyViolationError):
    """Wrong name or password, or a locked account; deliberately one message."""

    code = "sign_in_refused"

    def __init__(self) -> None:
        super().__init__(
            vi="Tên hoặc mật khẩu không đúng, hoặc tài khoản đang tạm khóa. Thử lại sau ít phút.",
            en="Wrong name or password, or the account is locked for a while. Try again later.",
        )


class WeakPasswordError(RejectedInputError):
    """A new password is too short or too simple."""

    code = "weak_password"

    def __init__(self) -> None:
        super().__init__(
            vi="Mật khẩu cần ít nhất 12 ký tự và khác mật khẩu cũ.",
            en="A password needs at least 12 characters and must differ from the old one.",
        )


class NameTakenError(PolicyViolationError):
    """An account of this name exists."""

    code = "name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            vi=f"Đã có tài khoản “{name}”. Chọn tên khác.",
            en=f"There is an account “{name}” already. Choose another name.",
        )


class UnknownProfileError(ConfigurationError):
    """A scanner profile that was named is not known."""

    code = "unknown_profile"

    def __init__(self, name: str, *, known: Sequence[str]) -> None:
        names = ", ".join(known)
        super().__init__(
            vi=f"Không có cấu hình máy quét “{name}”. Có: {names}.",
            en=f"There is no scanner profile “{name}”. There are: {names}.",
        )
