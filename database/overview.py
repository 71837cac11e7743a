"""Numbers and lists over the whole catalogue."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from database.records import IN_PDF
from database.regions import FIRST_REGION
from database.tables import (
    batches,
    deliveries,
    document_pages,
    documents,
    pages,
    stage_runs,
)
from documents.errors import Reason

# Only these are looked through for what was done lately; more are not done in ten minutes.
_LATEST_RUNS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingStage:
    """A stage that waits for something, why, and until when."""

    subject: str
    stage: str
    batch_id: str
    reason: Reason | None
    not_before: datetime | None
    created_at: datetime


def count_queue(connection: Connection) -> dict[str, int]:
    """Return how many unfinished runs there are of each stage."""
    rows = connection.execute(
        select(stage_runs.c.stage, func.count())
        .where(stage_runs.c.state.in_(("ready", "running", "waiting")))
        .group_by(stage_runs.c.stage)
    )
    return {row[0]: row[1] for row in rows}


def _stage(row: Row[Any]) -> WaitingStage:
    return WaitingStage(
        subject=row.subject,
        stage=row.stage,
        batch_id=row.batch_id,
        reason=Reason(code=row.reason_code, vi=row.reason_vi, en=row.reason_en)
        if row.reason_code
        else None,
        not_before=row.not_before,
        created_at=row.created_at,
    )


def list_waiting(
    connection: Connection, *, subject: str | None = None, limit: int = 200
) -> list[WaitingStage]:
    """Return stages that wait, oldest first, of one subject or of all."""
    query = (
        select(stage_runs)
        .where(stage_runs.c.state == "waiting")
        .order_by(stage_runs.c.id)
        .limit(limit)
    )
    if subject is not None:
        query = query.where(stage_runs.c.subject == subject)
    return [_stage(row) for row in connection.execute(query)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCounts:
    """How far a batch is: its pages, documents and files by state."""

    pages: dict[str, int]
    documents: dict[str, int]
    files: dict[str, int]


def count_in_batches(connection: Connection, batch_ids: Sequence[str]) -> dict[str, BatchCounts]:
    """Return for each of these batches how many pages, documents and files are in each state."""
    found = {one: BatchCounts(pages={}, documents={}, files={}) for one in batch_ids}
    for table, name in ((pages, "pages"), (documents, "documents"), (deliveries, "files")):
        rows = connection.execute(
            select(table.c.batch_id, table.c.state, func.count())
            .where(table.c.batch_id.in_(list(batch_ids)))
            .group_by(table.c.batch_id, table.c.state)
        )
        for batch_id, state, count in rows:
            getattr(found[batch_id], name)[state] = count
    return found


def progress_of(connection: Connection, batch_ids: Collection[str]) -> tuple[object, ...]:
    """Return a value that is another one whenever something in these batches has moved."""
    chosen = list(batch_ids)
    runs = connection.execute(
        select(stage_runs.c.state, func.count(), func.max(stage_runs.c.id))
        .where(stage_runs.c.batch_id.in_(chosen))
        .group_by(stage_runs.c.state)
        .order_by(stage_runs.c.state)
    )
    of_documents = connection.execute(
        select(documents.c.state, func.count(), func.sum(documents.c.revision))
        .where(documents.c.batch_id.in_(chosen))
        .group_by(documents.c.state)
        .order_by(documents.c.state)
    )
    of_batches = connection.execute(
        select(batches.c.id, batches.c.state, batches.c.expected_pages)
        .where(batches.c.id.in_(chosen))
        .order_by(batches.c.id)
    )
    return tuple(tuple(row) for rows in (runs, of_documents, of_batches) for row in rows)


def list_batches_aside(connection: Connection) -> list[WaitingStage]:
    """Return the batches that could not be cut into documents, oldest first."""
    rows = connection.execute(
        select(stage_runs)
        .where(stage_runs.c.state == "set_aside", stage_runs.c.stage == "split")
        .order_by(stage_runs.c.id)
    )
    return [_stage(row) for row in rows]


def trouble_marks(connection: Connection) -> tuple[object, ...]:
    """Return a value that is another one whenever something was set aside, waits, or goes on."""
    of_runs = connection.execute(
        select(stage_runs.c.stage, stage_runs.c.state, func.count(), func.max(stage_runs.c.id))
        .where(stage_runs.c.state.in_(("waiting", "set_aside")))
        .group_by(stage_runs.c.stage, stage_runs.c.state)
        .order_by(stage_runs.c.stage, stage_runs.c.state)
    )
    of_documents = connection.execute(
        select(func.count()).where(documents.c.state == "set_aside")
    ).scalar()
    of_files = connection.execute(
        select(func.count()).where(deliveries.c.state == "set_aside")
    ).scalar()
    return (*(tuple(row) for row in of_runs), of_documents, of_files)


def count_read_since(connection: Connection, moment: datetime) -> int:
    """Return how many pages were read since a moment, as far as the latest stages tell."""
    newest = connection.execute(select(func.max(stage_runs.c.id))).scalar() or 0
    query = select(func.count()).where(
        stage_runs.c.id > newest - _LATEST_RUNS,
        stage_runs.c.stage == "read",
        stage_runs.c.state == "done",
        stage_runs.c.finished_at >= moment,
    )
    return connection.execute(query).scalar() or 0


def oldest_waiting_since(connection: Connection) -> datetime | None:
    """Return since when the oldest unfinished stage has been there."""
    moment: datetime | None = connection.execute(
        select(func.min(stage_runs.c.created_at)).where(
            stage_runs.c.state.in_(("ready", "running", "waiting"))
        )
    ).scalar()
    return moment


def page_span(connection: Connection, document_id: str) -> tuple[int, int]:
    """Return the first and last page of a document among all pages of its batch, from 1.

    Of a batch that is one file these are the pages of the file. A document without pages has
    (0, 0).
    """
    found = connection.execute(
        select(pages.c.batch_id, func.min(pages.c.position), func.max(pages.c.position))
        .join(document_pages, document_pages.c.page_id == pages.c.id)
        .where(document_pages.c.document_id == document_id, document_pages.c.role.in_(IN_PDF))
        .group_by(pages.c.batch_id)
    ).first()
    if found is None:
        return (0, 0)
    batch_id, first, last = found
    until = (
        select(func.count())
        .select_from(pages)
        .where(
            pages.c.batch_id == batch_id,
            pages.c.position <= position,
            # Parts that were cut out of a page have its number.
            pages.c.ordinal_in_file < FIRST_REGION,
        )
        for position in (first, last)
    )
    begin, end = (connection.execute(query).scalar() or 1 for query in until)
    return begin, end
