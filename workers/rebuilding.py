"""A catalogue made again from the store alone, where its database is lost.

Each document comes back as its last record describes it, with its identifiers; text and places of
words come from the ALTO beside the version. What is in the catalogue already is never changed, so
a rebuild that was broken off goes on when it is started again.
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.description import DescribedPage, DescribedReading, DescribedVersion, Description
from archive.description_records import AuditHead, DescriptionRecord, key_of_record
from archive.errors import MissingObjectError, NoRecordError, UnusableRecordError
from archive.reading_back import StoredDocument, list_stored_documents, read_stored_document
from database.audit import AuditEntry, append_audit
from database.connecting import Transaction
from database.converting import (
    CODES,
    FINDINGS,
    PAGE_IMAGE,
    PDFA,
    SEPARATOR,
    SIGNATURES,
    pack_reading,
    to_json,
)
from database.rebuilding import add_row, enter_row, is_new, knows_document
from database.records import save_tags
from documents.errors import BackEndUnavailableError, PipelineError, Reason
from documents.identifiers import DocumentId, sha256_of_bytes
from documents.model import RecognizedPage
from ocr.reading_alto import read_alto
from workers.actors import Actor
from workers.correcting import OWNER_DETACHED
from workers.reindexing import rebuild_index
from workers.services import Services
from workers.work_folder import WorkFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A document that did not come back, or not whole, and why."""

    document_id: DocumentId
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What came back; `known` were there already, `put_aside` holds unfinished work of before."""

    documents: int
    known: int
    problems: tuple[Unreadable, ...]
    audit_head: AuditHead | None
    put_aside: Path | None


def rebuild_catalogue(
    services: Services, *, actor: Actor, progress: Callable[[int], None] = lambda _count: None
) -> Rebuilt:
    """Enter every document of the store that the catalogue does not have; index everything anew.

    Raises:
        StorageUnavailableError: the store cannot be read; what was entered stays.
    """
    put_aside = _put_work_aside(services)
    entered = known = 0
    problems: list[Unreadable] = []
    head: AuditHead | None = None
    for document_id, keys in list_stored_documents(services.storage):
        with services.database.reading() as connection:
            if knows_document(connection, document_id):
                known += 1
                continue
        try:
            stored = read_stored_document(services.storage, document_id, keys)
            problems += _enter(services, stored, keys)
        except BackEndUnavailableError:
            raise
        except PipelineError as error:
            problems.append(Unreadable(document_id=document_id, reason=error.reason))
            continue
        head = _later(head, stored.records[-1].audit_head)
        entered += 1
        progress(entered)
    rebuilt = Rebuilt(
        documents=entered,
        known=known,
        problems=tuple(problems),
        audit_head=head,
        put_aside=put_aside,
    )
    _write_down(services, rebuilt, actor)
    rebuild_index(services)
    return rebuilt


def _put_work_aside(services: Services) -> Path | None:
    """Move unfinished work of a lost catalogue out of reach of the sweeper.

    What lies there has a receipt and may be delivered again; a new catalogue knows nothing of it.
    """
    root = services.work.root
    with services.database.reading() as connection:
        if not is_new(connection) or not any(one.is_file() for one in root.rglob("*")):
            return None
    aside = root.with_name(f"{root.name}-{services.clock.now():%Y%m%dT%H%M%S}")
    root.rename(aside)
    fresh = WorkFolder(root)
    for folder in (root, fresh.incoming, fresh.uploads):
        folder.mkdir(mode=0o700)
    return aside


def _enter(services: Services, stored: StoredDocument, keys: list[str]) -> list[Unreadable]:
    told = stored.description
    if told is None:
        raise NoRecordError(stored.id)
    missing = [one.object_key for one in told.versions if one.object_key not in keys]
    if missing:
        raise MissingObjectError(missing[0])
    readings, problems = _readings(services, told)
    locks = {one.id: services.storage.state(one.object_key) for one in told.versions}
    with services.database.writing() as connection:
        _enter_origin(connection, told)
        for page in told.pages:
            _enter_page(connection, told, page, readings.get(page.id))
        enter_row(connection, "documents", _document_values(told))
        for page in told.pages:
            placed = {"page_id": page.id, "document_id": told.id}
            place = {"ordinal": page.ordinal, "role": page.role}
            enter_row(connection, "document_pages", placed | place)
        for version in told.versions:
            until = locks[version.id].retain_until
            values = _version_values(told, version)
            values["retain_until"] = None if until is None else until.isoformat()
            enter_row(connection, "versions", values)
        _enter_owner(connection, told)
        save_tags(connection, told.id, told.tags)
        for record, content in zip(stored.records, stored.contents, strict=True):
            _enter_record(connection, record, content, services)
    return problems


def _enter_origin(connection: Transaction, told: Description) -> None:
    enter_row(connection, "batches", _values(told.batch) | {"state": "split"})
    for delivery in told.deliveries:
        values = _values(delivery) | {
            "batch_id": told.batch.id,
            "state": "filed",
            "findings": to_json(FINDINGS, delivery.findings),
            "signatures": to_json(SIGNATURES, delivery.signatures),
        }
        enter_row(connection, "deliveries", values)
    if told.dossier is not None:
        enter_row(connection, "dossiers", _values(told.dossier))


def _enter_page(
    connection: Transaction,
    told: Description,
    page: DescribedPage,
    reading: RecognizedPage | None,
) -> None:
    values = _values(page) | {
        "batch_id": told.batch.id,
        "image": to_json(PAGE_IMAGE, page.image),
        "separator": to_json(SEPARATOR, page.separator),
        "findings": to_json(FINDINGS, page.findings),
        "codes": to_json(CODES, page.codes),
    }
    enter_row(connection, "pages", values)
    if page.reading is not None and reading is not None:
        row = {
            "page_id": page.id,
            "reading": pack_reading(reading),
            "text": reading.text,
            "engine": page.reading.engine,
            "read_at": page.reading.read_at,
        }
        enter_row(connection, "readings", row)


def _document_values(told: Description) -> dict[str, Any]:
    return _values(told) | {
        "batch_id": told.batch.id,
        "state": "filed",
        "findings": to_json(FINDINGS, told.findings),
    }


def _version_values(told: Description, version: DescribedVersion) -> dict[str, Any]:
    return _values(version) | {
        "document_id": told.id,
        "state": "stored",
        "pdfa": to_json(PDFA, version.pdfa),
        "signatures": to_json(SIGNATURES, version.signatures),
    }


def _enter_owner(connection: Transaction, told: Description) -> None:
    """Give an owner the key that stood in addresses before."""
    number = next((tag.value for tag in told.tags if tag.name == "owner_id"), None)
    if told.owner_key is not None and number:
        enter_row(connection, "owners", {"key": told.owner_key, "owner_id": number})


def _enter_record(
    connection: Transaction, record: DescriptionRecord, content: bytes, services: Services
) -> None:
    """Enter a record, and the history of corrections and notices that it tells of."""
    event, key = record.event, key_of_record(record.document_id, record.number)
    row = {
        "document_id": record.document_id,
        "number": record.number,
        "object_key": key,
        "sha256": sha256_of_bytes(content),
        "size_bytes": len(content),
        "made_at": event.at,
        "stored_at": services.storage.state(key).stored_at,
    }
    enter_row(connection, "description_records", row)
    change = {
        "document_id": record.document_id,
        "revision": record.description.revision,
        "changed_by": event.agent.name,
        "changed_at": event.at,
        "reason": event.reason,
    }
    for one in event.changes:
        values = {"name": one.name, "old": one.old, "new": one.new}
        add_row(connection, "tag_history", change | values)
    if event.detail == OWNER_DETACHED:
        notice = {
            "kind": OWNER_DETACHED,
            "document_id": record.document_id,
            "reason": event.reason,
            "made_by": event.agent.name,
            "made_at": event.at,
        }
        add_row(connection, "notices", notice)


def _readings(
    services: Services, told: Description
) -> tuple[dict[str, RecognizedPage], list[Unreadable]]:
    """Return what was read from each page, and the pages of which the text is not as it was."""
    wanted: dict[str, DescribedReading] = {
        page.id: page.reading for page in told.pages if page.reading is not None
    }
    if not wanted:
        return {}, []
    current = next(one for one in told.versions if one.id == told.current_version_id)
    key = f"{current.object_key.rsplit('.', 1)[0]}.alto.xml.gz"
    with services.storage.open(key) as stream:
        content = stream.read()
    try:
        pages = read_alto(gzip.decompress(content))
        found = {
            page_id: replace(pages[one.alto_page - 1], dpi=one.dpi, turn=one.turn)
            for page_id, one in wanted.items()
        }
    except (ValueError, OSError, EOFError, IndexError) as error:
        raise UnusableRecordError(key) from error
    changed = [
        page_id
        for page_id, one in wanted.items()
        if sha256_of_bytes(found[page_id].text.encode()) != one.text_sha256
    ]
    return found, [Unreadable(document_id=told.id, reason=_TEXT_DIFFERS)] * bool(changed)


def _later(one: AuditHead | None, other: AuditHead | None) -> AuditHead | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda head: head.seq)


def _write_down(services: Services, rebuilt: Rebuilt, actor: Actor) -> None:
    """Begin the new audit log with where the lost one had come to."""
    now: datetime = services.clock.now()
    head = rebuilt.audit_head
    entry = AuditEntry(
        actor=actor.name,
        role=actor.role,
        action="catalogue_rebuilt",
        digest=head.hash if head else None,
        detail={
            "documents": rebuilt.documents,
            "problems": len(rebuilt.problems),
            "former_audit_seq": head.seq if head else None,
        },
    )
    with services.database.writing() as connection:
        append_audit(connection, entry, now=now)


def _values(part: object) -> dict[str, Any]:
    return {one.name: getattr(part, one.name) for one in fields(part)}  # type: ignore[arg-type]


_TEXT_DIFFERS = Reason(
    code="text_differs",
    vi="Văn bản lấy lại từ kho khác với lúc đọc ở ít nhất một trang; tài liệu vẫn được đưa lại. "
    "Đối chiếu chữ với ảnh trang.",
    en="The text from the store is not what was read on at least one page; the document came back "
    "all the same. Compare the text with the picture.",
)
