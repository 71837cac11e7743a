"""What the catalogue in PostgreSQL does on its own: who waits for whom, and what it refuses."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, timedelta
from pathlib import Path
from threading import Barrier, Event

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from database.audit import append_audit, find_broken_link, list_audit
from database.audit_log import AuditLog
from database.connecting import Database
from database.errors import CatalogueUnavailableError, UnsuitableCatalogueError
from database.outbox import count_outbox
from database.owners import find_owners, search_owners_by_name
from database.postgresql_catalogue import DatabaseClock, check_suitable, open_postgresql
from database.records import get_document, load_tags, save_tags
from database.stage_runs import is_still_mine, plan_stage, take_back_leases
from documents.model import Tag
from tests.contract.catalogue_entries import (
    NOW,
    claim_surely,
    make_batch,
    make_delivery,
    make_document,
    make_entry,
    plan,
    state_of_stage,
)
from tests.postgresql import empty_database, postgresql_catalogue

PROJECT = Path(__file__).parents[3]
# Enters a delivery, then waits to be killed inside the transaction.
_HALF_DONE = """
import sys
from database.batches import add_delivery, get_batch
from database.postgresql_catalogue import open_postgresql
from tests.contract.catalogue_entries import NOW, make_new_delivery
database = open_postgresql(sys.argv[1])
with database.writing() as connection:
    add_delivery(connection, get_batch(connection, sys.argv[2]), make_new_delivery(), now=NOW)
    print("entered", flush=True)
    sys.stdin.read()
