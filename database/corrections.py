"""What was corrected after filing: each tag with its old and new value, and notices of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from database.tables import documents, notices, tag_history


@dataclass(frozen=True, slots=True, kw_only=True)
class TagChange:
    """One value that was changed after filing; `revision` is the document's afterwards."""

    document_id: str
    revision: int
    name: str
    old: str | None
    new: str | None
    changed_by: str
    changed_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that an inspector should look at."""

    id: int
    kind: str
    document_id: str
    reason: str
    made_by: str
    made_at: datetime


def count_up_revision(connection: Connection, document_id: str) -> int:
    """Let a document's revision grow by one; return it."""
    row = connection.execute(
        update(documents)
        .where(documents.c.id == document_id)
        .values(revision=documents.c.revision + 1)
        .returning(documents.c.revision)
    ).one()
    return int(row.revision)


def add_tag_changes(connection: Connection, changes: Sequence[TagChange]) -> None:
    """Append to the history of a document's tags."""
    rows = [
        {
            "document_id": one.document_id,
            "revision": one.revision,
            "name": one.name,
            "old": one.old,
            "new": one.new,
            "changed_by": one.changed_by,
            "changed_at": one.changed_at,
            "reason": one.reason,
        }
        for one in changes
    ]
    connection.execute(insert(tag_history), rows)


def list_tag_changes(connection: Connection, document_id: str) -> list[TagChange]:
    """Return what was changed after filing, oldest first."""
    columns = [column for column in tag_history.c if column.name != "id"]
    rows = connection.execute(
        select(*columns).where(tag_history.c.document_id == document_id).order_by(tag_history.c.id)
    ).mappings()
    return [TagChange(**row) for row in rows]


def add_notice(
    connection: Connection, *, kind: str, document_id: str, reason: str, by: str, now: datetime
) -> None:
    """Leave a notice for the inspector."""
    connection.execute(
        insert(notices).values(
            kind=kind, document_id=document_id, reason=reason, made_by=by, made_at=now
        )
    )


def list_notices(
    connection: Connection, *, limit: int = 50, before: int | None = None
) -> list[Notice]:
    """Return notices, newest first; `before` continues behind a notice."""
    query = select(notices).order_by(notices.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(notices.c.id < before)
    return [Notice(**row) for row in connection.execute(query).mappings()]
