"""How strongly a page may be compressed and still be read the same.

Made for pages that arrive without loss (PNG, TIFF, BMP, WebP, HEIC): a JPEG is taken over as it
is. The judgement is made on the parts of the page that hold most print, since paper says nothing.
"""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

QUALITIES = (55, 65, 75, 85)
"""Of JPEG, from small to good; the last one is taken where none of the others is good enough."""

_TILE = 160
_TILES = 24
_WINDOW = 1.5
_LEAST_CONTRAST = 12.0
# Scanner noise is no print: what is left after this blur is compared.
_NOISE_BLUR = 0.8
# `benchmarks/jpeg_quality.py` reads pages at each quality: from here on no words are lost. Nor on
# pages that had no part in the choice (`benchmarks/chosen_limits.py`); at 0.9983 up to 1.4 of 100.
LEAST_LIKENESS = 0.9985
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

Grey = NDArray[np.float32]


def choose_quality(page: Image.Image) -> int:
    """Return the lowest quality at which print stays as it is; `page` is grey or RGB.

    In colour the lowest is left out: there a seal's red runs out into the paper (colour distance
    1.2 beside its edge, at the next 0.7 and less, which nobody sees).
    """
    sample = sample_print(page)
    *lower, highest = QUALITIES if page.mode == "L" else QUALITIES[1:]
    for quality in lower:
        if likeness(sample, compressed(sample, quality)) >= LEAST_LIKENESS:
            return quality
    return highest


def compressed(page: Image.Image, quality: int) -> Image.Image:
    """Return a page as it looks after compression, 4:2:0."""
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=quality, subsampling="4:2:0")
    buffer.seek(0)
    return Image.open(buffer)


def sample_print(page: Image.Image) -> Image.Image:
    """Return the parts of a page that differ most within themselves, side by side."""
    size = (max(1, page.width // 8), max(1, page.height // 8))
    small = np.asarray(page.convert("L").resize(size, Image.Resampling.NEAREST), np.float32)
    step = _TILE // 8
    places = [
        (float(small[y : y + step, x : x + step].std()), x * 8, y * 8)
        for y in range(0, max(1, small.shape[0] - step + 1), step)
        for x in range(0, max(1, small.shape[1] - step + 1), step)
    ]
    fullest = sorted(places, reverse=True)[:_TILES]
    across = min(len(fullest), 6)
    sample = Image.new(page.mode, (across * _TILE, -(-len(fullest) // across) * _TILE), "white")
    for number, (_, x, y) in enumerate(fullest):
        place = (number % across * _TILE, number // across * _TILE)
        sample.paste(
            page.crop((x, y, min(x + _TILE, page.width), min(y + _TILE, page.height))), place
        )
    return sample


def likeness(master: Image.Image, other: Image.Image) -> float:
    """Return the structural similarity (SSIM, Wang 2004) of two pages where there is print."""
    left, right = _levelled(master), _levelled(other)
    mean_left, mean_right = _mean(left), _mean(right)
    spread_left = _mean(left * left) - mean_left**2
    spread_right = _mean(right * right) - mean_right**2
    together = _mean(left * right) - mean_left * mean_right
    alike = ((2 * mean_left * mean_right + _C1) * (2 * together + _C2)) / (
        (mean_left**2 + mean_right**2 + _C1) * (spread_left + spread_right + _C2)
    )
    print_there = spread_left > _LEAST_CONTRAST**2
    return float(alike[print_there].mean()) if print_there.any() else 1.0


def _levelled(page: Image.Image) -> Grey:
    grey = np.asarray(page.convert("L"), np.float32)
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), _NOISE_BLUR), np.float32)


def _mean(values: Grey) -> Grey:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), _WINDOW), np.float32)
