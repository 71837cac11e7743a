"""What can go wrong with the catalogue."""

from documents.errors import (
    BackEndUnavailableError,
    ConfigurationError,
    IntegrityError,
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


class UnsuitableCatalogueError(ConfigurationError):
    """The database server is too old, or sorts text by the rules of a language."""

    code = "unsuitable_catalogue"

    def __init__(self, found: str) -> None:
        super().__init__(
            vi=f"Cơ sở dữ liệu không dùng được ({found}). Cần PostgreSQL 15 trở lên, mã UTF-8, "
            "sắp xếp C.UTF-8: CREATE DATABASE sohoa TEMPLATE template0 ENCODING 'UTF8' "
            "LOCALE 'C.UTF-8'.",
            en=f"The database does not fit ({found}). It must be PostgreSQL 15 or newer, UTF-8, "
            "sorted as C.UTF-8: CREATE DATABASE sohoa TEMPLATE template0 ENCODING 'UTF8' "
            "LOCALE 'C.UTF-8'.",
        )


class OtherCatalogueError(PolicyViolationError):
    """A catalogue was to be copied over one that has a life of its own."""

    code = "other_catalogue"

    def __init__(self, seq: int) -> None:
        super().__init__(
            vi=f"Cơ sở dữ liệu đích có nhật ký riêng (dòng {seq}) mà nguồn không có. "
            "Hãy chép vào một cơ sở dữ liệu trống.",
            en=f"The target has an audit log of its own (row {seq}) that the source does not "
            "have. Copy into an empty database.",
        )


class CopyDiffersError(IntegrityError):
    """What was copied is not what is read back."""

    code = "copy_differs"

    def __init__(self, table: str) -> None:
        super().__init__(
            vi=f"Bảng {table} ở cơ sở dữ liệu đích khác với nguồn sau khi chép. Đừng chuyển sang; "
            "kiểm tra máy chủ rồi chép lại.",
            en=f"Table {table} differs in the target after it was copied. Do not switch over; "
            "check the server and copy again.",
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
