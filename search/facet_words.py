"""The words of a document and its values to narrow by, the same for every back end."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from documents.folding import fold, to_nfc
from search.search_index import IndexedDocument, SearchQuery
from search.words import identifier_of, words_of


@dataclass(frozen=True, slots=True)
class DocumentWords:
    """The words of a document in lower case, by where they stand."""

    number: list[str]
    title: list[str]
    names: list[str]
    body: list[str]


def words_of_document(document: IndexedDocument) -> DocumentWords:
    """Return the words of each part of a document."""
    names = (document.owner_name, document.issuer, document.dossier_code)
    return DocumentWords(
        number=words_of(to_nfc(document.number or "")),
        title=words_of(to_nfc(document.title or "")),
        names=words_of(to_nfc(" ".join(part for part in names if part))),
        body=words_of(to_nfc("\n".join(document.pages))),
    )


def facet_words_of(document: IndexedDocument) -> list[str]:
    """Return a word for each value that a query may ask for as a whole."""
    values = {
        "c": document.component_type,
        "p": document.procedure,
        "i": normal_name(document.issuer),
        "y": document.issued_on[:4] if document.issued_on else None,
        "o": identifier_word(document.owner_id) if document.owner_id else None,
        "d": document.dossier_code,
    }
    return [facet_word(kind, value) for kind, value in values.items() if value is not None]


def wanted_facet_words(query: SearchQuery) -> Iterator[tuple[str, str]]:
    """Yield the filters of a query but validity: the name in the query, and the word."""
    values = {
        "component_type": ("c", query.component_type),
        "procedure": ("p", query.procedure),
        "issuer": ("i", normal_name(query.issuer)),
        "year": ("y", None if query.year is None else f"{query.year:04d}"),
        "owner_id": ("o", None if query.owner_id is None else identifier_word(query.owner_id)),
        "dossier_code": ("d", query.dossier_code),
    }
    for name, (kind, value) in values.items():
        if value is not None:
            yield name, facet_word(kind, value)


def facet_word(kind: str, value: str) -> str:
    """Return one word for a value that is compared as a whole (64 bits of its digest)."""
    digest = hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8)
    return f"{kind}{digest.hexdigest()}"


def normal_name(name: str | None) -> str | None:
    """Return a name without regard to marks, case and blanks."""
    return None if name is None else " ".join(fold(name).split())


def identifier_word(owner_id: str) -> str:
    """Return an owner's number in the form in which it is compared."""
    return identifier_of(owner_id) or owner_id
