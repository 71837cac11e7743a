"""Finds red seals on a page, and tells printed ones (copies) from ink by their printing dots."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from documents.model import Box, PageImage
from ingest.decoding import load_reduced
from ingest.reducing import reduced

_DPI = 50.0
_MM = _DPI / 25.4
# By how much red is stronger than green and blue, and than the page's own tint.
_REDDER = 40
# Seals of agencies are 30 to 42 mm wide; part of one may lie at an edge of the page.
_SIDES_MM = (22.0, 55.0)
_ROUND, _THINNEST_MM = 0.75, 10.0
_CLOSED_MM = 3.0
# A ring with writing: less is a line or a signature, more a picture or a coloured field.
_INKED = (0.08, 0.75)
_TILE = 256
# Printing screens of 65 to 200 lines to the inch, in waves to the px, as scanned.
_SLOWEST, _FASTEST = 0.12, 0.48
# JPEG leaves waves at eighths of its blocks, rules leave theirs along the axes.
_AXIS = 3
_BLOCK = _TILE // 8
# Ink of stamps on the pages at hand reaches 12.7; dots of 65 to 85 lines to the inch begin at 30.
_DOTS = 20.0


def bear_seal(images: Sequence[PageImage]) -> bool:
    """Say whether some page bears a red seal; the last ones, where seals stand, come first.

    Raises:
        DamagedFileError: a file is not what was written.
    """
    for image in reversed(images):
        pixels, dpi = load_reduced(image, dpi=_DPI)
        if find_seals(pixels, dpi=dpi):
            return True
    return False


def find_seals(rgb: NDArray[np.uint8], *, dpi: float) -> tuple[Box, ...]:
    """Return the boxes (px of `rgb`) of what looks like a red seal; none on a grey page.

    Args:
        rgb: (height, width, 3), or grey (height, width), reduced or not.
        dpi: of `rgb`.
    """
    if rgb.ndim == 2:  # noqa: PLR2004 - rows, columns
        return ()
    small = reduced(rgb, dpi / _DPI)
    scale = small.shape[1] / rgb.shape[1]
    red, green, blue = cv2.split(small)
    redder = cv2.subtract(red, cv2.max(green, blue))
    is_red = (np.asarray(redder) > _REDDER).astype(np.uint8)
    if int(is_red.sum()) < _INKED[0] * (_SIDES_MM[0] * _MM) ** 2 / 2:
        return ()
    side = round(_CLOSED_MM * _MM) | 1
    closed = cv2.morphologyEx(is_red, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    boxes = []
    for index, (x, y, width, height, _) in enumerate(stats[1:].tolist(), start=1):
        part = is_red[y : y + height, x : x + width]
        inked = float(part[labels[y : y + height, x : x + width] == index].sum())
        is_at_edge = x == 0 or x + width == small.shape[1]
        if _is_seal(width, height, inked / (width * height), is_at_edge=is_at_edge):
            boxes.append(Box(*(round(value / scale) for value in (x, y, x + width, y + height))))
    # The star in the middle may stand apart from the ring.
    return tuple(box for box in boxes if not any(_holds(other, box) for other in boxes))


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer != inner
        and outer.x0 <= inner.x0
        and outer.y0 <= inner.y0
        and outer.x1 >= inner.x1
        and outer.y1 >= inner.y1
    )


def _is_seal(width: int, height: int, inked: float, *, is_at_edge: bool) -> bool:
    long, short = max(width, height), min(width, height)
    least = _THINNEST_MM * _MM if is_at_edge else _ROUND * long
    is_size = _SIDES_MM[0] * _MM <= long <= _SIDES_MM[1] * _MM
    return is_size and short >= least and _INKED[0] <= inked <= _INKED[1]


def is_printed(pixels: NDArray[np.uint8], seal: Box) -> bool:
    """Say whether a seal is made of printing dots: a colour copy, and no ink of a stamp.

    Args:
        pixels: the page at full resolution.
        seal: in px of it.
    """
    return strength_of_dots(pixels, seal) > _DOTS


def strength_of_dots(pixels: NDArray[np.uint8], seal: Box) -> float:
    """Return how far the strongest wave of a seal's inked part stands out from the others."""
    tile = _inked_tile(pixels, seal)
    if tile is None:
        return 0.0
    window = np.hanning(_TILE).astype(np.float32)
    values = (tile - tile.mean()) * window[:, None] * window[None]
    power = (np.abs(np.fft.rfft2(values)) ** 2).astype(np.float32)
    down = np.fft.fftfreq(_TILE)[:, None]
    along = np.fft.rfftfreq(_TILE)[None]
    fast = np.hypot(down, along)
    is_looked_at = (fast > _SLOWEST) & (fast < _FASTEST)
    is_looked_at &= (np.abs(down) > _AXIS / _TILE) & (along > _AXIS / _TILE)
    ring = power[is_looked_at]
    # By how fast the waves are, everything falls off; so neighbours are compared.
    around = cv2.blur(power, (17, 17))[is_looked_at]
    return float((ring / np.maximum(around, 1e-6)).max())


def _inked_tile(pixels: NDArray[np.uint8], seal: Box) -> NDArray[np.float32] | None:
    if pixels.ndim == 2 or min(pixels.shape[:2]) < _TILE:  # noqa: PLR2004 - rows, columns
        return None
    middle_x, middle_y = (seal.x0 + seal.x1) // 2, (seal.y0 + seal.y1) // 2
    left = int(np.clip(middle_x - _TILE // 2, 0, pixels.shape[1] - _TILE))
    top = int(np.clip(middle_y - _TILE // 2, 0, pixels.shape[0] - _TILE))
    # Red ink is dark in green light.
    return pixels[top : top + _TILE, left : left + _TILE, 1].astype(np.float32)
