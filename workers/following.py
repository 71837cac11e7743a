"""How far something is: for progress on pages, the API and the command line."""

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from database.batches import BatchRow, DeliveryRow, get_batch, get_delivery, list_deliveries
from database.connecting import Transaction
from database.overview import (
    WaitingStage,
    count_queue,
    list_waiting,
    oldest_waiting_since,
    page_span,
)
from database.pages import PageRow, list_pages
from database.readiness import deliveries_of_document
from database.records import (
    DocumentRow,
    PageRole,
    count_documents,
    get_document,
    list_document_pages,
    list_documents,
    load_tags,
)
from database.replacements import list_replacements
from database.stage_runs import count_unfinished, workers_at_work
from database.versions import list_versions
from documents.areas import EVERYWHERE, area_of_dossier, covers
from documents.catalogue import ComponentType
from documents.errors import Reason
from documents.identifiers import PageId
from documents.model import DocumentState, Finding, Separator, Tag
from workers.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStatus:
    """One page on its way.

    Width and height are px of the page as it stands now; `stamp` changes whenever its picture does.
    `role` is that in its document, or `dropped` where a rescan takes its place when the batch is
    cut; `replaces` is the ordinal of the page that this one was scanned for again.
    """

    id: str
    delivery_id: str
    ordinal: int
    state: str
    findings: tuple[Finding, ...]
    is_blank: bool
    separator: Separator | None
    document_id: str | None
    reason: Reason | None
    width: int
    height: int
    stamp: str
    role: PageRole | None = None
    replaces: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSummary:
    """One document in a line.

    `source` is the file that it begins in; `pages` is (from, to) among the pages of its batch,
    counted from 1: those of the file where the batch is one file.
    """

    id: str
    batch_id: str
    source: str
    state: DocumentState
    reason: Reason | None
    component_type: str | None
    component_type_name_vi: str
    component_type_name_en: str
    number: str | None
    issued_on: str | None
    title: str | None
    pages: tuple[int, int]
    created_at: datetime
    filed_at: datetime | None
    dossier_code: str | None
    confidence: float
    doubtful: bool
    sha256: str | None
    location: str | None
    is_confirmed: bool
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStatus:
    """A batch, its files, pages and documents; settled when no stage is left to run."""

    batch: BatchRow
    deliveries: list[DeliveryRow]
    pages: list[PageStatus]
    documents: list[DocumentSummary]
    is_settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Something that was set aside, for an operator."""

    subject: str
    kind: str
    source: str
    reason: Reason
    since: datetime
    document_id: str | None
    delivery_id: str | None
    batch_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemState:
    """The whole installation in a few numbers."""

    documents: dict[str, int]
    queue: dict[str, int]
    waiting: list[WaitingStage]
    workers: int
    oldest_waiting: datetime | None
    disk_free_bytes: int


def follow_batch(services: Services, batch_id: str) -> BatchStatus:
    """Return where everything of a batch is now."""
    with services.database.reading() as connection:
        batch = get_batch(connection, batch_id)
        deliveries = list_deliveries(connection, batch_id=batch_id)
        rows = list_pages(connection, batch_id=batch_id)
        documents = list_documents(connection, batch_ids=(batch_id,))
        holder = {
            page.page_id: (document.id, page.role)
            for document in documents
            for page in list_document_pages(connection, document.id)
        }
        rescans = list_replacements(connection, batch_id)
        unfinished = count_unfinished(connection, batch_ids=(batch_id,))
        summaries = [summarise(connection, document, services) for document in documents]
    ordinals = {row.id: ordinal for ordinal, row in enumerate(rows, start=1)}
    placed_for = {one.delivery_id: ordinals.get(one.page_id) for one in rescans}
    opened = {one.id for one in deliveries if one.state == "opened"}
    waiting: dict[PageId, tuple[None, PageRole]] = {
        one.page_id: (None, "dropped") for one in rescans if one.delivery_id in opened
    }
    return BatchStatus(
        batch=batch,
        deliveries=deliveries,
        pages=[
            _page_status(
                row,
                ordinals[row.id],
                holder.get(row.id) or waiting.get(row.id) or (None, None),
                replaces=placed_for.get(row.delivery_id),
            )
            for row in rows
        ],
        documents=summaries,
        is_settled=batch.state != "open" and not unfinished,
    )


def _page_status(
    row: PageRow,
    ordinal: int,
    place: tuple[str | None, PageRole | None],
    *,
    replaces: int | None,
) -> PageStatus:
    document_id, role = place
    is_upright = row.image.turn in (0, 180)
    return PageStatus(
        id=row.id,
        delivery_id=row.delivery_id,
        ordinal=ordinal,
        state=row.state,
        findings=row.findings,
        is_blank=row.is_blank,
        separator=row.separator,
        document_id=document_id,
        reason=row.reason,
        width=row.image.width if is_upright else row.image.height,
        height=row.image.height if is_upright else row.image.width,
        stamp=f"{row.image.sha256[:10]}-{row.image.turn}-{row.state}",
        role=role,
        replaces=replaces,
    )


def summary_of(services: Services, document_id: str) -> DocumentSummary:
    """Return one document in a line."""
    with services.database.reading() as connection:
        return summarise(connection, get_document(connection, document_id), services)


def list_work(
    services: Services,
    *,
    states: Collection[str],
    limit: int = 200,
    after: str | None = None,
    area: str = EVERYWHERE,
) -> list[DocumentSummary]:
    """Return documents in these states and this area, oldest first; `after` continues behind an id.

    What stands in no dossier belongs to every area.
    """
    found: list[DocumentRow] = []
    with services.database.reading() as connection:
        while len(found) < limit:
            rows = list_documents(connection, states=states, limit=limit, after=after)
            found += [row for row in rows if covers(area, area_of_dossier(row.dossier_code))]
            if len(rows) < limit:
                break
            after = rows[-1].id
        return [summarise(connection, row, services) for row in found[:limit]]


def list_set_aside(services: Services, *, limit: int = 500) -> list[SetAside]:
    """Return what was set aside, oldest first: files that could not be opened, and documents."""
    found: list[SetAside] = []
    with services.database.reading() as connection:
        for delivery in list_deliveries(connection, state="set_aside"):
            assert delivery.reason is not None, delivery.id  # noqa: S101 - written together
            found.append(
                SetAside(
                    subject=delivery.id,
                    kind="delivery",
                    source=delivery.source,
                    reason=delivery.reason,
                    since=delivery.received_at,
                    document_id=None,
                    delivery_id=delivery.id,
                    batch_id=delivery.batch_id,
                )
            )
        found.extend(
            _document_aside(connection, document)
            for document in list_documents(connection, states=("set_aside",), limit=limit)
        )
    return sorted(found, key=lambda aside: aside.since)[:limit]


def _document_aside(connection: Transaction, document: DocumentRow) -> SetAside:
    assert document.reason is not None, document.id  # noqa: S101 - written together
    delivery = first_delivery(connection, document)
    return SetAside(
        subject=document.id,
        kind="document",
        source=delivery.source,
        reason=document.reason,
        since=document.created_at,
        document_id=document.id,
        delivery_id=delivery.id,
        batch_id=document.batch_id,
    )


def system_state(services: Services) -> SystemState:
    """Return how the installation is doing."""
    with services.database.reading() as connection:
        return SystemState(
            documents=count_documents(connection),
            queue=count_queue(connection),
            waiting=list_waiting(connection),
            workers=len(workers_at_work(connection)),
            oldest_waiting=oldest_waiting_since(connection),
            disk_free_bytes=shutil.disk_usage(services.settings.home).free,
        )


def summarise(
    connection: Transaction, document: DocumentRow, services: Services
) -> DocumentSummary:
    """Return a document in a line, inside the caller's transaction."""
    tags = {tag.name: tag for tag in load_tags(connection, document.id)}
    kind = tags.get("component_type")
    delivery = first_delivery(connection, document)
    versions = list_versions(connection, document.id)
    current = next((v for v in versions if v.id == document.current_version_id), None)
    known = services.component_types.get(kind.value) if kind and kind.value else None
    waiting = list_waiting(connection, subject=document.id, limit=1)
    return DocumentSummary(
        id=document.id,
        batch_id=document.batch_id,
        source=delivery.source,
        state="waiting" if waiting and document.state == "filing" else document.state,
        reason=document.reason or (waiting[0].reason if waiting else None),
        component_type=kind.value if kind else None,
        component_type_name_vi=_name(known, "vi"),
        component_type_name_en=_name(known, "en"),
        number=_value(tags, "number"),
        issued_on=_value(tags, "issued_on"),
        title=_value(tags, "title"),
        pages=page_span(connection, document.id),
        created_at=document.created_at,
        filed_at=document.filed_at,
        dossier_code=document.dossier_code,
        confidence=kind.confidence if kind else 0.0,
        doubtful=any(tag.doubtful for tag in tags.values()),
        sha256=current.sha256 if current else None,
        location=services.location_of(current.object_key) if current else None,
        is_confirmed=kind is not None and kind.state == "confirmed",
        revision=document.revision,
    )


def first_delivery(connection: Transaction, document: DocumentRow) -> DeliveryRow:
    """Return the file that a document begins in; of its batch where it lost all its pages."""
    found = deliveries_of_document(connection, document.id)
    if found:
        return get_delivery(connection, found[0])
    return list_deliveries(connection, batch_id=document.batch_id)[0]


def _name(known: ComponentType | None, language: str) -> str:
    if known is None:
        return "Chưa xác định" if language == "vi" else "Not determined"
    return known.name_vi if language == "vi" else known.name_en


def _value(tags: dict[str, Tag], name: str) -> str | None:
    tag = tags.get(name)
    return tag.value if tag else None
