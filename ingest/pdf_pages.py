"""Makes a page image of a PDF page: the scan inside it as it is, or a picture of the page."""

import io
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image

from documents.limits import PageLimits
from documents.model import Line, OpenedPage, PageImage, Turn
from ingest.decoding import DECODING_ERRORS, quiet_pillow
from ingest.errors import DamagedFileError, PageTooLargeError
from ingest.opening_images import check_size
from ingest.page_files import describe_image, save_as_jpeg, save_lossless, write_beside
from ingest.paper import MM_PER_INCH, POINTS_PER_INCH
from ingest.pdf_content import PageContent, PlacedImage, Rectangle, look_at_page
from ingest.pdf_text import PageScale, count_visible_letters, read_hidden_lines, read_own_lines

_DPI = 300.0
_LOWEST_SCAN_DPI, _HIGHEST_SCAN_DPI = 50.0, 1_200.0
_LARGE_IMAGE = 0.25
_SCAN_COVERAGE = 0.85
_ALL_TEXT_COVERAGE = 0.3
# A stamp or a signature's appearance over a scan holds fewer letters (test files: up to 150).
_FEWEST_LETTERS_OF_TEXT = 400
_FEWEST_LETTERS_BESIDE_IMAGES = 200
_SQUARE_TOLERANCE = 0.02
_SIDEWAYS = (90, 270)
_STRAIGHT_TOLERANCE = 0.01
_PREVIEW_PX = 320
# Of 255, on blocks of a preview; decoders and turns differ by up to 20 in one block of print.
_ALIKE_MEAN, _ALIKE_BLOCK = 4.0, 32.0
_BLOCK = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfPageSource:
    """One page to open: PDFium's page, its number from 1, and its user unit."""

    page: pdfium.PdfPage
    ordinal: int
    user_unit: float
    out: Path
    limits: PageLimits


def open_pdf_page(source: PdfPageSource) -> OpenedPage:
    """Return a page with its image; text only for what was born digital.

    A page that is nothing but one scanned image gives that image without loss, checked against
    a small picture of the page. A scan under stamps is drawn at the scan's resolution, so that
    the image is what a person sees. Everything else is drawn at 300 dpi.

    Raises:
        PageTooLargeError: a side is longer than allowed.
        DamagedFileError: PDFium cannot draw it.
    """
    content = look_at_page(source.page)
    _check_sides(source)
    letters = count_visible_letters(source.page, content)
    if _is_scan(content, letters):
        image = content.only_image
        if image is not None and content.visible_texts == 0 and not content.has_drawing:
            extracted = _extracted(source, image)
            if extracted is not None:
                return _with_hidden_lines(source, content, extracted, area=image.bounds)
        return _with_hidden_lines(source, content, _drawn_scan(source, content), area=content.box)
    return _drawn_with_text(source, content, letters)


def _is_scan(content: PageContent, letters: int) -> bool:
    if content.opaque_coverage >= _SCAN_COVERAGE:
        return letters < _FEWEST_LETTERS_OF_TEXT
    return letters == 0 and content.coverage >= _ALL_TEXT_COVERAGE


def _with_hidden_lines(
    source: PdfPageSource, content: PageContent, opened: OpenedPage, *, area: Rectangle
) -> OpenedPage:
    """Add what lies unseen over a scan; `area` is what the image shows of the page."""
    rotation = source.page.get_rotation()
    across = area.height if rotation in _SIDEWAYS else area.width
    image = opened.image
    pixels = image.height if image.turn in _SIDEWAYS else image.width
    scale = PageScale(box=area, rotation=rotation, pixels_per_point=pixels / max(across, 1.0))
    hidden = read_hidden_lines(source.page, content, scale=scale)
    return replace(opened, hidden_lines=hidden)


def _drawn_scan(source: PdfPageSource, content: PageContent) -> OpenedPage:
    """Draw the page at the resolution of the images that make up most of it."""
    page_area = max(content.box.width * content.box.height, 1e-9)
    large = [
        image
        for image in content.images
        if image.bounds.width * image.bounds.height >= _LARGE_IMAGE * page_area
    ]
    dpi = max((max(image.dpi) for image in large or content.images), default=_DPI)
    dpi = min(max(dpi / source.user_unit, _LOWEST_SCAN_DPI), _HIGHEST_SCAN_DPI)
    return _drawn(source, content, dpi=dpi)


