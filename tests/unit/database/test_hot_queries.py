"""What is asked for every stage is answered by an index, on both back ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from database.audit import append_audit, find_given_grounds
from database.batches import find_delivery, get_batch, is_desk_at_work, lock_batch
from database.connecting import Database
from database.description_records import find_audit_head
from database.outbox import list_due, take_messages
from database.readiness import has_loose_page, has_uninspected_page, has_unopened_file
from database.stage_runs import (
    claim_stage,
    count_done,
    count_unfinished,
    extend_leases,
    finish_stage,
    is_still_mine,
    next_due,
    plan_stage,
    put_off_stage,
    reset_stages,
    take_back_leases,
    workers_at_work,
)
from documents.errors import Reason
from tests.contract.catalogue_entries import (
    NOW,
    claim_surely,
    make_batch,
    make_delivery,
    make_entry,
    make_pages,
    plan,
)
from tests.unit.database.plans import check_plans, listening, steps_of

LATER = NOW + timedelta(seconds=5)
REASON = Reason(code="timestamp_unavailable", vi="Chưa có dấu thời gian.", en="No time-stamp.")


def claim(connection: Connection, **limits: Any) -> None:
    claim_stage(connection, worker="an/1", lease_seconds=30, now=LATER, **limits)


@pytest.fixture
def busy(database: Database) -> Database:
    """Give a catalogue with a batch under way."""
    batch = make_batch(database)
    delivery = make_delivery(database, batch)
    make_pages(database, delivery, 3)
    for number in range(1, 6):
        plan(database, batch, f"pag_{number}")
    return database


def batch_of(connection: Connection) -> str:
    return str(connection.exec_driver_sql("SELECT id FROM batches LIMIT 1").scalar_one())


def ask_for_work(connection: Connection) -> None:
    claim(connection)
    claim(connection, before_priority=40)
    claim(connection, stages=("sign", "archive", "read"))
    claim(connection, batch_ids=(batch_of(connection),))
    claim(connection, batch_ids=(batch_of(connection),), stages=("read",))
    take_messages(connection, most=10)
    list_due(connection, stages=("read", "sign"), now=LATER, most=10)
    next_due(connection)


def keep_watch(connection: Connection) -> None:
    extend_leases(connection, worker="an/1", lease_seconds=30, now=LATER)
    take_back_leases(connection, now=LATER, dead_workers=("an/2",))
    workers_at_work(connection)


def look_around(connection: Connection) -> None:
    batch_id = batch_of(connection)
    get_batch(connection, batch_id)
    lock_batch(connection, batch_id)
    find_delivery(connection, batch_id, sha256="a" * 64)
    is_desk_at_work(connection, since=NOW)
    has_unopened_file(connection, batch_id)
    has_uninspected_page(connection, batch_id)
    has_loose_page(connection, batch_id)
    count_unfinished(connection, batch_ids=(batch_id,))
    count_done(connection, batch_id)
    reset_stages(connection, "pag_1", stages=("read",), now=LATER)


def write_down_who_asked(connection: Connection) -> None:
    append_audit(connection, make_entry(1), now=LATER)
    find_audit_head(connection)
    find_given_grounds(connection, actor="an.tran", document="doc_1", since=NOW)


@pytest.mark.parametrize(
    "ask",
    [ask_for_work, keep_watch, look_around, write_down_who_asked],
    ids=lambda ask: ask.__name__,
)
def test_no_question_looks_at_every_row(busy: Database, ask: Callable[[Connection], None]) -> None:
    with listening(busy) as heard, busy.writing() as connection:
        ask(connection)

    check_plans(busy, heard)


def test_end_of_a_stage_looks_at_its_own_row(busy: Database) -> None:
    run = claim_surely(busy)
    other = claim_surely(busy)
    with listening(busy) as heard, busy.writing(batch_id=run.batch_id) as connection:
        is_still_mine(connection, run)
        finish_stage(connection, run, now=LATER)
        put_off_stage(connection, other, reason=REASON, not_before=LATER, counts=False)
        plan_stage(connection, "pag_9", stage="read", batch_id=run.batch_id, priority=10, now=LATER)

    check_plans(busy, heard)


def test_most_urgent_stage_is_found_without_sorting_what_waits(busy: Database) -> None:
    with listening(busy) as heard, busy.writing() as connection:
        claim(connection)

    (choosing,) = [one for one in heard if one[0].lstrip().startswith("SELECT")]
    steps = " ".join(steps_of(busy, choosing))
    assert "Sort" not in steps
    assert "TEMP B-TREE" not in steps
