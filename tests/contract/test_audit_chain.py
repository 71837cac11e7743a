"""What every back end of the catalogue promises of the audit log."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Delete, Update, delete, select, text, update
from sqlalchemy.exc import DBAPIError

from database.audit import AuditEntry, append_audit, find_broken_link, list_audit
from database.connecting import Database
from database.tables import audit
from tests.contract.catalogue_entries import NOW, make_entry


@pytest.fixture
def chain(database: Database) -> Database:
    """Give a log of five rows."""
    for number in range(1, 6):
        append(database, make_entry(number))
    return database


TAKING_GUARDS_OFF = {
    "sqlite": [f"DROP TRIGGER audit_is_append_only_{verb}" for verb in ("UPDATE", "DELETE")],
    "postgresql": ["SET LOCAL session_replication_role = replica"],
}


@contextmanager
def tampering(database: Database) -> Iterator[Connection]:
    """Give a connection to somebody who owns the machine and takes the guards off first."""
    with database.writing() as connection:
        for statement in TAKING_GUARDS_OFF[connection.dialect.name]:
            connection.execute(text(statement))
        yield connection


def append(database: Database, entry: AuditEntry) -> None:
    with database.writing() as connection:
        append_audit(connection, entry, now=NOW)


def append_and_fail(database: Database) -> None:
    with database.writing() as connection:
        append_audit(connection, make_entry(), now=NOW)
        raise ZeroDivisionError


def swap(connection: Connection, one: int, other: int) -> None:
    for old, new in ((one, 99), (other, one), (99, other)):
        connection.execute(update(audit).where(audit.c.seq == old).values(seq=new))


def test_empty_log_is_whole(database: Database) -> None:
    assert find_broken_link(database) is None


def test_log_that_only_grew_is_whole(chain: Database) -> None:
    assert find_broken_link(chain) is None


def test_row_says_who_read_what_and_why(database: Database) -> None:
    entry = AuditEntry(
        actor="bình.lê",
        role="officer",
        action="file_given_out",
        subject="ver_1",
        dossier="H99.12.03-260316-0007",
        purpose="giải quyết hồ sơ “cấp đổi”",
        document="doc_1",
        digest="a" * 64,
        detail={"trang": [1, 2]},
    )

    append(database, entry)

    (row,) = list_audit(database)
    assert (row["seq"], row["at"]) == (1, NOW)
    assert [row[name] for name in ("actor", "role", "action", "subject", "document")] == [
        "bình.lê",
        "officer",
        "file_given_out",
        "ver_1",
        "doc_1",
    ]
    assert (row["dossier"], row["purpose"]) == (entry.dossier, entry.purpose)
    assert (row["digest"], row["detail"]) == ("a" * 64, '{"trang": [1, 2]}')
    assert find_broken_link(database) is None


def test_newest_rows_come_first_and_can_be_of_one_document(chain: Database) -> None:
    append(chain, make_entry(3))

    assert [row["seq"] for row in list_audit(chain, limit=2)] == [6, 5]
    assert [row["seq"] for row in list_audit(chain, document="doc_3")] == [6, 3]


@pytest.mark.parametrize(
    "statement", [update(audit).values(actor="ai.đó"), delete(audit)], ids=["change", "removal"]
)
def test_rows_can_be_neither_changed_nor_removed(
    chain: Database, statement: Update | Delete
) -> None:
    with pytest.raises(DBAPIError), chain.writing() as connection:
        connection.execute(statement)

    assert len(list_audit(chain)) == 5
    assert find_broken_link(chain) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"actor": "ai.đó"},
        {"role": "archivist"},
        {"action": "document_filed"},
        {"purpose": None},
        {"document": "doc_9"},
        {"detail": "{}"},
        {"at": NOW + timedelta(microseconds=1)},
        {"hash": "0" * 64},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_changed_row_is_found(chain: Database, changed: dict[str, object]) -> None:
    with tampering(chain) as connection:
        connection.execute(update(audit).where(audit.c.seq == 3).values(**changed))

    assert find_broken_link(chain) == 3


def test_removed_row_is_found(chain: Database) -> None:
    with tampering(chain) as connection:
        connection.execute(delete(audit).where(audit.c.seq == 3))

    assert find_broken_link(chain) == 4


def test_removed_beginning_is_found(chain: Database) -> None:
    with tampering(chain) as connection:
        connection.execute(delete(audit).where(audit.c.seq == 1))

    assert find_broken_link(chain) == 2


def test_swapped_rows_are_found(chain: Database) -> None:
    with tampering(chain) as connection:
        swap(connection, 2, 3)

    assert find_broken_link(chain) == 2


def test_row_that_was_changed_and_hashed_anew_breaks_the_next(chain: Database) -> None:
    append(chain, make_entry(9))
    with tampering(chain) as connection:
        forged = connection.execute(select(audit).where(audit.c.seq == 6)).mappings().one()
        taken_over = {name: forged[name] for name in ("hash", "document", "detail")}
        connection.execute(update(audit).where(audit.c.seq == 3).values(**taken_over))

    assert find_broken_link(chain) == 3


def test_row_is_part_of_the_transaction_that_it_tells_of(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        append_and_fail(database)

    assert list_audit(database) == []


def test_writers_side_by_side_keep_the_chain_whole(database: Database) -> None:
    def append_ten(writer: int) -> None:
        for number in range(10):
            append(database, make_entry(writer * 10 + number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(append_ten, range(4)))

    assert find_broken_link(database) is None
    assert [row["seq"] for row in list_audit(database)] == list(range(40, 0, -1))