def _check_sides(source: PdfPageSource) -> None:
    width, height = source.page.get_size()
    sides_mm = [side * source.user_unit / POINTS_PER_INCH * MM_PER_INCH for side in (width, height)]
    size = f"{sides_mm[0]:.0f} × {sides_mm[1]:.0f} mm"
    if not all(math.isfinite(side) for side in sides_mm) or max(sides_mm) > source.limits.side_mm:
        raise PageTooLargeError(page=source.ordinal, size=size)


def _drawn_with_text(source: PdfPageSource, content: PageContent, letters: int) -> OpenedPage:
    drawn = _drawn(source, content, dpi=_DPI)
    is_all_text = content.coverage < _ALL_TEXT_COVERAGE or letters >= _FEWEST_LETTERS_BESIDE_IMAGES
    lines: tuple[Line, ...] = ()
    if letters and is_all_text:
        scale = PageScale(
            box=content.box,
            rotation=source.page.get_rotation(),
            pixels_per_point=drawn.image.width / source.page.get_width(),
        )
        lines = read_own_lines(source.page, content, scale=scale)
    # The page box of what a program laid out is true, however odd its size.
    image = replace(drawn.image, dpi=_used_dpi(source, drawn.image), dpi_source="file")
    return OpenedPage(ordinal=source.ordinal, image=image, origin="born_digital", own_lines=lines)


def _used_dpi(source: PdfPageSource, image: PageImage) -> float:
    width, height = source.page.get_size()
    points = float(max(width, height)) * source.user_unit
    return min(_DPI, round(max(image.width, image.height) * POINTS_PER_INCH / points, 1))


def _drawn(source: PdfPageSource, content: PageContent, *, dpi: float) -> OpenedPage:
    """Draw the page, at less than `dpi` where it would have more pixels than allowed."""
    width, height = source.page.get_size()
    inches = width * height * (source.user_unit / POINTS_PER_INCH) ** 2
    most = math.sqrt(source.limits.pixels * 0.98 / max(inches, 1e-9))
    used = min(dpi, most)
    scale = used * source.user_unit / POINTS_PER_INCH
    check_size(
        (math.ceil(width * scale), math.ceil(height * scale)),
        page=source.ordinal,
        limits=source.limits,
    )
    pixels = _picture(source.page, scale=scale)
    is_jpeg = any("DCTDecode" in image.image.get_filters() for image in content.images)
    is_photo = is_jpeg and content.coverage >= _SCAN_COVERAGE
    save = save_as_jpeg if is_photo else save_lossless
    file = save(pixels, out=source.out, ordinal=source.ordinal)
    image = describe_image(file, size=pixels.size, mode=pixels.mode, dpi=used)
    return OpenedPage(ordinal=source.ordinal, image=image, origin="scan")


def _picture(page: pdfium.PdfPage, *, scale: float) -> Image.Image:
    """Draw a page on white; grey where nothing on it has a colour."""
    try:
        bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
    except pdfium.PdfiumError as error:
        raise DamagedFileError from error
    pixels = np.asarray(bitmap.to_numpy())
    if pixels.ndim == 3 and pixels.shape[2] == 1:  # noqa: PLR2004 - rows, columns, samples
        pixels = pixels[:, :, 0]
    if pixels.ndim == 3:  # noqa: PLR2004 - rows, columns, samples
        pixels = pixels[:, :, :3]
        if _has_no_colour(pixels):
            pixels = pixels[:, :, 1]
    return Image.fromarray(np.ascontiguousarray(pixels))


def _has_no_colour(pixels: NDArray[np.uint8]) -> bool:
    for first in range(0, pixels.shape[0], 256):
        rows = pixels[first : first + 256]
        if (rows[:, :, 0] != rows[:, :, 1]).any() or (rows[:, :, 1] != rows[:, :, 2]).any():
            return False
    return True


