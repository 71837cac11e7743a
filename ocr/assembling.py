"""PDF/A-2u in two layers: the page as it was scanned, and its words invisible above it."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pikepdf
import pikepdf.pdfa
from pikepdf import Array, Dictionary, Name, Stream

from documents.identifiers import sha256_of_file
from documents.model import AssembledPdf, PageImage, PdfaVerdict, RecognizedPage, Turn
from ocr.blank_font import add_blank_font, codes_of
from ocr.errors import AssemblyError
from ocr.images_on_disk import pdf_of_images
from ocr.page_images import Codec, compare_image
from ocr.text_layer import characters_of, text_layer
from ocr.validating import NO_JPEG_2000

_POINTS_PER_INCH = 72.0
_CLAIM = "PDF/A-2u"
_LEVEL_B = "2b"
_CREATOR = "Số Hóa"
# The unit square of the image, turned clockwise about the page (ISO 32000-1 §8.3.3).
_MATRICES: dict[Turn, str] = {
    0: "{w} 0 0 {h} 0 0",
    90: "0 -{h} {w} 0 0 {h}",
    180: "-{w} 0 0 -{h} {w} {h}",
    270: "0 {h} -{w} 0 {w} 0",
}


@dataclass(frozen=True, slots=True)
class PageToAssemble:
    """A page image and what was read from it; the reading says how it is turned."""

    image: PageImage
    reading: RecognizedPage


def assemble_pdf(
    pages: Sequence[PageToAssemble],
    *,
    title: str,
    created_at: datetime,
    out: Path,
    codec: Codec = "jpeg",
) -> AssembledPdf:
    """Build, validate and compare a PDF/A-2u; equal input gives equal bytes.

    Memory does not grow with the images: they go through files beside `out` (see `pdf_of_images`).

    Args:
        pages: in order, at least one; gone through twice, so that a sequence may make each page
            when it is asked for.
        title: for the document's properties.
        created_at: written into the file instead of the present moment.
        out: where the file goes; it appears whole or not at all.
        codec: of the pages that cannot be taken over as they are.

    Raises:
        AssemblyError: an embedded image does not show what was scanned, or the validator of level
            B finds a fault.
    """
    images: list[PageImage] = []
    characters = set[str]()
    for page in pages:
        images.append(page.image)
        characters |= characters_of(page.reading)
    part = out.with_name(f"{out.name}.part")
    with pdf_of_images(images, folder=out.parent, codec=codec) as (pdf, embedded):
        codes = codes_of(sorted(characters))
        font = add_blank_font(pdf, sorted(characters))
        for page, image in zip(pages, embedded, strict=True):
            _add_page(pdf, page, font=font, codes=codes, image=image)
        verdict = _save(pdf, part, title=title, created_at=created_at)
    _compare(part, images)
    _make_durable(part)
    part.replace(out)
    return AssembledPdf(
        file=out,
        sha256=sha256_of_file(out),
        size_bytes=out.stat().st_size,
        verdict=verdict,
    )


def _add_page(
    pdf: pikepdf.Pdf,
    page: PageToAssemble,
    *,
    font: pikepdf.Object,
    codes: Mapping[str, str],
    image: pikepdf.Object,
) -> None:
    reading = page.reading
    scale = _POINTS_PER_INCH / page.image.dpi
    width, height = round(reading.width * scale, 3), round(reading.height * scale, 3)
    matrix = _MATRICES[reading.turn].format(w=width, h=height) + " cm"
    if page.image.region is not None:
        # Only the part that is the page shows; the image keeps the bytes that were scanned.
        matrix = f"0 0 {width} {height} re W n {matrix} {_placing(page.image, image)} cm"
    content = f"q {matrix} /Im0 Do Q\n".encode() + text_layer(reading, codes, scale=scale)
    pdf.pages.append(
        pikepdf.Page(
            Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, width, height]),
                Contents=pdf.make_indirect(Stream(pdf, content)),
                Resources=Dictionary(XObject=Dictionary(Im0=image), Font=Dictionary(F0=font)),
            )
        )
    )


def _placing(page: PageImage, image: pikepdf.Object) -> str:
    """Return the matrix by which a whole image lies so that its region fills the unit square."""
    region = page.region
    assert region is not None  # noqa: S101 - asked for regions alone
    whole_width, whole_height = int(image.Width), int(image.Height)
    across, down = whole_width / page.width, whole_height / page.height
    left = -region.x0 / page.width
    bottom = (region.y1 - whole_height) / page.height
    return f"{across:.6f} 0 0 {down:.6f} {left:.6f} {bottom:.6f}"


def _save(pdf: pikepdf.Pdf, file: Path, *, title: str, created_at: datetime) -> PdfaVerdict:
    """Prepare level B, have it checked, then claim level U, which our text layer fulfils."""
    moment = created_at.isoformat(timespec="seconds")
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:language"] = ["vi"]
        metadata["xmp:CreateDate"] = moment
        metadata["xmp:CreatorTool"] = _CREATOR
    pdf.Root.Lang = pikepdf.String("vi-VN")
    pikepdf.pdfa.prepare(pdf, _LEVEL_B)
    report = pikepdf.pdfa.check(pdf, _LEVEL_B)
    faults = [found for found in report.findings if NO_JPEG_2000 not in str(found.message)]
    if faults:
        raise AssemblyError("; ".join(str(found.rule) for found in faults[:5]))
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["pdfaid:conformance"] = "U"
        metadata["xmp:MetadataDate"] = moment
        metadata["xmp:ModifyDate"] = moment
    pdf.save(file, **pikepdf.pdfa.resolve_save_kwargs(_LEVEL_B, deterministic_id=True))
    return PdfaVerdict(claim=_CLAIM, passed=True, validator=f"pikepdf.pdfa {pikepdf.__version__}")


def _compare(file: Path, images: Sequence[PageImage]) -> None:
    # Not mapped into memory, where every page that was read would count as used.
    with pikepdf.open(file, access_mode=pikepdf.AccessMode.stream) as written:
        if len(written.pages) != len(images):
            raise AssemblyError("page count")
        for page, image in zip(written.pages, images, strict=True):
            compare_image(page.Resources.XObject.Im0, image)


def _make_durable(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
