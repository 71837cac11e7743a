"""What every back end of the catalogue promises: stages, leases, outbox."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from database.connecting import Database
from database.outbox import count_outbox, drain_outbox
from database.stage_runs import (
    StageRun,
    claim_stage,
    extend_leases,
    finish_stage,
    is_still_mine,
    plan_stage,
    put_off_stage,
    reset_stages,
    set_stage_aside,
    take_back_leases,
)
from documents.errors import Reason
from tests.contract.catalogue_entries import (
    NOW,
    claim,
    claim_surely,
    make_batch,
    plan,
    state_of_stage,
)

REASON = Reason(code="timestamp_unavailable", vi="Chưa có dấu thời gian.", en="No time-stamp.")


def is_mine(database: Database, run: StageRun) -> bool:
    with database.reading() as connection:
        return is_still_mine(connection, run)


def take_back(database: Database, *, seconds_later: float = 0.0, dead: str = "") -> int:
    with database.writing() as connection:
        return take_back_leases(
            connection,
            now=NOW + timedelta(seconds=seconds_later),
            dead_workers=[dead] if dead else [],
        )


def finish_and_plan_but_fail(database: Database, run: StageRun) -> None:
    with database.writing() as connection:
        finish_stage(connection, run, now=NOW)
        plan_stage(connection, "doc_1", stage="sign", batch_id=run.batch_id, priority=10, now=NOW)
        raise ZeroDivisionError


def test_of_many_workers_exactly_one_gets_a_stage(database: Database) -> None:
    plan(database, make_batch(database), "pag_1")
    workers = 8
    barrier = threading.Barrier(workers)

    def claim_at_once(number: int) -> StageRun | None:
        barrier.wait()
        return claim(database, worker=f"worker-{number}")

    with ThreadPoolExecutor(workers) as pool:
        claimed = [run for run in pool.map(claim_at_once, range(workers)) if run is not None]

    assert [run.subject for run in claimed] == ["pag_1"]
    assert claimed[0].attempt == 1


def test_workers_side_by_side_claim_every_stage_once(database: Database) -> None:
    batch = make_batch(database)
    subjects = [f"pag_{number}" for number in range(24)]
    for subject in subjects:
        plan(database, batch, subject)

    def claim_all(number: int) -> list[str]:
        found = []
        while (run := claim(database, worker=f"worker-{number}")) is not None:
            found.append(run.subject)
        return found

    with ThreadPoolExecutor(4) as pool:
        claimed = [subject for found in pool.map(claim_all, range(4)) for subject in found]

    assert sorted(claimed) == sorted(subjects)


def test_attempt_is_counted_at_the_claim(database: Database) -> None:
    plan(database, make_batch(database), "pag_1")
    first = claim_surely(database)
    with database.writing() as connection:
        put_off_stage(connection, first, reason=REASON, not_before=NOW, counts=True)

    second = claim_surely(database)

    assert (first.attempt, second.attempt) == (1, 2)


def test_waiting_for_a_back_end_is_no_attempt(database: Database) -> None:
    plan(database, make_batch(database), "pag_1")
    first = claim_surely(database)
    with database.writing() as connection:
        put_off_stage(connection, first, reason=REASON, not_before=NOW, counts=False)

    assert claim_surely(database).attempt == 1


def test_deaths_are_counted(database: Database) -> None:
    plan(database, make_batch(database), "pag_1")
    first = claim_surely(database)
    with database.writing() as connection:
        put_off_stage(connection, first, reason=REASON, not_before=NOW, counts=True, is_death=True)

    assert claim_surely(database).deaths == 1


def test_stage_that_waits_is_claimed_at_its_time_and_not_before(database: Database) -> None:
    plan(database, make_batch(database), "pag_1")
    run = claim_surely(database)
    with database.writing() as connection:
        later = NOW + timedelta(seconds=60)
        put_off_stage(connection, run, reason=REASON, not_before=later, counts=False)

    assert claim(database, now=NOW + timedelta(seconds=59)) is None
    assert claim(database, now=NOW + timedelta(seconds=60)) is not None


def test_most_urgent_stage_is_claimed_first(database: Database) -> None:
    batch = make_batch(database)
    plan(database, batch, "pag_backfile", priority=53)
    plan(database, batch, "pag_citizen", priority=10)

    assert claim_surely(database).subject == "pag_citizen"


def test_claim_can_be_limited_to_batches(database: Database) -> None:
    plan(database, make_batch(database, key="lô-1"), "pag_1")
    other = make_batch(database, key="lô-2")

    with database.writing() as connection:
        run = claim_stage(connection, worker="w", lease_seconds=30, now=NOW, batch_ids={other.id})

    assert run is None


def test_heartbeat_extends_the_lease(database: Database) -> None:
    plan(database, make_batch(database), "pag_1")
    run = claim_surely(database)
    with database.writing() as connection:
        extend_leases(
            connection,
            worker="worker-1",
            lease_seconds=30,
            now=NOW + timedelta(seconds=25),
        )

    taken = take_back(database, seconds_later=40)

    assert taken == 0
    assert is_mine(database, run)


def test_expired_lease_is_taken_back_and_the_attempt_does_not_count(database: Database) -> None:
    plan(database, make_batch(database), "pag_1")
    claim_surely(database)

    taken = take_back(database, seconds_later=31)

    assert taken == 1
    again = claim_surely(database, worker="worker-2")
    assert (again.attempt, again.deaths) == (1, 0)


def test_lease_that_runs_is_not_taken_back(database: Database) -> None:
    plan(database, make_batch(database), "pag_1")
    claim_surely(database)

    assert take_back(database, seconds_later=29) == 0
    assert claim(database, worker="worker-2") is None


def test_lease_of_a_dead_worker_is_taken_back_at_once(database: Database) -> None:
    plan(database, make_batch(database), "pag_1")
    claim_surely(database)

    assert take_back(database, dead="worker-1") == 1
    assert claim(database, worker="worker-2") is not None


def test_late_result_is_recognised(database: Database) -> None:
    plan(database, make_batch(database), "pag_1")
    late = claim_surely(database, worker="worker-1")
    take_back(database, dead="worker-1")
    current = claim_surely(database, worker="worker-2")

    assert not is_mine(database, late)
    assert is_mine(database, current)


def test_finished_stage_belongs_to_nobody(database: Database) -> None:
    plan(database, make_batch(database), "pag_1")
    run = claim_surely(database)
    with database.writing() as connection:
        finish_stage(connection, run, now=NOW)

    assert not is_mine(database, run)
    assert claim(database, worker="worker-2") is None


def test_planning_twice_is_planning_once(database: Database) -> None:
    batch = make_batch(database)
    plan(database, batch, "pag_1")
    plan(database, batch, "pag_1")

    assert claim(database, worker="worker-1") is not None
    assert claim(database, worker="worker-2") is None
    with database.reading() as connection:
        assert count_outbox(connection) == 1


def test_stage_that_is_done_is_not_planned_again(database: Database) -> None:
    batch = make_batch(database)
    plan(database, batch, "pag_1")
    run = claim_surely(database)
    with database.writing() as connection:
        finish_stage(connection, run, now=NOW)

    plan(database, batch, "pag_1")

    assert claim(database) is None


def test_result_and_next_stage_are_one_transaction(database: Database) -> None:
    batch = make_batch(database)
    plan(database, batch, "pag_1")
    run = claim_surely(database)
    with database.writing() as connection:
        drain_outbox(connection)

    with pytest.raises(ZeroDivisionError):
        finish_and_plan_but_fail(database, run)

    assert state_of_stage(database, "doc_1", "sign") is None
    assert state_of_stage(database, "pag_1") == "running"
    with database.reading() as connection:
        assert count_outbox(connection) == 0


def test_message_that_was_never_sent_is_found_in_the_outbox(database: Database) -> None:
    plan(database, make_batch(database), "pag_1")

    with database.writing() as connection:
        assert drain_outbox(connection) == 1
    with database.writing() as connection:
        assert drain_outbox(connection) == 0


def test_stage_is_found_though_its_message_was_lost(database: Database) -> None:
    plan(database, make_batch(database), "pag_1")
    with database.writing() as connection:
        drain_outbox(connection)

    assert claim(database) is not None


def test_set_aside_stage_waits_for_a_person_and_then_starts_afresh(database: Database) -> None:
    plan(database, make_batch(database), "pag_1")
    run = claim_surely(database)
    with database.writing() as connection:
        set_stage_aside(connection, run, reason=REASON, now=NOW)
    assert claim(database) is None

    with database.writing() as connection:
        armed = reset_stages(connection, "pag_1", stages=("read",), now=NOW)

    again = claim_surely(database)
    assert (armed, again.attempt, again.deaths) == (1, 1, 0)
