"""Looks at the print itself: focus, and how large it is."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from documents.model import Box
from ingest.quality import Ink
from ingest.reducing import percentile

_HALF_SIDE = 256
_COARSER, _SQUARE = 4, 16
_LEAST_INK = 0.01
_LEAST_CONTRAST = 45
# Letters and parts of words at 100 dpi: no specks, no rules, nothing as high as a seal.
_LOWEST_PX, _HIGHEST_INCHES = 3, 0.4
_NARROWEST, _WIDEST = 0.5, 15.0
_MARKS = 0.6
_FEWEST_LETTERS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """How sharp the print in one square of the page is.

    `edge` is the width of the edges of letters in px of the page: a sharp scan has 1 to 2.4.
    """

    box: Box
    edge: float


def measure_focus(pixels: NDArray[np.uint8], ink: Ink, *, scale: float) -> Focus | None:
    """Measure the square with most ink at full resolution, None where nothing is printed.

    Args:
        pixels: the page at full resolution.
        ink: of the reduced copy.
        scale: px of the page for each px of the reduced copy.
    """
    place = _most_ink(ink)
    if place is None:
        return None
    top = _start(place[0] * scale, pixels.shape[0])
    left = _start(place[1] * scale, pixels.shape[1])
    tile = pixels[top : top + 2 * _HALF_SIDE, left : left + 2 * _HALF_SIDE]
    grey = tile if tile.ndim == 2 else tile[:, :, 1]  # noqa: PLR2004 - rows, columns
    # The inverse of the steepest gradient over the contrast.
    across = cv2.absdiff(grey[:-1, 1:], grey[:-1, :-1])
    down = cv2.absdiff(grey[1:, :-1], grey[:-1, :-1])
    contrast = percentile(grey, 99) - percentile(grey, 1)
    steepest = percentile(np.asarray(cv2.max(across, down), np.uint8), 99)
    if contrast < _LEAST_CONTRAST or steepest <= 0.0:
        return None
    box = Box(left, top, left + tile.shape[1], top + tile.shape[0])
    return Focus(box=box, edge=contrast / steepest)


def _most_ink(ink: Ink) -> tuple[int, int] | None:
    """Return row and column in the middle of the square with most ink; a quarter is enough."""
    height, width = ink.mask.shape
    size = (max(1, width // _COARSER), max(1, height // _COARSER))
    shares = cv2.resize(ink.mask * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    density = cv2.boxFilter(shares, -1, (_SQUARE, _SQUARE), normalize=True)
    row, column = divmod(int(np.argmax(density)), size[0])
    if density[row, column] <= _LEAST_INK * 255:
        return None
    return row * _COARSER, column * _COARSER


def _start(middle: float, side: int) -> int:
    return int(np.clip(middle - _HALF_SIDE, 0, max(0, side - 2 * _HALF_SIDE)))


def measure_text_height(ink: Ink, *, dpi: float) -> float | None:
    """Return how high most print is, in px of the reduced copy; None where there is too little.

    Letters run together there, so it is between that of a small letter and of a capital one:
    11.2 px at 100 dpi for 13 points, 7.8 for 7 points, within half a px over 150 to 300 dpi.
    """
    _, _, width, height = ink.boxes.T
    is_letter = (
        (height >= _LOWEST_PX)
        & (height <= _HIGHEST_INCHES * dpi)
        & (width >= _NARROWEST * height)
        & (width <= _WIDEST * height)
    )
    if int(is_letter.sum()) < _FEWEST_LETTERS:
        return None
    heights, widths = height[is_letter], width[is_letter]
    is_high = heights >= _MARKS * np.median(heights)
    return float(np.average(heights[is_high], weights=widths[is_high]))
