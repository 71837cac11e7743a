"""Finds a corner of the paper that is folded away: a straight edge from one side to the other."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from documents.model import Box
from ingest.quality import Ink
from ingest.reducing import reduced

_DPI = 50.0
_MM = _DPI / 25.4
_LARGEST_MM, _SMALLEST_MM, _STEP_MM = 60.0, 8.0, 1.0
_STEEPEST = 3.0
_POINTS = 36
# Points beside the edge that are compared, in px at 50 dpi.
_BESIDE = 1.5
_LEAST_STEP = 5.0
_LEAST_SHARE = 0.86
_MOST_INK = 0.004


def find_folded_corner(grey: NDArray[np.uint8], ink: Ink, *, dpi: float) -> Box | None:
    """Return the corner (px of `grey`) that is folded, None where all four lie open.

    Along the fold the brightness changes on one side of a straight line that runs from edge to
    edge, and nothing is printed beyond it. White paper on a white lid is told by its shadow.

    Args:
        grey: (height, width), about 100 dpi.
        ink: of `grey`.
        dpi: of `grey`.
    """
    small = reduced(grey, dpi / _DPI)
    scale = small.shape[1] / grey.shape[1]
    smooth = cv2.GaussianBlur(small, (0, 0), 0.7).astype(np.float32)
    side = round(_LARGEST_MM * _MM)
    if min(smooth.shape) < 2 * side:
        return None
    for flip_x in (False, True):
        for flip_y in (False, True):
            rows = slice(None, None, -1) if flip_y else slice(None)
            columns = slice(None, None, -1) if flip_x else slice(None)
            corner = smooth[rows, columns][: side + 4, : side + 4]
            found = _fold_of(corner)
            if found is None:
                continue
            along, down = (round((length + 2) / scale) for length in found)
            if _share_of_ink(ink.mask[rows, columns], along, down) > _MOST_INK:
                continue
            height, width = grey.shape
            x0, y0 = (width - along if flip_x else 0), (height - down if flip_y else 0)
            return Box(max(0, x0), max(0, y0), min(width, x0 + along), min(height, y0 + down))
    return None


def _fold_of(corner: NDArray[np.float32]) -> tuple[float, float] | None:
    """Return how far the fold reaches along the upper and the left edge, in px."""
    lines, nearer, farther = _lines()
    steps = cv2.remap(corner, *farther, cv2.INTER_LINEAR) - cv2.remap(
        corner, *nearer, cv2.INTER_LINEAR
    )
    share = np.maximum((steps > _LEAST_STEP).mean(axis=1), (steps < -_LEAST_STEP).mean(axis=1))
    best = int(np.argmax(share))
    if share[best] < _LEAST_SHARE:
        return None
    return float(lines[best, 0]), float(lines[best, 1])


_Points = tuple[NDArray[np.float32], NDArray[np.float32]]


@cache
def _lines() -> tuple[NDArray[np.float32], _Points, _Points]:
    """Return all lines that are tried, and points x, y on both sides of each."""
    reach = np.arange(_SMALLEST_MM, _LARGEST_MM, _STEP_MM) * _MM
    along, down = (values.ravel() for values in np.meshgrid(reach, reach))
    is_tried = (along <= _STEEPEST * down) & (down <= _STEEPEST * along)
    along, down = along[is_tried, None], down[is_tried, None]
    # The outermost 6 % are left out: paper seldom lies exactly at the edge.
    part = np.linspace(0.06, 0.94, _POINTS)[None]
    x, y = along * part, down * (1.0 - part)
    length = np.hypot(along, down)
    dx, dy = _BESIDE * down / length, _BESIDE * along / length
    lines = np.concatenate([along, down], axis=1).astype(np.float32)
    nearer = ((x - dx).astype(np.float32), (y - dy).astype(np.float32))
    farther = ((x + dx).astype(np.float32), (y + dy).astype(np.float32))
    return lines, nearer, farther


def _share_of_ink(mask: NDArray[np.uint8], along: int, down: int) -> float:
    """Return how much of the triangle is print; a dark lid is one area and no print."""
    part = mask[:down, :along]
    y, x = np.mgrid[: part.shape[0], : part.shape[1]]
    inside = x / max(1, along) + y / max(1, down) < 0.9  # noqa: PLR2004 - away from the fold
    share = float(part[inside].mean()) if inside.any() else 0.0
    return 0.0 if share > 0.5 else share  # noqa: PLR2004 - most of it is the lid
