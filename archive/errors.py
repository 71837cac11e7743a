"""What can go wrong in the archive."""

from datetime import date

from documents.errors import (
    BackEndUnavailableError,
    ConfigurationError,
    IntegrityError,
    PolicyViolationError,
)
from documents.identifiers import Sha256


class StorageUnavailableError(BackEndUnavailableError):
    """The storage cannot be written or read at the moment; nothing was half stored."""

    code = "storage_unavailable"

    def __init__(self, verb: str, key: str, *, cause: str) -> None:
        self.key = key
        super().__init__(
            vi=f"Kho lưu trữ không thực hiện được thao tác {verb} với đối tượng {key}: {cause}. "
            "Kiểm tra dung lượng đĩa, quyền ghi và kết nối; hệ thống sẽ tự thử lại.",
            en=f"The storage could not {verb} {key}: {cause}. "
            "Check disk space, permissions and connection; it is tried again by itself.",
        )


class MissingObjectError(IntegrityError):
    """Nothing is stored under a key that should hold something."""

    code = "missing_object"

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            vi=f"Không có đối tượng {key} trong kho lưu trữ. "
            "Báo quản trị viên đối chiếu với bản sao lưu trước khi làm tiếp.",
            en=f"The storage holds nothing under {key}. "
            "Ask an administrator to compare with the backup before going on.",
        )


class KeyInUseError(IntegrityError):
    """Other bytes are already stored under the key; they were left as they are."""

    code = "key_in_use"

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            vi=f"Khóa {key} đã chứa nội dung khác; nội dung đã lưu được giữ nguyên. "
            "Báo quản trị viên xem vì sao hai tệp khác nhau mang cùng mã.",
            en=f"The key {key} already holds other bytes, which were kept. "
            "Ask an administrator why two different files carry one identifier.",
        )


class DigestMismatchError(IntegrityError):
    """Bytes do not have the SHA-256 that was expected."""

    code = "digest_mismatch"

    def __init__(self, key: str, *, expected: Sha256, found: Sha256) -> None:
        self.key = key
        self.expected = expected
        self.found = found
        super().__init__(
            vi=f"Mã băm của {key} không khớp: cần {expected}, nhận được {found}. "
            "Không dùng tệp này; báo quản trị viên kiểm tra đĩa và bản sao lưu.",
            en=f"The digest of {key} does not match: expected {expected}, found {found}. "
            "Do not use the file; ask an administrator to check the disk and the backup.",
        )


class DamagedObjectStateError(IntegrityError):
    """The record of an object's retention is missing or unreadable."""

    code = "damaged_object_state"

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            vi=f"Không đọc được thông tin lưu giữ của đối tượng {key}; đối tượng bị khóa. "
            "Báo quản trị viên khôi phục tệp trạng thái từ bản sao lưu.",
            en=f"The retention record of {key} cannot be read; the object stays locked. "
            "Ask an administrator to restore its state file from the backup.",
        )


class UnusableManifestError(IntegrityError):
    """A manifest object cannot be read back as the version that it should describe."""

    code = "unusable_manifest"

    def __init__(self, cause: str) -> None:
        super().__init__(
            vi=f"Không đọc được bản kê của một phiên bản lưu trữ: {cause}. "
            "Báo quản trị viên đối chiếu với bản sao lưu.",
            en=f"The manifest of a stored version cannot be read: {cause}. "
            "Ask an administrator to compare with the backup.",
        )


class UnusableRecordError(IntegrityError):
    """A record object cannot be read back as the description that it should hold."""

    code = "unusable_record"

    def __init__(self, cause: str) -> None:
        super().__init__(
            vi=f"Không đọc được bản mô tả của một tài liệu trong kho lưu trữ: {cause}. "
            "Báo quản trị viên đối chiếu với bản sao lưu.",
            en=f"The description record of a stored document cannot be read: {cause}. "
            "Ask an administrator to compare with the backup.",
        )


