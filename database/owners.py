"""Owners: the persons and organisations that documents are about, found by name or number.

The rows are derived from the tags and follow them in the same transaction.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    delete,
    func,
    insert,
    select,
    update,
)

from database.locks import lock_owner
from database.tables import documents, owner_words, owners, tags
from documents.folding import fold
from documents.identifiers import OwnerKey, mint_owner_key

OWNER_TAGS = ("owner_id", "owner_name")
_WORD = re.compile(r"[a-z0-9]+")
_LONGEST_WORD = 60
_MOST_WORDS = 12
_COUNTED_WORDS = 5_000
# Behind every letter and digit that a folded word can hold.
_BEHIND = "\x7f"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerRow:
    """A person or organisation; `key` may stand in an address, `owner_id` may not."""

    key: OwnerKey
    owner_id: str
    name: str | None


def note_owner(
    connection: Connection, *, before: str | None, after: str | None, name: str | None
) -> None:
    """Enter the owner of a document whose tags were saved, and forget one that has none left."""
    for owner_id in sorted({one for one in (before, after) if one is not None}):
        lock_owner(connection, owner_id)
    if after is not None:
        _enter(connection, after, name)
    if before is not None and before != after and not _has_papers(connection, before):
        known = find_owner(connection, before)
        if known is not None:
            connection.execute(delete(owner_words).where(owner_words.c.owner_key == known.key))
            connection.execute(delete(owners).where(owners.c.key == known.key))


def find_owner(connection: Connection, number_or_key: str) -> OwnerRow | None:
    """Return the owner of this number or key."""
    column = owners.c.key if number_or_key.startswith("own_") else owners.c.owner_id
    row = connection.execute(select(owners).where(column == number_or_key)).first()
    return None if row is None else _owner(row)


def find_owners(connection: Connection, numbers: Sequence[str]) -> dict[str, OwnerRow]:
    """Return the owners of these numbers, by number; whom nobody knows is left out."""
    rows = connection.execute(select(owners).where(owners.c.owner_id.in_(numbers)))
    return {row.owner_id: _owner(row) for row in rows}


def find_owner_id_of(connection: Connection, document_id: str) -> str | None:
    """Return the number of the owner that a document's tags name."""
    query = select(tags.c.value).where(tags.c.document_id == document_id, tags.c.name == "owner_id")
    found: str | None = connection.execute(query).scalar()
    return found


def find_documents_with_owner(connection: Connection, document_ids: Sequence[str]) -> set[str]:
    """Return those of the documents that are about a person or organisation."""
    query = select(tags.c.document_id).where(
        tags.c.document_id.in_(document_ids), tags.c.name.in_(OWNER_TAGS), tags.c.value.is_not(None)
    )
    return set(connection.execute(query).scalars())


def search_owners_by_name(connection: Connection, text: str, *, limit: int) -> list[OwnerRow]:
    """Return owners in whose name each word begins one, with or without marks, by name."""
    words = words_of_name(text)
    if not words:
        return []
    # The rarest word leads: half of the country is called Nguyễn.
    rarest_first = sorted(words, key=lambda word: _frequency(connection, word))
    rows = connection.execute(owners_by_words(rarest_first).limit(limit))
    return sorted(map(_owner, rows), key=lambda one: (fold(one.name or ""), one.key))


def owners_by_words(words: Sequence[str]) -> Select[Any]:
    """Return the query for owners whose names hold words that begin like these."""
    leading, *others = words
    query = (
        select(owners)
        .join(owner_words, owner_words.c.owner_key == owners.c.key)
        .where(*_begins(owner_words, leading))
        .distinct()
    )
    for word in others:
        other = owner_words.alias()
        holds = select(other.c.word).where(other.c.owner_key == owners.c.key, *_begins(other, word))
        query = query.where(holds.exists())
    return query


def _begins(table: FromClause, word: str) -> tuple[ColumnElement[bool], ...]:
    return table.c.word >= word, table.c.word < word + _BEHIND


def _frequency(connection: Connection, word: str) -> int:
    some = select(owner_words.c.word).where(*_begins(owner_words, word)).limit(_COUNTED_WORDS)
    return connection.execute(select(func.count()).select_from(some.subquery())).scalar() or 0


def words_of_name(name: str) -> list[str]:
    """Return the words of a name, folded."""
    found = dict.fromkeys(word[:_LONGEST_WORD] for word in _WORD.findall(fold(name)))
    return list(found)[:_MOST_WORDS]


def count_filed_of_owner(connection: Connection, owner_id: str) -> int:
    """Return how many filed documents an owner has."""
    query = (
        select(func.count())
        .select_from(tags.join(documents, documents.c.id == tags.c.document_id))
        .where(tags.c.name == "owner_id", tags.c.value == owner_id, documents.c.state == "filed")
    )
    return connection.execute(query).scalar() or 0


def dossiers_of_owners(
    connection: Connection, owner_ids: Sequence[str]
) -> dict[str, set[str | None]]:
    """Return the dossiers that owners' documents stand in; None for those in no dossier."""
    rows = connection.execute(
        select(tags.c.value, documents.c.dossier_code)
        .join(documents, documents.c.id == tags.c.document_id)
        .where(tags.c.name == "owner_id", tags.c.value.in_(owner_ids))
        .distinct()
    )
    found: dict[str, set[str | None]] = {}
    for row in rows:
        found.setdefault(row.value, set()).add(row.dossier_code)
    return found


def _enter(connection: Connection, owner_id: str, name: str | None) -> None:
    known = find_owner(connection, owner_id)
    if known is None:
        known = OwnerRow(key=mint_owner_key(), owner_id=owner_id, name=None)
        connection.execute(insert(owners).values(key=known.key, owner_id=owner_id, name=None))
    if name is None or name == known.name:
        return
    connection.execute(update(owners).where(owners.c.key == known.key).values(name=name))
    connection.execute(delete(owner_words).where(owner_words.c.owner_key == known.key))
    words = words_of_name(name)
    if words:
        rows = [{"word": word, "owner_key": known.key} for word in words]
        connection.execute(insert(owner_words), rows)


def _has_papers(connection: Connection, owner_id: str) -> bool:
    query = select(tags.c.document_id).where(tags.c.name == "owner_id", tags.c.value == owner_id)
    return connection.execute(query.limit(1)).first() is not None


def _owner(row: Row[Any]) -> OwnerRow:
    return OwnerRow(**row._mapping)  # noqa: SLF001 - a row's documented mapping
