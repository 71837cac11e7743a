"""Opens delivered image files: each frame becomes a page image."""

import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image, ImageCms, ImageOps

from documents.limits import PageLimits
from documents.model import OpenedPage, PageImage, Turn
from ingest.decoding import DECODING_ERRORS, quiet_pillow
from ingest.errors import (
    DamagedFileError,
    NoPagesError,
    PageTooLargeError,
    PageTooSmallError,
    TooManyPagesError,
    UnsupportedFileError,
)
from ingest.page_files import ImageMediaType, describe_image, save_lossless
from ingest.paper import HIGHEST_DPI, MM_PER_INCH
from ingest.sniffing import FileKind

SMALLEST_SIDE = 16
_EXIF_ORIENTATION = 0x0112
_ICC_PROFILE = "icc_profile"
# EXIF 2.32 table 6: what turns the stored pixels upright, for the ones that are not mirrored.
_TURNS: dict[int, Turn] = {1: 0, 3: 180, 6: 90, 8: 270}
_TIFF_BITS = 258
# Compression, photometric interpretation, fill order, orientation (TIFF 6.0 section 8).
_TIFF_LAYOUT = (259, 262, 266, 274)
_TIFF_STRIPS = 273
_TIFF_SUBFILE = 254
_REDUCED_IMAGE = 1
_MULTI_FRAME: tuple[FileKind, ...] = ("tiff", "gif")
_SQUARE_TOLERANCE = 1.05


def open_image_file(
    file: Path, *, kind: FileKind, out: Path, limits: PageLimits
) -> tuple[OpenedPage, ...]:
    """Return the pages of an image file; one that can be used as it is stays where it is.

    Raises:
        RejectedInputError: one of `ingest.errors`; sizes are checked before pixels are decoded.
    """
    try:
        with quiet_pillow():
            if kind == "heic":
                images = [_open_heic(file, out=out, limits=limits)]
            else:
                images = list(_open_frames(file, kind=kind, out=out, limits=limits))
    except Image.DecompressionBombError as error:
        raise PageTooLargeError(page=1, size="> 178 MP") from error
    except DECODING_ERRORS as error:
        raise DamagedFileError from error
    if not images:
        raise NoPagesError
    return tuple(
        OpenedPage(ordinal=ordinal, image=image, origin="scan")
        for ordinal, image in enumerate(images, start=1)
    )


def check_size(size: tuple[int, int], *, page: int, limits: PageLimits) -> None:
    """Compare a page's px with the limits.

    Raises:
        PageTooLargeError: more pixels than allowed, or a side longer than the longest paper.
        PageTooSmallError: no paper is that small.
    """
    width, height = size
    text = f"{width} × {height} px"
    longest = limits.side_mm / MM_PER_INCH * HIGHEST_DPI
    if width * height > limits.pixels or max(size) > longest:
        raise PageTooLargeError(page=page, size=text)
    if min(size) < SMALLEST_SIDE:
        raise PageTooSmallError(page=page, size=text)


def _open_frames(
    file: Path, *, kind: FileKind, out: Path, limits: PageLimits
) -> Iterator[PageImage]:
    with Image.open(file, formats=[kind.upper()]) as opened:
        ordinal = 0
        for index in range(limits.pages + 1):
            if not _seek(opened, index, kind):
                return
            if _is_thumbnail(opened):
                continue
            ordinal += 1
            if ordinal > limits.pages:
                break
            check_size(opened.size, page=ordinal, limits=limits)
            is_only = index == 0 and not _has_more(opened, kind)
            yield _page_of_frame(opened, file=file, out=out, ordinal=ordinal, is_only=is_only)
        raise TooManyPagesError(limit=limits.pages)


def _seek(opened: Image.Image, index: int, kind: FileKind) -> bool:
    """Go to a frame; False where there is none. Only kinds that hold pages have a second one."""
    if index == 0:
        return True
    if kind not in _MULTI_FRAME:
        return False
    try:
        opened.seek(index)
    except EOFError:
        return False
    return True


def _has_more(opened: Image.Image, kind: FileKind) -> bool:
    if kind not in _MULTI_FRAME:
        return False
    return bool(getattr(opened, "is_animated", False))


def _is_thumbnail(opened: Image.Image) -> bool:
    tags = getattr(opened, "tag_v2", None)
    return tags is not None and tags.get(_TIFF_SUBFILE, 0) == _REDUCED_IMAGE


def _page_of_frame(
    opened: Image.Image, *, file: Path, out: Path, ordinal: int, is_only: bool
) -> PageImage:
    media_type = _usable_as(opened) if is_only else None
    density = _density(opened)
    orientation = _orientation(opened)
    opened.load()
    is_square = 1 / _SQUARE_TOLERANCE <= density[0] / density[1] <= _SQUARE_TOLERANCE
    if media_type is not None and is_square and orientation in _TURNS:
        return describe_image(
            file,
            size=opened.size,
            mode=opened.mode,
            dpi=_tag(density),
            turn=_TURNS[orientation],
            media_type=media_type,
        )
    plain = _made_square(_in_plain_mode(opened), density)
    if orientation != 1:
        plain = _turned_upright(plain, orientation)
    saved = save_lossless(plain, out=out, ordinal=ordinal)
    return describe_image(saved, size=plain.size, mode=plain.mode, dpi=_tag(density))


def _usable_as(opened: Image.Image) -> ImageMediaType | None:
    """Return the media type under which a file may stay as it was delivered, or None."""
    if opened.format in ("JPEG", "MPO") and opened.mode in ("L", "RGB"):
        return "image/jpeg"
    if opened.format == "PNG" and opened.mode in ("1", "L", "RGB"):
        return None if "transparency" in opened.info else "image/png"
    return "image/tiff" if _is_plain_g4(opened) else None


