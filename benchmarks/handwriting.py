"""Writes by hand: figures as strokes of a shaking pen, letters each set a little differently."""

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from documents.model import Box

Page = NDArray[np.uint8]
_Points = list[tuple[float, float]]
_FONT = Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Italic.ttf")
_BLUE, _BLACK = (38, 52, 140), (45, 45, 50)
# The ways of the pen in a square, y downwards.
_STROKES: dict[str, list[_Points]] = {
    "0": [[(0.5, 0), (0.12, 0.3), (0.15, 0.8), (0.5, 1), (0.88, 0.7), (0.8, 0.2), (0.45, 0.02)]],
    "1": [[(0.3, 0.28), (0.6, 0), (0.57, 0.5), (0.55, 1)]],
    "2": [[(0.1, 0.25), (0.4, 0), (0.8, 0.2), (0.6, 0.55), (0.05, 1), (0.5, 0.93), (0.95, 0.97)]],
    "3": [
        [(0.1, 0.1), (0.6, 0), (0.8, 0.25), (0.4, 0.45)],
        [(0.4, 0.45), (0.85, 0.65), (0.6, 1), (0.05, 0.9)],
    ],
    "4": [[(0.55, 0), (0.05, 0.65), (0.95, 0.6)], [(0.72, 0.3), (0.68, 0.7), (0.66, 1.08)]],
    "5": [
        [(0.22, 0.02), (0.15, 0.45), (0.6, 0.4), (0.85, 0.7), (0.5, 1), (0.05, 0.9)],
        [(0.22, 0.03), (0.55, 0.02), (0.9, 0)],
    ],
    "6": [[(0.75, 0), (0.3, 0.35), (0.1, 0.75), (0.45, 1), (0.8, 0.75), (0.5, 0.55), (0.15, 0.75)]],
    "7": [[(0.05, 0.06), (0.5, 0.05), (0.9, 0)], [(0.9, 0), (0.6, 0.5), (0.4, 1)],
          [(0.3, 0.52), (0.55, 0.5), (0.78, 0.48)]],
    "8": [[(0.75, 0.15), (0.4, 0), (0.2, 0.2), (0.75, 0.65), (0.5, 1), (0.15, 0.8), (0.65, 0.4),
           (0.8, 0.15)]],
    "9": [[(0.8, 0.25), (0.45, 0), (0.15, 0.3), (0.45, 0.5), (0.8, 0.25), (0.7, 0.65), (0.5, 1)]],
    "/": [[(0.85, -0.1), (0.5, 0.5), (0.15, 1.1)]],
    ".": [[(0.4, 0.95), (0.45, 1), (0.4, 1.02)]],
}  # fmt: skip
_TOLERANCE = 4


def find_box(page: Page, colour: tuple[int, int, int]) -> Box:
    """Return where a colour stands on a page.

    Raises:
        LookupError: nowhere.
    """
    is_there = (np.abs(page.astype(np.int16) - np.asarray(colour)) <= _TOLERANCE).all(axis=2)
    rows, columns = np.flatnonzero(is_there.any(axis=1)), np.flatnonzero(is_there.any(axis=0))
    if not rows.size:
        raise LookupError(f"no box of colour {colour} on the page")
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def write_by_hand(page: Page, box: Box, text: str, *, chance: np.random.Generator) -> None:
    """Write a text into a box of an RGB page, on a dotted line."""
    # The box itself goes, with the soft edges that drawing gave it.
    page[max(0, box.y0 - 1) : box.y1 + 1, max(0, box.x0 - 1) : box.x1 + 1] = 255
    page[box.y1 - 2 : box.y1, box.x0 : box.x1 : 5] = 110
    colour = _BLUE if chance.random() < 0.7 else _BLACK  # noqa: PLR2004 - most pens are blue
    step = (box.x1 - box.x0) / max(1, len(text))
    slant = float(chance.uniform(-0.1, 0.25))
    for place, character in enumerate(text):
        left = box.x0 + place * step + float(chance.normal(0, 0.04 * step))
        if character in _STROKES:
            _write_figure(page, character, left, box, step, slant, colour, chance)
        elif not character.isspace():
            _write_letter(page, character, left, box, colour, chance)


def _write_figure(  # noqa: PLR0913, PLR0917 - all of them are where and how the pen goes
    page: Page,
    character: str,
    left: float,
    box: Box,
    step: float,
    slant: float,
    colour: tuple[int, int, int],
    chance: np.random.Generator,
) -> None:
    height = (box.y1 - box.y0) * float(chance.uniform(0.72, 1.0))
    width = min(step * 0.86, height * 0.62)
    top = box.y1 - 0.1 * height - height + float(chance.normal(0, 0.04 * height))
    thick = 2 if chance.random() < 0.6 else 3  # noqa: PLR2004 - pens differ
    for stroke in _STROKES[character]:
        shaken = np.asarray(stroke) + chance.normal(0, 0.035, (len(stroke), 2))
        way = _rounded(shaken)
        x = left + way[:, 0] * width + (1 - way[:, 1]) * slant * height * 0.5
        points = np.stack([x, top + way[:, 1] * height], axis=1)
        fixed = np.rint(points * 16).astype(np.int32)
        cv2.polylines(page, [fixed], False, colour, thick, cv2.LINE_AA, 4)  # noqa: FBT003


def _rounded(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return many points of the smooth way through a few (Catmull-Rom)."""
    ends = np.concatenate([points[:1], points, points[-1:]])
    t = np.linspace(0, 1, 10)[:, None]
    parts = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        parts.append(
            0.5
            * (
                2 * b
                + (c - a) * t
                + (2 * a - 5 * b + 4 * c - d) * t**2
                + (3 * (b - c) + d - a) * t**3
            )
        )
    return np.concatenate(parts)


def _write_letter(
    page: Page,
    character: str,
    left: float,
    box: Box,
    colour: tuple[int, int, int],
    chance: np.random.Generator,
) -> None:
    size = round((box.y1 - box.y0) * float(chance.uniform(0.9, 1.1)))
    side = 2 * size
    ink = Image.new("L", (side, side), 0)
    ImageDraw.Draw(ink).text((size // 2, size // 3), character, fill=255, font=_font(size))
    ink = ink.rotate(float(chance.normal(0, 6)), resample=Image.Resampling.BICUBIC)
    top = round(box.y1 - 1.35 * size + float(chance.normal(0, 0.05 * size)))
    x = round(left) - size // 2
    part = page[max(0, top) : top + side, max(0, x) : x + side]
    cover = np.asarray(ink, np.float32)[: part.shape[0], : part.shape[1], None] / 255
    part[:] = np.rint(part * (1 - cover) + np.asarray(colour, np.float32) * cover).astype(np.uint8)


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size)
