"""Numbers and lists over the whole catalogue."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from database.tables import document_pages, pages, stage_runs
from documents.errors import Reason


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
    return [
        WaitingStage(
            subject=row.subject,
            stage=row.stage,
            batch_id=row.batch_id,
            reason=Reason(code=row.reason_code, vi=row.reason_vi, en=row.reason_en)
            if row.reason_code
            else None,
            not_before=row.not_before,
            created_at=row.created_at,
        )
        for row in connection.execute(query)
    ]


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

    Of a batch that is one file these are the pages of the file.
    """
    batch_id, first, last = connection.execute(
        select(pages.c.batch_id, func.min(pages.c.position), func.max(pages.c.position))
        .join(document_pages, document_pages.c.page_id == pages.c.id)
        .where(document_pages.c.document_id == document_id, document_pages.c.role != "separator")
        .group_by(pages.c.batch_id)
    ).one()
    until = (
        select(func.count())
        .select_from(pages)
        .where(pages.c.batch_id == batch_id, pages.c.position <= position)
        for position in (first, last)
    )
    begin, end = (connection.execute(query).scalar() or 1 for query in until)
    return begin, end
