"""Set the sheet that parts two papers: a big code, and in words what follows."""

from samples.pages import Page, QrCode, Style

_SIZE_MM = 90.0


def separator_text(*, dossier: str, procedure: str, component_type: str, pages: str) -> str:
    """Return what the code of a separator sheet says; any part may be empty."""
    return f"SOHOA|1|{dossier}|{procedure}|{component_type}|{pages}"


def separator_sheet(page: Page, content: str) -> None:
    """Set one separator sheet whose code says `content`."""
    _, _, dossier, procedure, component_type, pages = content.split("|")
    page.y = 35
    page.centred("TỜ PHÂN CÁCH", Style("sans_bold", 30))
    page.centred("SEPARATOR SHEET", Style("sans", 14))
    page.marks.append(QrCode(place=(105 - _SIZE_MM / 2, 70), content=content, size=_SIZE_MM))
    page.y = 175
    for label, value in (
        ("Hồ sơ", dossier),
        ("Thủ tục", procedure),
        ("Loại giấy tờ", component_type),
        ("Số trang", pages),
    ):
        if value:
            page.centred(f"{label}: {value}", Style("sans", 16))
            page.skip(3)
    page.y = 255
    page.centred("Đặt tờ này trước giấy tờ, mặt có mã lên trên.", Style("sans", 12))
