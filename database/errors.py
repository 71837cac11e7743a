"""What can go wrong with the catalogue."""

from documents.errors import (
    BackEndUnavailableError,
    ConfigurationError,
    NotFoundError,
    PolicyViolationError,
)


class CatalogueUnavailableError(BackEndUnavailableError):
    """The database did not answer, or is locked for too long."""

    code = "catalogue_unavailable"

    def __init__(self, what: str) -> None:
        super().__init__(
            vi=f"Cơ sở dữ liệu chưa trả lời ({what}). Hệ thống sẽ tự thử lại.",
            en=f"The catalogue does not answer ({what}). It will be tried again.",
        )


class NewerSchemaError(ConfigurationError):
    """The database was written by a newer release."""

    code = "newer_schema"

    def __init__(self, found: str) -> None:
        super().__init__(
            vi=f"Cơ sở dữ liệu có phiên bản lược đồ {found} mới hơn chương trình. "
            "Hãy cập nhật Số Hóa rồi chạy lại.",
            en=f"The catalogue has schema {found}, newer than this program. Update Số Hóa.",
        )


class UnknownSubjectError(NotFoundError):
    """Nothing is known under this identifier."""

    code = "unknown_id"

    def __init__(self, subject: str) -> None:
        super().__init__(
            vi=f"Không tìm thấy {subject}. Kiểm tra lại mã.",
            en=f"Nothing is known as {subject}. Check the identifier.",
        )


class WrongStateError(PolicyViolationError):
    """The thing is not in a state that allows this."""

    code = "wrong_state"

    def __init__(self, subject: str, *, state: str) -> None:
        super().__init__(
            vi=f"{subject} đang ở trạng thái “{state}” nên không làm được việc này.",
            en=f"{subject} is in state “{state}”, which does not allow this.",
        )


class BatchClosedError(PolicyViolationError):
    """More was delivered into a batch that is closed."""

    code = "batch_closed"

    def __init__(self, batch_id: str) -> None:
        super().__init__(
            vi=f"Lô quét {batch_id} đã đóng. Hãy mở lô mới.",
            en=f"Batch {batch_id} is closed. Open a new batch.",
        )
