"""Audit rows that stand alone: together on the disk, and nobody goes on before theirs is there."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError

from database.audit import AuditEntry, append_audit, find_broken_link, list_audit
from database.audit_log import AuditLog
from database.connecting import Database
from database.locks import lock_audit_chain
from tests.contract.catalogue_entries import NOW, make_entry

CALLERS = 8


@pytest.fixture
def log(database: Database) -> AuditLog:
    return AuditLog(database)


@pytest.fixture
def callers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(CALLERS) as pool:
        yield pool


@pytest.fixture
def commits(database: Database) -> list[Connection]:
    """Give the list of transactions that were committed from now on."""
    seen: list[Connection] = []
    event.listen(database.engine, "commit", seen.append)
    return seen


def add_at_once(log: AuditLog, callers: ThreadPoolExecutor) -> list[Future[None]]:
    """Let every caller add a row, and return when all of them wait."""
    asked = [callers.submit(log.add, make_entry(number), now=NOW) for number in range(CALLERS)]
    pause = Event()
    while log.waiting < CALLERS:
        pause.wait(0.005)
    return asked


@contextmanager
def nobody_else_appends(database: Database) -> Iterator[None]:
    """Keep the chain busy: whoever wants to append waits until the block ends."""
    with database.writing() as connection:
        lock_audit_chain(connection)
        yield


REFUSING = {
    "sqlite": "CREATE TRIGGER full BEFORE INSERT ON audit"
    " BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    "postgresql": 'ALTER TABLE audit ADD CONSTRAINT "full" CHECK (false) NOT VALID',
}
TAKING_AGAIN = {
    "sqlite": "DROP TRIGGER full",
    "postgresql": 'ALTER TABLE audit DROP CONSTRAINT "full"',
}


def refuse_rows(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text(REFUSING[connection.dialect.name]))


def take_rows_again(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text(TAKING_AGAIN[connection.dialect.name]))


def test_row_that_stands_alone_continues_the_chain(database: Database, log: AuditLog) -> None:
    with database.writing() as connection:
        append_audit(connection, make_entry(1), now=NOW)

    log.add(make_entry(2), now=NOW)

    assert [row["document"] for row in list_audit(database)] == ["doc_2", "doc_1"]
    assert find_broken_link(database) is None


def test_rows_that_wait_at_once_share_one_transaction(
    database: Database, log: AuditLog, callers: ThreadPoolExecutor, commits: list[Connection]
) -> None:
    with nobody_else_appends(database):
        asked = add_at_once(log, callers)
        before = len(commits)
    for one in asked:
        one.result(timeout=20)

    assert len(commits) - before == 2  # of the transaction that they waited for, and theirs
    assert [row["seq"] for row in list_audit(database)] == list(range(CALLERS, 0, -1))
    assert find_broken_link(database) is None


def test_nobody_goes_on_before_the_row_is_on_the_disk(
    database: Database, log: AuditLog, callers: ThreadPoolExecutor
) -> None:
    def add_and_look(number: int) -> list[str]:
        log.add(make_entry(number), now=NOW)
        return [row["document"] for row in list_audit(database)]

    with nobody_else_appends(database):
        asked = add_at_once(log, callers)
        gone_on = [one for one in asked if one.done()]
    seen = list(callers.map(add_and_look, range(CALLERS, 2 * CALLERS)))

    assert gone_on == []
    assert all(f"doc_{CALLERS + at}" in documents for at, documents in enumerate(seen))


def test_failure_reaches_everybody_whose_row_was_not_written(
    database: Database, log: AuditLog, callers: ThreadPoolExecutor
) -> None:
    refuse_rows(database)
    with nobody_else_appends(database):
        asked = add_at_once(log, callers)

    failures = [one.exception(timeout=20) for one in asked]

    assert all(isinstance(failure, DBAPIError) for failure in failures)
    assert list_audit(database) == []


def test_rows_are_written_again_after_a_failure(
    database: Database, log: AuditLog, callers: ThreadPoolExecutor
) -> None:
    refuse_rows(database)
    with pytest.raises(DBAPIError):
        log.add(make_entry(1), now=NOW)
    take_rows_again(database)

    list(callers.map(lambda number: log.add(make_entry(number), now=NOW), range(50)))

    assert len(list_audit(database)) == 50
    assert find_broken_link(database) is None


def test_row_that_cannot_be_written_fails_alone(
    database: Database, log: AuditLog, callers: ThreadPoolExecutor
) -> None:
    wrong = AuditEntry(actor="an", role="officer", action="searched", detail={"at": object()})
    with nobody_else_appends(database):
        asked = add_at_once(log, callers)
        with pytest.raises(TypeError):
            log.add(wrong, now=NOW)
    for one in asked:
        one.result(timeout=20)

    assert len(list_audit(database)) == CALLERS


def test_rows_alone_and_rows_of_changes_keep_the_chain_whole_side_by_side(
    database: Database, log: AuditLog, callers: ThreadPoolExecutor
) -> None:
    def add_both(number: int) -> None:
        log.add(make_entry(number), now=NOW)
        with database.writing() as connection:
            append_audit(connection, make_entry(number), now=NOW)

    list(callers.map(add_both, range(40)))

    assert find_broken_link(database) is None
    assert len(list_audit(database)) == 80
