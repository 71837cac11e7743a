"""Judging a PDF's claim to be PDF/A, in this process."""

from pathlib import Path

import pikepdf
import pikepdf.pdfa
from pikepdf import Name, Stream

from documents.model import PdfaVerdict
from ocr.errors import UnreadablePdfError

_LEVELS = {"1": "1b", "2": "2b", "3": "3b"}
# What the validator says it does not look at; the flattened form is looked at instead.
NO_JPEG_2000 = "JPEG 2000 images are not supported"
_NOT_LOOKED_AT = ("interactive forms", "/DSS", NO_JPEG_2000)
_MOST_FINDINGS = 20
_VALIDATOR = f"pikepdf.pdfa {pikepdf.__version__}"


def validate_pdfa(file: Path) -> PdfaVerdict:
    """Return what a PDF claims and whether it holds; a file without a claim has not passed.

    A signed file is judged as one in which the stamps are drawn by the page and form and
    validation data are left out, since the validator knows neither.

    Raises:
        UnreadablePdfError: the file cannot be opened.
    """
    try:
        # Neither mapped into memory nor written anew: a document of 600 pages is nearly 1 GB.
        with pikepdf.open(file, access_mode=pikepdf.AccessMode.stream) as pdf:
            part, conformance = _claim(pdf)
            if part is None:
                return PdfaVerdict(claim=None, passed=False, validator=_VALIDATOR)
            claim = f"PDF/A-{part}{conformance.lower()}"
            level = _LEVELS.get(part)
            if level is None:
                return _failed(claim, f"part {part} is not known to the validator")
            _flatten(pdf, conformance)
            report = pikepdf.pdfa.check(pdf, level)
    except pikepdf.PasswordError:
        return PdfaVerdict(claim=None, passed=False, findings=("encrypted",), validator=_VALIDATOR)
    except (pikepdf.PdfError, OSError, ValueError, RuntimeError) as error:
        raise UnreadablePdfError from error
    findings = tuple(
        f"{found.rule}: {found.message}"
        for found in report.findings
        if not any(words in str(found.message) for words in _NOT_LOOKED_AT)
    )
    if conformance.upper() == "U":
        findings += _unicode_gaps(file)
    return PdfaVerdict(
        claim=claim,
        passed=not findings,
        findings=findings[:_MOST_FINDINGS],
        validator=_VALIDATOR,
    )


def _failed(claim: str, finding: str) -> PdfaVerdict:
    return PdfaVerdict(claim=claim, passed=False, findings=(finding,), validator=_VALIDATOR)


def _claim(pdf: pikepdf.Pdf) -> tuple[str | None, str]:
    try:
        with pdf.open_metadata() as metadata:
            return metadata.get("pdfaid:part"), str(metadata.get("pdfaid:conformance") or "")
    except (ValueError, KeyError, TypeError, SyntaxError):
        return None, ""


def _flatten(pdf: pikepdf.Pdf, conformance: str) -> None:
    """Draw each widget's appearance by its page; drop form, validation data and permissions."""
    for page in pdf.pages:
        drawings = [
            drawing
            for number, annotation in enumerate(page.get("/Annots", []))
            if (drawing := _drawing(page, annotation, number)) is not None
        ]
        if "/Annots" in page:
            del page["/Annots"]
        if drawings:
            page.contents_add(Stream(pdf, b"q"), prepend=True)
            page.contents_add(Stream(pdf, b"Q\n" + "\n".join(drawings).encode()))
    for key in ("/AcroForm", "/DSS", "/Extensions", "/Perms"):
        if key in pdf.Root:
            del pdf.Root[key]
    if conformance.upper() == "U":
        # The validator knows level B only; U asks more of ToUnicode, which is looked at apart.
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata["pdfaid:conformance"] = "B"


def _drawing(page: pikepdf.Page, annotation: pikepdf.Object, number: int) -> str | None:
    """Return the operators that draw an annotation's normal appearance where it stands."""
    appearance = annotation.get("/AP", pikepdf.Dictionary()).get("/N")
    if not isinstance(appearance, Stream) or "/Rect" not in annotation:
        return None
    rect = [float(value) for value in annotation.Rect]
    box = [float(value) for value in appearance.get("/BBox", [0, 0, 1, 1])]
    scale_x = abs(rect[2] - rect[0]) / (abs(box[2] - box[0]) or 1.0)
    scale_y = abs(rect[3] - rect[1]) / (abs(box[3] - box[1]) or 1.0)
    if not scale_x or not scale_y:
        return None
    name = page.add_resource(appearance, Name.XObject, Name(f"/SoHoaStamp{number}"))
    x = min(rect[0], rect[2]) - scale_x * min(box[0], box[2])
    y = min(rect[1], rect[3]) - scale_y * min(box[1], box[3])
    return f"q {scale_x:.5f} 0 0 {scale_y:.5f} {x:.3f} {y:.3f} cm {name} Do Q"


def _unicode_gaps(file: Path) -> tuple[str, ...]:
    """Return composite fonts without a ToUnicode map (ISO 19005-2 §6.2.11.7.2)."""
    with pikepdf.open(file, access_mode=pikepdf.AccessMode.stream) as pdf:
        return tuple(
            f"6.2.11.7.2: font {one.get('/BaseFont')} has no ToUnicode"
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary)
            and one.get("/Type") == Name.Font
            and one.get("/Subtype") == Name.Type0
            and "/ToUnicode" not in one
        )
