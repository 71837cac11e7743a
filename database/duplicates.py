"""Papers that seem to be here twice, by the key that is kept with each document."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, select, update

from database.tables import documents
from documents.paper_keys import key_of_paper

_GONE = ("discarded",)


def note_duplicate_key(
    connection: Connection, document_id: str, *, values: Mapping[str, str | None]
) -> None:
    """Keep the key of a document whose tags were saved."""
    key = key_of_paper(
        issuer=values.get("issuer"), number=values.get("number"), issued_on=values.get("issued_on")
    )
    connection.execute(
        update(documents).where(documents.c.id == document_id).values(duplicate_key=key)
    )


def list_duplicates(
    connection: Connection, key: str, *, besides: str | None = None, limit: int = 20
) -> list[str]:
    """Return the ids of documents of this key, oldest first, without those that were discarded."""
    query = duplicates_by_key(key)
    if besides is not None:
        query = query.where(documents.c.id != besides)
    return list(connection.execute(query.limit(limit)).scalars())


def find_duplicate_key(connection: Connection, document_id: str) -> str | None:
    """Return the key of a document; None where issuer, number or year is not known."""
    query = select(documents.c.duplicate_key).where(documents.c.id == document_id)
    key: str | None = connection.execute(query).scalar()
    return key


def duplicates_by_key(key: str) -> Select[Any]:
    """Return the query for documents of this key."""
    return (
        select(documents.c.id)
        .where(documents.c.duplicate_key == key, documents.c.state.not_in(_GONE))
        .order_by(documents.c.id)
    )
