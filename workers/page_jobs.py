"""What a child process can be asked to do: one request and one result for each job.

Only plain values travel; big things travel as files in the work folder.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from documents.identifiers import Sha256
from documents.limits import PageLimits
from documents.model import (
    AssembledPdf,
    ClassifiedDocument,
    InspectedPage,
    OpenedDelivery,
    PageImage,
    PdfaVerdict,
    Separator,
    SignatureVerdict,
    Turn,
)

EngineName = Literal["tesserocr", "pytesseract"]


def layer_file(pages_folder: Path, ordinal: int) -> Path:
    """Return where the unseen text of a page lies that a scanned PDF brought along."""
    return pages_folder / f"{ordinal:04d}.layer"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJob:
    """Open a delivered file and, where it arrived signed, judge its signatures."""

    file: Path
    out: Path
    limits: PageLimits
    password: str | None
    trust_roots: tuple[Path, ...]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReading:
    """The text that a page of a PDF brought along, packed into a file."""

    ordinal: int
    packed: Path
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenResult:
    """The opened file; its pages' own text travels in `own_readings`."""

    opened: OpenedDelivery
    signatures: tuple[SignatureVerdict, ...]
    own_readings: tuple[OwnReading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectJob:
    """Look at a page and make its reading copy."""

    image: PageImage
    previous_fingerprint: str | None
    copy: Path
    needs_copy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadJob:
    """Read a page from its reading copy; the packed reading is written to `out`.

    `is_turn_known` is true where a person turned the page: reading then looks for no other turn.
    `layer` is unseen text that the page brought along, packed: it is taken where it agrees with
    the picture. `second_reader` asks one for doubtful words where it is installed.
    """

    image: PageImage
    copy: Path
    out: Path
    engine: EngineName
    tessdata: Path | None
    language: str
    timeout_seconds: float
    is_turn_known: bool = False
    layer: Path | None = None
    second_reader: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """Where the packed reading lies, its plain text, by what it was read and how it was turned."""

    packed: Path
    text: str
    engine: str
    turn: Turn
    recipe: Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeResult:
    """The digest of all that a reading would depend on."""

    recipe: Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyJob:
    """Propose what a document is from the packed readings of its pages, in order.

    None stands for a page on which there is nothing to read, as a blank back in a signed file.
    `told_type` is what a separator sheet said; on `images` a seal is looked for where papers of
    the type bear one.
    """

    readings: tuple[Path | None, ...]
    procedures: tuple[str, ...]
    told_type: str | None = None
    images: tuple[PageImage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageForPdf:
    """One page to assemble: its image and the file of its packed reading.

    `stands_apart` is true for a part of an image of which other parts are another document's
    pages, or none: those do not go along unseen.
    """

    image: PageImage
    reading: Path | None
    stands_apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AssembleJob:
    """Assemble the pages into one PDF/A-2u."""

    pages: tuple[PageForPdf, ...]
    title: str
    created_at: datetime
    out: Path
    codec: Literal["jpeg", "jpeg2000"] = "jpeg"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignJob:
    """Sign an assembled PDF/A with the officer's and the agency's key."""

    file: Path
    out: Path
    pki: Path
    cache: Path
    officer: str
    agency: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignResult:
    """The signed file and what checking it said."""

    file: Path
    sha256: Sha256
    size_bytes: int
    level: str
    signatures: tuple[SignatureVerdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateJob:
    """Judge the PDF/A claim of a PDF alone."""

    file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyJob:
    """Judge the PDF/A claim and all signatures of a PDF."""

    file: Path
    trust_roots: tuple[Path, ...]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyResult:
    """What was found; `pdfa` None where the file is no PDF."""

    pdfa: PdfaVerdict | None
    signatures: tuple[SignatureVerdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureJob:
    """Draw a page for the screen: of a PDF (page counts from 1) or of a page image."""

    width: int
    out: Path
    pdf: Path | None = None
    page: int = 1
    image: PageImage | None = None
    turn: Turn = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJob:
    """Write packed readings as ALTO, hOCR, plain text or JSON to `out`."""

    readings: tuple[Path, ...]
    source: str
    format: Literal["text", "alto", "hocr", "json"]
    out: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparatorsJob:
    """Print separator sheets as one PDF."""

    separators: tuple[Separator, ...]
    out: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesJob:
    """Read the codes in a picture of a slip or card that a camera took (JPEG)."""

    file: Path
    most_pixels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesResult:
    """The texts of the codes, in the order of finding."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NapJob:
    """Use time, memory or die on purpose; only tests and `sohoa doctor` ask for it."""

    seconds: float = 0.0
    memory_bytes: int = 0
    exit_code: int | None = None
    spins: bool = False


JOBS: dict[str, tuple[type, type]] = {
    "open": (OpenJob, OpenResult),
    "inspect": (InspectJob, InspectedPage),
    "read": (ReadJob, ReadResult),
    "recipe": (ReadJob, RecipeResult),
    "classify": (ClassifyJob, ClassifiedDocument),
    "validate": (ValidateJob, PdfaVerdict),
    "verify": (VerifyJob, VerifyResult),
    "assemble": (AssembleJob, AssembledPdf),
    "sign": (SignJob, SignResult),
    "picture": (PictureJob, type(None)),
    "export": (ExportJob, type(None)),
    "separators": (SeparatorsJob, type(None)),
    "codes": (CodesJob, CodesResult),
    "nap": (NapJob, type(None)),
}
"""The name of a job, what it takes and what it gives."""


@cache
def adapter_of(kind: type) -> TypeAdapter[Any]:
    """Return what turns a request or a result into plain values and back; made once, for 1–3 ms."""
    return TypeAdapter(kind)