class NoRecordError(IntegrityError):
    """A document's objects are there, but no record that describes it."""

    code = "no_record"

    def __init__(self, document_id: str) -> None:
        self.document_id = document_id
        super().__init__(
            vi=f"Tài liệu {document_id} có tệp và bản kê trong kho nhưng chưa có bản mô tả. "
            "Lấy tệp từ kho và quét nhập lại, hoặc khôi phục cơ sở dữ liệu từ bản sao lưu.",
            en=f"The store holds files and a manifest of {document_id} but no description record. "
            "Deliver the stored file again, or restore the database from the backup.",
        )


class BrokenRecordChainError(IntegrityError):
    """A document's records do not follow one another: one is missing or was exchanged."""

    code = "broken_record_chain"

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            vi=f"Chuỗi bản mô tả của tài liệu đứt tại {key}: bản này thiếu hoặc không nối với bản "
            "trước. Không sửa gì; báo người quản lý lưu trữ đối chiếu với bản sao lưu.",
            en=f"The chain of description records breaks at {key}: it is missing or does not "
            "follow the one before. Change nothing; ask the archivist to compare with the backup.",
        )


class RetentionLockError(PolicyViolationError):
    """The retention of the object forbids what was asked."""

    code = "retention_lock"

    def __init__(self, key: str, *, retain_until: date | None) -> None:
        self.key = key
        self.retain_until = retain_until
        vi_until = "chưa xác định" if retain_until is None else f"{retain_until:%d/%m/%Y}"
        en_until = "not known yet" if retain_until is None else retain_until.isoformat()
        super().__init__(
            vi=f"Đối tượng {key} đang trong thời hạn lưu giữ (được hủy từ: {vi_until}). "
            "Không thể hủy hoặc rút ngắn thời hạn; chờ hết hạn và có quyết định hủy.",
            en=f"The object {key} is under retention (disposable from: {en_until}). "
            "It cannot be deleted nor its term shortened; wait for the end of the term.",
        )


class LegalHoldError(PolicyViolationError):
    """The object is under a hold (*tạm dừng hủy*)."""

    code = "legal_hold"

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            vi=f"Đối tượng {key} đang bị tạm dừng hủy. "
            "Người có thẩm quyền phải gỡ lệnh tạm dừng trước.",
            en=f"The object {key} is under a hold. "
            "Someone with authority must lift the hold first.",
        )


class UnusableKeyError(PolicyViolationError):
    """A storage key is not made of ASCII identifiers, or would leave its folder."""

    code = "unusable_key"

    def __init__(self) -> None:
        super().__init__(
            vi="Khóa lưu trữ không hợp lệ: chỉ gồm chữ cái ASCII, chữ số, '-', '_' trong từng "
            "đoạn, và tên cuối có phần mở rộng. Kiểm tra mã tài liệu đã nhập.",
            en="The storage key is not usable: segments are ASCII letters, digits, '-' and '_', "
            "and the last one has an extension. Check the identifier that was entered.",
        )


class RetentionScheduleError(ConfigurationError):
    """The retention schedule file is wrong."""

    code = "retention_schedule"

    def __init__(self, finding: str) -> None:
        super().__init__(
            vi=f"Bảng thời hạn bảo quản không hợp lệ: {finding}. Sửa tệp retention.toml.",
            en=f"The retention schedule is not valid: {finding}. Correct retention.toml.",
        )


class UnusableBucketError(ConfigurationError):
    """The bucket is missing, gives us no access, or does not lock what is stored in it."""

    code = "unusable_bucket"

    def __init__(self, bucket: str, *, cause: str) -> None:
        self.bucket = bucket
        super().__init__(
            vi=f"Không dùng được kho S3, bucket {bucket}: {cause}. Chạy 'sohoa doctor' để tạo "
            "bucket có khóa đối tượng, hoặc kiểm tra tên và khóa truy cập; bucket đã tạo mà không "
            "có khóa thì phải thay bằng bucket mới.",
            en=f"The bucket {bucket} cannot be used: {cause}. Run 'sohoa doctor' to make a bucket "
            "with object lock, or check its name and the access key; one that was made without "
            "lock must be replaced by a new one.",
        )
