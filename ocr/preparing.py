"""The reading copy of a page: coloured ink out, no more than 200 dpi, what disturbs taken out.

Measured on real scans: median filters, binarisation and upscaling lose words; taking coloured ink
out and reading at 200 dpi loses none and costs less. The steps of `cleaning` are taken only where
their defect was measured.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from documents.model import Box, Outline
from ocr.cleaning import (
    has_specks,
    whiten_around,
    with_even_light,
    without_show_through,
    without_specks,
)
from ocr.engine import GreyImage

READING_DPI = 200.0
# Print of 7 points and less, in px of the copy: read at 300 dpi where the page has them, that
# brings 2 words of 100. Nothing is blown up.
_SMALL_PRINT, _SMALL_PRINT_DPI = 16.0, 300.0
_INK_SATURATION = 60
_INK_BRIGHTNESS = 90
# Below this share of coloured pixels there is no seal or pen, only chroma noise of the scanner.
_LEAST_COLOURED_SHARE = 0.0015
# Where most ink is coloured, and over much of the page, it is the print: carbon copies, receipts.
_PRINT_SHARE, _PRINT_ROWS = 0.7, 0.25
_INK_DARKNESS = 0.7
# A lid that is less than a tenth of the copy costs next to nothing to read.
_MOST_OF_COPY = 0.9
_SKEW_RANGE = 15.0
# Longest side in px when looking for whole degrees, and for tenths.
_COARSE_SIDE, _SKEW_SIDE = 550, 700
_FAINTEST_INK = 64


@dataclass(frozen=True, slots=True)
class ReadingCopy:
    """An 8-bit grey image, axis order (height, width), and its resolution.

    `window` is the part of it that is read, in its px; None means all of it.
    """

    grey: GreyImage
    dpi: float
    window: Box | None = None


def prepare_reading_copy(
    pixels: NDArray[np.uint8],
    *,
    dpi: float,
    papers: Sequence[Outline] = (),
    text_height: float | None = None,
) -> ReadingCopy:
    """Return the copy of a page that is read.

    It shows the same area as the page, so its places are those of the page times one factor.

    Args:
        pixels: RGB (height, width, 3) or grey (height, width), upright as delivered.
        dpi: the page's resolution.
        papers: where the papers lie, if a dark lid shows around them; the lid is whitened and left
            out of what is read.
        text_height: of most print in px of the page, if known.
    """
    scale = _scale_for(text_height, dpi=dpi)
    if has_specks(pixels):
        pixels = without_specks(pixels)
    if scale < 1.0:
        size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    grey = pixels if pixels.ndim == 2 else _without_coloured_ink(pixels)  # noqa: PLR2004 - axes
    grey = whiten_around(np.asarray(grey), papers, scale=scale, dpi=dpi * scale)
    grey = without_show_through(with_even_light(grey))
    grey = np.ascontiguousarray(grey)
    window = _window_of(papers, grey.shape, scale=scale)
    return ReadingCopy(grey=grey, dpi=dpi * scale, window=window)


def _window_of(papers: Sequence[Outline], shape: tuple[int, ...], *, scale: float) -> Box | None:
    """Return the part of a copy around its papers where that saves reading a lot of lid."""
    corners = [corner for paper in papers for corner in paper]
    if not corners:
        return None
    height, width = shape[:2]
    xs, ys = (sorted(value * scale for value in values) for values in zip(*corners, strict=True))
    window = Box(
        min(max(0, math.floor(xs[0])), width - 1),
        min(max(0, math.floor(ys[0])), height - 1),
        max(min(width, math.ceil(xs[-1])), 1),
        max(min(height, math.ceil(ys[-1])), 1),
    )
    area = (window.x1 - window.x0) * (window.y1 - window.y0)
    return window if 0 < area < _MOST_OF_COPY * width * height else None


def _scale_for(text_height: float | None, *, dpi: float) -> float:
    """Return px of the copy for each px of the page: 200 dpi, more only where print is small."""
    scale = min(1.0, READING_DPI / dpi)
    if text_height is None or text_height * scale >= _SMALL_PRINT:
        return scale
    return min(1.0, _SMALL_PRINT_DPI / dpi)


def _without_coloured_ink(rgb: NDArray[np.uint8]) -> GreyImage:
    """Let red seals and blue pens fade to the lightest channel; black print stays."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    red, green, blue = cv2.split(rgb)
    lightest = cv2.max(cv2.max(red, green), blue)
    darkest = cv2.min(cv2.min(red, green), blue)
    is_ink = cv2.compare(
        cv2.subtract(lightest, darkest), cv2.LUT(lightest, _most_spread_of_black()), cv2.CMP_GT
    )
    if cv2.countNonZero(is_ink) < _LEAST_COLOURED_SHARE * grey.size:
        return np.asarray(grey, np.uint8)
    if _is_the_print(np.asarray(is_ink), np.asarray(darkest)):
        return np.asarray(darkest, np.uint8)
    cv2.copyTo(lightest, is_ink, grey)
    return np.asarray(grey, np.uint8)


