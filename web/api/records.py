"""What the API answers, as its description tells it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from documents.catalogue import ValidityClass
from documents.model import DocumentState, SignatureConclusion, VersionKind
from reuse.answering import AnswerState
from reuse.procedures import SlotKind

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256")]
Next = Annotated[
    str | None, Field(description="Gửi lại làm `cursor` / give it back as `cursor`; null: hết")
]
_DIGEST = "3b4cc6d9c1a5f80f5e0ac4d1a0cbb7d2f6a4f04f0a9f8a4be0cf1b0f1f6f1a2c"
_MOMENT = "2026-03-16T02:15:04.120000+00:00"


class ReasonRecord(BaseModel):
    """Why something waits, was refused or was set aside; `code` is stable."""

    code: str
    vi: str
    en: str


class FindingRecord(ReasonRecord):
    """Something that was seen about a page."""

    severity: Literal["note", "warning", "problem"]


class ReceiptRecord(BaseModel):
    """A receipt: the bytes are on the disk."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "dlv_01kqv0s9rb3m8p5w2t6xy4zq1n",
                    "batch_id": "bat_01kqv0s9rb7c2e4g6j8k0m1n3p",
                    "sha256": _DIGEST,
                    "size_bytes": 332292,
                    "received_at": _MOMENT,
                    "file_name": "quyết định.pdf",
                    "repeated": False,
                    "pages": [],
                }
            ]
        }
    )

    id: str
    batch_id: str
    sha256: Digest
    size_bytes: int
    received_at: Moment
    file_name: str
    repeated: bool = Field(description="Đã nhận từ trước / the same delivery as before")
    pages: list[str] = Field(description="Có khi tệp đã mở / there once the file was opened")


class FileRecord(BaseModel):
    """A delivered file on its way."""

    id: str
    name: str
    sha256: Digest
    size_bytes: int
    received_at: Moment
    state: str = Field(examples=["received", "opened", "set_aside", "filed"])
    reason: ReasonRecord | None


class PageRecord(BaseModel):
    """A page on its way."""

    id: str
    file: str
    ordinal: int
    state: str = Field(examples=["opened", "inspected", "read", "set_aside"])
    blank: bool
    separator: bool
    document: str | None
    reason: ReasonRecord | None
    findings: list[FindingRecord]


class DocumentRecord(BaseModel):
    """A document in a line."""

    id: str
    batch_id: str
    state: DocumentState
    reason: ReasonRecord | None
    component_type: str | None
    component_type_name: str
    number: str | None
    issued_on: str | None = Field(examples=["2026-03-16", "2026-03", "2026"])
    title: str | None
    pages: list[int] = Field(
        description="[từ, đến] trong lô, từ 1 / [from, to] in the batch, from 1",
        min_length=2,
        max_length=2,
    )
    dossier: str | None
    confidence: float
    doubtful: bool
    confirmed: bool
    revision: int = Field(description="Đổi khi tài liệu đổi / changes with the document")
    sha256: Digest | None
    filed_at: Moment | None


class DocumentList(BaseModel):
    """Some documents; `next` continues."""

    items: list[DocumentRecord]
    next: Next


class BatchRecord(BaseModel):
    """Where everything of a batch is now; settled when nothing is left to run."""

    id: str
    state: str = Field(examples=["open", "closed", "split", "discarded"])
    settled: bool
    dossier: str | None
    expected_pages: int | None
    files: list[FileRecord]
    pages: list[PageRecord]
    documents: list[DocumentRecord]


class BoxRecord(BaseModel):
    """A place on a page, in px of the upright page."""

    x0: int
    y0: int
    x1: int
    y1: int


class TagRecord(BaseModel):
    """A value that was proposed (đề xuất) or confirmed (đã xác nhận)."""

    name: str
    value: str | None
    state: Literal["proposed", "confirmed"]
    confidence: float
    page: int | None
    box: BoxRecord | None
    doubtful: bool
    proposed_value: str | None
    decided_by: str | None
    decided_at: Moment | None


