"""Page images inside a PDF: embedded without loss where they can be, and compared again."""

import io
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pikepdf
from pikepdf import Dictionary, Name, Stream
from PIL import Image

from documents.model import PageImage
from ocr import jpeg2000
from ocr.errors import AssemblyError
from ocr.jpeg_quality import choose_quality
from ocr.png_streams import DeflatedRows, deflated_rows

# ISO 32000-1 table 8: each row says itself which of PNG's predictors it has.
_PNG_PREDICTORS = 15
_TIFF_STRIP, _TIFF_BYTES, _TIFF_ROWS, _TIFF_PHOTOMETRIC = 273, 279, 278, 262
_COMPARED_SIDE = 256
# A JPEG of quality 55 and more differs from its source by 1 to 4 of 255 on average.
_MOST_DIFFERENCE = 12.0
Codec = Literal["jpeg", "jpeg2000"]
"""What pages become that cannot be taken over."""

_PLAIN_JPEG_MODES = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB}


@dataclass(frozen=True, slots=True)
class EmbeddedImage:
    """An image object and whether its bytes are those that were delivered."""

    stream: Stream
    is_original: bool


def embed_image(pdf: pikepdf.Pdf, image: PageImage, codec: Codec = "jpeg") -> EmbeddedImage:
    """Put a page image into a PDF, never re-encoding what can be taken over.

    A grey or RGB JPEG is taken over byte by byte; black and white becomes CCITT G4, without loss;
    anything else becomes a JPEG, 4:2:0, of the lowest quality at which print stays as it is. A
    PNG that is smaller than that, as of a page that a program drew, is taken over as well. With
    the codec `jpeg2000` it becomes JPEG 2000 in place of JPEG, of likewise good print.

    Raises:
        AssemblyError: the image cannot be decoded.
    """
    try:
        with Image.open(image.file) as opened:
            if opened.format == "JPEG" and opened.mode in _PLAIN_JPEG_MODES:
                content = image.file.read_bytes()
                return EmbeddedImage(_jpeg(pdf, content, opened), is_original=True)
            if opened.mode == "1":
                return EmbeddedImage(_group4(pdf, opened), is_original=False)
            plain = opened.convert("L" if opened.mode in ("L", "I;16", "I") else "RGB")
            is_as_stored = opened.format == "PNG" and opened.mode == plain.mode
    except (OSError, ValueError, SyntaxError) as error:
        raise AssemblyError("image not decodable") from error
    is_jpeg = codec == "jpeg"
    content = _as_jpeg(plain) if is_jpeg else jpeg2000.encode(plain)
    rows = deflated_rows(image.file) if is_as_stored else None
    if rows is not None and len(rows.content) <= len(content):
        return EmbeddedImage(_deflated(pdf, rows, plain), is_original=True)
    kind = Name.DCTDecode if is_jpeg else Name.JPXDecode
    return EmbeddedImage(_jpeg(pdf, content, plain, kind=kind), is_original=False)


def compare_image(stream: pikepdf.Object, image: PageImage) -> None:
    """Decode an embedded image again and compare it with the page as it was scanned.

    A verdict of PDF/A says nothing about whether the page can be seen.

    Raises:
        AssemblyError: it does not show the same.
    """
    try:
        if stream.get("/Filter") in (Name.DCTDecode, Name.JPXDecode):
            shown: Image.Image = Image.open(io.BytesIO(stream.read_raw_bytes()))
        elif isinstance(stream, Stream):
            shown = pikepdf.PdfImage(stream).as_pil_image()
        else:
            raise AssemblyError("no image")
        with Image.open(image.file) as master:
            if shown.size != master.size:
                raise AssemblyError("size")
            difference = np.abs(_reduced(shown) - _reduced(master)).mean()
    except (OSError, ValueError, SyntaxError, pikepdf.PdfError) as error:
        raise AssemblyError("image not decodable") from error
    if difference > _MOST_DIFFERENCE:
        raise AssemblyError("content")


def _reduced(image: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return a small grey copy; a JPEG is decoded at a fraction of its size, which is cheap."""
    image.draft("L", (_COMPARED_SIDE, _COMPARED_SIDE))
    small = image.convert("L").resize((_COMPARED_SIDE, _COMPARED_SIDE), Image.Resampling.BOX)
    return np.asarray(small, np.float32)


def _as_jpeg(page: Image.Image) -> bytes:
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=choose_quality(page), subsampling="4:2:0")
    return buffer.getvalue()


def _jpeg(
    pdf: pikepdf.Pdf, content: bytes, opened: Image.Image, *, kind: Name = Name.DCTDecode
) -> Stream:
    return _image(
        pdf,
        content,
        size=opened.size,
        bits=8,
        entries={"ColorSpace": _PLAIN_JPEG_MODES[opened.mode], "Filter": kind},
    )


def _deflated(pdf: pikepdf.Pdf, rows: DeflatedRows, opened: Image.Image) -> Stream:
    parameters = Dictionary(
        Predictor=_PNG_PREDICTORS,
        Colors=rows.colours,
        BitsPerComponent=8,
        Columns=opened.width,
    )
    return _image(
        pdf,
        rows.content,
        size=opened.size,
        bits=8,
        entries={
            "ColorSpace": _PLAIN_JPEG_MODES[opened.mode],
            "Filter": Name.FlateDecode,
            "DecodeParms": parameters,
        },
    )


def _group4(pdf: pikepdf.Pdf, opened: Image.Image) -> Stream:
    """Encode black and white as CCITT group 4, in one strip."""
    buffer = io.BytesIO()
    height = opened.height
    opened.save(buffer, "TIFF", compression="group4", tiffinfo={_TIFF_ROWS: height})
    with Image.open(buffer) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]  # it is a TIFF
        start, length = tags[_TIFF_STRIP][0], tags[_TIFF_BYTES][0]
        is_black_one = tags[_TIFF_PHOTOMETRIC] == 1
    content = buffer.getvalue()[start : start + length]
    parameters = Dictionary(K=-1, Columns=opened.width, Rows=height, BlackIs1=is_black_one)
    return _image(
        pdf,
        content,
        size=opened.size,
        bits=1,
        entries={
            "ColorSpace": Name.DeviceGray,
            "Filter": Name.CCITTFaxDecode,
            "DecodeParms": parameters,
        },
    )


def _image(
    pdf: pikepdf.Pdf,
    content: bytes,
    *,
    size: tuple[int, int],
    bits: int,
    entries: dict[str, pikepdf.Object],
) -> Stream:
    return Stream(
        pdf,
        content,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=size[0],
        Height=size[1],
        BitsPerComponent=bits,
        **entries,
    )
