"""What is known of a filed document: all that a catalogue needs to be built again.

In the words of OAIS this is its preservation description information: reference (identifiers),
provenance (batch, receipts, readings, who decided), context (dossier) and fixity (digests).
"""

from dataclasses import dataclass
from datetime import date, datetime

from archive.retention import Term
from documents.identifiers import (
    BatchId,
    DeliveryId,
    DocumentId,
    OwnerKey,
    PageId,
    Sha256,
    VersionId,
)
from documents.model import (
    Finding,
    PageImage,
    PdfaVerdict,
    Separator,
    SignatureVerdict,
    Tag,
    Turn,
    VersionKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedBatch:
    """The scanning run that a document came from."""

    id: BatchId
    station: str
    batch_key: str
    profile: str
    dossier_code: str | None
    procedure: str | None
    owner_id: str | None
    expected_pages: int | None
    confirm_policy: str
    answerable: str
    priority: int
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedDelivery:
    """A delivered file and the receipt that was given for it."""

    id: DeliveryId
    ordinal: int
    sha256: Sha256
    size_bytes: int
    file_name: str
    source: str
    received_at: datetime
    media_type: str | None
    is_signed: bool
    is_born_digital: bool
    findings: tuple[Finding, ...]
    signatures: tuple[SignatureVerdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedReading:
    """Where the text of a page lies in the ALTO beside each version, and by what it was read.

    `alto_page` counts from 1; `text_sha256` is of the plain text in UTF-8.
    """

    alto_page: int
    dpi: float
    turn: Turn
    text_sha256: Sha256
    engine: str
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedPage:
    """A page in its place in the document; `ordinal` counts from 1 over all roles."""

    id: PageId
    ordinal: int
    role: str
    delivery_id: DeliveryId
    ordinal_in_file: int
    position: int
    state: str
    origin: str
    image: PageImage
    is_blank: bool
    separator: Separator | None
    findings: tuple[Finding, ...]
    codes: tuple[str, ...]
    fingerprint: str | None
    turned_by: str | None
    reading: DescribedReading | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedVersion:
    """A stored version with its verdicts."""

    id: VersionId
    kind: VersionKind
    object_key: str
    sha256: Sha256
    size_bytes: int
    media_type: str
    level: str | None
    pdfa: PdfaVerdict | None
    signatures: tuple[SignatureVerdict, ...]
    reason: str
    made_at: datetime
    stored_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedDossier:
    """The dossier that a document stands in, if it was ever opened."""

    code: str
    procedure: str | None
    owner_id: str | None
    owner_name: str | None
    area: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str | None
    result: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedRetention:
    """How long the document is kept, by which rule, and when its dossier's work ended."""

    rule_id: str | None
    term: Term
    work_ended_on: date | None
    retain_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """All that is known of a filed document at one moment; `pages` are in their order."""

    id: DocumentId
    ordinal: int
    revision: int
    created_at: datetime
    filed_at: datetime | None
    current_version_id: VersionId | None
    received_delivery_id: DeliveryId | None
    arranged_by: str | None
    findings: tuple[Finding, ...]
    dossier_code: str | None
    owner_key: OwnerKey | None
    batch: DescribedBatch
    deliveries: tuple[DescribedDelivery, ...]
    pages: tuple[DescribedPage, ...]
    versions: tuple[DescribedVersion, ...]
    tags: tuple[Tag, ...]
    dossier: DescribedDossier | None
    retention: DescribedRetention
