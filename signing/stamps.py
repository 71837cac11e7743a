"""What signatures look like: text only, name and time, in the corners of page 1.

The officer's stands top left (TT 01/2023/TT-VPCP Điều 8.1), the agency's top right (NĐ 30/2020
Phụ lục I Phần II; TT 05/2025 Điều 8): form of the copy, agency, time to the second with the zone
of Vietnam; Times, upright, size 10, black; no picture of the seal.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.font.opentype import GlyphAccumulator, GlyphAccumulatorFactory
from pyhanko.pdf_utils.layout import (
    AxisAlignment,
    InnerScaling,
    Margins,
    SimpleBoxLayoutRule,
)
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import TextStampStyle

from documents.clock import VIETNAM
from signing.stamp_font import text_width

_TYPE_SIZE = 10  # pt, NĐ 30/2020
_SMALLEST_SIZE = 3  # pt; cards and crops get what fits
_MARGIN = 14.0  # pt from the edges
_SHARE_OF_WIDTH = 0.47
_SHARE_OF_HEIGHT = 0.16


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp's text, its box (x0, y0, x1, y1) in pt on the page, and its style."""

    box: tuple[int, int, int, int]
    style: TextStampStyle
    text: str


@dataclass(frozen=True, slots=True)
class PageSize:
    """A page's media box in pt."""

    x0: float
    y0: float
    width: float
    height: float


def officer_stamp(name: str, at: datetime, *, page: PageSize, font: Path) -> Stamp:
    """Return the personal stamp of who digitized: top left."""
    parts = [f"Người số hóa: {name}", f"Thời gian ký: {vietnam_time(at)}"]
    return _stamp(parts, page=page, font=font, is_right=False)


def agency_stamp(name: str, at: datetime, *, page: PageSize, font: Path) -> Stamp:
    """Return the agency's stamp, a copy "sao y": top right."""
    return _stamp(["SAO Y;", f"{name};", vietnam_time(at)], page=page, font=font, is_right=True)


def vietnam_time(moment: datetime) -> str:
    """Return a moment as official stamps show it: "22/11/2026 14:34:48 +07:00"."""
    local = moment.astimezone(VIETNAM)
    offset = local.strftime("%z")
    return f"{local:%d/%m/%Y %H:%M:%S} {offset[:3]}:{offset[3:]}"


def _stamp(parts: Sequence[str], *, page: PageSize, font: Path, is_right: bool) -> Stamp:
    """Wrap the text into its corner; type gets smaller only where the page is too small."""
    room = page.width * _SHARE_OF_WIDTH - _MARGIN
    tallest = max(page.height * _SHARE_OF_HEIGHT - _MARGIN, _SMALLEST_SIZE * 3)
    size = _TYPE_SIZE
    while True:
        lines = [line for part in parts for line in _wrapped(part, room, font, size)]
        is_fitting = len(lines) * _leading(size) <= tallest
        if is_fitting or size <= _SMALLEST_SIZE:
            break
        size -= 1
    width = min(max(text_width(font, line, size=size) for line in lines) + 2, page.width - 2)
    height = len(lines) * _leading(size) + 2
    margin = min(_MARGIN, page.width * 0.03)
    left = page.x0 + (page.width - margin - width if is_right else margin)
    top = page.y0 + page.height - min(_MARGIN, page.height * 0.02)
    box = (round(left), round(top - height), round(left + width), round(top))
    return Stamp(box=box, style=_style(font, size), text="\n".join(lines))


def _wrapped(text: str, room: float, font: Path, size: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(font, longer, size=size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _leading(size: int) -> int:
    """Return the distance of lines; the library reckons in whole points."""
    return size + max(1, size // 6)


class _FontInMemory(GlyphAccumulatorFactory):
    """Reads the font whole; the library would leave its file open (pyHanko 0.38)."""

    def create_font_engine(self, writer: BasePdfFileWriter, obj_stream: Any = None) -> Any:
        return GlyphAccumulator(
            writer=writer,
            font_handle=io.BytesIO(Path(self.font_file).read_bytes()),
            font_size=self.font_size,
            obj_stream=obj_stream,
        )


def _style(font: Path, size: int) -> TextStampStyle:
    """Text at exactly its size: the library's default would shrink it to the box."""
    exact = SimpleBoxLayoutRule(
        AxisAlignment.ALIGN_MIN,
        AxisAlignment.ALIGN_MAX,
        margins=Margins.uniform(0),
        inner_content_scaling=InnerScaling.NO_SCALING,
    )
    return TextStampStyle(
        stamp_text="%(shown)s",
        border_width=0,
        background=None,
        inner_content_layout=exact,
        text_box_style=TextBoxStyle(
            font=_FontInMemory(str(font), font_size=size, create_objstream_if_needed=False),
            font_size=size,
            leading=_leading(size),
            border_width=0,
            box_layout_rule=exact,
        ),
    )
