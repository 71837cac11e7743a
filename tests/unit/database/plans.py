"""How each back end of the catalogue goes about a statement: by an index, or through every row."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from database.connecting import Database

Statement = tuple[str, Any]
"""Its text and what stands for its parameters."""

_PREPARING = ("BEGIN", "SELECT pg_", "PRAGMA")


@contextmanager
def listening(database: Database) -> Iterator[list[Statement]]:
    """Give the statements that are run meanwhile."""
    heard: list[Statement] = []

    def hear(_connection: object, _cursor: object, statement: str, *rest: Any) -> None:
        if not statement.startswith(_PREPARING):
            heard.append((statement, rest[0]))

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)


def steps_of(database: Database, statement: Statement) -> list[str]:
    """Return how the product would go about a statement, if it may look for an index first."""
    text, parameters = statement
    if isinstance(parameters, list):  # it was run for several rows
        parameters = parameters[0]
    with database.writing() as connection:
        cursor = connection.connection.cursor()
        try:
            if connection.dialect.name == "postgresql":
                # With a few rows it would read them all; so told, it does only where it must.
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute(f"EXPLAIN {text}", parameters)
                return [str(row[0]) for row in cursor.fetchall()]
            cursor.execute(f"EXPLAIN QUERY PLAN {text}", parameters)
            return [str(row[3]) for row in cursor.fetchall()]
        finally:
            cursor.close()


def looks_at_every_row(steps: list[str], *, may_stop: bool) -> bool:
    """Say whether a table is read from end to end.

    What SQLite reads in the order of its key until it has enough is none such (`may_stop`), nor
    are the parts of a query, which hold what an index has found.
    """
    if any("Seq Scan on" in step for step in steps):
        return True
    if may_stop and not any("TEMP B-TREE" in step for step in steps):
        return False
    scans = [step for step in steps if step.startswith("SCAN ")]
    return any("INDEX" not in step and "anon_" not in step for step in scans)


def check_plans(database: Database, heard: list[Statement]) -> None:
    assert heard
    for statement in heard:
        steps = steps_of(database, statement)
        assert not looks_at_every_row(steps, may_stop="LIMIT" in statement[0]), (statement, steps)
