"""Sizes of paper, and the resolution that an image's pixels make believable."""

import math
from typing import Literal

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72.0

# Short and long side in mm: ISO 216, ISO/IEC 7810 (cards), ANSI, and F4 as sold in Vietnam.
PAPERS: dict[str, tuple[float, float]] = {
    "A4": (210.0, 297.0),
    "A3": (297.0, 420.0),
    "A5": (148.0, 210.0),
    "A6": (105.0, 148.0),
    "Letter": (215.9, 279.4),
    "Legal": (215.9, 355.6),
    "F4": (210.0, 330.0),
    "B5": (176.0, 250.0),
    "B4": (250.0, 353.0),
    "A2": (420.0, 594.0),
    "A1": (594.0, 841.0),
    "A0": (841.0, 1189.0),
    "ID-1": (54.0, 85.6),
    "ID-2": (74.0, 105.0),
    "ID-3": (88.0, 125.0),
}
LOWEST_DPI = 75.0
HIGHEST_DPI = 1200.0
_SCANNER_DPIS = (100.0, 150.0, 200.0, 240.0, 300.0, 400.0, 600.0, 1200.0)
_USUAL_PAPERS = ("A4", "A3", "A5")
# Feeders cut or add some mm at an edge; 4 % of A4 are 8 and 12 mm.
_TAG_TOLERANCE = 0.04
# A4 at 200 dpi differs from A5 at 300 dpi by 5.7 %, so a fit of the bare pixels must be close.
_PIXEL_TOLERANCE = 0.015
_ASPECT_TOLERANCE = 0.03
# Large-format scanners feed rolls of 36 inches.
_LARGEST_MM = (920.0, 1_700.0)
_SMALLEST_MM = 35.0
_MANY_PIXELS = 2_800

DpiSource = Literal["file", "page_size", "assumed"]


def misfit(width_mm: float, height_mm: float, paper: str) -> float:
    """Return by which part the sides differ from a paper at most, in either orientation."""
    short, long = sorted((width_mm, height_mm))
    paper_short, paper_long = PAPERS[paper]
    return max(abs(short / paper_short - 1.0), abs(long / paper_long - 1.0))


def find_paper(width_mm: float, height_mm: float, *, tolerance: float) -> str | None:
    """Return the name of the paper that fits best, or None if none fits."""
    best = min(PAPERS, key=lambda name: misfit(width_mm, height_mm, name))
    return best if misfit(width_mm, height_mm, best) <= tolerance else None


def believe_dpi(width: int, height: int, *, tag: float | None) -> tuple[float, DpiSource]:
    """Return a resolution in dpi, and why we believe it.

    The tag counts if it makes the page a known paper. Otherwise bare pixels that are a usual
    paper at a usual resolution count, then a tag as scanners write it, then the aspect of
    the A series; the rest is assumed.

    Args:
        width: px as stored.
        height: px as stored.
        tag: what the file says, in dpi.
    """
    if tag is not None and _is_paper(width, height, tag, _TAG_TOLERANCE):
        return tag, "file"
    for dpi in _SCANNER_DPIS:
        if any(
            misfit(width / dpi * MM_PER_INCH, height / dpi * MM_PER_INCH, paper) <= _PIXEL_TOLERANCE
            for paper in _USUAL_PAPERS
        ):
            return dpi, "page_size"
    if tag is not None and _fits_a_scanner(width, height, tag):
        return tag, "file"
    short, long = sorted((width, height))
    if abs(long / short / math.sqrt(2.0) - 1.0) <= _ASPECT_TOLERANCE:
        a4_dpi = long / (PAPERS["A4"][1] / MM_PER_INCH)
        if LOWEST_DPI <= a4_dpi <= HIGHEST_DPI:
            return round(a4_dpi, 1), "page_size"
    return (300.0 if long >= _MANY_PIXELS else 200.0), "assumed"


def _is_paper(width: int, height: int, dpi: float, tolerance: float) -> bool:
    if not LOWEST_DPI <= dpi <= HIGHEST_DPI:
        return False
    width_mm, height_mm = width / dpi * MM_PER_INCH, height / dpi * MM_PER_INCH
    return find_paper(width_mm, height_mm, tolerance=tolerance) is not None


def _fits_a_scanner(width: int, height: int, dpi: float) -> bool:
    if not any(abs(dpi - usual) < 1.0 for usual in _SCANNER_DPIS):
        return False
    short, long = sorted((width / dpi * MM_PER_INCH, height / dpi * MM_PER_INCH))
    return _SMALLEST_MM <= short <= _LARGEST_MM[0] and long <= _LARGEST_MM[1]
