"""What is written beside the stored versions of a document each time that its description changes.

The record's bytes are made in the transaction of the change and kept there until the store holds
them: whoever is killed in between loses nothing, and every attempt stores the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

from archive.archiving import archive_record
from archive.checking import check_fixity
from archive.description import (
    DescribedBatch,
    DescribedDelivery,
    DescribedDossier,
    DescribedPage,
    DescribedReading,
    DescribedRetention,
    DescribedVersion,
    Description,
)
from archive.description_records import (
    Agent,
    AuditHead,
    DescriptionRecord,
    EventType,
    RecordEvent,
    ValueChange,
    key_of_record,
    write_record,
)
from archive.reading_back import extend_document
from database.batches import get_batch, get_delivery
from database.connecting import Transaction
from database.converting import stand_of_packed_reading
from database.corrections import TagChange
from database.description_records import (
    RecordRow,
    add_description_record,
    extend_versions,
    find_audit_head,
    find_last_record,
    list_description_records,
    load_read_times,
    note_records_stored,
)
from database.dossiers import find_dossier, list_documents_of_dossier
from database.owners import find_owner, find_owner_id_of
from database.pages import PackedReading, get_page, load_packed_readings
from database.readiness import deliveries_of_document
from database.records import (
    DocumentPage,
    DocumentRow,
    get_document,
    list_document_pages,
    load_tags,
)
from database.stage_runs import StageRun, forget_stages
from database.versions import list_versions
from documents.errors import Reason
from documents.identifiers import sha256_of_bytes
from workers.actors import PIPELINE, Actor
from workers.retaining import find_work_end, retention_of
from workers.services import Services
from workers.stage_results import finishing, plan

Part = TypeVar("Part")
RECORD = "record"
_MOST_IN_A_DOSSIER = 100_000
_SOFTWARE_ROLES = frozenset({"system", "dossier_system", "policy"})


def event_of(
    kind: EventType,
    detail: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    changes: Sequence[TagChange] = (),
) -> RecordEvent:
    """Return what happened in the words of the record."""
    return RecordEvent(
        type=kind,
        detail=detail,
        at=now,
        agent=Agent(
            name=actor.name,
            type="software" if actor.role in _SOFTWARE_ROLES else "person",
            role=actor.role,
        ),
        reason=reason.strip(),
        changes=tuple(ValueChange(name=one.name, old=one.old, new=one.new) for one in changes),
    )


def note_change(
    services: Services, connection: Transaction, document_id: str, event: RecordEvent
) -> None:
    """Keep the record of a change of a filed document, in its transaction, and plan its storing.

    It comes last in the transaction: it tells how everything stands afterwards, the audit log too.
    """
    document = get_document(connection, document_id)
    _add_record(services, connection, document, event)
    # A stage stands once for its subject: the one that is done gives way to a new one.
    forget_stages(connection, document_id, stages=(RECORD,))
    plan(connection, document_id, stage=RECORD, batch_id=document.batch_id, now=event.at)


def note_change_of_dossier(
    services: Services, connection: Transaction, code: str, event: RecordEvent
) -> None:
    """Keep the record of a dossier's change for each filed document that stands in it."""
    for document_id in list_documents_of_dossier(connection, code, limit=_MOST_IN_A_DOSSIER):
        if get_document(connection, document_id).filed_at is not None:
            note_change(services, connection, document_id, event)


def record(run: StageRun, services: Services) -> None:
    """Store the records that the store does not hold yet, and let the locks last as they must."""
    rows = _records_to_store(services, run)
    with services.database.reading() as connection:
        document = get_document(connection, run.subject)
        retain_until = _retention(services, connection, document).retain_until
    folder = services.settings.cache_folder / "records"
    folder.mkdir(parents=True, exist_ok=True)
    for row in rows:
        if row.content is not None:
            archive_record(
                row.content.encode(),
                key=row.object_key,
                document_id=document.id,
                retain_until=retain_until,
                storage=services.storage,
                work_folder=folder,
            )
    if retain_until is not None:
        extend_document(services.storage, document.id, retain_until=retain_until)
    with finishing(services, run) as (connection, now):
        note_records_stored(connection, document.id, up_to=rows[-1].number, now=now)
        if retain_until is not None:
            extend_versions(connection, document.id, retain_until=retain_until)


def check_records(services: Services, document_id: str) -> list[Reason]:
    """Read the records of a document from the store; return what is wrong with them."""
    with services.database.reading() as connection:
        rows = list_description_records(connection, document_id)
    stored = [(row.object_key, row.sha256) for row in rows if row.stored_at is not None]
    report = check_fixity(services.storage, stored)
    return [finding.reason for finding in report.findings]


