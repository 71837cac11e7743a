"""Measures one page on a reduced grey copy: ink, skew, focus, exposure, edges, likeness."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from documents.model import Box
from ingest.reducing import percentile, reduced

# Ink is this much darker than the paper around it (of 255).
_INK_CONTRAST = 45
_FAINT_CONTRAST = 20
_MARGIN = 0.045
_GLYPH_MM = (0.5, 25.0)
_FEWEST_GLYPHS = 4
_FEWEST_MARKED_PX = 48
_SEAL_SIDE_MM = 4.0
_MARGIN_MM = 2.0
# A seal across the edges of several sheets (dấu giáp lai) is 36 to 42 mm wide and no cut page.
_EDGE_GLYPHS, _EDGE_SPAN_MM = 4, 45.0
_LARGEST_SKEW, _LARGEST_AT_ALL = 6.0, 45.0
# Rows at their own angle differ 2.5 times as much as at others and more; where that angle is not
# among those that are tried, 1.4 times at most.
_CLEAR, _HARDLY_CLEAR = 1.8, 1.4
_SKEW_POINTS = 20_000
_FEWEST_SKEW_POINTS = 400
_HASH_SIDE, _HASH_BITS = 64, 64
_WAVES = slice(6, 14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """Where a page is marked. `mask` is (height, width); boxes are rows x, y, width, height."""

    mask: NDArray[np.uint8]
    boxes: NDArray[np.int32]
    paper: float
    contrast: float


def find_ink(grey: NDArray[np.uint8], *, dpi: float) -> Ink:
    """Return the marks that stand out from the paper around them.

    Slow changes (shading, roller streaks, folds) belong to the paper.

    Args:
        grey: (height, width), about 100 dpi.
        dpi: of `grey`.
    """
    paper = _paper_under(grey, dpi=dpi)
    darker = np.asarray(cv2.subtract(paper, grey), dtype=np.uint8)
    mask = (darker > _INK_CONTRAST).astype(np.uint8)
    if int(mask.sum()) < _FEWEST_MARKED_PX:
        mask = (darker > _FAINT_CONTRAST).astype(np.uint8)
        opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
        mask = np.asarray(opened, dtype=np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    marked = darker[mask > 0]
    return Ink(
        mask=mask,
        boxes=np.asarray(stats[1:, :4], dtype=np.int32),
        paper=float(np.percentile(grey[::4, ::4], 90)),
        contrast=percentile(marked, 90) if marked.size else 0.0,
    )


def _paper_under(grey: NDArray[np.uint8], *, dpi: float) -> NDArray[np.uint8]:
    """Return the paper's brightness without its marks; at half size, which is enough for it."""
    height, width = grey.shape
    half = reduced(grey, 2.0)
    size = min(31, max(3, round(dpi * 0.075) | 1))
    paper = cv2.medianBlur(cv2.dilate(half, np.ones((3, 3), np.uint8)), size)
    return np.asarray(cv2.resize(paper, (width, height)), dtype=np.uint8)


def is_blank(ink: Ink, *, dpi: float) -> bool:
    """Tell whether a page holds neither print nor a seal, away from its outermost edges.

    Corner marks, edges of the sheet and streaks of rollers do not count; a few short lines of
    small print do.
    """
    height, width = ink.mask.shape
    x, y, w, h = ink.boxes.T
    centre_x, centre_y = x + w / 2, y + h / 2
    is_inside = (
        (centre_x > _MARGIN * width)
        & (centre_x < (1 - _MARGIN) * width)
        & (centre_y > _MARGIN * height)
        & (centre_y < (1 - _MARGIN) * height)
    )
    smallest, largest = (side / 25.4 * dpi for side in _GLYPH_MM)
    sides = np.maximum(w, h)
    is_glyph = is_inside & (sides >= max(3, smallest)) & (sides <= largest)
    # A streak is much longer than wide and thin.
    is_streak = (np.minimum(w, h) <= 0.02 * dpi) & (sides > 0.4 * dpi)
    seal = _SEAL_SIDE_MM / 25.4 * dpi
    is_large = is_inside & (np.minimum(w, h) >= seal)
    return int((is_glyph & ~is_streak).sum()) < _FEWEST_GLYPHS and not bool(is_large.any())