def _extracted(source: PdfPageSource, placed: PlacedImage) -> OpenedPage | None:
    """Return the page's only image as it is, or None if that is not what the page shows."""
    turn = _turn_of(placed, source.page.get_rotation())
    horizontal, vertical = placed.dpi
    if turn is None or abs(horizontal / max(vertical, 1e-9) - 1.0) > _SQUARE_TOLERANCE:
        return None
    check_size(placed.size, page=source.ordinal, limits=source.limits)
    stream = _jpeg_stream(placed.image)
    pixels = _decoded_jpeg(stream) if stream else _decoded_bitmap(placed.image)
    if pixels is None or not _is_what_the_page_shows(pixels, turn, source.page):
        return None
    if stream:
        file = source.out / f"{source.ordinal:04d}.jpg"
        write_beside(file, lambda part: part.write_bytes(stream))
    else:
        file = save_lossless(pixels, out=source.out, ordinal=source.ordinal)
    image = describe_image(
        file, size=pixels.size, mode=pixels.mode, dpi=horizontal / source.user_unit, turn=turn
    )
    return OpenedPage(ordinal=source.ordinal, image=image, origin="scan")


def _turn_of(placed: PlacedImage, rotation: int) -> Turn | None:
    """Return how far the image must be turned clockwise; None where it is oblique or mirrored."""
    a, b, c, d, _, _ = placed.matrix
    length = math.hypot(a, b)
    if length <= 0.0 or a * d - b * c <= 0.0:
        return None
    angle = math.degrees(math.atan2(b, a))
    quarter = round(angle / 90.0)
    if abs(math.radians(angle - quarter * 90.0)) > _STRAIGHT_TOLERANCE:
        return None
    return cast("Turn", (rotation - quarter * 90) % 360)


def _jpeg_stream(image: Any) -> bytes | None:
    filters = image.get_filters()
    if not filters or filters[-1] != "DCTDecode":
        return None
    return bytes(image.get_data(decode_simple=True))


def _decoded_jpeg(stream: bytes) -> Image.Image | None:
    try:
        with quiet_pillow(), Image.open(io.BytesIO(stream), formats=["JPEG"]) as opened:
            opened.load()
            return opened.copy() if opened.mode in ("L", "RGB") else None
    except DECODING_ERRORS:
        return None


def _decoded_bitmap(image: Any) -> Image.Image | None:
    try:
        bitmap = image.get_bitmap(render=False)
    except pdfium.PdfiumError:
        return None
    pixels = np.asarray(bitmap.to_numpy())
    if pixels.ndim == 3 and pixels.shape[2] >= 3:  # noqa: PLR2004 - blue, green, red
        return Image.fromarray(np.ascontiguousarray(pixels[:, :, 2::-1]))
    grey = pixels.reshape(pixels.shape[:2])
    if _is_bilevel(grey):
        return Image.fromarray(grey > 127).convert("1")  # noqa: PLR2004 - the middle of 8 bits
    return Image.fromarray(np.ascontiguousarray(grey))


def _is_bilevel(grey: NDArray[np.uint8]) -> bool:
    counts = np.bincount(grey[:: max(1, grey.shape[0] // 64)].ravel(), minlength=256)
    if counts[1:255].any():
        return False
    return bool(((grey == 0) | (grey == 255)).all())  # noqa: PLR2004 - white in 8 bits


def _is_what_the_page_shows(pixels: Image.Image, turn: int, page: pdfium.PdfPage) -> bool:
    """Compare the image with a small picture of the page, on blocks of it and as a whole."""
    width, height = page.get_size()
    shown = _picture(page, scale=_PREVIEW_PX / max(width, height)).convert("RGB")
    upright = pixels.convert("L") if pixels.mode == "1" else pixels
    upright = upright.reduce(max(1, max(upright.size) // (2 * _PREVIEW_PX)))
    if turn:
        upright = upright.rotate(-turn, expand=True)
    small = upright.convert("RGB").resize(shown.size, Image.Resampling.BOX)
    # Means of blocks, since decoders and turns shift thin strokes by parts of a pixel.
    difference = np.abs(_block_means(small) - _block_means(shown)).max(axis=2)
    return bool(difference.mean() < _ALIKE_MEAN and difference.max(initial=0.0) < _ALIKE_BLOCK)


def _block_means(preview: Image.Image) -> NDArray[np.float64]:
    size = (max(1, preview.width // _BLOCK), max(1, preview.height // _BLOCK))
    return np.asarray(preview.resize(size, Image.Resampling.BOX), dtype=np.float64)