def _records_to_store(services: Services, run: StageRun) -> list[RecordRow]:
    """Return a document's records; one that was filed before there were any gets its first."""
    with services.database.reading() as connection:
        rows = list_description_records(connection, run.subject)
    if rows:
        return rows
    now = services.clock.now()
    event = event_of("metadata modification", "described_anew", actor=PIPELINE, now=now)
    with services.database.writing(batch_id=run.batch_id) as connection:
        if find_last_record(connection, run.subject) is None:
            _add_record(services, connection, get_document(connection, run.subject), event)
        return list_description_records(connection, run.subject)


def _add_record(
    services: Services, connection: Transaction, document: DocumentRow, event: RecordEvent
) -> None:
    last = find_last_record(connection, document.id)
    number = 1 if last is None else last.number + 1
    head = find_audit_head(connection)
    content = write_record(
        DescriptionRecord(
            number=number,
            document_id=document.id,
            previous_sha256=None if last is None else last.sha256,
            event=event,
            description=describe(services, connection, document),
            audit_head=None if head is None else AuditHead(seq=head[0], hash=head[1]),
        )
    )
    new = RecordRow(
        document_id=document.id,
        number=number,
        object_key=key_of_record(document.id, number),
        sha256=sha256_of_bytes(content),
        size_bytes=len(content),
        content=content.decode(),
        made_at=event.at,
        stored_at=None,
    )
    add_description_record(connection, new)


def describe(services: Services, connection: Transaction, document: DocumentRow) -> Description:
    """Return everything that the catalogue knows of a document."""
    dossier = find_dossier(connection, document.dossier_code) if document.dossier_code else None
    owner_id = find_owner_id_of(connection, document.id)
    owner = find_owner(connection, owner_id) if owner_id else None
    deliveries = [
        get_delivery(connection, one) for one in deliveries_of_document(connection, document.id)
    ]
    stored = [one for one in list_versions(connection, document.id) if one.state == "stored"]
    return Description(
        id=document.id,
        ordinal=document.ordinal,
        revision=document.revision,
        created_at=document.created_at,
        filed_at=document.filed_at,
        current_version_id=document.current_version_id,
        received_delivery_id=document.received_delivery_id,
        arranged_by=document.arranged_by,
        findings=document.findings,
        dossier_code=document.dossier_code,
        owner_key=owner.key if owner else None,
        batch=_part(DescribedBatch, get_batch(connection, document.batch_id)),
        deliveries=tuple(_part(DescribedDelivery, one) for one in deliveries),
        pages=_pages(connection, document.id),
        versions=tuple(_part(DescribedVersion, one) for one in stored),
        tags=load_tags(connection, document.id),
        dossier=None if dossier is None else _part(DescribedDossier, dossier),
        retention=_retention(services, connection, document),
    )


def _pages(connection: Transaction, document_id: str) -> tuple[DescribedPage, ...]:
    placed = list_document_pages(connection, document_id)
    ids = [page.page_id for page in placed if page.role != "dropped"]
    packed = load_packed_readings(connection, ids)
    times = load_read_times(connection, ids)
    # In this order the readings went into the ALTO.
    places = {page_id: n for n, page_id in enumerate((one for one in ids if one in packed), 1)}
    return tuple(
        _page(
            connection,
            page,
            _reading(packed[page.page_id], places[page.page_id], times[page.page_id])
            if page.page_id in places
            else None,
        )
        for page in placed
    )


def _page(
    connection: Transaction, page: DocumentPage, reading: DescribedReading | None
) -> DescribedPage:
    row = get_page(connection, page.page_id)
    return _part(DescribedPage, row, ordinal=page.ordinal, role=page.role, reading=reading)


def _reading(packed: PackedReading, place: int, read_at: datetime) -> DescribedReading:
    dpi, turn = stand_of_packed_reading(packed.packed)
    return DescribedReading(
        alto_page=place,
        dpi=dpi,
        turn=turn,
        text_sha256=sha256_of_bytes(packed.text.encode()),
        engine=packed.engine,
        read_at=read_at,
    )


def _retention(
    services: Services, connection: Transaction, document: DocumentRow
) -> DescribedRetention:
    ended_on = find_work_end(connection, document.dossier_code)
    tags = load_tags(connection, document.id)
    decision = retention_of(services, tags, work_ended_on=ended_on)
    return DescribedRetention(
        rule_id=decision.rule_id,
        term=decision.term,
        work_ended_on=ended_on,
        retain_until=decision.retain_until,
    )


def _part(kind: type[Part], row: object, **others: Any) -> Part:
    """Return what of a row belongs to a part of the description: the fields of equal names."""
    names = [one.name for one in fields(kind) if one.name not in others]  # type: ignore[arg-type]
    values: Mapping[str, Any] = {name: getattr(row, name) for name in names}
    return kind(**values, **others)
