"""Description records: what the store is told of a document after each change of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from database.connecting import do_now, is_writing
from database.description_tables import description_records
from database.tables import audit, readings, versions
from documents.identifiers import DocumentId, Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """A record as the catalogue knows it; `content` is None as soon as the store holds it."""

    document_id: DocumentId
    number: int
    object_key: str
    sha256: Sha256
    size_bytes: int
    content: str | None
    made_at: datetime
    stored_at: datetime | None


def add_description_record(connection: Connection, new: RecordRow) -> None:
    """Enter a record; its number must be free."""
    values = {name: getattr(new, name) for name in RecordRow.__slots__}
    connection.execute(insert(description_records).values(values))


def find_last_record(connection: Connection, document_id: str) -> RecordRow | None:
    """Return the newest record of a document."""
    row = connection.execute(
        select(description_records)
        .where(description_records.c.document_id == document_id)
        .order_by(description_records.c.number.desc())
        .limit(1)
    ).first()
    return None if row is None else RecordRow(**row._mapping)  # noqa: SLF001 - documented


def list_description_records(connection: Connection, document_id: str) -> list[RecordRow]:
    """Return the records of a document, oldest first."""
    rows = connection.execute(
        select(description_records)
        .where(description_records.c.document_id == document_id)
        .order_by(description_records.c.number)
    ).mappings()
    return [RecordRow(**row) for row in rows]


def note_records_stored(
    connection: Connection, document_id: str, *, up_to: int, now: datetime
) -> None:
    """Write down that the store holds the records up to this number."""
    connection.execute(
        update(description_records)
        .where(
            description_records.c.document_id == document_id,
            description_records.c.number <= up_to,
            description_records.c.stored_at.is_(None),
        )
        .values(stored_at=now, content=None)
    )


def extend_versions(connection: Connection, document_id: str, *, retain_until: date) -> None:
    """Write down the day until which the stored versions of a document are locked."""
    day = retain_until.isoformat()
    connection.execute(
        update(versions)
        .where(
            versions.c.document_id == document_id,
            versions.c.state == "stored",
            versions.c.retain_until.is_(None) | (versions.c.retain_until < day),
        )
        .values(retain_until=day)
    )


def load_read_times(connection: Connection, page_ids: Sequence[str]) -> dict[str, datetime]:
    """Return when each of these pages was read."""
    found: dict[str, datetime] = {}
    for page_id in page_ids:
        query = select(readings.c.read_at).where(readings.c.page_id == page_id)
        moment = connection.execute(query).scalar()
        if moment is not None:
            found[page_id] = moment
    return found


def find_audit_head(connection: Connection) -> tuple[int, str] | None:
    """Return sequence number and hash of the last row of the audit log.

    In a writing transaction that row is its own last one, if it has added any.
    """
    if is_writing(connection):
        do_now(connection)
    row = connection.execute(
        select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
    ).first()
    return None if row is None else (row.seq, row.hash)
