"""What can go wrong at the door, and which HTTP status each error of the product gets."""

from documents.errors import (
    BackEndUnavailableError,
    ConfigurationError,
    NotFoundError,
    PipelineError,
    PolicyViolationError,
    RejectedInputError,
)


class NotSignedInError(PolicyViolationError):
    """Nobody is signed in, or the token is not known."""

    code = "not_signed_in"

    def __init__(self) -> None:
        super().__init__(
            vi="Chưa đăng nhập hoặc phiên làm việc đã hết. Hãy đăng nhập lại.",
            en="You are not signed in, or your session has ended. Sign in again.",
        )


class ForbiddenError(PolicyViolationError):
    """The role does not give this right."""

    code = "forbidden"

    def __init__(self) -> None:
        super().__init__(
            vi="Vai trò của tài khoản này không được làm việc đó. Cần thì hỏi quản trị viên.",
            en="The role of this account does not allow this. Ask the administrator.",
        )


class ForgedRequestError(PolicyViolationError):
    """A changing request without the token of the page that it should come from."""

    code = "csrf"

    def __init__(self) -> None:
        super().__init__(
            vi="Yêu cầu không đến từ trang của phiên làm việc này. Tải lại trang rồi làm lại.",
            en="The request does not come from a page of this session. Reload the page, try again.",
        )


class PasswordChangeRequiredError(PolicyViolationError):
    """The first password must be changed before anything else."""

    code = "password_change_required"

    def __init__(self) -> None:
        super().__init__(
            vi="Hãy đổi mật khẩu được cấp trước khi làm việc khác.",
            en="Change the password that you were given before doing anything else.",
        )


class SecondFactorRequiredError(PolicyViolationError):
    """The role must have a second factor, and none is in force."""

    code = "second_factor_required"

    def __init__(self) -> None:
        super().__init__(
            vi="Vai trò này phải có mã xác thực. Cài ở trang mật khẩu trước khi làm việc khác.",
            en="This role must have a second factor. Set it up on the page of the password "
            "before doing anything else.",
        )


class UnknownPageError(NotFoundError):
    """There is no such address."""

    code = "unknown_address"

    def __init__(self) -> None:
        super().__init__(
            vi="Không có trang này. Kiểm tra lại địa chỉ, hoặc quay về trang đầu.",
            en="There is no such page. Check the address, or go back to the first page.",
        )


class WrongMethodError(RejectedInputError):
    """The address exists, but not for this method."""

    code = "wrong_method"

    def __init__(self, allowed: str) -> None:
        self.headers = {"Allow": allowed}
        super().__init__(
            vi="Địa chỉ này không nhận cách gọi đó. Xem mô tả API.",
            en="This address does not take that method. See the description of the API.",
        )


class BodyTooLargeError(RejectedInputError):
    """More was sent than is taken at this address."""

    code = "body_too_large"

    def __init__(self, limit_bytes: int) -> None:
        size = f"{limit_bytes >> 20} MiB"
        super().__init__(
            vi=f"Nội dung gửi lên lớn hơn {size}. Hãy chia nhỏ rồi gửi lại.",
            en=f"What was sent is larger than {size}. Split it and send it again.",
        )


class SlowRequestError(RejectedInputError):
    """The sender stopped sending."""

    code = "slow_request"

    def __init__(self) -> None:
        super().__init__(
            vi="Bên gửi ngừng gửi quá lâu nên kết nối bị đóng. Kiểm tra mạng rồi gửi lại.",
            en="The sender was silent for too long. Check the network and send it again.",
        )


class InvalidRequestError(RejectedInputError):
    """Something in the request is not what the description of the API says."""

    code = "invalid_request"

    def __init__(self, places: str) -> None:
        super().__init__(
            vi=f"Yêu cầu chưa đúng ở: {places}. Sửa lại theo mô tả API rồi gửi lại.",
            en=f"The request is wrong at: {places}. Correct it by the description of the API.",
        )


class InsufficientScopeError(PolicyViolationError):
    """The token was limited to other things."""

    code = "insufficient_scope"

    def __init__(self, scope: str) -> None:
        # RFC 6750 §3.1 wants the scope that is missing in the challenge.
        self.headers = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'}
        super().__init__(
            vi=f"Mã truy cập này không có quyền “{scope}”. Xin quản trị viên cấp mã có quyền đó.",
            en=f"This token lacks the scope “{scope}”. Ask the administrator for one that has it.",
        )


class RateLimitedError(PolicyViolationError):
    """More was asked in a minute than one caller may."""

    code = "rate_limited"

    def __init__(self, *, limit: int, retry_after_seconds: int) -> None:
        self.headers = {
            "Retry-After": str(retry_after_seconds),
            "RateLimit-Limit": str(limit),
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": "60",
        }
        super().__init__(
            vi=f"Gọi quá nhiều trong một phút. Chờ {retry_after_seconds} giây rồi thử lại.",
            en=f"Too many requests in a minute. Wait {retry_after_seconds} s, then try again.",
        )


class TooManyStreamsError(PolicyViolationError):
    """One account has as many streams of events open as it may."""

    code = "too_many_streams"

    def __init__(self, limit: int) -> None:
        self.headers = {"Retry-After": "5"}
        super().__init__(
            vi=f"Tài khoản này đã mở {limit} luồng theo dõi. Đóng bớt rồi mở lại.",
            en=f"This account has {limit} streams of events open. Close some, then open it again.",
        )


