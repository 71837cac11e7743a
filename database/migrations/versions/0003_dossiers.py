"""Dossiers, owners, corrections after filing, duplicates, areas."""

from collections.abc import Iterator
from itertools import groupby

from alembic import op
from sqlalchemy import select

from database.duplicates import note_duplicate_key
from database.migration_steps import (
    add_missing_columns,
    create_missing_indexes,
    create_missing_tables,
)
from database.owners import note_owner
from database.tables import tags

revision = "0003"
down_revision = "0002"

_TOLD = ("issuer", "number", "issued_on", "owner_id", "owner_name")


def upgrade() -> None:
    """Add tables, columns and indexes, and fill them from the tags that are there."""
    create_missing_tables("dossiers", "owners", "owner_words", "tag_history", "notices")
    add_missing_columns("documents", "duplicate_key")
    add_missing_columns("accounts", "area")
    create_missing_indexes("documents")
    create_missing_indexes("audit")
    connection = op.get_bind()
    for document_id, values in _values_by_document():
        note_duplicate_key(connection, document_id, values=values)
        note_owner(
            connection,
            before=None,
            after=values.get("owner_id") or None,
            name=values.get("owner_name"),
        )


def _values_by_document() -> Iterator[tuple[str, dict[str, str | None]]]:
    query = (
        select(tags.c.document_id, tags.c.name, tags.c.value)
        .where(tags.c.name.in_(_TOLD))
        .order_by(tags.c.document_id)
    )
    rows = op.get_bind().execute(query).all()
    for document_id, group in groupby(rows, key=lambda row: str(row.document_id)):
        yield document_id, {row.name: row.value for row in group}
