"""Copying the catalogue into another product, chunk by chunk, each compared by its digest.

What is equal already is left alone: a copy that was broken off goes on where it stopped, and one
that is made again brings over what has changed since.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from database.connecting import Database
from database.errors import CopyDiffersError, OtherCatalogueError
from database.schema import SCHEMA
from database.tables import audit, documents

_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedTable:
    """How many rows a table has, and how many of them had to be brought over."""

    name: str
    rows: int
    copied: int


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Rows of the source that follow each other, and the keys that bound them."""

    rows: Sequence[Row[Any]]
    after: tuple[Any, ...] | None
    until: tuple[Any, ...] | None


def copy_catalogue(source: Database, target: Database) -> Iterator[CopiedTable]:
    """Make the target equal to the source as it is now; tell of each table when it is done.

    Both have the same schema. The source may be read and written meanwhile; what is written then
    comes over when it is copied again.

    Raises:
        OtherCatalogueError: the target holds what the source never held.
        CopyDiffersError: what was written is not what is read back.
    """
    with source.reading() as connection:
        _check_same_past(connection, target)
        for table in SCHEMA.sorted_tables:
            yield _copy_table(connection, target, table)
        for table in reversed(SCHEMA.sorted_tables):
            _remove_surplus(connection, target, table)
    with target.writing() as connection:
        _go_on_numbering(connection)


def _check_same_past(source: Connection, target: Database) -> None:
    """Let only a target pass whose audit log is the beginning of the source's."""
    with target.reading() as connection:
        last = connection.execute(
            select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
        ).first()
    if last is None:
        return
    same = source.execute(select(audit.c.hash).where(audit.c.seq == last.seq)).scalar()
    if same != last.hash:
        raise OtherCatalogueError(last.seq)


def _copy_table(source: Connection, target: Database, table: Table) -> CopiedTable:
    if table is documents:
        for chunk in _chunks(source, table):
            if _differs(target, table, chunk):
                _free_ordinals(target, chunk)
    rows = copied = 0
    for chunk in _chunks(source, table):
        rows += len(chunk.rows)
        if not _differs(target, table, chunk):
            continue
        with target.writing() as connection:
            _write(connection, table, chunk.rows)
        if _digest(chunk.rows) != _digest(_same_rows(target, table, chunk, is_written=True)):
            raise CopyDiffersError(table.name)
        copied += len(chunk.rows)
    return CopiedTable(name=table.name, rows=rows, copied=copied)


def _differs(target: Database, table: Table, chunk: _Chunk) -> bool:
    return _digest(chunk.rows) != _digest(_same_rows(target, table, chunk))


def _chunks(source: Connection, table: Table) -> Iterator[_Chunk]:
    """Give all rows in the order of their keys; the last chunk is open behind."""
    keys = tuple(table.primary_key.columns)
    after: tuple[Any, ...] | None = None
    while True:
        query = select(table).order_by(*keys).limit(_ROWS)
        if after is not None:
            query = query.where(tuple_(*keys) > after)
        rows = source.execute(query).all()
        is_last = len(rows) < _ROWS
        until = None if is_last else _key_of(table, rows[-1])
        yield _Chunk(rows, after, until)
        if is_last:
            return
        after = until


def _same_rows(
    target: Database, table: Table, chunk: _Chunk, *, is_written: bool = False
) -> Sequence[Row[Any]]:
    """Return what the target has between the bounds; of what was just written, those rows alone."""
    keys = tuple(table.primary_key.columns)
    query = select(table).order_by(*keys)
    if chunk.after is not None:
        query = query.where(tuple_(*keys) > chunk.after)
    if chunk.until is not None:
        query = query.where(tuple_(*keys) <= chunk.until)
    with target.reading() as connection:
        found = connection.execute(query).all()
    if not is_written:
        return found
    wanted = {_key_of(table, row) for row in chunk.rows}
    return [row for row in found if _key_of(table, row) in wanted]


def _write(connection: Connection, table: Table, rows: Sequence[Row[Any]]) -> None:
    if not rows:
        return
    dialect = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = dialect(table)
    keys = [column.name for column in table.primary_key.columns]
    others = [column.name for column in table.columns if column.name not in keys]
    if table is audit or not others:  # what was written there never changes
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    else:
        new = {name: statement.excluded[name] for name in others}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=new)
    connection.execute(statement, [dict(row._mapping) for row in rows])  # noqa: SLF001 - documented


def _free_ordinals(target: Database, chunk: _Chunk) -> None:
    """Make room: documents of a batch may have changed places, and no two have the same."""
    ids = [row.id for row in chunk.rows]
    with target.writing() as connection:
        connection.execute(
            update(documents)
            .where(documents.c.id.in_(ids), documents.c.ordinal > 0)
            .values(ordinal=-documents.c.ordinal)
        )


def _remove_surplus(source: Connection, target: Database, table: Table) -> None:
    """Remove what the source has no more, as stages that were forgotten."""
    keys = tuple(table.primary_key.columns)
    for chunk in _chunks(source, table):
        known = {_key_of(table, row) for row in chunk.rows}
        found = _same_rows(target, table, chunk)
        gone = [key for row in found if (key := _key_of(table, row)) not in known]
        if gone:
            with target.writing() as connection:
                connection.execute(delete(table).where(tuple_(*keys).in_(gone)))


def _go_on_numbering(connection: Connection) -> None:
    """Let PostgreSQL number new rows behind those that were copied; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in SCHEMA.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            last = connection.execute(select(func.max(column))).scalar()
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, :column), :last, :used)"),
                {
                    "table": table.name,
                    "column": column.name,
                    "last": last or 1,
                    "used": last is not None,
                },
            )


def _key_of(table: Table, row: Row[Any]) -> tuple[Any, ...]:
    values = row._mapping  # noqa: SLF001 - a row's documented mapping
    return tuple(values[column.name] for column in table.primary_key.columns)


def _digest(rows: Sequence[Row[Any]]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps([_plain(value) for value in row]).encode())
    return digest.hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):  # PostgreSQL's text holds no NUL, see there
        return value.replace("\x00", "\ufffd")
    return value