"""
_WAITING_FOR_LOCKS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def catalogue() -> Iterator[tuple[Database, str]]:
    with postgresql_catalogue() as found:
        yield found


@pytest.fixture
def database(catalogue: tuple[Database, str]) -> Database:
    return catalogue[0]


@pytest.fixture
def others() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def write(database: Database, batch_id: str | None) -> None:
    with database.writing(batch_id=batch_id):
        pass


def wait_for_locks(database: Database, *, count: int) -> None:
    """Return when so many transactions wait for somebody."""
    pause = Event()
    while True:
        with database.reading() as connection:
            if connection.execute(text(_WAITING_FOR_LOCKS)).scalar_one() >= count:
                return
        pause.wait(0.01)


def is_held_up(database: Database, asked: "Future[None]") -> bool:
    wait_for_locks(database, count=1)
    return not asked.done()


def test_reader_sees_one_state_while_others_write(database: Database) -> None:
    batch = make_batch(database)
    with database.reading() as connection:
        before = count_outbox(connection)
        make_delivery(database, batch)
        during = count_outbox(connection)

    with database.reading() as connection:
        assert (before, during, count_outbox(connection)) == (0, 0, 1)


def test_reader_cannot_write(database: Database) -> None:
    with pytest.raises(InternalError), database.reading() as connection:
        connection.execute(text("DELETE FROM outbox"))


def test_stages_of_two_batches_are_written_down_side_by_side(
    database: Database, others: ThreadPoolExecutor
) -> None:
    with database.writing(batch_id="one"):
        others.submit(write, database, "other").result(timeout=20)


def test_stages_of_one_batch_are_written_down_one_after_the_other(
    database: Database, others: ThreadPoolExecutor
) -> None:
    with database.writing(batch_id="one"):
        asked = others.submit(write, database, "one")
        assert is_held_up(database, asked)
    asked.result(timeout=20)


@pytest.mark.parametrize(("first", "second"), [(None, "one"), ("one", None), (None, None)])
def test_whoever_names_no_batch_has_the_catalogue_alone(
    database: Database, others: ThreadPoolExecutor, first: str | None, second: str | None
) -> None:
    with database.writing(batch_id=first):
        asked = others.submit(write, database, second)
        assert is_held_up(database, asked)
    asked.result(timeout=20)


def test_claims_and_entries_of_the_audit_log_wait_for_nobody(
    database: Database, others: ThreadPoolExecutor
) -> None:
    batch = make_batch(database)

    with database.writing():
        log = AuditLog(database)
        others.submit(log.add, make_entry(1), now=NOW).result(timeout=20)
        with database.claiming() as connection:
            plan_stage(
                connection,
                "pag_2",
                stage="read",
                batch_id=batch.id,
                priority=10,
                now=NOW,
            )

    assert len(list_audit(database)) == 1


def test_lease_is_not_taken_back_while_its_result_is_written(
    database: Database, others: ThreadPoolExecutor
) -> None:
    plan(database, make_batch(database), "pag_1")
    run = claim_surely(database)

    def take_back() -> int:
        with database.claiming() as connection:
            return take_back_leases(connection, now=NOW + timedelta(hours=1))

    with database.writing(batch_id=run.batch_id) as connection:
        assert is_still_mine(connection, run)
        asked = others.submit(take_back)
        wait_for_locks(database, count=1)
        connection.execute(text("UPDATE stage_runs SET state = 'done'"))

    assert asked.result(timeout=20) == 0
    assert state_of_stage(database, "pag_1", run.stage) == "done"


def test_batches_that_share_owners_end_side_by_side(
    database: Database, others: ThreadPoolExecutor
) -> None:
    workers, rounds = 8, 12
    papers = []
    for number in range(workers):
        batch = make_batch(database, key=f"lô-{number}")
        delivery = make_delivery(database, batch, f"tệp {number}".encode())
        papers.append((batch.id, make_document(database, delivery)))
    barrier = Barrier(workers)

    def tag(number: int) -> None:
        batch_id, document = papers[number]
        barrier.wait()
        for turn in range(rounds):
            owner = f"09909300000{(number + turn) % 3}"
            values = {"owner_id": owner, "owner_name": f"Nguyễn Thị Mẫu {owner[-1]}"}
            with database.writing(batch_id=batch_id) as connection:
                append_audit(connection, make_entry(number), now=NOW)
                save_tags(
                    connection,
                    document,
                    [
                        Tag(name=name, value=value, state="proposed")
                        for name, value in values.items()
                    ],
                )

    list(others.map(tag, range(workers)))

    owned = set()
    with database.reading() as connection:
        for _, document in papers:
            owned |= {
                one.value for one in load_tags(connection, document) if one.name == "owner_id"
            }
        found = find_owners(connection, [f"09909300000{number}" for number in range(3)])
        by_name = search_owners_by_name(connection, "mau", limit=10)
    assert set(found) == owned
    assert {one.owner_id for one in by_name} == owned
    assert find_broken_link(database) is None
    assert len(list_audit(database)) == workers * rounds


def test_catalogue_is_shared_with_other_machines(database: Database) -> None:
    assert database.is_shared


def test_what_a_killed_process_had_not_committed_is_gone(catalogue: tuple[Database, str]) -> None:
    database, url = catalogue
    batch = make_batch(database)
    process = subprocess.Popen(
        [sys.executable, "-c", _HALF_DONE, url, batch.id],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "entered\n"
        process.kill()

    delivery = make_delivery(database, batch)

    assert delivery.ordinal == 1
    with database.reading() as connection:
        assert count_outbox(connection) == 1


def test_connections_that_the_server_ended_are_made_anew(catalogue: tuple[Database, str]) -> None:
    database, url = catalogue
    make_batch(database)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    assert make_batch(database, key="chiều-1").state == "open"


def test_transaction_whose_connection_was_cut_is_no_success(database: Database) -> None:
    def write_and_be_cut() -> None:
        with database.writing() as connection:
            plan_stage(connection, "pag_9", stage="read", batch_id=batch.id, priority=10, now=NOW)
            own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with database.claiming() as other:
                other.execute(text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})

    batch = make_batch(database)

    with pytest.raises(CatalogueUnavailableError):
        write_and_be_cut()

    with database.reading() as connection:
        assert count_outbox(connection) == 0


def test_server_that_is_not_there_is_reported_without_the_password() -> None:
    secret = "rất " * 3
    database = open_postgresql("postgresql://sohoa@127.0.0.1:1/sohoa", password=secret)

    with pytest.raises(CatalogueUnavailableError) as caught, database.reading():
        pass

    database.close()
    assert secret not in repr(caught.value) + str(caught.value.reason) + repr(database.engine)


def test_text_with_what_postgresql_cannot_hold_is_kept_without_it(database: Database) -> None:
    document = make_document(database, make_delivery(database, make_batch(database)))
    title = f"Quyết định\x00 {'rất dài ' * 100}"

    with database.writing() as connection:
        save_tags(connection, document, [Tag(name="title", value=title, state="proposed")])

    with database.reading() as connection:
        (kept,) = load_tags(connection, document)
        assert get_document(connection, document).id == document
    assert kept.value == title.replace("\x00", "\ufffd")


def test_database_of_ours_is_suitable(database: Database) -> None:
    check_suitable(database)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("ENCODING 'SQL_ASCII' LOCALE 'C'", "SQL_ASCII"),
        ("ENCODING 'UTF8' LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'vi'", "vi"),
    ],
    ids=["encoding", "sorting"],
)
def test_database_in_which_text_sorts_otherwise_is_refused(options: str, found: str) -> None:
    with empty_database(options=options) as url:
        database = open_postgresql(url)

        with pytest.raises(UnsuitableCatalogueError) as caught:
            check_suitable(database)

        database.close()
    assert found in caught.value.reason.en
    assert "CREATE DATABASE" in caught.value.reason.vi


def test_time_is_that_of_the_server(database: Database) -> None:
    clock = DatabaseClock(database)
    with database.reading() as connection:
        told = connection.execute(text("SELECT clock_timestamp()")).scalar_one()

    assert abs(clock.now() - told) < timedelta(seconds=5)
    assert clock.now().tzinfo is UTC


def test_time_goes_on_while_the_server_does_not_answer() -> None:
    with empty_database() as url:
        database = open_postgresql(url)
        clock = DatabaseClock(database, agree_seconds=0.0)
    before = clock.now()

    Event().wait(0.01)

    with pytest.raises(CatalogueUnavailableError), database.reading():
        pass
    assert before < clock.now() < before + timedelta(minutes=1)
    database.close()
