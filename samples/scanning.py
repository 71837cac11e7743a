"""Make a drawn page look as if an office scanner had delivered it."""

from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

_PAPER = (252.0, 250.0, 244.0)
_BED = (226, 226, 224)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """How a page went through the scanner.

    `skew` in degrees, counter-clockwise as seen; `turn` is how the sheet lay; `dpi` px to the inch.
    """

    dpi: int = 200
    skew: float = 0.3
    turn: Literal[0, 180] = 0
    quality: int = 58


def scan(drawn: Image.Image, how: Scan, random: np.random.Generator) -> Image.Image:
    """Return the page with paper tone, uneven light, skew, blur and noise, RGB."""
    pixels: npt.NDArray[np.float32] = np.array(drawn, np.float32)
    height, width = pixels.shape[:2]
    pixels = 22 + pixels * (233 / 255)
    pixels *= np.asarray(_PAPER, np.float32) / 255
    coarse = random.normal(1.0, 0.008, (6, 5)).astype(np.float32)
    pixels *= cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)[..., None]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), how.skew, 1.0)
    turn = turn + np.column_stack([np.zeros((2, 2)), random.normal(0, how.dpi / 120, 2)])
    turned = cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=_BED)
    blurred = cv2.GaussianBlur(turned, (0, 0), 0.55 * how.dpi / 200)
    grain = cv2.GaussianBlur(random.normal(0, 5.0, (height, width)).astype(np.float32), (0, 0), 0.8)
    noisy = np.clip(blurred + grain[..., None], 0, 255).astype(np.uint8)
    return Image.fromarray(noisy).rotate(how.turn)


def as_jpeg(page: Image.Image, how: Scan) -> bytes:
    """Return the scanned page as a JPEG that states its resolution."""
    stream = BytesIO()
    page.save(
        stream,
        "JPEG",
        quality=how.quality,
        subsampling="4:2:0",
        dpi=(how.dpi, how.dpi),
        optimize=True,
    )
    return stream.getvalue()


def as_tiff(pages: list[Image.Image], how: Scan) -> bytes:
    """Return several scanned pages as one TIFF with JPEG compression.

    Pillow compresses RGB as three full planes; as YCbCr the same page takes half the bytes.
    """
    stream = BytesIO()
    first, *others = [page.convert("YCbCr") for page in pages]
    first.save(
        stream,
        "TIFF",
        save_all=True,
        append_images=others,
        compression="jpeg",
        quality=how.quality,
        dpi=(how.dpi, how.dpi),
    )
    return stream.getvalue()
