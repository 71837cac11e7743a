"""The truth of the pipeline: which stage of what runs, waits or is set aside."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    Select,
    Subquery,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from database.connecting import is_writing
from database.converting import reason_values
from database.tables import outbox, stage_runs
from documents.errors import Reason
from documents.identifiers import BatchId

_DUE_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRun:
    """One stage of one subject, claimed by a worker; `attempt` and `deaths` count from 1."""

    id: int
    subject: str
    stage: str
    batch_id: BatchId
    attempt: int
    deaths: int
    worker: str


def plan_stage(
    connection: Connection,
    subject: str,
    *,
    stage: str,
    batch_id: BatchId,
    priority: int,
    now: datetime,
) -> None:
    """Enter a stage and its outbox row in the caller's transaction; a second call is a no-op."""
    dialect = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    entered = connection.execute(
        dialect(stage_runs)
        .values(
            subject=subject,
            stage=stage,
            batch_id=batch_id,
            state="ready",
            priority=priority,
            attempt=0,
            deaths=0,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["subject", "stage"])
        .returning(stage_runs.c.id)
    ).first()
    if entered is not None:
        connection.execute(insert(outbox).values(stage_run_id=entered.id, created_at=now))


def claim_stage(  # noqa: PLR0913 - what may be claimed has three sides
    connection: Connection,
    *,
    worker: str,
    lease_seconds: float,
    now: datetime,
    batch_ids: Collection[str] | None = None,
    stages: Collection[str] | None = None,
    before_priority: int | None = None,
) -> StageRun | None:
    """Claim the most urgent stage that may run now, counting the attempt at the claim.

    Args:
        connection: a writing transaction.
        worker: who claims; written down for the sweeper.
        lease_seconds: after this time without a heartbeat the sweeper takes it back.
        now: the present moment.
        batch_ids: claim only stages of these batches; None means any.
        stages: claim only stages of these names; None means any.
        before_priority: claim only what is more urgent than this; None means anything.
    """
    make_due_ready(connection, now=now)
    query = choosing(batch_ids=batch_ids, stages=stages, before_priority=before_priority)
    chosen = connection.execute(query).scalar()
    if chosen is None:
        return None
    row = (
        connection.execute(
            update(stage_runs)
            .where(stage_runs.c.id == chosen)
            .values(
                state="running",
                attempt=stage_runs.c.attempt + 1,
                worker=worker,
                lease_until=now + timedelta(seconds=lease_seconds),
                not_before=None,
            )
            .returning(
                stage_runs.c.id,
                stage_runs.c.subject,
                stage_runs.c.stage,
                stage_runs.c.batch_id,
                stage_runs.c.attempt,
                stage_runs.c.deaths,
            )
        )
        .mappings()
        .one()
    )
    return StageRun(**row, worker=worker)


def choosing(
    *,
    batch_ids: Collection[str] | None = None,
    stages: Collection[str] | None = None,
    before_priority: int | None = None,
) -> Select[tuple[int]]:
    """Return the query for the most urgent stage that is ready, locked; others pass it by.

    Each way has an index that begins with what is asked for and goes on with the order, so that it
    costs the same however many stages are ready.
    """
    order = (stage_runs.c.priority, stage_runs.c.id)
    ready = select(stage_runs.c.id, stage_runs.c.priority).where(stage_runs.c.state == "ready")
    if before_priority is not None:
        ready = ready.where(stage_runs.c.priority < before_priority)
    if batch_ids is not None:
        some = ready.where(stage_runs.c.batch_id.in_(list(batch_ids)))
        if stages is not None:
            some = some.where(stage_runs.c.stage.in_(list(stages)))
        # A batch has few stages: they are sorted, instead of looking for them in the order of all.
        some = some.order_by(stage_runs.c.priority + 0, stage_runs.c.id)
        return select(_locked(some).c.id)
    if stages is None:
        return select(_locked(ready.order_by(*order)).c.id)
    firsts = [
        select(_locked(ready.where(stage_runs.c.stage == stage).order_by(*order)))
        for stage in sorted(stages)
    ]
    found = union_all(*firsts).subquery()
    return select(found.c.id).order_by(found.c.priority, found.c.id).limit(1)


def _locked(query: Select[tuple[int, int]]) -> Subquery:
    return query.limit(1).with_for_update(skip_locked=True).subquery()


