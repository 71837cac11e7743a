"""Pictures of pages for the screen."""

import io
from pathlib import Path

import pypdfium2
from PIL import Image

from documents.model import PageImage, Turn
from ocr.errors import UnreadablePdfError

_QUALITY = 80
_MOST_PIXELS = 40_000_000
_LONGEST_SIDE = 65_000  # a JPEG holds no longer one
_TRANSPOSED: dict[Turn, Image.Transpose] = {
    90: Image.Transpose.ROTATE_270,  # Pillow turns counter-clockwise
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def picture_of_pdf_page(file: Path, *, page: int, width: int) -> bytes:
    """Draw a page of a PDF, stamps included, as a JPEG.

    Args:
        file: the PDF.
        page: counted from 1.
        width: of the picture, px; very long pages come narrower.

    Raises:
        UnreadablePdfError: there is no such file or page.
    """
    try:
        document = pypdfium2.PdfDocument(file)
        try:
            if not 1 <= page <= len(document):
                raise UnreadablePdfError
            document.init_forms()
            sheet = document[page - 1]
            points_wide, points_high = sheet.get_size()
            scale = min(width / max(points_wide, 1.0), _LONGEST_SIDE / max(points_high, 1.0))
            pixels = points_wide * points_high * scale * scale
            if pixels > _MOST_PIXELS:
                scale *= (_MOST_PIXELS / pixels) ** 0.5
            shown = sheet.render(scale=scale, may_draw_forms=True).to_pil()
            return _jpeg(shown)
        finally:
            document.close()
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        raise UnreadablePdfError from error


def picture_of_image(image: PageImage, *, turn: Turn, width: int) -> bytes:
    """Draw a page image, upright, as a JPEG no wider than `width` px."""
    with Image.open(image.file) as opened:
        whole_width = opened.width
        # A JPEG is decoded at a fraction of its size where that is enough.
        wanted = max(1, round(width * whole_width / image.width)) if image.region else width
        opened.draft("RGB", (wanted, wanted))
        shown: Image.Image = opened.convert("RGB")
    if image.region is not None:
        scale = shown.width / whole_width
        shown = shown.crop(
            (
                round(image.region.x0 * scale),
                round(image.region.y0 * scale),
                max(round(image.region.x0 * scale) + 1, round(image.region.x1 * scale)),
                max(round(image.region.y0 * scale) + 1, round(image.region.y1 * scale)),
            )
        )
    if turn in _TRANSPOSED:
        shown = shown.transpose(_TRANSPOSED[turn])
    height = max(1, round(shown.height * width / shown.width))
    if width < shown.width:
        shown = shown.resize((width, height), Image.Resampling.BOX, reducing_gap=2.0)
    return _jpeg(shown)


def _jpeg(shown: Image.Image) -> bytes:
    buffer = io.BytesIO()
    shown.convert("RGB").save(buffer, "JPEG", quality=_QUALITY, optimize=True)
    return buffer.getvalue()
