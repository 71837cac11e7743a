"""Draws papers to deliver: A4 in grey at 200 dpi, with words that can be read."""

import io
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from ingest.separators import find_font

_SIZE = (1654, 2339)
_LEFT, _TOP, _STEP = 200, 180, 90
DECISION = (
    "ỦY BAN NHÂN DÂN PHƯỜNG THÍ NGHIỆM",
    "Số: 120/QĐ-UBND",
    "Thí Nghiệm, ngày 16 tháng 3 năm 2026",
    "QUYẾT ĐỊNH",
    "Về việc sửa đường Ví Dụ",
    "Điều 1. Sửa đường Ví Dụ trong năm 2026.",
    "Điều 2. Quyết định có hiệu lực từ ngày ký.",
)
SECRET = ("MẬT", *DECISION)
BLANK: tuple[str, ...] = ()


def draw_paper(lines: Sequence[str]) -> Image.Image:
    """Return a page with these lines."""
    page = Image.new("L", _SIZE, 255)
    drawing = ImageDraw.Draw(page)
    font = ImageFont.truetype(find_font(), 40)
    for number, line in enumerate(lines):
        drawing.text((_LEFT, _TOP + number * _STEP), line, font=font, fill=20)
    return page


def write_scan(file: Path, *papers: Sequence[str]) -> Path:
    """Write papers as a scan: a TIFF of one page each."""
    pages = [draw_paper(lines) for lines in papers]
    pages[0].save(
        file,
        save_all=True,
        append_images=pages[1:],
        dpi=(200, 200),
        compression="tiff_deflate",
        format="TIFF",
    )
    return file


def write_plain_pdf(file: Path, lines: Sequence[str] = DECISION) -> Path:
    """Write a PDF of one page image that claims nothing and is no PDF/A."""
    draw_paper(lines).save(file, format="PDF", resolution=200)
    return file


def write_encrypted_pdf(file: Path, *, password: str) -> Path:
    """Write a PDF that opens with a password only."""
    content = io.BytesIO()
    draw_paper(DECISION).save(content, format="PDF", resolution=200)
    with pikepdf.open(content) as pdf:
        pdf.save(file, encryption=pikepdf.Encryption(user=password, owner=password))
    return file


def write_born_digital_pdf(file: Path, text: str = "QUYET DINH So 7 sua duong Vi Du") -> Path:
    """Write a PDF of one page whose words are text, as an office program does."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        page = pdf.pages[0]
        font = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
            )
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        lines = "".join(f"0 -24 Td ({text} {number}) Tj " for number in range(12))
        page.Contents = pdf.make_stream(f"BT /F1 14 Tf 72 780 Td {lines}ET".encode())
        pdf.save(file)
    return file


def strip_metadata(file: Path) -> Path:
    """Take from a PDF/A what says that it is one."""
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        del pdf.Root.Metadata
        pdf.save(file)
    return file
