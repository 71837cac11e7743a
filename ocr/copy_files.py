"""Reading copies on disk: a grey image, and which part of it is to be read."""

import re
from pathlib import Path

import cv2
import numpy as np

from documents.model import Box
from ocr.engine import GreyImage

_WINDOW = re.compile(rb"P5\n# (\d+) (\d+) (\d+) (\d+)\n")
_LONGEST_HEAD = 120


def write_copy(grey: GreyImage, file: Path, *, window: Box | None = None) -> None:
    """Write a copy as PGM; the part that is read stands in its comment (netpbm, pgm(5))."""
    height, width = grey.shape
    comment = b""
    if window is not None:
        comment = f"# {window.x0} {window.y0} {window.x1} {window.y1}\n".encode()
    with file.open("wb") as out:
        out.write(b"P5\n" + comment + f"{width} {height}\n255\n".encode())
        out.write(np.ascontiguousarray(grey).data)


def read_copy(file: Path) -> tuple[GreyImage, Box | None]:
    """Return a copy and the part of it that is read; None means all of it.

    Raises:
        OSError: the file cannot be read.
    """
    grey = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        raise OSError(f"cannot read {file.name}")
    with file.open("rb") as opened:
        found = _WINDOW.match(opened.read(_LONGEST_HEAD))
    window = Box(*(int(side) for side in found.groups())) if found else None
    return np.asarray(grey, np.uint8), window
