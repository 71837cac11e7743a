"""Empty catalogues in PostgreSQL: each a database of its own, copied from one that is migrated.

Copying costs more than a small test, so a process empties a database and uses it again.
"""

import atexit
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from database.connecting import Database
from database.migrating import migrate
from database.postgresql_catalogue import open_postgresql
from database.schema import SCHEMA
from tests.services import service

_SOURCES = Path(__file__).parents[1] / "database"
_MAKING = 7_001
_OPTIONS = "ENCODING 'UTF8' LOCALE 'C.UTF-8'"
_FREE: list[str] = []
# The guard of the audit log, and no rule of a test's own.
_AS_MADE = (1, 0)
_RULES = """
SELECT (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal),
    (SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid = 'audit'::regclass)
"""


@contextmanager
def postgresql_catalogue() -> Iterator[tuple[Database, str]]:
    """Give an empty catalogue and its address; nothing of it is left afterwards."""
    with catalogue_address() as url:
        database = open_postgresql(url, connections=4)
        try:
            yield database, url
        finally:
            database.close()


@contextmanager
def catalogue_address() -> Iterator[str]:
    """Give the address of an empty catalogue, for a program of its own."""
    name = _FREE.pop() if _FREE else _copy(_template())
    try:
        yield _url_of(name)
    finally:
        if _can_be_emptied(name):
            _FREE.append(name)
        else:
            _drop(name)


def environment_for(url: str) -> dict[str, str]:
    """Return the settings by which a program finds a catalogue."""
    password = str(make_url(url).password)
    return {
        "SOHOA_DATABASE__BACK_END": "postgresql",
        "SOHOA_DATABASE__URL": url.replace(f":{password}@", "@"),
        "SOHOA_DATABASE__PASSWORD": password,
    }


@contextmanager
def empty_database(*, options: LiteralString = _OPTIONS) -> Iterator[str]:
    """Give the address of a new database without tables."""
    name = f"test_{secrets.token_hex(8)}"
    _create(name, "template0", options=options)
    try:
        yield _url_of(name)
    finally:
        _drop(name)


def _can_be_emptied(name: str) -> bool:
    """Remove all rows; not where a test has left the tables other than they were."""
    tables = [table.name for table in SCHEMA.sorted_tables]
    with psycopg.connect(_url_of(name), autocommit=True) as connection:
        _end_other_sessions(connection)
        if connection.execute(_RULES).fetchone() != _AS_MADE:
            return False
        # Neither the keys between tables nor the guard of the audit log hold this up.
        connection.execute("SET session_replication_role = replica")
        full = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(
                sql.Literal(table), sql.Identifier(table)
            )
            for table in tables
        )
        for (table,) in connection.execute(full).fetchall():
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        connection.execute(
            "SELECT setval(format('%I', sequencename)::regclass, 1, false)"
            " FROM pg_sequences WHERE last_value IS NOT NULL"
        )
    return True


def _end_other_sessions(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@cache
def _template() -> str:
    """Return a database with today's tables, made once for this state of the sources."""
    digest = hashlib.sha256()
    for file in sorted(_SOURCES.rglob("*.py")):
        digest.update(file.read_bytes())
    name = f"template_{digest.hexdigest()[:16]}"
    with psycopg.connect(service("postgres"), autocommit=True) as connection:
        # Test processes start at the same moment; one makes it, the others wait.
        connection.execute("SELECT pg_advisory_lock(%s)", (_MAKING,))
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        if known.fetchone() is None:
            making = f"{name}_making"
            _drop(making)
            _create(making, "template0")
            database = open_postgresql(_url_of(making))
            migrate(database)
            database.close()
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(making), sql.Identifier(name)
                )
            )
    return name


def _copy(template: str) -> str:
    name = f"test_{secrets.token_hex(8)}"
    _create(name, template)
    return name


def _create(name: str, template: str, *, options: LiteralString = _OPTIONS) -> None:
    _execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} {}").format(
            sql.Identifier(name), sql.Identifier(template), sql.SQL(options)
        )
    )


def _drop(name: str) -> None:
    _execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _execute(statement: sql.Composed) -> None:
    with psycopg.connect(service("postgres"), autocommit=True) as connection:
        connection.execute(statement)


def _url_of(name: str) -> str:
    return make_url(service("postgres")).set(database=name).render_as_string(hide_password=False)


@atexit.register
def _drop_all() -> None:
    for name in _FREE:
        with suppress(psycopg.OperationalError):  # the server may have been stopped before us
            _drop(name)
