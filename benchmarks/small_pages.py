"""Draws many small pages of many kinds, each with a picture and bytes of its own.

Colour, grey and bitonal, JPEG, PNG, TIFF, WebP and PDF, A6 to A4; a few lines of prose, so that
they are quickly read. The same number gives the same file.
"""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from documents.model import Separator
from ingest.separators import draw_sheet, find_font

_PROSE = Path(__file__).with_name("prose.txt")
_LINES, _LINE_LENGTH = 3, 36
_SEAL = (200, 30, 40)
_A4, _A5, _A6 = (210, 297), (148, 210), (105, 148)
_MM_PER_INCH = 25.4
Mode = Literal["1", "L", "RGB"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how it ends, how its pages look, and how many it holds."""

    suffix: str
    mode: Mode
    size_mm: tuple[int, int]
    dpi: int
    pages: int = 1


KINDS = (
    Kind(".jpg", "RGB", _A5, 150),
    Kind(".jpg", "L", _A4, 150),
    Kind(".tif", "1", _A5, 200),
    Kind(".png", "L", _A6, 200),
    Kind(".pdf", "RGB", _A5, 150, pages=3),
    Kind(".webp", "RGB", _A6, 200),
    Kind(".jpg", "RGB", _A4, 300),
)
"""The files of one paper, in their order."""

PAGES = sum(kind.pages for kind in KINDS)


def draw_sheet_file(number: int) -> bytes:
    """Draw a separator sheet; bytes behind its end make each number a file of its own."""
    sheet = draw_sheet(Separator(kind="sohoa"), font_file=find_font())
    return _saved([sheet], ".png", dpi=300) + f"{number}".encode()


def draw_files(number: int) -> Iterator[tuple[str, bytes]]:
    """Yield the ending and the bytes of each file of a paper."""
    for place, kind in enumerate(KINDS):
        seed = number * len(KINDS) + place
        pages = [_draw(kind, seed=f"{seed}-{page}") for page in range(kind.pages)]
        yield kind.suffix, _saved(pages, kind.suffix, dpi=kind.dpi)


def draw_damaged_file(number: int) -> tuple[str, bytes]:
    """Return the ending and the bytes of a file that came through half, or is none of a kind."""
    kind = KINDS[number % len(KINDS)]
    whole = _saved([_draw(kind, seed=f"damaged {number}")], kind.suffix, dpi=kind.dpi)
    if number % 2:
        return kind.suffix, whole[: len(whole) // 3]
    return kind.suffix, bytes(reversed(whole))


def _draw(kind: Kind, *, seed: str) -> Image.Image:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    width, height = (round(side * kind.dpi / _MM_PER_INCH) for side in kind.size_mm)
    page = Image.new("L" if kind.mode == "1" else kind.mode, (width, height), "white")
    drawing = ImageDraw.Draw(page)
    # 4.2 mm, as 12-pt print is, where the page is wide enough for the lines.
    side = min(round(4.2 * kind.dpi / _MM_PER_INCH), width // 24)
    font = ImageFont.truetype(find_font(), side)
    sentences = chance.sample(_PROSE.read_text("utf-8").splitlines(), k=_LINES)
    lines = [seed, *(sentence[:_LINE_LENGTH] for sentence in sentences)]
    for row, line in enumerate(lines):
        drawing.text((width // 10, height // 8 + row * side * 2), line, font=font, fill="black")
    if kind.mode == "RGB":
        place = chance.randint(width // 8, width // 2), height // 2 + chance.randint(0, height // 8)
        drawing.ellipse(
            (*place, place[0] + width // 4, place[1] + width // 4), outline=_SEAL, width=6
        )
    return page.convert("1") if kind.mode == "1" else page


def _saved(pages: list[Image.Image], suffix: str, *, dpi: int) -> bytes:
    buffer = io.BytesIO()
    first, *others = pages
    match suffix:
        case ".pdf":
            first.save(buffer, "PDF", resolution=dpi, save_all=True, append_images=others)
        case ".tif":
            first.save(buffer, "TIFF", compression="group4", dpi=(dpi, dpi))
        case ".webp":
            first.save(buffer, "WEBP", quality=80)
        case ".png":
            first.save(buffer, "PNG", dpi=(dpi, dpi))
        case _:
            first.save(buffer, "JPEG", quality=75, dpi=(dpi, dpi))
    return buffer.getvalue()
