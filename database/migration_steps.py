"""Steps that may run twice: a fresh catalogue has today's tables already when 0001 is through."""

from alembic import op
from sqlalchemy import Column, inspect

from database.schema import SCHEMA


def create_missing_tables(*names: str) -> None:
    """Create those of the tables that are not there."""
    tables = [SCHEMA.tables[name] for name in names]
    SCHEMA.create_all(op.get_bind(), tables=tables, checkfirst=True)


def add_missing_columns(table: str, *names: str) -> None:
    """Add those of the columns that are not there; they must be nullable or have a default."""
    connection = op.get_bind()
    known = {column["name"] for column in inspect(connection).get_columns(table)}
    for name in names:
        if name not in known:
            column = SCHEMA.tables[table].columns[name]
            added: Column[object] = Column(
                column.name, column.type, nullable=True, server_default=column.server_default
            )
            op.add_column(table, added)


def create_missing_indexes(table: str) -> None:
    """Create those of a table's indexes that are not there."""
    connection = op.get_bind()
    for index in sorted(SCHEMA.tables[table].indexes, key=lambda one: str(one.name)):
        index.create(connection, checkfirst=True)
