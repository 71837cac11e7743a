"""Transactions of the embedded catalogue."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import pytest
from sqlalchemy import text

from database.connecting import Database, open_sqlite
from database.errors import CatalogueUnavailableError
from database.migrating import migrate
from database.outbox import count_outbox
from tests.contract.catalogue_entries import make_batch, make_delivery, state_of_stage

PROJECT = Path(__file__).parents[3]
# Enters a delivery, then waits to be killed inside the transaction.
_HALF_DONE = """
import sys
from pathlib import Path
from database.batches import add_delivery, get_batch
from database.connecting import open_sqlite
from tests.contract.catalogue_entries import NOW, make_new_delivery
database = open_sqlite(Path(sys.argv[1]))
with database.writing() as connection:
    add_delivery(connection, get_batch(connection, sys.argv[2]), make_new_delivery(), now=NOW)
    print("entered", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sohoa.db"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    opened = open_sqlite(file)
    migrate(opened)
    yield opened
    opened.close()


def test_commits_reach_the_disk(database: Database) -> None:
    with database.reading() as connection:
        journal = connection.execute(text("PRAGMA journal_mode")).scalar()
        synchronous = connection.execute(text("PRAGMA synchronous")).scalar()

    assert (journal, synchronous) == ("wal", 2)


def test_links_between_rows_are_enforced(database: Database) -> None:
    with database.reading() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_reader_sees_one_state_while_others_write(database: Database) -> None:
    batch = make_batch(database)
    with database.reading() as connection:
        before = count_outbox(connection)
        make_delivery(database, batch)
        during = count_outbox(connection)

    with database.reading() as connection:
        after = count_outbox(connection)
    assert (before, during, after) == (0, 0, 1)


def test_writers_that_queue_leave_the_connections_to_readers(database: Database) -> None:
    writers = 30  # more than there are connections
    started = Barrier(writers + 1)

    def write(_number: int) -> None:
        started.wait()
        with database.writing():
            pass

    with ThreadPoolExecutor(writers) as pool:
        with database.writing():
            asked = [pool.submit(write, number) for number in range(writers)]
            started.wait()
            for _ in range(30):
                Event().wait(0.01)  # in which each would take a connection
                with database.reading() as connection:
                    assert count_outbox(connection) == 0
        for one in asked:
            one.result(timeout=20)


def test_change_that_failed_lets_the_next_one_write(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing():
        raise ZeroDivisionError

    assert make_batch(database).state == "open"


def test_what_a_killed_process_had_not_committed_is_gone(database: Database, file: Path) -> None:
    batch = make_batch(database)
    process = subprocess.Popen(
        [sys.executable, "-c", _HALF_DONE, str(file), batch.id],
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
    assert state_of_stage(database, delivery.id, "open") == "ready"
    with database.reading() as connection:
        assert count_outbox(connection) == 1


def test_catalogue_that_is_no_database_is_reported_in_our_words(tmp_path: Path) -> None:
    (tmp_path / "sohoa.db").mkdir()
    database = open_sqlite(tmp_path / "sohoa.db")

    with pytest.raises(CatalogueUnavailableError) as caught, database.reading():
        pass

    assert isinstance(caught.value.__cause__ and caught.value.__cause__.__cause__, sqlite3.Error)
    database.close()
