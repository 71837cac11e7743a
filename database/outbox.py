"""Messages that a stage may run: written with the work, sent after the commit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, union_all

from database.tables import outbox, stage_runs


@dataclass(frozen=True, slots=True)
class StageMessage:
    """Says that a stage may run; only identifiers travel, the database decides."""

    stage_run_id: int
    stage: str


def drain_outbox(connection: Connection) -> int:
    """Take all messages out; the caller sends them once this transaction has committed.

    A message that is lost afterwards costs a sweep interval, nothing else: the stage runs
    themselves are the truth.
    """
    gone = connection.execute(delete(outbox).returning(outbox.c.id)).all()
    return len(gone)


def take_messages(connection: Connection, *, most: int) -> Sequence[StageMessage]:
    """Take the oldest messages out, at most `most`; those another process is taking are passed by.

    The caller sends them before this transaction commits: what could not be sent stays, and a
    message that is sent twice wakes somebody for nothing.
    """
    rows = connection.execute(
        select(outbox.c.id, outbox.c.stage_run_id, stage_runs.c.stage)
        .join(stage_runs, stage_runs.c.id == outbox.c.stage_run_id)
        .order_by(outbox.c.id)
        .limit(most)
        .with_for_update(of=outbox, skip_locked=True)
    ).all()
    connection.execute(delete(outbox).where(outbox.c.id.in_([row.id for row in rows])))
    return [StageMessage(row.stage_run_id, row.stage) for row in rows]


def list_due(
    connection: Connection, *, stages: Collection[str], now: datetime, most: int
) -> Sequence[StageMessage]:
    """Return stages that could run now, the most urgent first, whether or not anybody was told.

    It looks at so many of each stage, and at so many of those whose time came longest ago.
    """
    found = (stage_runs.c.id, stage_runs.c.stage, stage_runs.c.priority)
    ways = [
        select(*found)
        .where(stage_runs.c.state == "ready", stage_runs.c.stage == stage)
        .order_by(stage_runs.c.priority, stage_runs.c.id)
        .limit(most)
        for stage in sorted(stages)
    ]
    ways.append(
        select(*found)
        .where(
            stage_runs.c.state == "waiting",
            stage_runs.c.not_before <= now,
            stage_runs.c.stage.in_(list(stages)),
        )
        .order_by(stage_runs.c.not_before)
        .limit(most)
    )
    due = union_all(*(select(way.subquery()) for way in ways)).subquery()
    query = select(due.c.id, due.c.stage).order_by(due.c.priority, due.c.id).limit(most)
    return [StageMessage(row.id, row.stage) for row in connection.execute(query)]


def count_outbox(connection: Connection) -> int:
    """Return how many messages wait to be sent."""
    return connection.execute(select(func.count()).select_from(outbox)).scalar() or 0
