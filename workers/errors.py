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


class OwnAccountError(PolicyViolationError):
    """Somebody would close the account with which they work."""

    code = "own_account"

    def __init__(self) -> None:
        super().__init__(
            vi="Không tự khóa được tài khoản đang dùng. Nhờ quản trị viên khác.",
            en="You cannot close the account that you work with. Ask another administrator.",
        )


class NoCodeError(RejectedInputError):
    """A picture or text holds no code that we know."""

    code = "no_code"

    def __init__(self) -> None:
        super().__init__(
            vi="Chưa thấy mã hồ sơ hay số định danh. Đưa mã vào giữa khung, hoặc gõ tay.",
            en="No dossier code or personal number was found. Hold it still, or type it.",
        )


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
            vi="Mật khẩu cần ít nhất 12 ký tự, khác mật khẩu cũ và không dễ đoán: đừng chỉ ghép "
            "tên đăng nhập, “mật khẩu”, “so hoa” hay dãy số.",
            en="A password needs at least 12 characters, differs from the old one and is not "
            "easily guessed: more than the account's name, “password”, “so hoa” or rows of digits.",
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


class PurposeRequiredError(PolicyViolationError):
    """Somebody opens papers of a person outside their own area without saying why."""

    code = "purpose_required"

    def __init__(self, *, needs_dossier: bool) -> None:
        self.needs_dossier = needs_dossier
        if needs_dossier:
            vi = "Nêu mã hồ sơ (dossier) và mục đích (purpose, từ 10 ký tự) rồi gửi lại."
            en = "Name the dossier and the purpose (10 characters or more), then ask again."
        else:
            vi = (
                "Giấy tờ của người dân ngoài hồ sơ hoặc địa bàn của bạn. Ghi mục đích xem "
                "(từ 10 ký tự) rồi mở lại; mục đích được lưu vào nhật ký."
            )
            en = (
                "These papers of a person lie outside your dossier or area. Say for what purpose "
                "(10 characters or more) and open them again; it is written into the audit log."
            )
        super().__init__(vi=vi, en=en)


class OutsideAreaError(PolicyViolationError):
    """Somebody would change what belongs to another area."""

    code = "outside_area"

    def __init__(self) -> None:
        super().__init__(
            vi="Hồ sơ hoặc tài liệu này thuộc địa bàn khác. Nhờ cơ quan đó thực hiện.",
            en="This dossier or document belongs to another area. Ask that office to do it.",
        )


class UnknownAreaError(RejectedInputError):
    """An area is no agency code."""

    code = "unknown_area"

    def __init__(self, area: str) -> None:
        super().__init__(
            vi=f"Địa bàn “{area}” không phải mã cơ quan. Mã có dạng H99 hoặc H99.12.",
            en=f"The area “{area}” is no agency code. It looks like H99 or H99.12.",
        )


class DossierCodeError(RejectedInputError):
    """What was given is no dossier code."""

    code = "dossier_code"

    def __init__(self) -> None:
        super().__init__(
            vi="Mã hồ sơ chưa đúng; mã có dạng H05.01.02-251103-0012. Kiểm tra lại trên phiếu hẹn.",
            en="This is no dossier code; one looks like H05.01.02-251103-0012. Check the slip.",
        )


class OwnerNumberError(RejectedInputError):
    """What was given is no personal or enterprise number."""

    code = "owner_number"

    def __init__(self) -> None:
        super().__init__(
            vi="Số định danh gồm 12 chữ số; mã số doanh nghiệp gồm 10 hoặc 13 chữ số. Xem lại số.",
            en="A personal number has 12 digits, an enterprise number 10 or 13. Check it.",
        )


class DossierDiffersError(PolicyViolationError):
    """A dossier of this code is there with another procedure or owner."""

    code = "dossier_differs"

    def __init__(self, code: str, *, what: str) -> None:
        self.what = what
        vi, en = {
            "procedure": ("thủ tục khác", "another procedure"),
            "owner_id": ("chủ hồ sơ khác", "another owner"),
        }.get(what, ("kết quả khác", "another result"))
        super().__init__(
            vi=f"Hồ sơ {code} đã có với {vi}. Mở hồ sơ đó ra xem, hoặc kiểm tra lại mã.",
            en=f"Dossier {code} is there with {en}. Look at it, or check the code.",
        )


class ReasonMissingError(RejectedInputError):
    """A change after filing needs a reason that others understand."""

    code = "reason_missing"

    def __init__(self) -> None:
        super().__init__(
            vi="Ghi lý do sửa (từ 5 ký tự); lý do được lưu vào lịch sử tài liệu.",
            en="Give the reason (5 characters or more); it is kept with the document's history.",
        )