class VersionRecord(BaseModel):
    """One stored version: a write-once object."""

    id: str
    kind: VersionKind
    sha256: Digest
    size_bytes: int
    level: str | None
    stored_at: Moment | None


class DocumentDetail(DocumentRecord):
    """What is known of a document."""

    page_count: int
    tags: list[TagRecord]
    versions: list[VersionRecord]


class SignatureRecord(BaseModel):
    """What was found about one signature."""

    field_name: str
    conclusion: SignatureConclusion
    reasons: list[ReasonRecord]
    checked_at: Moment
    verifier: str
    signer: str | None
    organisation: str | None
    issuer: str | None
    serial: str | None
    not_before: Moment | None
    not_after: Moment | None
    digest_algorithm: str | None
    subfilter: str | None
    level: str | None
    claimed_at: Moment | None
    timestamped_at: Moment | None
    is_intact: bool | None
    is_trusted: bool | None
    covers_whole_file: bool
    changed_afterwards: bool | None


class PdfaRecord(BaseModel):
    """What the validator says of the claim to be PDF/A."""

    claim: str | None
    passed: bool
    findings: list[str]
    validator: str


class VerificationRecord(BaseModel):
    """The stored bytes judged anew."""

    sha256: Digest
    ok: bool
    pdfa: PdfaRecord | None
    signatures: list[SignatureRecord]


class HitRecord(BaseModel):
    """A filed document that was found; `marked` are the places of the words in `snippet`."""

    id: str
    score: float
    component_type: str | None
    number: str | None
    issued_on: str | None
    title: str | None
    page: int | None
    snippet: str
    marked: list[list[int]]
    withheld: bool = Field(
        description="Của người dân ngoài địa bàn, mở cần mục đích / a person's, outside the area: "
        "title and text are not told, opening needs a purpose"
    )


class SearchRecord(BaseModel):
    """What was found; `corrected` is the query that was answered where a word was misspelt."""

    total: int
    total_is_exact: bool
    corrected: str | None
    items: list[HitRecord]
    next: Next


class AnsweredComponent(BaseModel):
    """What is held for one component of the checklist."""

    component: str
    name: str
    name_en: str
    required: bool
    state: AnswerState
    reason: ReasonRecord
    document: str | None
    number: str | None
    valid_until: str | None


class OnceOnlyRecord(BaseModel):
    """For this person and this procedure: what we hold, and whether it is valid today."""

    procedure: str
    on: str = Field(json_schema_extra={"format": "date"})
    components: list[AnsweredComponent]


class ComponentTypeRecord(BaseModel):
    """A component type (loại giấy tờ)."""

    id: str
    name: str
    name_en: str
    validity_class: ValidityClass
    validity_months: int | None
    result_codes: list[str]


class ComponentTypeList(BaseModel):
    """Component types; `next` continues."""

    items: list[ComponentTypeRecord]
    next: Next


class SlotRecord(BaseModel):
    """A component of a procedure's checklist."""

    id: str
    name: str
    kind: SlotKind
    required: bool
    accepts: list[str]


class ProcedureRecord(BaseModel):
    """A procedure (thủ tục hành chính) with its checklist."""

    code: str
    name: str
    name_en: str
    components: list[SlotRecord]
    results: list[str]


class ProcedureList(BaseModel):
    """Procedures; `next` continues."""

    items: list[ProcedureRecord]
    next: Next


class UploadRecord(BaseModel):
    """A file that comes in pieces; `receipt` is there once it has come whole."""

    id: str
    state: Literal["open", "done"]
    offset: int
    length: int
    file_name: str
    expires_at: Moment
    receipt: ReceiptRecord | None


class AuditRecord(BaseModel):
    """One row of the audit log (nhật ký)."""

    seq: int
    at: Moment
    actor: str
    role: str
    action: str
    subject: str | None
    dossier: str | None
    purpose: str | None
    document: str | None
    digest: str | None
    detail: dict[str, object]
    hash: str


class AuditList(BaseModel):
    """Rows of the audit log, newest first; `next` continues."""

    items: list[AuditRecord]
    next: Next
