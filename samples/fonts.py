"""Find the type faces that the sample papers are set in."""

from functools import cache
from pathlib import Path
from typing import Literal

from fontTools.ttLib import TTFont
from PIL import ImageFont

from documents.errors import ConfigurationError

Face = Literal["regular", "bold", "italic", "bold_italic", "hand", "sans", "sans_bold"]
"""`hand` is an italic that the raster surface draws letter by letter, out of line."""

_FOLDERS = (
    Path("/usr/share/fonts/truetype/liberation2"),
    Path("/usr/share/fonts/truetype/liberation"),
    Path("/usr/share/fonts/liberation-serif"),
    Path("/usr/share/fonts/liberation"),
)
_FILES: dict[Face, str] = {
    "regular": "LiberationSerif-Regular.ttf",
    "bold": "LiberationSerif-Bold.ttf",
    "italic": "LiberationSerif-Italic.ttf",
    "bold_italic": "LiberationSerif-BoldItalic.ttf",
    "hand": "LiberationSerif-Italic.ttf",
    "sans": "LiberationSans-Regular.ttf",
    "sans_bold": "LiberationSans-Bold.ttf",
}
_HARDEST_LETTER = "ữ"
_MEASURING_PX = 1000
MM_PER_PT = 25.4 / 72


class MissingFontError(ConfigurationError):
    """No file of a type face that has all Vietnamese letters."""

    code = "missing_font"

    def __init__(self, file_name: str) -> None:
        super().__init__(
            vi=f"Không tìm thấy phông {file_name} có đủ chữ tiếng Việt. "
            "Hãy cài gói fonts-liberation2 (apt-get install fonts-liberation2) rồi chạy lại.",
            en=f"No font file {file_name} with all Vietnamese letters was found. "
            "Install the package fonts-liberation2 (apt-get install fonts-liberation2), "
            "then run again.",
        )


@cache
def find_font(face: Face) -> Path:
    """Return the file of a face; Liberation 2 has the metrics of Times New Roman and Arial.

    Raises:
        MissingFontError: None of the usual folders holds it with Vietnamese letters
            (Liberation 1.07 lacks 92 of the 134).
    """
    for folder in _FOLDERS:
        file = folder / _FILES[face]
        if file.is_file():
            with TTFont(file, lazy=True) as font:
                if ord(_HARDEST_LETTER) in font.getBestCmap():
                    return file
    raise MissingFontError(_FILES[face])


@cache
def load_font(face: Face, size_px: int) -> ImageFont.FreeTypeFont:
    """Return a face for drawing with Pillow, `size_px` px to the em."""
    return ImageFont.truetype(str(find_font(face)), size_px, layout_engine=ImageFont.Layout.BASIC)


def text_width(text: str, face: Face, size_pt: float) -> float:
    """Return how wide a text is, in mm, whatever it is drawn on."""
    em_mm = size_pt * MM_PER_PT
    return load_font(face, _MEASURING_PX).getlength(text) / _MEASURING_PX * em_mm
