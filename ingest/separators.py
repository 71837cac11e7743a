"""Separator sheets: what is printed on them, and what was read from them."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from documents.errors import ConfigurationError
from documents.model import Separator
from ingest.page_files import write_beside

PATCH_T_TEXT = "PATCHT"
_PREFIX = "SOHOA"
_VERSION = "1"
_PARTS = 6
_MOST_PAGES = 2_000
# The short form for Code 128 says the same without the two parts that are always alike.
_SHORT_PREFIX = "SH1"
_SHORT_PARTS = 5

# Agency codes of QCVN 102:2016 (old) and QĐ 20/2020 with TT 03/2025 Điều 13 (new), then
# YYMMDD and a sequence number.
_DOSSIER = re.compile(
    r"(?:\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(?:\.[0-9A-Z]{1,5}){0,6})-(\d{6})-(\d{4,12})"
)
_PROCEDURE = re.compile(r"([123]\.\d{6})(?:\.000\.00\.00)?(?:\.H\d{2})?")
_COMPONENT_TYPE = re.compile(r"[a-z][a-z0-9_]{1,63}")

_DPI = 300
_WIDTH, _HEIGHT = 2_480, 3_508
_QR_SIDE, _QR_TOP = 1_120, 880
_CODE_WIDTH, _CODE_HEIGHT, _CODE_TOP = 2_150, 340, 2_800
_MARGIN = 240
_SMALLEST_PRINT = 24
# Kodak A-61599: narrow bars and spaces 0.08 inch, wide bars 0.20 inch, bars at least 2 inches
# long; patch T is narrow, wide, narrow, wide from the leading edge.
_PATCH_T = (0.08, 0.20, 0.08, 0.20)
_PATCH_SPACE = 0.08
_PATCH_START = 720
_FONTS = (
    "LiberationSerif-Bold.ttf",
    "LiberationSans-Bold.ttf",
    "DejaVuSerif-Bold.ttf",
    "DejaVuSans-Bold.ttf",
)
_FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_LETTERS = "ẶỘỮỴ"


def separator_text(separator: Separator) -> str:
    """Return the text of the QR code: `SOHOA|1|dossier|procedure|component type|pages`."""
    if separator.kind == "patch_t":
        return PATCH_T_TEXT
    return "|".join((_PREFIX, _VERSION, *_values(separator)))


def short_separator_text(separator: Separator) -> str:
    """Return the text of the Code 128: `SH1|dossier|procedure|component type|pages`."""
    if separator.kind == "patch_t":
        return PATCH_T_TEXT
    return "|".join((_SHORT_PREFIX, *_values(separator)))


def _values(separator: Separator) -> tuple[str, str, str, str]:
    pages = separator.expected_pages
    return (
        separator.dossier_code or "",
        separator.procedure or "",
        separator.component_type or "",
        "" if pages is None else str(pages),
    )


def read_separator(codes: Sequence[str]) -> Separator | None:
    """Return what a page's codes say if it is a separator sheet, else None.

    A sheet of ours counts before patch T. A page with other codes (a receipt, an invoice) is no
    separator sheet, and neither is one whose dossier, procedure, type or page count is not valid.
    """
    texts = [code.strip() for code in codes]
    for text in texts:
        found = _read_own(text)
        if found is not None:
            return found
    is_patch_t = any(text.upper().replace(" ", "") == PATCH_T_TEXT for text in texts)
    return Separator(kind="patch_t") if is_patch_t else None


def _read_own(text: str) -> Separator | None:
    parts = text.split("|")
    if len(parts) == _PARTS and parts[:2] == [_PREFIX, _VERSION]:
        values = parts[2:]
    elif len(parts) == _SHORT_PARTS and parts[0] == _SHORT_PREFIX:
        values = parts[1:]
    else:
        return None
    dossier, procedure, component_type, pages = (value.strip() for value in values)
    is_valid = (
        (not dossier or is_dossier_code(dossier))
        and (not procedure or _PROCEDURE.fullmatch(procedure) is not None)
        and (not component_type or _COMPONENT_TYPE.fullmatch(component_type) is not None)
        and (not pages or _is_page_count(pages))
    )
    if not is_valid:
        return None
    return Separator(
        kind="sohoa",
        dossier_code=dossier or None,
        procedure=procedure or None,
        component_type=component_type or None,
        expected_pages=int(pages) if pages else None,
    )


def is_dossier_code(text: str) -> bool:
    """Tell whether the text has the form of a dossier code, with a real date and a sequence."""
    match = _DOSSIER.fullmatch(text)
    if match is None:
        return False
    try:
        # The first generation of these codes began with TT 01/2018/TT-VPCP.
        received_on = datetime.strptime(match[1], "%y%m%d")  # noqa: DTZ007 - only a date
    except ValueError:
        return False
    return received_on.year >= 2018 and int(match[2]) >= 1  # noqa: PLR2004 - see above


def _is_page_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= _MOST_PAGES


def find_font() -> Path:
    """Return a bold font of this machine that has the Vietnamese letters.

    Raises:
        ConfigurationError: there is none.
    """
    for name in _FONTS:
        for folder in _FONT_FOLDERS:
            for file in sorted(folder.rglob(name)):
                if _has_vietnamese(file):
                    return file
    raise ConfigurationError(
        vi="Không tìm thấy phông chữ có đủ chữ tiếng Việt. "
        "Cài gói fonts-liberation2 hoặc fonts-dejavu-core.",
        en="No font with all Vietnamese letters was found. "
        "Install the package fonts-liberation2 or fonts-dejavu-core.",
    )


def _has_vietnamese(file: Path) -> bool:
    try:
        font = ImageFont.truetype(file, 32)
    except OSError:
        return False
    missing = bytes(font.getmask("\ufffe"))
    return all(bytes(font.getmask(letter)) != missing for letter in _LETTERS)


def print_separators(
    separators: Sequence[Separator], *, out: Path, font_file: Path | None = None
) -> None:
    """Write a PDF with one A4 sheet for each separator.

    Each sheet carries a QR code, the same in a Code 128 as a second chance, patch T bars where
    it is a patch T sheet, and words for people.

    Args:
        separators: at least one.
        out: the PDF to write; replaced as a whole.
        font_file: None to look for one.

    Raises:
        ConfigurationError: no font has the Vietnamese letters.
    """
    if not separators:
        raise ValueError("at least one separator is needed")
    font = font_file or find_font()
    sheets = [draw_sheet(separator, font_file=font) for separator in separators]
    write_beside(
        out,
        lambda part: sheets[0].save(
            part, format="PDF", resolution=_DPI, save_all=True, append_images=sheets[1:]
        ),
    )


def draw_sheet(separator: Separator, *, font_file: Path) -> Image.Image:
    """Return one sheet as a bilevel A4 image at 300 dpi."""
    sheet = Image.new("L", (_WIDTH, _HEIGHT), 255)
    drawing = ImageDraw.Draw(sheet)
    _write_centred(drawing, "TỜ PHÂN CÁCH", top=400, size=220, font_file=font_file)
    _write_centred(
        drawing,
        "Không phải tài liệu – đặt trước tài liệu khi quét",
        top=680,
        size=80,
        font_file=font_file,
    )
    qr_code = _code(zxingcpp.BarcodeFormat.QRCode, separator_text(separator), ec_level="Q")
    sheet.paste(_enlarged(qr_code, _QR_SIDE), ((_WIDTH - _QR_SIDE) // 2, _QR_TOP))
    top = 2_060
    for line in _words(separator):
        _write_centred(drawing, line, top=top, size=104, font_file=font_file)
        top += 152
    linear = _code(zxingcpp.BarcodeFormat.Code128, short_separator_text(separator))
    bars = _enlarged_bars(linear)
    sheet.paste(bars, ((_WIDTH - bars.width) // 2, _CODE_TOP))
    if separator.kind == "patch_t":
        _draw_patch_t(drawing)
    return sheet.convert("1", dither=Image.Dither.NONE)


def _words(separator: Separator) -> list[str]:
    if separator.kind == "patch_t":
        return ["Bắt đầu tài liệu mới", "(Patch T)"]
    told = (
        ("Hồ sơ", separator.dossier_code),
        ("Thủ tục", separator.procedure),
        ("Loại giấy tờ", separator.component_type),
        ("Số trang", separator.expected_pages),
    )
    lines = [f"{label}: {value}" for label, value in told if value is not None]
    return lines or ["Bắt đầu tài liệu mới"]


def _write_centred(
    drawing: ImageDraw.ImageDraw, text: str, *, top: int, size: int, font_file: Path
) -> None:
    font = ImageFont.truetype(font_file, size)
    while size > _SMALLEST_PRINT and drawing.textlength(text, font=font) > _WIDTH - 2 * _MARGIN:
        size -= 8
        font = ImageFont.truetype(font_file, size)
    left = (_WIDTH - drawing.textlength(text, font=font)) / 2
    drawing.text((left, top), text, font=font, fill=0)


def _code(code_format: zxingcpp.BarcodeFormat, text: str, **options: str) -> Image.Image:
    code = zxingcpp.create_barcode(text, code_format, **options)
    return Image.fromarray(np.array(code.to_image(scale=1)))


def _enlarged(code: Image.Image, side: int) -> Image.Image:
    """Enlarge by whole steps, so that all modules stay equally wide."""
    step = max(1, side // max(code.size))
    grown = code.resize((code.width * step, code.height * step), Image.Resampling.NEAREST)
    framed = Image.new("L", (side, side), 255)
    framed.paste(grown, ((side - grown.width) // 2, (side - grown.height) // 2))
    return framed


def _enlarged_bars(code: Image.Image) -> Image.Image:
    step = max(1, _CODE_WIDTH // code.width)
    return code.resize((code.width * step, _CODE_HEIGHT), Image.Resampling.NEAREST)


def _draw_patch_t(drawing: ImageDraw.ImageDraw) -> None:
    """Draw the bars along the top and the left edge, for both directions of feeding."""
    at = 0.5
    for width in _PATCH_T:
        first, last = round(at * _DPI), round((at + width) * _DPI) - 1
        drawing.rectangle((_PATCH_START, first, _WIDTH - _PATCH_START, last), fill=0)
        drawing.rectangle((first, _PATCH_START, last, _CODE_TOP - _PATCH_START // 4), fill=0)
        at += width + _PATCH_SPACE
