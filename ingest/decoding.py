"""Turns a page image into upright pixels."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from documents.model import PageImage
from ingest.errors import DamagedFileError

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/tiff": "TIFF"}
# What Pillow's decoders raise on broken files, found by feeding them such files.
DECODING_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    ZeroDivisionError,
    OverflowError,
    AttributeError,
)


@contextmanager
def quiet_pillow() -> Iterator[None]:
    """Keep Pillow's remarks about odd files away from the log; what matters is raised."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def load_pixels(image: PageImage) -> NDArray[np.uint8]:
    """Return the upright pixels: (height, width, 3) RGB, or (height, width) grey; 0 is black.

    Raises:
        DamagedFileError: the file is not what was written.
    """
    pixels = _decode(image.file, _FORMATS[image.media_type])
    if image.region is not None:
        pixels = pixels[image.region.y0 : image.region.y1, image.region.x0 : image.region.x1]
    if image.turn:
        pixels = np.rot90(pixels, k=-(image.turn // 90))
    return np.ascontiguousarray(pixels)


def _decode(file: Path, image_format: str) -> NDArray[np.uint8]:
    try:
        with quiet_pillow(), Image.open(file, formats=[image_format]) as opened:
            wanted = "L" if opened.mode in ("1", "L") else "RGB"
            converted = opened if opened.mode == wanted else opened.convert(wanted)
            return np.asarray(converted)
    except DECODING_ERRORS as error:
        raise DamagedFileError from error


def load_reduced(image: PageImage, *, dpi: float) -> tuple[NDArray[np.uint8], float]:
    """Return RGB pixels as stored, decoded at about `dpi` or more, and at how many dpi they are.

    A JPEG is decoded at a half, a quarter or an eighth of its size, which costs far less.

    Raises:
        DamagedFileError: the file is not what was written.
    """
    try:
        with quiet_pillow(), Image.open(image.file, formats=[_FORMATS[image.media_type]]) as opened:
            part = min(1.0, dpi / image.dpi)
            width = opened.width
            opened.draft("RGB", (round(opened.width * part), round(opened.height * part)))
            pixels = np.asarray(opened.convert("RGB"))
    except DECODING_ERRORS as error:
        raise DamagedFileError from error
    scale = pixels.shape[1] / width
    if image.region is not None:
        left, top, right, bottom = (
            round(side * scale)
            for side in (image.region.x0, image.region.y0, image.region.x1, image.region.y1)
        )
        pixels = pixels[top : max(top + 1, bottom), left : max(left + 1, right)]
    return pixels, image.dpi * scale


def load_frame(file: Path, *, most_pixels: int) -> NDArray[np.uint8]:
    """Return the grey pixels of a picture that a camera took (JPEG).

    Raises:
        DamagedFileError: it is no such picture, or has more pixels than that.
    """
    try:
        with quiet_pillow(), Image.open(file, formats=["JPEG"]) as opened:
            if opened.width * opened.height > most_pixels:
                raise DamagedFileError
            return np.asarray(opened.convert("L"))
    except DECODING_ERRORS as error:
        raise DamagedFileError from error
