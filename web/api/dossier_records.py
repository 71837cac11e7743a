"""What the API answers about dossiers, owners, corrections and duplicates."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from database.dossiers import DossierResult
from documents.model import DocumentState
from reuse.checklist import LineState
from web.api.records import DocumentRecord, Moment, Next, ReasonRecord
from workers.owners import PaperState

_CODE = "H05.01.02-251103-0012"
_MOMENT = "2026-03-16T02:15:04.120000+00:00"


class DossierRecord(BaseModel):
    """A dossier (hồ sơ); one that was never opened has no `opened_at`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": _CODE,
                    "area": "H05.01.02",
                    "procedure": "1.004884",
                    "owner": "0990••••0012",
                    "owner_name": "Nguyễn Thị Ví Dụ",
                    "opened_at": _MOMENT,
                    "opened_by": "an.tran",
                    "closed_at": None,
                    "result": None,
                }
            ]
        }
    )

    code: str
    area: str | None = Field(description="Cơ quan theo mã hồ sơ / agency of the code")
    procedure: str | None
    owner: str | None = Field(description="Số định danh đã che / the masked number")
    owner_name: str | None
    opened_at: Moment | None
    opened_by: str | None
    closed_at: Moment | None
    result: DossierResult | None


class DossierList(BaseModel):
    """Dossiers, newest first; `next` continues."""

    items: list[DossierRecord]
    next: Next


class ChecklistRecord(BaseModel):
    """What there is for one component (thành phần hồ sơ)."""

    component: str
    name: str
    name_en: str
    required: bool
    condition: str | None
    state: LineState
    reason: ReasonRecord
    document: str | None
    valid_until: str | None


class DossierBatchRecord(BaseModel):
    """A batch that was scanned for the dossier."""

    id: str
    station: str
    state: str
    opened_at: Moment
    closed_at: Moment | None


class HistoryRecord(BaseModel):
    """Something that was done or read for the dossier."""

    at: Moment
    actor: str
    role: str
    action: str
    document: str | None
    purpose: str | None


class DossierDetail(DossierRecord):
    """A dossier with all that stands in it; without a known procedure the checklist is empty."""

    checklist: list[ChecklistRecord]
    documents: list[DocumentRecord]
    batches: list[DossierBatchRecord]
    history: list[HistoryRecord]


class OwnerFoundRecord(BaseModel):
    """An owner that was found; `key` stands in for the number in addresses."""

    key: str
    owner: str = Field(description="Số định danh đã che / the masked number")
    name: str | None
    documents: int


class OwnerList(BaseModel):
    """Owners that were found."""

    items: list[OwnerFoundRecord]


class OwnerPaperRecord(BaseModel):
    """A filed document of the owner."""

    document: str
    state: PaperState
    reason: ReasonRecord
    number: str | None
    issuer: str | None
    issued_on: str | None
    valid_until: str | None
    dossier: str | None
    superseded_by: str | None


class OwnerTypeRecord(BaseModel):
    """The documents of one component type, newest first."""

    component_type: str
    name: str
    name_en: str
    papers: list[OwnerPaperRecord]


class OwnerRecord(BaseModel):
    """What is held about a person or organisation."""

    key: str
    owner: str = Field(description="Số định danh đã che / the masked number")
    name: str | None
    kind: Literal["person", "organisation"]
    types: list[OwnerTypeRecord]


class TagChangeRecord(BaseModel):
    """One value that was changed after filing; owners' numbers are masked."""

    name: str
    old: str | None
    new: str | None
    by: str
    at: Moment
    reason: str
    revision: int


class TagChangeList(BaseModel):
    """What was changed after filing, oldest first."""

    items: list[TagChangeRecord]


class DuplicateRecord(BaseModel):
    """A document of the same issuer, number, notation and year."""

    document: str
    state: DocumentState
    component_type: str | None
    number: str | None
    issued_on: str | None
    title: str | None
    dossier: str | None
    created_at: Moment
    withheld: bool = Field(description="Ngoài địa bàn / outside the area: title not told")


class DuplicateList(BaseModel):
    """Documents that seem to be the same paper: a warning, never a block."""

    items: list[DuplicateRecord]


class NoticeRecord(BaseModel):
    """Something that an inspector should look at."""

    id: int
    kind: str
    document: str
    reason: str
    by: str
    at: Moment


class NoticeList(BaseModel):
    """Notices, newest first; `next` continues."""

    items: list[NoticeRecord]
    next: Next
