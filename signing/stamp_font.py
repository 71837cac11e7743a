"""The font of signature stamps: a Times-like face with 1000 units per em, Vietnamese only.

The signing library writes glyph widths in font units; with 2048 units per em every width would be
wrong and PDF/A lost (ISO 19005-2 §6.2.11.5). So a subset is scaled to 1000 units, once.
"""

import os
from functools import lru_cache
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, TTLibError
from fontTools.ttLib.scaleUpem import scale_upem

from signing.errors import MissingFontError

_CANDIDATES = (
    Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"),
    Path("/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf"),
)
_UNITS = 1000
_RANGES = ((0x20, 0x7E), (0xA0, 0x17F), (0x1A0, 0x1B0), (0x1EA0, 0x1EF9), (0x2013, 0x2026))
_EXTRA = (0x20AB,)
# Version 1 of the font family lacks most of these; a stamp would show boxes.
_MUST_HAVE = "ẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸĐƠƯạảấầẩẫậđơư"
_FILE = "stamp-font-1.ttf"


def stamp_font(folder: Path) -> Path:
    """Return the stamp font, made in this folder if it is not there yet.

    Raises:
        MissingFontError: no installed font has the Vietnamese letters.
    """
    target = folder / _FILE
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    font = _open_font()
    options = Options()
    options.drop_tables += ["FFTM", "GSUB", "GPOS", "GDEF", "kern"]
    options.hinting = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[*_EXTRA, *(c for a, b in _RANGES for c in range(a, b + 1))])
    subsetter.subset(font)
    scale_upem(font, _UNITS)
    part = target.with_name(f"{_FILE}.{os.getpid()}.part")
    font.save(part)
    part.replace(target)
    return target


def text_width(font_file: Path, text: str, *, size: float) -> float:
    """Return how wide a text is in points at a type size in points."""
    advances = _advances(font_file)
    return sum(advances.get(ord(character), 0) for character in text) * size / _UNITS


@lru_cache(maxsize=2)
def _advances(font_file: Path) -> dict[int, int]:
    """Return the advance width of each character; the font is opened once for a process."""
    with TTFont(font_file) as font:
        metrics = font["hmtx"]
        return {code: metrics[name][0] for code, name in font.getBestCmap().items()}


def _open_font() -> TTFont:
    for candidate in _CANDIDATES:
        try:
            font = TTFont(candidate)
        except (OSError, TTLibError):
            continue
        if all(ord(letter) in font.getBestCmap() for letter in _MUST_HAVE):
            return font
    raise MissingFontError
