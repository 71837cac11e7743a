"""Entering rows of a former catalogue with the identifiers that they had."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from database.schema import SCHEMA
from database.tables import batches, documents


def enter_row(connection: Connection, table: str, values: Mapping[str, Any]) -> None:
    """Enter a row unless there is one of its key; what is there stays as it is.

    Args:
        connection: a writing transaction.
        table: its name.
        values: the row; names that are no column of the table are left out.
    """
    target = SCHEMA.tables[table]
    known = {name: value for name, value in values.items() if name in target.columns}
    dialect = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    connection.execute(dialect(target).values(known).on_conflict_do_nothing())


def add_row(connection: Connection, table: str, values: Mapping[str, Any]) -> None:
    """Add a row to a table that only grows and numbers its rows itself."""
    connection.execute(insert(SCHEMA.tables[table]).values(dict(values)))


def knows_document(connection: Connection, document_id: str) -> bool:
    """Say whether the catalogue has a document."""
    query = select(documents.c.id).where(documents.c.id == document_id)
    return connection.execute(query).first() is not None


def is_new(connection: Connection) -> bool:
    """Say whether the catalogue was just made: nothing was ever scanned into it."""
    return connection.execute(select(batches.c.id).limit(1)).first() is None
