"""Opens delivered PDF files: damaged, encrypted, signed, scanned or born digital."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from pypdfium2 import raw

from documents.errors import Reason
from documents.limits import PageLimits
from documents.model import Finding, OpenedDelivery, OpenedPage
from ingest.errors import (
    DamagedFileError,
    NoPagesError,
    PasswordNeededError,
    TooManyPagesError,
)
from ingest.page_files import write_beside
from ingest.pdf_pages import PdfPageSource, open_pdf_page
from ingest.sniffing import MEDIA_TYPES

_REPAIRED = "repaired.pdf"
_MOST_FIELDS = 10_000
# Words of qpdf for what may cost pages; its other remarks (a key written twice) cost nothing.
_SERIOUS = ("file is damaged", "reconstruct", "Loop detected", "not found")
_HIGHEST_USER_UNIT = 1_000.0
_QPDF_ERRORS = (pikepdf.PdfError, pikepdf.ForeignObjectError, ValueError, TypeError, RuntimeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Structure:
    """What qpdf makes of a file: pages, their user units, signatures, and how well it was."""

    user_units: tuple[float, ...]
    is_signed: bool
    is_damaged: bool
    repaired: Path | None


def open_pdf_file(
    file: Path, *, out: Path, limits: PageLimits, password: str | None
) -> OpenedDelivery:
    """Return the pages of a PDF.

    What qpdf or PDFium can repair is opened with the finding `pdf_repaired`.

    Raises:
        PasswordNeededError: encrypted, and neither the empty nor the given password fits.
        DamagedFileError: beyond repair.
        TooManyPagesError, NoPagesError, PageTooLargeError: as their names say.
    """
    structure = _read_structure(file, out=out, limits=limits, password=password)
    expected = len(structure.user_units)
    with ExitStack() as stack:
        document, is_repaired = _open_in_pdfium(stack, file, structure, password)
        count = len(document)
        if count > limits.pages:
            raise TooManyPagesError(limit=limits.pages)
        if count == 0:
            raise NoPagesError
        units = structure.user_units if count == expected else (1.0,) * count
        pages = tuple(
            _open_page(document, ordinal, user_unit=unit, out=out, limits=limits)
            for ordinal, unit in enumerate(units, start=1)
        )
    needs_word = structure.is_damaged or is_repaired or (expected and expected != count)
    return OpenedDelivery(
        media_type=MEDIA_TYPES["pdf"],
        is_signed=structure.is_signed,
        pages=pages,
        findings=(_repaired_finding(count),) if needs_word else (),
    )


def _open_page(
    document: pdfium.PdfDocument, ordinal: int, *, user_unit: float, out: Path, limits: PageLimits
) -> OpenedPage:
    try:
        with closing(_flattened_page(document, ordinal - 1)) as page:
            return open_pdf_page(
                PdfPageSource(
                    page=page, ordinal=ordinal, user_unit=user_unit, out=out, limits=limits
                )
            )
    except pdfium.PdfiumError as error:
        raise DamagedFileError(page=ordinal) from error


def _flattened_page(document: pdfium.PdfDocument, index: int) -> pdfium.PdfPage:
    """Return a page with stamps and signatures merged into its content, in memory only.

    Vietnamese agencies stamp number and date as annotations: they belong to what a person
    sees and to the text.
    """
    page = document[index]
    if raw.FPDFPage_GetAnnotCount(page) == 0:
        return page
    outcome = raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
    if outcome != raw.FLATTEN_SUCCESS:
        return page
    page.close()
    return document[index]


def _open_in_pdfium(
    stack: ExitStack, file: Path, structure: _Structure, password: str | None
) -> tuple[pdfium.PdfDocument, bool]:
    """Open the file itself, or the repaired copy where that holds more pages."""
    expected = len(structure.user_units)
    document = _try_pdfium(file, password)
    if document is not None and (len(document) >= expected or structure.repaired is None):
        stack.enter_context(closing(document))
        return document, False
    if document is not None:
        document.close()
    repaired = _try_pdfium(structure.repaired, None) if structure.repaired else None
    if repaired is None:
        raise DamagedFileError
    stack.enter_context(closing(repaired))
    return repaired, True


def _try_pdfium(file: Path, password: str | None) -> pdfium.PdfDocument | None:
    for candidate in dict.fromkeys((password, None)):
        try:
            document = pdfium.PdfDocument(file, password=candidate)
        except pdfium.PdfiumError:
            continue
        if len(document):
            return document
        document.close()
    return None


def _read_structure(
    file: Path, *, out: Path, limits: PageLimits, password: str | None
) -> _Structure:
    """Let qpdf look at the file first: it knows why a file does not open."""
    try:
        with pikepdf.open(file, suppress_warnings=True) as pdf:
            return _structure_of(pdf, out=out, limits=limits)
    except pikepdf.PasswordError as error:
        if not password:
            raise PasswordNeededError from error
        return _with_password(file, out=out, limits=limits, password=password)
    except _QPDF_ERRORS:
        return _Structure(
            user_units=(), is_signed=_mentions_signature(file), is_damaged=True, repaired=None
        )


def _with_password(file: Path, *, out: Path, limits: PageLimits, password: str) -> _Structure:
    """Try the given password; one that is for other files of a batch never closed an open one."""
    try:
        with pikepdf.open(file, password=password, suppress_warnings=True) as pdf:
            return _structure_of(pdf, out=out, limits=limits)
    except pikepdf.PasswordError as error:
        raise PasswordNeededError(was_given=True) from error


def _structure_of(pdf: pikepdf.Pdf, *, out: Path, limits: PageLimits) -> _Structure:
    count = len(pdf.pages)
    if count > limits.pages:
        raise TooManyPagesError(limit=limits.pages)
    units = tuple(_user_unit(page.obj) for page in pdf.pages)
    is_signed = has_signatures(pdf)
    is_damaged = any(mark in text for text in pdf.get_warnings() for mark in _SERIOUS)
    repaired = None
    if is_damaged and count:
        repaired = out / _REPAIRED
        write_beside(repaired, pdf.save)
    return _Structure(
        user_units=units, is_signed=is_signed, is_damaged=is_damaged, repaired=repaired
    )


def _user_unit(page: pikepdf.Object) -> float:
    """Return how many 1/72 inch one unit of the page is (ISO 32000-1 table 30)."""
    try:
        unit = float(page.get("/UserUnit", 1.0))
    except (*_QPDF_ERRORS, ArithmeticError):
        return 1.0
    return unit if 0.0 < unit <= _HIGHEST_USER_UNIT else 1.0


def has_signatures(pdf: pikepdf.Pdf) -> bool:
    """Tell whether a signature field holds a signature (`/FT /Sig` with `/V`)."""
    try:
        return any(
            str(field_type) == "/Sig" and isinstance(value, pikepdf.Dictionary)
            for field_type, value in _fields(pdf)
        )
    except _QPDF_ERRORS:
        return False


def _fields(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, Any]]:
    """Yield type and value of each form field; both are inherited from the parents."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return
    waiting: list[tuple[Any, Any, Any]] = [
        (field, None, None) for field in _array(form.get("/Fields"))
    ]
    seen: set[tuple[int, int]] = set()
    count = 0
    while waiting and count < _MOST_FIELDS:
        count += 1
        field, outer_type, outer_value = waiting.pop()
        if not isinstance(field, pikepdf.Dictionary) or field.objgen in seen:
            continue
        if field.objgen != (0, 0):
            seen.add(field.objgen)
        field_type, value = field.get("/FT", outer_type), field.get("/V", outer_value)
        yield field_type, value
        waiting += [(kid, field_type, value) for kid in _array(field.get("/Kids"))]


def _array(found: Any) -> list[Any]:
    return list(found) if isinstance(found, pikepdf.Array) else []


def _mentions_signature(file: Path) -> bool:
    """Guess from the bytes where the structure cannot be read: signed files stay untouched."""
    content = file.read_bytes()
    return b"/ByteRange" in content and b"/SubFilter" in content


def _repaired_finding(count: int) -> Finding:
    reason = Reason(
        code="pdf_repaired",
        vi=f"Tệp PDF bị lỗi, đã mở được {count} trang sau khi sửa. "
        "Đối chiếu số trang và nội dung với bản gốc.",
        en=f"The PDF was damaged; {count} pages could be opened after repair. "
        "Compare the number of pages and the content with the original.",
    )
    return Finding(reason=reason, severity="problem", value=float(count))
