"""Documents in the form that Elasticsearch takes.

Everything is cut into words and folded by `search.words` first, so the server's analyser has only
blanks to find. Nothing is used that a server without optional modules lacks.
"""

import base64
from datetime import UTC
from typing import Any

from search.facet_words import facet_words_of, words_of_document
from search.packing import clean_text, pack
from search.search_index import MAX_LIMIT, MAX_OFFSET, IndexedDocument
from search.words import fold_nfc

# Raise it whenever words, folding or fields change: an index made differently must be rebuilt.
SCHEMA_VERSION = 1
FOLDED = ("number", "title", "names", "body")
FOLDED_WEIGHED = ("number^10", "title^6", "names^4", "body")
EXACT = ("head_exact", "body_exact")
_LONGEST_VALUE = 1_000

_WORDS = {"type": "text", "analyzer": "whitespace"}
_UNWEIGHED_WORDS = {**_WORDS, "norms": False}
_VALUE = {"type": "keyword", "ignore_above": _LONGEST_VALUE}
SETTINGS: dict[str, Any] = {
    # One shard numbers all its changes in one row, which is how a rebuild finds what it missed.
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "max_result_window": MAX_OFFSET + MAX_LIMIT,
}
MAPPINGS: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "id": {"type": "keyword"},
        "present": {"type": "boolean"},
        **dict.fromkeys(FOLDED, _WORDS),
        **dict.fromkeys(EXACT, _UNWEIGHED_WORDS),
        "facets": {"type": "keyword"},
        "component_type": _VALUE,
        "procedure": _VALUE,
        "issuer": _VALUE,
        "year": _VALUE,
        "owner_id": _VALUE,
        "valid_until": _VALUE,
        "issued_on": _VALUE,
        "filed_at": {"type": "keyword"},
        "content": {"type": "binary"},
    },
}


def source_of(document: IndexedDocument) -> dict[str, Any]:
    """Return what is sent of a document; `content` is all of it, to be shown."""
    words = words_of_document(document)
    return {
        "id": document.id,
        "present": True,
        "number": _folded(words.number),
        "title": _folded(words.title),
        "names": _folded(words.names),
        "body": _folded(words.body),
        # Values of their own, since no phrase reaches from one value into the next.
        "head_exact": [" ".join(part) for part in (words.number, words.title, words.names)],
        "body_exact": " ".join(words.body),
        "facets": facet_words_of(document),
        "component_type": clean_text(document.component_type),
        "procedure": clean_text(document.procedure),
        "issuer": clean_text(document.issuer or None),
        "year": clean_text(document.issued_on[:4] if document.issued_on else None),
        "owner_id": clean_text(document.owner_id),
        "valid_until": clean_text(document.valid_until),
        "issued_on": clean_text(document.issued_on or ""),
        "filed_at": document.filed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "content": base64.b64encode(pack(document)).decode("ascii"),
    }


def tombstone_of(document_id: str) -> dict[str, Any]:
    """Return what stays of a removed document, so that a late writer does not bring it back."""
    return {"id": document_id, "present": False}


def content_of(source: dict[str, Any]) -> bytes:
    """Return the packed document of a hit."""
    return base64.b64decode(source["content"])


def _folded(words: list[str]) -> str:
    return fold_nfc(" ".join(words))
