"""What the API answers about documents under review, as its description tells it."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from database.reservations import Reservation
from documents.model import Finding, Proposal, SignatureVerdict, Tag
from web.api.records import (
    BoxRecord,
    DocumentRecord,
    FindingRecord,
    Moment,
    SignatureRecord,
    TagRecord,
)
from web.events import document_record
from workers.discarding import DiscardedBatch
from workers.reviewing import Review, ReviewPage
from workers.undoing import PageChange

_MOMENT = "2026-03-16T02:15:04.120000+00:00"
_TAGS: TypeAdapter[tuple[Tag, ...]] = TypeAdapter(tuple[Tag, ...])
_PROPOSALS: TypeAdapter[tuple[Proposal, ...]] = TypeAdapter(tuple[Proposal, ...])
_SIGNATURES: TypeAdapter[tuple[SignatureVerdict, ...]] = TypeAdapter(tuple[SignatureVerdict, ...])


class SeenFinding(FindingRecord):
    """Something that was seen; `open` where a person should answer it before confirming."""

    open: bool


class ReservationRecord(BaseModel):
    """Who has a document before them; it ends by itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "document": "doc_01kqv0s9rb3m8p5w2t6xy4zq1n",
                    "holder": "an.tran",
                    "reserved_at": _MOMENT,
                    "until": "2026-03-16T02:20:04.120000+00:00",
                }
            ]
        }
    )

    document: str
    holder: str
    reserved_at: Moment
    until: Moment


class ReviewPageRecord(BaseModel):
    """One page under review; width and height are px of the upright page."""

    id: str
    ordinal: int
    role: Literal["content", "blank", "separator", "dropped"]
    state: str = Field(examples=["inspected", "read", "set_aside"])
    width: int
    height: int
    turn: Literal[0, 90, 180, 270]
    turned_by: str | None = Field(description="Người xoay / who turned it; null: tự nhận ra")
    findings: list[SeenFinding]


class ProposalRecord(BaseModel):
    """What else the document might be."""

    name: str
    value: str
    confidence: float
    page: int | None
    box: BoxRecord | None
    doubtful: bool


class ReviewRecord(BaseModel):
    """What a person needs to decide on a document."""

    document: DocumentRecord
    tags: list[TagRecord]
    alternatives: list[ProposalRecord]
    pages: list[ReviewPageRecord]
    findings: list[SeenFinding]
    needs_reason: bool = Field(
        description="Có trang độ phân giải thấp: xác nhận kèm lý do / a page's resolution is too "
        "low, to be confirmed with a reason"
    )
    signatures: list[SignatureRecord]
    reservation: ReservationRecord | None


class SplitRecord(ReviewRecord):
    """The first part of a document that was cut, and the id of the second."""

    created: str


class PageChangeRecord(BaseModel):
    """One change of a batch's pages; `next` where undoing takes it back."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 12,
                    "kind": "page_rotated",
                    "documents": ["doc_01kqv0s9rb3m8p5w2t6xy4zq1n"],
                    "pages": ["pag_01kqv0s9rb7c2e4g6j8k0m1n3p"],
                    "by": "an.tran",
                    "at": _MOMENT,
                    "undone_by": None,
                    "undone_at": None,
                    "next": True,
                }
            ]
        }
    )

    id: int
    kind: str
    documents: list[str]
    pages: list[str] = Field(description="Các trang đã xoay / pages that were turned")
    by: str
    at: Moment
    undone_by: str | None
    undone_at: Moment | None
    next: bool


class PageChangeList(BaseModel):
    """The changes of a batch, newest first."""

    items: list[PageChangeRecord]


class DiscardedRecord(BaseModel):
    """What was taken out of a batch, and what was confirmed before and stays."""

    discarded: list[str]
    kept: list[str]


def review_record(review: Review) -> dict[str, Any]:
    """Return a document under review as it stands in JSON."""
    return {
        "document": document_record(review.summary),
        "tags": _TAGS.dump_python(review.tags, mode="json"),
        "alternatives": _PROPOSALS.dump_python(review.alternatives, mode="json"),
        "pages": [_page(one) for one in review.pages],
        "findings": _findings(review.findings, review.open_questions),
        "needs_reason": review.needs_reason,
        "signatures": _SIGNATURES.dump_python(review.signatures, mode="json"),
        "reservation": review.reservation and reservation_record(review.reservation),
    }


def reservation_record(reservation: Reservation) -> dict[str, Any]:
    """Return a reservation as it stands in JSON."""
    return {
        "document": reservation.document_id,
        "holder": reservation.holder,
        "reserved_at": reservation.reserved_at.isoformat(),
        "until": reservation.until.isoformat(),
    }


def change_record(change: PageChange) -> dict[str, Any]:
    """Return a change as it stands in JSON."""
    return {
        "id": change.id,
        "kind": change.kind,
        "documents": list(change.documents),
        "pages": list(change.pages),
        "by": change.actor,
        "at": change.at.isoformat(),
        "undone_by": change.undone_by,
        "undone_at": change.undone_at.isoformat() if change.undone_at else None,
        "next": change.is_next,
    }


def discarded_record(found: DiscardedBatch) -> dict[str, Any]:
    """Return what was discarded as it stands in JSON."""
    return {"discarded": list(found.discarded), "kept": list(found.kept)}


def _page(page: ReviewPage) -> dict[str, Any]:
    return {
        "id": page.page_id,
        "ordinal": page.ordinal,
        "role": page.role,
        "state": page.state,
        "width": page.width,
        "height": page.height,
        "turn": page.turn,
        "turned_by": page.turned_by,
        "findings": _findings(page.findings, page.open_questions),
    }


def _findings(
    findings: tuple[Finding, ...], questions: tuple[Finding, ...]
) -> list[dict[str, Any]]:
    return [
        {
            "code": one.reason.code,
            "vi": one.reason.vi,
            "en": one.reason.en,
            "severity": one.severity,
            "open": one in questions,
        }
        for one in findings
    ]
