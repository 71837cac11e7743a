"""What travels: one frozen type for each thing that a stage takes or gives."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from documents.errors import Reason
from documents.identifiers import (
    BatchId,
    DeliveryId,
    DocumentId,
    PageId,
    Sha256,
    VersionId,
)

Turn = Literal[0, 90, 180, 270]
"""Degrees clockwise by which stored pixels must be turned to stand upright."""

ColourMode = Literal["bilevel", "grey", "colour"]

Outline = tuple[tuple[int, int], ...]
"""Corners x, y of an area in px of the upright page at full resolution."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in px of the upright page at full resolution; origin top left, y downwards."""

    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word as it was read.

    `text` is NFC and may have been corrected; `raw` is what the recogniser gave. `confidence` is
    the probability that the text is right, from 0 to 1; where nothing corrects, it is what the
    recogniser says. `cause` names what changed the reading, empty where nothing did.
    `alternatives` holds for each character of the text what else the recogniser saw there, with
    what that costs (0 is as good); it helps a correction and is empty in a stored reading.
    """

    text: str
    raw: str
    box: Box
    confidence: float
    doubtful: bool = False
    cause: str = ""
    alternatives: tuple[tuple[tuple[str, float], ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Words on one base line, left to right.

    `baseline` holds (x0, y0, x1, y1) in px of the upright page; `size` is the height of the type
    in px; lines with the same `block` belong together.
    """

    words: tuple[Word, ...]
    baseline: tuple[float, float, float, float]
    size: float
    block: int = 0

    @property
    def text(self) -> str:
        """The words joined by single spaces."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageImage:
    """One page image in the work folder: JPEG, PNG or single-page TIFF, and nothing else.

    `width` and `height` are px as stored, before `turn`. `dpi` is what we believe, `dpi_source`
    says why: the file's own tag, the paper size that fits the pixels, or an assumption. Where one
    image holds several papers, `region` is the part of it, in px as stored, that is this page;
    `width` and `height` are then those of the part.
    """

    file: Path
    media_type: Literal["image/jpeg", "image/png", "image/tiff"]
    sha256: Sha256
    width: int
    height: int
    dpi: float
    dpi_source: Literal["file", "page_size", "assumed"]
    mode: ColourMode
    turn: Turn = 0
    region: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something about a page that a person should see; it never stops anything by itself.

    `parts` are the areas of a page that seem to be papers of their own, in reading order.
    """

    reason: Reason
    severity: Literal["note", "warning", "problem"]
    box: Box | None = None
    value: float | None = None
    parts: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedPage:
    """One page of a delivered file.

    `own_lines` is the text that a born-digital PDF page shows, in px of the upright page image;
    empty where the page must be read. `hidden_lines` is what lies unseen over a scan, to be
    checked before it is used.
    """

    ordinal: int
    image: PageImage
    origin: Literal["scan", "born_digital"]
    own_lines: tuple[Line, ...] = ()
    hidden_lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDelivery:
    """A delivered file, opened within the limits: at least one page."""

    media_type: str
    is_signed: bool
    pages: tuple[OpenedPage, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Separator:
    """What a separator sheet says about the document that follows it."""

    kind: Literal["patch_t", "sohoa"]
    dossier_code: str | None = None
    procedure: str | None = None
    component_type: str | None = None
    expected_pages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedPage:
    """What looking at a page found, before it is read.

    `reading_copy` is an 8-bit grey PNG at no more than 200 dpi, in the work folder; None for a
    separator or a blank page. `fingerprint` is a perceptual hash, 16 hexadecimal characters.
    `papers` are the outlines of what lies on a dark glass, empty where the paper fills the image.
    `text_height` is how high most print is, in px, between a small letter and a capital one.
    """

    image: PageImage
    findings: tuple[Finding, ...]
    is_blank: bool
    separator: Separator | None
    codes: tuple[str, ...]
    fingerprint: str
    reading_copy: Path | None
    papers: tuple[Outline, ...] = ()
    text_height: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRecord:
    """By what a page was read: product, version, digest of its model, settings."""

    name: str
    version: str
    model_sha256: str
    settings: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognizedPage:
    """The text of one page; boxes in px of the upright page at full resolution."""

    width: int
    height: int
    dpi: float
    turn: Turn
    lines: tuple[Line, ...]
    engine: EngineRecord

    @property
    def words(self) -> tuple[Word, ...]:
        """All words in reading order."""
        return tuple(word for line in self.lines for word in line.words)

    @property
    def text(self) -> str:
        """The lines joined by line feeds, an empty line between blocks."""
        parts: list[str] = []
        for index, line in enumerate(self.lines):
            if index and line.block != self.lines[index - 1].block:
                parts.append("")
            parts.append(line.text)
        return "\n".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A value that was found in a document, where, and how sure we are.

    `page` counts from 1 in the document; `confidence` is between 0 and 1.
    """

    name: str
    value: str
    confidence: float
    page: int | None = None
    box: Box | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A proposal, or what a person (or a policy that a person answers for) made of it.

    `state` is *đề xuất* (proposed) or *đã xác nhận* (confirmed, by whom and when).
    `proposed_value` keeps the original suggestion.
    """

    name: str
    value: str | None
    state: Literal["proposed", "confirmed"]
    confidence: float = 0.0
    page: int | None = None
    box: Box | None = None
    doubtful: bool = False
    proposed_value: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifiedDocument:
    """What a document seems to be; `component_type` None means "chưa xác định".

    `is_secret` is true where a MẬT / TỐI MẬT / TUYỆT MẬT stamp was read: such a paper stops.
    `has_seal` says whether a red seal was found, None where nobody looked.
    """

    component_type: Proposal | None
    alternatives: tuple[Proposal, ...] = ()
    procedure: Proposal | None = None
    fields: tuple[Proposal, ...] = ()
    is_secret: bool = False
    has_seal: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfaVerdict:
    """What the in-process validator says of a PDF's claim to be PDF/A (ISO 19005)."""

    claim: str | None
    passed: bool
    findings: tuple[str, ...] = ()
    validator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssembledPdf:
    """A validated PDF/A-2u in the work folder."""

    file: Path
    sha256: Sha256
    size_bytes: int
    verdict: PdfaVerdict


SignatureConclusion = Literal["valid", "invalid", "undetermined"]
"""HỢP LỆ, KHÔNG HỢP LỆ, CHƯA XÁC ĐỊNH (ETSI EN 319 102-1 §5.1.3 TOTAL-PASSED, -FAILED, …)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureVerdict:
    """What was found about one signature of a PDF file."""

    field_name: str
    conclusion: SignatureConclusion
    reasons: tuple[Reason, ...]
    checked_at: datetime
    verifier: str
    signer: str | None = None
    organisation: str | None = None
    issuer: str | None = None
    serial: str | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    digest_algorithm: str | None = None
    subfilter: str | None = None
    level: str | None = None
    claimed_at: datetime | None = None
    timestamped_at: datetime | None = None
    is_intact: bool | None = None
    is_trusted: bool | None = None
    covers_whole_file: bool = False
    changed_afterwards: bool | None = None


VersionKind = Literal["received", "signed", "validation_data", "renewed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """One write-once object: the bytes of a document at one point of its life.

    `retain_until` None means *not disposable*: permanent, unknown or not yet countable.
    """

    id: VersionId
    document_id: DocumentId
    kind: VersionKind
    sha256: Sha256
    size_bytes: int
    media_type: str
    stored_at: datetime
    reason: str
    level: str | None = None
    pdfa: PdfaVerdict | None = None
    signatures: tuple[SignatureVerdict, ...] = ()
    retain_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Our word that the bytes of a delivered file are stored durably."""

    id: DeliveryId
    batch_id: BatchId
    sha256: Sha256
    size_bytes: int
    received_at: datetime
    file_name: str
    is_repeated: bool = False
    page_ids: tuple[PageId, ...] = field(default=())


DocumentState = Literal[
    "reading", "awaiting_review", "filing", "waiting", "filed", "set_aside", "discarded"
]
