"""What can be wrong with delivered material; all of it is for the operator to decide."""

from documents.errors import RejectedInputError


class EmptyFileError(RejectedInputError):
    """A delivered file without a single byte."""

    code = "empty_file"

    def __init__(self) -> None:
        super().__init__(
            vi="Tệp rỗng, không có dữ liệu. Quét hoặc gửi lại tệp.",
            en="The file is empty. Scan or send it again.",
        )


class UnsupportedFileError(RejectedInputError):
    """A file of a kind that holds no pages we can open."""

    code = "unsupported_file"

    def __init__(self, found: str = "") -> None:
        self.found = found
        kind = f" ({found})" if found else ""
        super().__init__(
            vi=f"Loại tệp này không được hỗ trợ{kind}. "
            "Hãy gửi PDF, JPEG, PNG, TIFF, BMP, GIF, WebP hoặc HEIC.",
            en=f"This kind of file is not supported{kind}. "
            "Send PDF, JPEG, PNG, TIFF, BMP, GIF, WebP or HEIC.",
        )


class DamagedFileError(RejectedInputError):
    """A file that cannot be opened or decoded to its end, also after an attempt to repair it."""

    code = "damaged_file"

    def __init__(self, *, page: int | None = None) -> None:
        self.page = page
        vi_where, en_where = (f" ở trang {page}", f" at page {page}") if page else ("", "")
        super().__init__(
            vi=f"Tệp bị hỏng hoặc thiếu dữ liệu{vi_where} nên không mở được trọn vẹn. "
            "Lấy lại tệp gốc hoặc quét lại giấy.",
            en=f"The file is damaged or cut short{en_where} and cannot be opened completely. "
            "Get the original file again or scan the paper again.",
        )


class PasswordNeededError(RejectedInputError):
    """An encrypted file that does not open with the password we have."""

    code = "password_needed"

    def __init__(self, *, was_given: bool = False) -> None:
        self.was_given = was_given
        vi_found = "Mật khẩu đã nhập không mở được tệp" if was_given else "Tệp được đặt mật khẩu"
        en_found = "The password does not open the file" if was_given else "The file is encrypted"
        super().__init__(
            vi=f"{vi_found}. Hỏi người nộp mật khẩu rồi nhập lại, hoặc gửi tệp không khóa.",
            en=f"{en_found}. Ask the sender for the password and enter it, or send an open file.",
        )


class FileTooLargeError(RejectedInputError):
    """A file with more bytes than is allowed."""

    code = "file_too_large"

    def __init__(self, *, size_bytes: int, limit_bytes: int) -> None:
        self.size_bytes = size_bytes
        found, most = size_bytes / (1 << 20), limit_bytes / (1 << 20)
        super().__init__(
            vi=f"Tệp có {found:.1f} MiB, vượt mức {most:.1f} MiB. Hãy chia nhỏ tệp rồi gửi lại.",
            en=f"The file has {found:.1f} MiB; {most:.1f} MiB are allowed. Split it, then send it.",
        )


class PageTooLargeError(RejectedInputError):
    """A page with more pixels, or longer sides, than is allowed."""

    code = "page_too_large"

    def __init__(self, *, page: int, size: str) -> None:
        self.page = page
        super().__init__(
            vi=f"Trang {page} quá lớn ({size}). Quét lại đúng khổ giấy với 200–300 dpi.",
            en=f"Page {page} is too large ({size}). Scan it again at its true size, 200-300 dpi.",
        )


class PageTooSmallError(RejectedInputError):
    """A page with so few pixels that it can be no paper."""

    code = "page_too_small"

    def __init__(self, *, page: int, size: str) -> None:
        self.page = page
        super().__init__(
            vi=f"Trang {page} quá nhỏ ({size}), không thể là trang giấy. "
            "Kiểm tra đã chọn đúng tệp rồi quét lại.",
            en=f"Page {page} is too small ({size}) to be a paper. "
            "Check that it is the right file, then scan again.",
        )


class TooManyPagesError(RejectedInputError):
    """A file with more pages than is allowed."""

    code = "too_many_pages"

    def __init__(self, *, limit: int) -> None:
        self.limit = limit
        super().__init__(
            vi=f"Tệp có hơn {limit} trang. Hãy chia nhỏ tệp rồi gửi lại.",
            en=f"The file has more than {limit} pages. Split it and send it again.",
        )


class NoPagesError(RejectedInputError):
    """A file that opens but holds no page."""

    code = "no_pages"

    def __init__(self) -> None:
        super().__init__(
            vi="Tệp mở được nhưng không có trang nào. Kiểm tra đã gửi đúng tệp rồi gửi lại.",
            en="The file opens but has no pages. Check that it is the right file, then send again.",
        )


class EmptyBatchError(RejectedInputError):
    """A batch without a single page to keep."""

    code = "empty_batch"

    def __init__(self) -> None:
        super().__init__(
            vi="Lô quét chỉ có trang trắng hoặc tờ phân cách. "
            "Kiểm tra giấy đã đặt đúng mặt rồi quét lại.",
            en="The batch holds only blank pages or separator sheets. "
            "Check that the originals were loaded face up, then scan it again.",
        )


class StationFolderError(RejectedInputError):
    """A name in the watched folder that leads out of it, or is no plain file or folder."""

    code = "outside_station_folder"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            vi=f"“{name}” không phải tệp thường nằm trong thư mục của trạm quét nên bị bỏ qua. "
            "Chép tệp thật vào thư mục, không dùng liên kết.",
            en=f"“{name}” is no plain file inside the station's folder and is not taken. "
            "Copy the file itself into the folder; links are not followed.",
        )
