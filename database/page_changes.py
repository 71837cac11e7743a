"""What people changed in the pages of a batch, and what is needed to take it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, select, update

from database.pages import PackedReading, load_packed_readings, record_reading
from database.records import PageRole
from database.tables import documents, former_readings, page_changes, pages, readings
from documents.identifiers import BatchId, DocumentId, PageId
from documents.model import Finding

Placed = tuple[PageId, PageRole]
"""A page in its document, and what it is there for."""

EMPTIED = frozenset({"no_pages_left", "pages_merged", "change_undone"})
"""Codes of the reasons for which a change discards a document; taking it back revives it."""

_INSPECTED = (
    "state",
    "image",
    "is_blank",
    "separator",
    "findings",
    "codes",
    "fingerprint",
    "turned_by",
    "reason_code",
    "reason_vi",
    "reason_en",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentBefore:
    """A document as it stood before a change."""

    id: DocumentId
    pages: tuple[Placed, ...]
    dossier_code: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBefore:
    """A page as it stood before it was turned: its columns as they are kept."""

    id: PageId
    values: Mapping[str, str | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """All that a change touched; `created` are the documents that it made."""

    documents: tuple[DocumentBefore, ...] = ()
    created: tuple[DocumentId, ...] = ()
    turned: tuple[PageBefore, ...] = ()

    @property
    def document_ids(self) -> tuple[DocumentId, ...]:
        """The documents that the change touched or made."""
        return (*(one.id for one in self.documents), *self.created)


_BEFORE: TypeAdapter[Before] = TypeAdapter(Before)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One change as the catalogue knows it; ids count up over all batches."""

    id: int
    batch_id: BatchId
    kind: str
    before: Before
    actor: str
    role: str
    at: datetime
    undone_by: str | None
    undone_at: datetime | None


def add_change(  # noqa: PLR0913 - the facts of one change
    connection: Connection,
    batch_id: str,
    *,
    kind: str,
    before: Before,
    actor: str,
    role: str,
    now: datetime,
) -> int:
    """Write a change down; the readings of the pages that it turned are kept with it."""
    change_id: int = connection.execute(
        insert(page_changes)
        .values(
            batch_id=batch_id,
            kind=kind,
            before=_BEFORE.dump_json(before).decode(),
            actor=actor,
            role=role,
            at=now,
        )
        .returning(page_changes.c.id)
    ).scalar_one()
    turned = [page.id for page in before.turned]
    for page_id, reading in load_packed_readings(connection, turned).items():
        connection.execute(
            insert(former_readings).values(
                change_id=change_id,
                page_id=page_id,
                reading=reading.packed,
                text=reading.text,
                engine=reading.engine,
            )
        )
    connection.execute(delete(readings).where(readings.c.page_id.in_(turned)))
    return change_id


def list_page_changes(connection: Connection, batch_id: str) -> list[ChangeRow]:
    """Return the changes of a batch, newest first."""
    rows = connection.execute(
        select(page_changes)
        .where(page_changes.c.batch_id == batch_id)
        .order_by(page_changes.c.id.desc())
    )
    return [
        ChangeRow(**{**row, "before": _BEFORE.validate_json(row["before"])})
        for row in rows.mappings()
    ]


def mark_undone(connection: Connection, change_id: int, *, by: str, now: datetime) -> None:
    """Write down that a change was taken back."""
    connection.execute(
        update(page_changes)
        .where(page_changes.c.id == change_id)
        .values(undone_by=by, undone_at=now)
    )


def turn_page(connection: Connection, page_id: str, values: Mapping[str, Any]) -> PageBefore:
    """Change columns of a page and return how they were."""
    columns = [pages.c[name] for name in _INSPECTED]
    before = connection.execute(select(*columns).where(pages.c.id == page_id)).mappings().one()
    connection.execute(update(pages).where(pages.c.id == page_id).values(**values))
    return PageBefore(id=PageId(page_id), values=dict(before))


def restore_page(
    connection: Connection, page: PageBefore, *, change_id: int, now: datetime
) -> None:
    """Give a page back what looking at it and reading it had found before a change."""
    connection.execute(
        update(pages).where(pages.c.id == page.id).values(**page.values, reading_copy=None)
    )
    connection.execute(delete(readings).where(readings.c.page_id == page.id))
    kept = connection.execute(
        select(former_readings).where(
            former_readings.c.change_id == change_id, former_readings.c.page_id == page.id
        )
    ).first()
    if kept is not None:
        reading = PackedReading(packed=kept.reading, text=kept.text, engine=kept.engine)
        record_reading(connection, page.id, reading, now=now)


def mark_arranged(
    connection: Connection,
    document_id: str,
    *,
    by: str,
    findings: str | None,
    dossier_code: str | None,
) -> None:
    """Write down who arranged the pages of a document, with what else a change gives it."""
    connection.execute(
        update(documents)
        .where(documents.c.id == document_id)
        .values(arranged_by=by, findings=findings, dossier_code=dossier_code)
    )


def was_changed_since(connection: Connection, batch_id: str, *, since: datetime) -> bool:
    """Say whether somebody changed pages of a batch, or took a change back, since then."""
    query = select(page_changes.c.id).where(
        page_changes.c.batch_id == batch_id,
        (page_changes.c.at > since) | (page_changes.c.undone_at > since),
    )
    return connection.execute(query.limit(1)).first() is not None


def ids_of(placed: Sequence[Placed]) -> list[PageId]:
    """Return the pages alone."""
    return [page_id for page_id, _ in placed]
