"""Pages as they were read, set like official papers (NĐ 30/2020 Phụ lục I)."""

from documents.model import Line, RecognizedPage
from tests.builders import make_line, make_page

LEFT, RIGHT, MIDDLE = 160, 900, 600


def head(
    *, issuer: str = "ỦY BAN NHÂN DÂN TỈNH MẪU", number: str | None = "Số: 120/QĐ-UBND"
) -> list[Line]:
    """Return the letterhead: issuer and number on the left, state and date on the right."""
    lines = [make_line(issuer, x=LEFT, y=120)]
    if number is not None:
        lines.append(make_line(number, x=LEFT, y=230))
    return [
        *lines,
        make_line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", x=RIGHT, y=120, block=1),
        make_line("Độc lập - Tự do - Hạnh phúc", x=RIGHT, y=170, block=1),
    ]


def place_date(text: str = "Mẫu, ngày 18 tháng 02 năm 2025", *, confidence: float = 0.96) -> Line:
    """Return the line of place and date."""
    return make_line(text, x=RIGHT, y=230, confidence=confidence, block=1)


def body(*texts: str, y: int = 700, x: int = LEFT) -> list[Line]:
    """Return lines of the body."""
    return [make_line(text, x=x, y=y + 60 * row, block=3) for row, text in enumerate(texts)]


def title(*texts: str, y: int = 400) -> list[Line]:
    """Return lines in the middle: the type's name and the trích yếu."""
    return [make_line(text, x=MIDDLE, y=y + 50 * row, block=2) for row, text in enumerate(texts)]


def decision() -> RecognizedPage:
    """Return a decision of a province."""
    return make_page(
        *head(),
        place_date(),
        *title("QUYẾT ĐỊNH", "Về việc công bố danh mục thủ tục hành chính"),
        *body("Căn cứ Luật Tổ chức chính quyền địa phương;", "Điều 1. Công bố danh mục."),
    )