class KeyReusedError(RejectedInputError):
    """An idempotency key came again with another request."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(
            vi="Idempotency-Key này đã dùng cho yêu cầu khác. Dùng khóa mới cho mỗi yêu cầu mới.",
            en="This Idempotency-Key was used for another request. Take a new key for a new one.",
        )


class RequestRunningError(PolicyViolationError):
    """The first request with an idempotency key has not been answered yet."""

    code = "idempotency_key_in_use"

    def __init__(self) -> None:
        self.headers = {"Retry-After": "1"}
        super().__init__(
            vi="Yêu cầu với Idempotency-Key này đang được xử lý. Chờ một giây rồi gửi lại.",
            en="The request with this Idempotency-Key is being worked on. Wait 1 s, send it again.",
        )


class PreconditionFailedError(PolicyViolationError):
    """What `If-Match` names is not what stands here now."""

    code = "precondition_failed"

    def __init__(self) -> None:
        super().__init__(
            vi="Tài liệu đã thay đổi từ lần đọc trước. Đọc lại, xem lại rồi gửi với ETag mới.",
            en="The document has changed since it was read. Read it again and send the new ETag.",
        )


class UnsatisfiableRangeError(RejectedInputError):
    """A part of the file was asked for that it does not have."""

    code = "range_not_satisfiable"

    def __init__(self, size_bytes: int) -> None:
        self.headers = {"Content-Range": f"bytes */{size_bytes}"}
        super().__init__(
            vi=f"Tệp chỉ có {size_bytes} byte, không có đoạn được hỏi. Sửa lại Range.",
            en=f"The file has {size_bytes} bytes, not the part asked for. Correct the Range.",
        )


class UnsupportedMediaTypeError(RejectedInputError):
    """The body is of a kind that this address does not take."""

    code = "unsupported_media_type"

    def __init__(self, expected: str) -> None:
        super().__init__(
            vi=f"Địa chỉ này nhận nội dung kiểu {expected}. Sửa Content-Type rồi gửi lại.",
            en=f"This address takes {expected}. Correct the Content-Type and send it again.",
        )


class UnsupportedTusVersionError(RejectedInputError):
    """The resumable upload is of another version of the protocol."""

    code = "unsupported_tus_version"

    def __init__(self) -> None:
        self.headers = {"Tus-Version": "1.0.0"}
        super().__init__(
            vi="Chỉ nhận tải lên từng phần theo tus 1.0.0. Gửi đầu mục Tus-Resumable: 1.0.0.",
            en="Resumable uploads are tus 1.0.0. Send the header Tus-Resumable: 1.0.0.",
        )


class UnknownComponentTypeError(RejectedInputError):
    """What was typed names no component type."""

    code = "unknown_component_type"

    def __init__(self) -> None:
        super().__init__(
            vi="Không có loại giấy tờ này trong danh mục. Gõ vài chữ rồi chọn trong danh sách.",
            en="There is no such document type. Type a few letters and choose from the list.",
        )


class CertificateError(ConfigurationError):
    """The TLS certificate or its key is missing or unreadable."""

    code = "tls_certificate"

    def __init__(self) -> None:
        super().__init__(
            vi="Không dùng được chứng thư TLS. Cần cả --tls-cert và --tls-key (tệp PEM).",
            en="The TLS certificate cannot be used. --tls-cert and --tls-key must both name "
            "readable PEM files.",
        )


class AddressInUseError(ConfigurationError):
    """Another program listens there."""

    code = "address_in_use"

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            vi=f"Không mở được {host}:{port}. Chương trình khác đang dùng? Thử --port 0.",
            en=f"{host}:{port} cannot be opened. Is another program using it? Try --port 0.",
        )


_STATUS_BY_CODE = {
    "not_signed_in": 401,
    "sign_in_refused": 401,
    "forbidden": 403,
    "insufficient_scope": 403,
    "csrf": 403,
    "password_change_required": 403,
    "second_factor_required": 403,
    "code_needed": 401,
    "second_step_expired": 401,
    "purpose_required": 403,
    "outside_area": 403,
    "wrong_method": 405,
    "slow_request": 408,
    "precondition_failed": 412,
    "unsupported_tus_version": 412,
    "file_too_large": 413,
    "body_too_large": 413,
    "upload_too_long": 413,
    "unsupported_media_type": 415,
    "range_not_satisfiable": 416,
    "upload_locked": 423,
    "rate_limited": 429,
    "too_many_streams": 429,
    "too_many_uploads": 429,
    "upload_checksum": 460,  # a status of tus 1.0.0
    "child_died": 503,
}
_STATUS_BY_FAMILY: tuple[tuple[type[PipelineError], int], ...] = (
    (NotFoundError, 404),
    (RejectedInputError, 422),
    (PolicyViolationError, 409),
    (BackEndUnavailableError, 503),
)


def status_of(error: PipelineError) -> int:
    """Return the HTTP status of an error: by its code, else by its family, else 500."""
    if error.code in _STATUS_BY_CODE:
        return _STATUS_BY_CODE[error.code]
    return next((status for family, status in _STATUS_BY_FAMILY if isinstance(error, family)), 500)
