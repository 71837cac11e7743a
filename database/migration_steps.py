"""Steps that may run twice: a fresh catalogue has today's tables already when 0001 is through."""

from alembic import op
from sqlalchemy import Column, inspect

from database.tables import metadata


def create_missing_tables(*names: str) -> None:
    """Create those of the tables that are not there."""
    tables = [metadata.tables[name] for name in names]
    metadata.create_all(op.get_bind(), tables=tables, checkfirst=True)


def add_missing_columns(table: str, *names: str) -> None:
    """Add those of the columns that are not there; they must be nullable or have a default."""
    connection = op.get_bind()
    known = {column["name"] for column in inspect(connection).get_columns(table)}
    for name in names:
        if name not in known:
            column = metadata.tables[table].columns[name]
            added: Column[object] = Column(
                column.name, column.type, nullable=True, server_default=column.server_default
            )
            op.add_column(table, added)