def _is_the_print(is_coloured: NDArray[np.uint8], darkest: NDArray[np.uint8]) -> bool:
    """Say whether coloured ink is most of the ink, over much of the page, and no seal or pen."""
    some = is_coloured[::2, ::2] > 0
    dark = darkest[::2, ::2]
    inked, paper = np.percentile(dark, (0.5, 80))
    # The middle of strokes: their edges are a mixture with the paper, pale whatever the ink.
    is_ink = dark < paper - _INK_DARKNESS * (paper - inked)
    coloured = int((some & is_ink).sum())
    if coloured < _PRINT_SHARE * max(1, int(is_ink.sum())):
        return False
    return float((some & is_ink).any(axis=1).mean()) >= _PRINT_ROWS


def _most_spread_of_black() -> NDArray[np.uint8]:
    """By how much the channels of a pixel may differ before it is ink, by its lightest channel.

    Saturation as in HSV, (max - min) / max, against its limit, without the costly conversion.
    """
    lightest = np.arange(256)
    spread = lightest * _INK_SATURATION // 255
    return np.where(lightest > _INK_BRIGHTNESS, spread, 255).astype(np.uint8)


def measure_skew(grey: GreyImage) -> float:
    """Return by how many degrees clockwise the lines of text are turned, within ±15°.

    The angle at which the rows' ink varies most is that of the lines (projection profile); first
    by whole degrees, then by tenths and between them. Returns 0 where nothing stands out.
    """
    small = _reduced(grey, side=_SKEW_SIDE)
    ink = np.asarray(255 - small, np.uint8)
    ink[ink < _FAINTEST_INK] = 0
    if not ink.any():
        return 0.0
    reduced = _reduced(ink, side=_COARSE_SIDE)
    coarse = np.arange(-_SKEW_RANGE, _SKEW_RANGE + 0.5, 1.0)
    best = max(coarse, key=lambda angle: _variation(reduced, float(angle)))
    fine = np.arange(best - 1.0, best + 1.01, 0.1)
    variations = [_variation(ink, float(angle)) for angle in fine]
    top = int(np.argmax(variations))
    return round(float(fine[top]) + 0.1 * _peak_between(variations, top), 2)


def _peak_between(values: Sequence[float], top: int) -> float:
    """Return where between its neighbours the peak lies, -0.5 to 0.5, by a parabola."""
    if not 0 < top < len(values) - 1:
        return 0.0
    before, at, after = values[top - 1 : top + 2]
    bend = before - 2 * at + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0


def _reduced(image: GreyImage, *, side: int) -> GreyImage:
    scale = min(1.0, side / max(image.shape))
    reduced = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(reduced, np.uint8)


def _variation(ink: GreyImage, degrees: float) -> float:
    turned = turn_by(ink, -degrees, fill=0)
    rows = cv2.reduce(turned, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F)[:, 0]
    steps = np.diff(np.asarray(rows, np.float64))
    return float((steps * steps).sum())


def turn_by(image: GreyImage, degrees: float, *, fill: int = 255) -> NDArray[Any]:
    """Turn an image clockwise by a few degrees about its centre; the size stays."""
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return np.asarray(
        cv2.warpAffine(
            image,
            matrix,
            (width, height),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=fill,
        )
    )
