"""What can go wrong while a person corrects what the scanner delivered."""

from datetime import datetime

from documents.clock import VIETNAM
from documents.errors import PolicyViolationError, RejectedInputError


class AlreadyReservedError(PolicyViolationError):
    """Somebody else has the document before them."""

    code = "already_reserved"

    def __init__(self, *, holder: str, until: datetime) -> None:
        self.holder = holder
        self.until = until
        moment = until.astimezone(VIETNAM).strftime("%H:%M")
        super().__init__(
            vi=f"“{holder}” đang xem tài liệu này, giữ đến {moment}. Làm tài liệu khác trước, "
            "hoặc hỏi người đó.",
            en=f"“{holder}” is working on this document and holds it until {moment}. Take another "
            "one first, or ask them.",
        )


class ImpossibleChangeError(RejectedInputError):
    """A change of pages that makes no sense for these pages."""

    code = "impossible_change"


class SignedFileKeptError(PolicyViolationError):
    """A file that arrived signed is never rewritten, so its pages stay as they are."""

    code = "signed_file_kept"

    def __init__(self) -> None:
        super().__init__(
            vi="Tệp này đã có chữ ký số khi gửi đến nên giữ nguyên, không sửa được trang. "
            "Xác nhận như vậy, hoặc bỏ tài liệu và nhận tệp khác.",
            en="This file arrived signed and is kept as it is; its pages cannot be changed. "
            "Confirm it so, or discard it and take another file.",
        )


class SameScanError(RejectedInputError):
    """What was given as a rescan is a file that the batch has already."""

    code = "same_scan"

    def __init__(self) -> None:
        super().__init__(
            vi="Tệp này đã có trong lô quét rồi. Chọn tệp vừa quét lại.",
            en="The batch has this very file already. Choose the file of the new scan.",
        )


class CopiesGoneError(PolicyViolationError):
    """The working copies of pages have been removed, since all of their file was settled."""

    code = "copies_gone"

    def __init__(self) -> None:
        super().__init__(
            vi="Ảnh của các trang này không còn vì cả tệp đã được lưu hoặc bỏ. Quét lại giấy.",
            en="The images of these pages are gone, since all of their file was filed or "
            "discarded. Scan the paper again.",
        )


class NothingToUndoError(PolicyViolationError):
    """There is no change of pages that can be taken back."""

    code = "nothing_to_undo"

    def __init__(self) -> None:
        super().__init__(
            vi="Không còn thay đổi nào của lô này hoàn tác được: chưa có thay đổi, hoặc tài liệu "
            "đã được xác nhận hay bỏ.",
            en="Nothing of this batch can be taken back: nothing was changed, or the documents "
            "have been confirmed or discarded since.",
        )
