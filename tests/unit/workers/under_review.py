"""A batch under review, made in the catalogue alone: pages that were read, cut into documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from database.batches import BatchRow, DeliveryRow, record_opened, set_batch_state
from database.converting import pack_reading
from database.pages import PackedReading, record_inspected, record_reading, set_page_state
from database.records import (
    DocumentPage,
    NewDocument,
    PageRole,
    add_documents,
    get_document,
    list_document_pages,
    set_document_state,
)
from documents.identifiers import DocumentId, PageId
from documents.model import Finding, InspectedPage, Separator
from tests.builders import make_page
from tests.contract.catalogue_entries import (
    NOW,
    make_batch,
    make_delivery,
    make_opened_page,
    make_pages,
)
from workers.actors import Actor
from workers.services import Services

AN = Actor("an.tran", "operator")
BINH = Actor("binh.le", "officer")


@dataclass
class Clock:
    """A clock that a test sets."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**by)


@dataclass(frozen=True)
class Paper:
    """A batch that was cut, its file, and its documents with their pages."""

    batch: BatchRow
    delivery: DeliveryRow
    documents: list[DocumentId]
    pages: list[list[PageId]]


def make_paper(
    services: Services,
    *sizes: int,
    key: str = "sáng-1",
    content: bytes = b"%PDF-1.7",
    findings: tuple[Finding, ...] = (),
    roles: Sequence[PageRole] = (),
    sheet: Separator | None = None,
) -> Paper:
    """Make a batch with documents of so many pages that await a review.

    `roles` are those of all pages in order, content where they end; `findings` are of the first
    page; a page with the role of a separator says `sheet`.
    """
    batch = make_batch(services.database, key=key)
    delivery = make_delivery(services.database, batch, content)
    ids = make_pages(services.database, delivery, sum(sizes))
    role_of = dict(zip(ids, [*roles, *["content"] * len(ids)], strict=False))
    for number, page_id in enumerate(ids, start=1):
        _look_and_read(services, page_id, number, role_of[page_id], sheet, findings)
        findings = ()
    places = iter(ids)
    pages = [[next(places) for _ in range(size)] for size in sizes]
    drafts = [
        NewDocument(pages=tuple((one, role_of[one]) for one in own), dossier_code=None)  # type: ignore[misc]  # roles by their names
        for own in pages
    ]
    with services.database.writing() as connection:
        record_opened(
            connection,
            delivery.id,
            values={
                "media_type": "application/pdf",
                "is_signed": False,
                "is_born_digital": False,
                "findings": (),
                "signatures": (),
            },
        )
        documents = add_documents(connection, batch.id, drafts, now=NOW)
        set_batch_state(connection, batch.id, state="split")
        for document_id in documents:
            set_document_state(connection, document_id, state="awaiting_review")
        connection.exec_driver_sql("DELETE FROM outbox")
        connection.exec_driver_sql("DELETE FROM stage_runs")
    return Paper(batch, delivery, documents, pages)


def _look_and_read(
    services: Services,
    page_id: PageId,
    number: int,
    role: str,
    sheet: Separator | None,
    findings: tuple[Finding, ...],
) -> None:
    inspected = InspectedPage(
        image=make_opened_page(number).image,
        findings=findings,
        is_blank=role == "blank",
        separator=sheet if role == "separator" else None,
        codes=(),
        fingerprint=f"{number:016x}",
        reading_copy=None,
    )
    reading = make_page(f"trang số {number}")
    with services.database.writing() as connection:
        record_inspected(connection, page_id, inspected)
        set_page_state(connection, page_id, state="read")
        if role == "content":
            packed = PackedReading(packed=pack_reading(reading), text=reading.text, engine="test")
            record_reading(connection, page_id, packed, now=NOW)


def places_of(services: Services, document_id: str) -> list[DocumentPage]:
    """Return the pages of a document in order."""
    with services.database.reading() as connection:
        return list_document_pages(connection, document_id)


def ids_in(services: Services, document_id: str) -> list[PageId]:
    """Return the ids of the pages of a document in order, without dropped ones."""
    return [page.page_id for page in places_of(services, document_id) if page.role != "dropped"]


def state_of(services: Services, document_id: str) -> tuple[str, str | None]:
    """Return state and reason of a document."""
    with services.database.reading() as connection:
        document = get_document(connection, document_id)
    return document.state, document.reason.code if document.reason else None


def revision_of(services: Services, document_id: str) -> int:
    """Return the revision of a document."""
    with services.database.reading() as connection:
        return get_document(connection, document_id).revision
