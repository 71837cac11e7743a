"""Writes page images to the work folder under names that a repeat finds again."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal, cast

from PIL import Image

from documents.identifiers import sha256_of_file
from documents.model import ColourMode, PageImage, Turn
from ingest.paper import believe_dpi

ImageMediaType = Literal["image/jpeg", "image/png", "image/tiff"]

# Level 3 takes a third of the time of Pillow's 6 for files 5 % larger (300-dpi colour scans).
_PNG_LEVEL = 3
_JPEG_QUALITY = 92
_ROWS_PER_STRIP = 278
_COLOUR_MODES: dict[str, ColourMode] = {"1": "bilevel", "L": "grey", "RGB": "colour"}


def write_beside(file: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file, then give it its name in one step."""
    temporary = file.with_name(f".{file.name}.part")
    try:
        write(temporary)
        os.replace(temporary, file)  # noqa: PTH105 - Path.replace is the same call
    finally:
        temporary.unlink(missing_ok=True)


def save_lossless(pixels: Image.Image, *, out: Path, ordinal: int) -> Path:
    """Write mode 1 as TIFF G4 in one strip, mode L or RGB as PNG; return the file."""
    if pixels.mode == "1":
        file = out / f"{ordinal:04d}.tif"
        strip = {_ROWS_PER_STRIP: pixels.height}
        write_beside(
            file,
            lambda part: pixels.save(part, format="TIFF", compression="group4", tiffinfo=strip),
        )
        return file
    file = out / f"{ordinal:04d}.png"
    write_beside(file, lambda part: pixels.save(part, format="PNG", compress_level=_PNG_LEVEL))
    return file


def save_as_jpeg(pixels: Image.Image, *, out: Path, ordinal: int) -> Path:
    """Write an image of mode L or RGB as a JPEG without colour subsampling; return its file."""
    file = out / f"{ordinal:04d}.jpg"
    write_beside(
        file,
        lambda part: pixels.save(part, format="JPEG", quality=_JPEG_QUALITY, subsampling=0),
    )
    return file


def describe_image(
    file: Path,
    *,
    size: tuple[int, int],
    mode: str,
    dpi: float | None,
    turn: Turn = 0,
    media_type: ImageMediaType | None = None,
) -> PageImage:
    """Return what is true of a page image that has been written and decoded.

    Args:
        file: the image.
        size: width and height in px as stored.
        mode: of Pillow: 1, L or RGB.
        dpi: what the file says, None where it says nothing.
        turn: degrees clockwise to stand upright.
        media_type: None to go by the file's name.
    """
    width, height = size
    believed, source = believe_dpi(width, height, tag=dpi)
    return PageImage(
        file=file,
        media_type=media_type or _media_type_of(file),
        sha256=sha256_of_file(file),
        width=width,
        height=height,
        dpi=believed,
        dpi_source=source,
        mode=_COLOUR_MODES[mode],
        turn=turn,
    )


def _media_type_of(file: Path) -> ImageMediaType:
    types = {".jpg": "image/jpeg", ".png": "image/png", ".tif": "image/tiff"}
    return cast("ImageMediaType", types[file.suffix])