def _is_plain_g4(opened: Image.Image) -> bool:
    tags: Any = getattr(opened, "tag_v2", None)
    if opened.mode != "1" or tags is None:
        return False
    compression, photometric, fill_order, orientation = (tags.get(n) for n in _TIFF_LAYOUT)
    # Group 4, 0 is white, most significant bit first, upright: as PDF takes it without change.
    is_plain = (compression, photometric, fill_order or 1, orientation or 1) == (4, 0, 1, 1)
    return is_plain and len(tags.get(_TIFF_STRIPS, ())) == 1


def _density(opened: Image.Image) -> tuple[float, float]:
    """Return dpi along x and y, or two ones where the file says nothing sensible."""
    found = opened.info.get("dpi")
    try:
        horizontal, vertical = (float(part) for part in found) if found else (1.0, 1.0)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return 1.0, 1.0
    is_sane = all(math.isfinite(part) and 1.0 <= part <= 1e5 for part in (horizontal, vertical))  # noqa: PLR2004 - beyond any device
    return (horizontal, vertical) if is_sane else (1.0, 1.0)


def _tag(density: tuple[float, float]) -> float | None:
    return max(density) if max(density) > 1.0 else None


def _orientation(opened: Image.Image) -> int:
    if opened.format == "TIFF":
        # Pillow turns TIFF frames while it decodes them.
        return 1
    try:
        found = opened.getexif().get(_EXIF_ORIENTATION, 1)
    except DECODING_ERRORS:
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1  # noqa: PLR2004 - EXIF has eight


def _turned_upright(pixels: Image.Image, orientation: int) -> Image.Image:
    pixels.getexif()[_EXIF_ORIENTATION] = orientation
    return ImageOps.exif_transpose(pixels)


def _made_square(pixels: Image.Image, density: tuple[float, float]) -> Image.Image:
    """Stretch pixels that are not square (fax at 204 × 98 dpi) to the finer resolution."""
    horizontal, vertical = density
    if 1 / _SQUARE_TOLERANCE <= horizontal / vertical <= _SQUARE_TOLERANCE:
        return pixels
    if not 1 / 4 <= horizontal / vertical <= 4:  # noqa: PLR2004 - no fax mode is flatter
        return pixels
    finer = max(density)
    size = (round(pixels.width * finer / horizontal), round(pixels.height * finer / vertical))
    method = Image.Resampling.NEAREST if pixels.mode == "1" else Image.Resampling.BICUBIC
    return pixels.resize(size, method)


def _in_plain_mode(opened: Image.Image) -> Image.Image:
    """Return the frame in mode 1, L or RGB, 8 bit, transparency on white paper.

    Raises:
        UnsupportedFileError: samples are no pictures (floating point).
    """
    mode = opened.mode
    if mode.startswith("I"):
        return _from_deep_grey(opened)
    if mode == "F":
        raise UnsupportedFileError("floating point image")
    if "transparency" in opened.info or mode in ("LA", "PA", "RGBA", "La", "RGBa"):
        return _on_white(opened)
    if mode == "P":
        return opened.convert("L" if _has_grey_palette(opened) else "RGB")
    if mode in ("1", "L", "RGB"):
        return opened.copy()
    return _by_profile(opened)


def _from_deep_grey(opened: Image.Image) -> Image.Image:
    """Scale 12, 16 or more bits of grey to 8."""
    samples = np.asarray(opened).astype(np.int64)
    tags: Any = getattr(opened, "tag_v2", {})
    bits = int(tags.get(_TIFF_BITS, (16,))[0]) if tags else 16
    highest = (1 << min(max(bits, 8), 31)) - 1
    if highest > 0xFFFF and samples.max(initial=0) <= 0xFFFF:  # noqa: PLR2004 - 16 bits in 32
        highest = 0xFFFF
    scaled = (np.clip(samples, 0, highest) * 255 + highest // 2) // highest
    return Image.fromarray(scaled.astype(np.uint8))


def _on_white(opened: Image.Image) -> Image.Image:
    layered = opened.convert("RGBA")
    paper = Image.new("RGBA", layered.size, "white")
    paper.alpha_composite(layered)
    return paper.convert("L" if opened.mode in ("LA", "La", "1", "L") else "RGB")


def _has_grey_palette(opened: Image.Image) -> bool:
    palette = np.array(opened.getpalette("RGB") or [0, 0, 0], dtype=np.uint8).reshape(-1, 3)
    return bool((palette == palette[:, :1]).all())


def _by_profile(opened: Image.Image) -> Image.Image:
    """Convert CMYK, YCbCr or Lab to sRGB, by the embedded profile where one works."""
    profile = opened.info.get(_ICC_PROFILE)
    if profile and opened.mode in ("CMYK", "LAB"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                opened, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            return opened.convert("RGB")
        return converted or opened.convert("RGB")
    return opened.convert("RGB")


def _open_heic(file: Path, *, out: Path, limits: PageLimits) -> PageImage:
    # libheif applies the turn and mirror boxes itself; its EXIF orientation is only a copy.
    opened = pillow_heif.open_heif(file, convert_hdr_to_8bit=True)
    check_size(opened.size, page=1, limits=limits)
    pixels: Image.Image = opened.to_pillow()
    pixels.info.pop("exif", None)
    plain = _in_plain_mode(pixels)
    saved = save_lossless(plain, out=out, ordinal=1)
    return describe_image(saved, size=plain.size, mode=plain.mode, dpi=None)