def measure_skew(ink: Ink) -> float | None:
    """Return by how many degrees lines of print fall to the right, None where there are none.

    Clockwise is positive. The angle is the one at which rows of ink differ most.
    """
    x, y, w, h = ink.boxes.T
    is_print = (h >= 3) & (h <= 40) & (w <= 80)  # noqa: PLR2004 - px at 100 dpi
    xs = (x + w / 2)[is_print]
    ys = (y + h)[is_print].astype(float)
    if len(xs) < _FEWEST_SKEW_POINTS / 10:
        return None
    if len(xs) > _SKEW_POINTS:
        xs, ys = xs[:_SKEW_POINTS], ys[:_SKEW_POINTS]
    best, clearness = _sharpest(xs, ys, np.arange(-_LARGEST_SKEW, _LARGEST_SKEW + 0.01, 0.25))
    if clearness < _CLEAR:
        best, clearness = _sharpest(xs, ys, np.arange(-_LARGEST_AT_ALL, _LARGEST_AT_ALL + 0.1, 0.5))
        if clearness < _HARDLY_CLEAR:
            return None
    return _sharpest(xs, ys, np.arange(best - 0.5, best + 0.51, 0.05))[0]


def _sharpest(
    xs: NDArray[np.float64], ys: NDArray[np.float64], angles: NDArray[np.float64]
) -> tuple[float, float]:
    """Return the angle at which rows differ most, and how much more than at the others."""
    values = [_sharpness_of_rows(xs, ys, angle) for angle in angles]
    best = int(np.argmax(values))
    return float(angles[best]), values[best] / float(np.median(values))


def _sharpness_of_rows(xs: NDArray[np.float64], ys: NDArray[np.float64], degrees: float) -> float:
    rows = np.rint(ys - xs * np.tan(np.radians(degrees))).astype(np.int64)
    counts = np.bincount(rows - rows.min()).astype(float)
    return float((counts * counts).sum())


def find_cut_edge(ink: Ink, *, dpi: float) -> Box | None:
    """Return the strip (px of the reduced copy) of an edge that cuts through print, or None.

    Glyphs that touch the edge count, not the dark border of a scanner's lid.
    """
    height, width = ink.mask.shape
    strip = max(2, round(_MARGIN_MM / 25.4 * dpi))
    x, y, w, h = ink.boxes.T
    is_glyph = (np.maximum(w, h) <= 0.35 * dpi) & (np.minimum(w, h) >= 0.03 * dpi)
    edges = (
        (x == 0, y, Box(0, 0, strip, height)),
        (x + w >= width, y, Box(width - strip, 0, width, height)),
        (y == 0, x, Box(0, 0, width, strip)),
        (y + h >= height, x, Box(0, height - strip, width, height)),
    )
    for touches, along, box in edges:
        places = along[touches & is_glyph]
        if len(places) >= _EDGE_GLYPHS and np.ptp(places) >= _EDGE_SPAN_MM / 25.4 * dpi:
            return box
    return None


def fingerprint_of(grey: NDArray[np.uint8]) -> str:
    """Return a perceptual hash of 64 bits as 16 hexadecimal characters.

    Signs of the frequencies 6 to 13 of a cosine transform; the lower ones are alike in all
    letters of one layout. On the test pages, different ones differ in 10 bits and more, the
    same one scanned again (0.3° and 1.5 px apart, with noise) in 4 and fewer nine times of ten.
    """
    small = cv2.resize(grey, (_HASH_SIDE, _HASH_SIDE), interpolation=cv2.INTER_AREA)
    waves = cv2.dct(small.astype(np.float32))[_WAVES, _WAVES].ravel()
    bits = waves > np.median(waves)
    number = int("".join("1" if bit else "0" for bit in bits), 2)
    return f"{number:0{_HASH_BITS // 4}x}"
