"""PostgreSQL is killed with -9 while files are received: whoever got a receipt finds the file."""

import itertools
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import psycopg
import pytest
from sqlalchemy import select

from database.audit import append_audit, find_broken_link, list_audit
from database.batches import BatchRow, add_delivery
from database.connecting import Database
from database.errors import CatalogueUnavailableError
from database.migrating import migrate
from database.postgresql_catalogue import DatabaseClock, open_postgresql
from database.tables import deliveries, outbox, stage_runs
from deploy.services.places import Place, open_place
from deploy.services.running import addresses, restart, start, stop
from tests.contract.catalogue_entries import NOW, make_batch, make_entry, make_new_delivery
from tests.services import service

KILLS, SENDERS = 3, 4


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Give a server of this test alone."""
    service("postgres")
    opened = open_place(tmp_path)
    assert start(opened, ["postgres"]) == {}
    yield opened
    stop(opened, ["postgres"], how=signal.SIGKILL)
    shutil.rmtree(opened.folder)


@pytest.fixture
def database(place: Place) -> Iterator[Database]:
    opened = open_postgresql(addresses(place)["TEST_POSTGRES"])
    migrate(opened)
    yield opened
    opened.close()


@dataclass
class Sender:
    """A station that delivers files one after another, and notes for which it got a receipt."""

    database: Database
    batch: BatchRow
    received: set[str] = field(default_factory=set)
    refused: int = 0

    def send_until(self, enough: Event) -> None:
        """Deliver, and try anew whenever the catalogue does not answer."""
        for count in itertools.count():
            if enough.is_set():
                return
            new = make_new_delivery(f"{self.batch.id}/{count}".encode())
            try:
                with self.database.writing(batch_id=self.batch.id) as connection:
                    add_delivery(connection, self.batch, new, now=NOW)
                    append_audit(connection, make_entry(count), now=NOW)
            except CatalogueUnavailableError:
                self.refused += 1
                enough.wait(0.02)
            else:
                self.received.add(new.id)


def kill_while_they_send(place: Place, senders: list[Sender]) -> None:
    enough = Event()
    with ThreadPoolExecutor(SENDERS) as pool:
        asked = [pool.submit(one.send_until, enough) for one in senders]
        try:
            for _ in range(KILLS):
                wait_for_more(senders)
                stop(place, ["postgres"], how=signal.SIGKILL)
                restart(place, "postgres")
            wait_for_more(senders)
        finally:
            enough.set()
        for one in asked:
            one.result(timeout=60)


def test_who_got_a_receipt_finds_the_file_after_the_server_was_killed(
    place: Place, database: Database
) -> None:
    senders = [
        Sender(database, make_batch(database, key=f"lô-{number}")) for number in range(SENDERS)
    ]

    kill_while_they_send(place, senders)

    received = set().union(*(one.received for one in senders))
    refused = sum(one.refused for one in senders)
    with database.reading() as connection:
        found = set(connection.execute(select(deliveries.c.id)).scalars())
        planned = list(connection.execute(select(stage_runs.c.subject)).scalars())
        told = list(connection.execute(select(outbox.c.stage_run_id)).scalars())
    assert refused > 0
    assert received <= found
    # A commit whose answer was lost may stand.
    assert len(found - received) <= refused
    assert sorted(planned) == sorted(found)
    assert len(told) == len(set(told)) == len(found)
    assert len(list_audit(database, limit=100_000)) == len(found)
    assert find_broken_link(database) is None


def wait_for_more(senders: list[Sender]) -> None:
    """Return when every sender has some more receipts."""
    wanted = [len(one.received) + 5 for one in senders]
    pause = Event()
    for _ in range(6000):
        if all(len(one.received) >= least for one, least in zip(senders, wanted, strict=True)):
            return
        pause.wait(0.01)
    pytest.fail("the senders get no receipts")


def test_time_goes_on_while_the_server_is_gone(place: Place, database: Database) -> None:
    clock = DatabaseClock(database, agree_seconds=0.0)
    before = clock.now()
    stop(place, ["postgres"], how=signal.SIGKILL)

    during = clock.now()
    restart(place, "postgres")
    with psycopg.connect(addresses(place)["TEST_POSTGRES"]) as connection:
        told = connection.execute("SELECT clock_timestamp()").fetchone()

    assert told is not None
    assert before <= during <= told[0]
