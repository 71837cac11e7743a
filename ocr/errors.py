"""What can go wrong in reading pages and assembling files."""

from documents.errors import (
    BackEndUnavailableError,
    ConfigurationError,
    IntegrityError,
    RejectedInputError,
)


class UnreadablePageError(RejectedInputError):
    """A page that the recogniser refuses."""

    code = "unreadable_page"

    def __init__(self, what: str) -> None:
        super().__init__(
            vi=f"Không đọc được trang này ({what}). Hãy quét lại trang.",
            en=f"This page cannot be read ({what}). Scan it again.",
        )


class OcrEngineError(BackEndUnavailableError):
    """The recogniser did not answer in time, or could not be started."""

    code = "ocr_engine"

    def __init__(self, what: str) -> None:
        super().__init__(
            vi=f"Bộ nhận dạng chữ chưa trả lời ({what}). Hệ thống sẽ tự thử lại.",
            en=f"The recogniser does not answer ({what}). It will be tried again.",
        )


class MissingLanguageError(ConfigurationError):
    """The data of a language is not installed."""

    code = "missing_language"

    def __init__(self, language: str, *, folder: str) -> None:
        super().__init__(
            vi=f"Thiếu dữ liệu nhận dạng “{language}” trong {folder}. "
            f"Chạy: sudo apt-get install tesseract-ocr-{language}",
            en=f"Recognition data “{language}” is missing in {folder}. "
            f"Run: sudo apt-get install tesseract-ocr-{language}",
        )


class AssemblyError(IntegrityError):
    """The file that was built does not show what was scanned, or is not PDF/A."""

    code = "assembly"

    def __init__(self, what: str) -> None:
        super().__init__(
            vi=f"Tệp PDF vừa tạo không khớp với ảnh quét ({what}). Báo cho quản trị viên.",
            en=f"The PDF that was built does not match the scan ({what}). Tell the administrator.",
        )


class UnreadablePdfError(RejectedInputError):
    """A PDF that cannot be opened for checking or drawing."""

    code = "unreadable_pdf"

    def __init__(self) -> None:
        super().__init__(
            vi="Không mở được tệp PDF này. Kiểm tra lại tệp gốc.",
            en="This PDF cannot be opened. Check the original file.",
        )


class DamagedLanguageModelError(IntegrityError):
    """The counts that the correction of readings rests on are not those of this version."""

    code = "damaged_language_model"

    def __init__(self, what: str) -> None:
        super().__init__(
            vi=f"Tệp mô hình ngôn ngữ bị hỏng hoặc không đúng loại ({what}). Hãy cài lại phần mềm.",
            en=f"The language model is damaged or of another kind ({what}). Install sohoa again.",
        )
