"""Takes out of a page what recognition stumbles over, each only where it was measured.

Salt and pepper, uneven light, a dark lid around the paper. On a page without them the pixels stay
as they are: what these steps do to clean print costs words.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from documents.model import Outline
from ocr.engine import GreyImage

# A speck differs so much from what surrounds it; the strokes of small print seldom do.
_SPECK_CONTRAST = 80
# Share of specks on bare paper: clean pages stay below 0.06 %, from 0.2 % on words are lost.
_LEAST_SPECKS = 0.001
_STRIPS, _STRIP_ROWS = 6, 48
_BARE_PAPER = 60
# The paper's own brightness is looked at in px of this many px of the copy.
_LIGHT_STEP = 8
# Where the darkest paper has less than this part of the light of the brightest, light is levelled.
# Good pages have 0.96 and more; at 0.7 a quarter of the words is lost, at 0.75 none.
_EVEN_LIGHT = 0.78
_LEVELLED = 245
_EDGE_INCHES = 0.02
# Print of the other side: lighter than ink, away from it, over much of the page. A show-through
# that costs words covers 0.07 and more; so do coloured frames, but those are sharp.
_INK, _LIGHTER = 0.5, 0.92
_LEAST_SHOWN_SHARE = 0.05
_FAINT_ENOUGH_TO_READ_OVER = 0.8
_LIGHTEST_CUT, _DARKEST_CUT, _BEYOND_SHOWN = 0.8, 0.7, 0.08
_NEAR_INK = 7
# By how much of its contrast what is shown changes over two px: blurred by 0.17 mm and more it
# stays below 0.64, faint print of this side is above 0.71.
_SHARPEST_SHOWN = 0.67


def has_specks(pixels: NDArray[np.uint8]) -> bool:
    """Say whether salt and pepper lie on bare paper, by six strips across the page.

    Args:
        pixels: RGB or grey at full resolution.
    """
    height = pixels.shape[0]
    if height < _STRIPS * _STRIP_ROWS:
        return False
    tops = np.linspace(0.05, 0.92, _STRIPS) * height
    shares = sorted(_share_of_specks(pixels[int(top) : int(top) + _STRIP_ROWS]) for top in tops)
    # Strips full of print may show some; the barest ones do not.
    return shares[1] > _LEAST_SPECKS


def _share_of_specks(strip: NDArray[np.uint8]) -> float:
    grey = np.ascontiguousarray(strip if strip.ndim == 2 else strip[:, :, 1])  # noqa: PLR2004 - axes
    around = np.asarray(cv2.medianBlur(grey, 3), np.uint8)
    is_speck = cv2.absdiff(grey, around) > _SPECK_CONTRAST
    counts = cv2.calcHist([around.reshape(-1, 1)], [0], None, [256], [0, 256])
    upto = np.cumsum(np.asarray(counts, np.int64))
    paper = int(np.searchsorted(upto, 0.8 * around.size)) - _BARE_PAPER
    is_bare = np.asarray(cv2.erode(around, np.ones((5, 5), np.uint8))) > paper
    return float((is_speck & is_bare).sum() / max(1, is_bare.sum()))


def without_specks(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the page with single px that stick out replaced by what surrounds them.

    Everything else stays as it is: a median filter over all of it costs marks of letters.
    """
    around = np.asarray(cv2.medianBlur(pixels, 3), np.uint8)
    is_speck = cv2.absdiff(pixels, around) > _SPECK_CONTRAST
    return np.where(is_speck, around, pixels).astype(np.uint8)


def with_even_light(grey: GreyImage) -> GreyImage:
    """Return the page divided by the brightness of its paper where that is uneven.

    Shadows of a book's fold or of a hand hide print from the recogniser, though people read it.
    """
    size = (max(1, grey.shape[1] // _LIGHT_STEP), max(1, grey.shape[0] // _LIGHT_STEP))
    # Every second px is enough for the light, and costs a quarter; sides of whole steps a tenth.
    half = _LIGHT_STEP // 2
    some = np.ascontiguousarray(grey[::2, ::2])[: size[1] * half, : size[0] * half]
    light = cv2.dilate(
        cv2.resize(some, size, interpolation=cv2.INTER_AREA), np.ones((5, 5), np.uint8)
    )
    darkest, brightest = np.percentile(light, (2, 95))
    if darkest >= _EVEN_LIGHT * brightest:
        return grey
    light = cv2.medianBlur(light, 11)
    paper = cv2.resize(light, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, np.maximum(paper, 1), scale=_LEVELLED), np.uint8)


def without_show_through(grey: GreyImage) -> GreyImage:
    """Return the page with what shines through from its back made as light as the paper.

    Print of the same faintness on this side would go with it, so what is faint must also be
    blurred, as paper does to light, cover much of the page, and there must be dark ink besides.
    """
    sample = np.ascontiguousarray(grey[::2, ::2])
    paper = float(np.percentile(sample[::4, ::4], 80))
    is_dark = (sample < _INK * paper).astype(np.uint8)
    is_far = np.asarray(cv2.dilate(is_dark, np.ones((_NEAR_INK, _NEAR_INK), np.uint8))) == 0
    is_shown = (sample < _LIGHTER * paper) & is_far
    if is_shown.sum() < _LEAST_SHOWN_SHARE * is_far.sum():
        return grey
    if not is_shown.any() or not is_dark.any():
        return grey
    darkness = float(np.percentile(sample[is_shown], 10)) / paper
    if darkness > _FAINT_ENOUGH_TO_READ_OVER:
        return grey
    if _sharpness_away_from_ink(grey, paper) > _SHARPEST_SHOWN * (1.0 - darkness) * paper:
        return grey
    cut = min(_LIGHTEST_CUT, max(_DARKEST_CUT, darkness + _BEYOND_SHOWN)) * paper
    levels = np.clip(np.arange(256) * (paper / cut), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(grey, levels), np.uint8)


def _sharpness_away_from_ink(grey: GreyImage, paper: float) -> float:
    """Return by how much the brightness of what is faint changes over two px, where most."""
    is_dark = (grey < _INK * paper).astype(np.uint8)
    side = 2 * _NEAR_INK + 1
    is_far = np.asarray(cv2.dilate(is_dark, np.ones((side, side), np.uint8))) == 0
    where = ((grey < _LIGHTER * paper) & is_far)[1:-1, 1:-1]
    values = grey.astype(np.int16)
    along = np.abs(values[1:-1, 2:] - values[1:-1, :-2])
    down = np.abs(values[2:, 1:-1] - values[:-2, 1:-1])
    steps = np.maximum(along, down)[where]
    return float(np.percentile(steps, 90)) if steps.size else 0.0


def whiten_around(
    grey: GreyImage, papers: Sequence[Outline], *, scale: float, dpi: float
) -> GreyImage:
    """Return the page with the lid around its papers, and their edges, as light as the papers.

    Args:
        grey: the copy.
        papers: outlines in px of the page.
        scale: px of the copy for each px of the page.
        dpi: of the copy.
    """
    if not papers:
        return grey
    is_paper = np.zeros(grey.shape, np.uint8)
    for outline in papers:
        corners = np.rint(np.asarray(outline, np.float64) * scale).astype(np.int32)
        cv2.fillPoly(is_paper, [corners], (255,))
    edge = max(1, round(_EDGE_INCHES * dpi)) * 2 + 1
    is_paper = np.asarray(cv2.erode(is_paper, np.ones((edge, edge), np.uint8)))
    if not is_paper.any():
        return grey
    shade = np.percentile(grey[is_paper > 0], 75)
    return np.where(is_paper > 0, grey, np.uint8(shade)).astype(np.uint8)