def make_due_ready(connection: Connection, *, now: datetime) -> None:
    """Let stages be claimed again whose time has come, some at each call, the oldest first."""
    due = (
        select(stage_runs.c.id)
        .where(stage_runs.c.state == "waiting", stage_runs.c.not_before <= now)
        .order_by(stage_runs.c.not_before)
        .limit(_DUE_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    connection.execute(
        update(stage_runs).where(stage_runs.c.id.in_(due)).values(state="ready", not_before=None)
    )


def extend_leases(
    connection: Connection, *, worker: str, lease_seconds: float, now: datetime
) -> None:
    """Heartbeat: keep what this worker runs; what is being written down now needs no lease."""
    held = (
        select(stage_runs.c.id)
        .where(stage_runs.c.worker == worker, stage_runs.c.state == "running")
        .with_for_update(skip_locked=True)
    )
    connection.execute(
        update(stage_runs)
        .where(stage_runs.c.id.in_(held))
        .values(lease_until=now + timedelta(seconds=lease_seconds))
    )


def is_still_mine(connection: Connection, run: StageRun) -> bool:
    """Say whether the worker still holds the lease; a result that came too late is dropped.

    In a writing transaction nobody takes it back before that ends.
    """
    query = select(stage_runs.c.state, stage_runs.c.worker, stage_runs.c.attempt).where(
        stage_runs.c.id == run.id
    )
    if is_writing(connection):
        query = query.with_for_update()
    row = connection.execute(query).first()
    if row is None:  # it was forgotten meanwhile, to be planned anew
        return False
    return (row.state, row.worker, row.attempt) == ("running", run.worker, run.attempt)


def finish_stage(connection: Connection, run: StageRun, *, now: datetime) -> None:
    """Write down that the stage is done, in the transaction of its result."""
    _settle(connection, run, state="done", finished_at=now, **reason_values(None))


def put_off_stage(
    connection: Connection,
    run: StageRun,
    *,
    reason: Reason,
    not_before: datetime,
    counts: bool,
    is_death: bool = False,
) -> None:
    """Let the stage wait until `not_before`; waiting for a back end is no attempt."""
    _settle(
        connection,
        run,
        state="waiting",
        not_before=not_before,
        attempt=run.attempt if counts else run.attempt - 1,
        deaths=run.deaths + 1 if is_death else run.deaths,
        **reason_values(reason),
    )


def set_stage_aside(
    connection: Connection, run: StageRun, *, reason: Reason, now: datetime
) -> None:
    """Take the stage out of the way, for a person."""
    _settle(connection, run, state="set_aside", finished_at=now, **reason_values(reason))


def _settle(connection: Connection, run: StageRun, **values: object) -> None:
    connection.execute(
        update(stage_runs)
        .where(stage_runs.c.id == run.id)
        .values(worker=None, lease_until=None, **values)
    )


def reset_stages(
    connection: Connection, subject: str, *, stages: Sequence[str], now: datetime
) -> int:
    """Make set-aside or waiting stages ready again with fresh counts; return how many."""
    rows = connection.execute(
        update(stage_runs)
        .where(
            stage_runs.c.subject == subject,
            stage_runs.c.stage.in_(stages),
            stage_runs.c.state.in_(("set_aside", "waiting")),
        )
        .values(state="ready", attempt=0, deaths=0, not_before=None, **reason_values(None))
        .returning(stage_runs.c.id)
    ).all()
    for row in rows:
        connection.execute(insert(outbox).values(stage_run_id=row.id, created_at=now))
    return len(rows)


def forget_stages(connection: Connection, subject: str, *, stages: Sequence[str]) -> None:
    """Remove stages so that they can be planned anew, as after a split that a person changed."""
    found = select(stage_runs.c.id).where(
        stage_runs.c.subject == subject, stage_runs.c.stage.in_(stages)
    )
    connection.execute(outbox.delete().where(outbox.c.stage_run_id.in_(found)))
    connection.execute(
        stage_runs.delete().where(stage_runs.c.subject == subject, stage_runs.c.stage.in_(stages))
    )


def take_back_leases(
    connection: Connection, *, now: datetime, dead_workers: Collection[str] = ()
) -> int:
    """Make ready what dead workers held; return how many.

    The worker went down together with its server or machine, so the attempt does not count.
    """
    lost = or_(
        stage_runs.c.lease_until < now,
        stage_runs.c.worker.in_(list(dead_workers)),
    )
    rows = connection.execute(
        update(stage_runs)
        .where(stage_runs.c.state == "running", lost)
        .values(state="ready", attempt=stage_runs.c.attempt - 1, worker=None, lease_until=None)
        .returning(stage_runs.c.id)
    ).all()
    for row in rows:
        connection.execute(insert(outbox).values(stage_run_id=row.id, created_at=now))
    return len(rows)


def workers_at_work(connection: Connection) -> set[str]:
    """Return the workers that hold leases."""
    return set(
        connection.execute(
            select(stage_runs.c.worker).where(stage_runs.c.state == "running").distinct()
        ).scalars()
    )


def count_unfinished(connection: Connection, *, batch_ids: Collection[str]) -> dict[str, int]:
    """Return how many stages of these batches are in each unfinished state."""
    rows = connection.execute(
        select(stage_runs.c.state, func.count())
        .where(
            stage_runs.c.batch_id.in_(list(batch_ids)),
            stage_runs.c.state.in_(("ready", "running", "waiting")),
        )
        .group_by(stage_runs.c.state)
    ).all()
    return {row[0]: row[1] for row in rows}


def count_done(connection: Connection, batch_id: str) -> int:
    """Return how many stages of a batch are behind it."""
    query = select(func.count()).where(
        stage_runs.c.batch_id == batch_id, stage_runs.c.state.in_(("done", "set_aside"))
    )
    return connection.execute(query).scalar() or 0


def next_due(connection: Connection) -> datetime | None:
    """Return the earliest moment for which something waits."""
    moment: datetime | None = connection.execute(
        select(func.min(stage_runs.c.not_before)).where(stage_runs.c.state == "waiting")
    ).scalar()
    return moment
