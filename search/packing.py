"""A document as every back end keeps it, to be shown and to be indexed again."""

import json
import zlib
from dataclasses import asdict
from datetime import datetime

from documents.folding import to_nfc
from search.query import Term
from search.search_index import IndexedDocument, SearchHit
from search.snippets import make_snippet


def pack(document: IndexedDocument) -> bytes:
    """Return the document as it is kept."""
    fields = asdict(document)
    fields["filed_at"] = document.filed_at.isoformat()
    # Snippets are cut where folded text fits, and both forms must have the same length.
    fields["pages"] = [to_nfc(page) for page in document.pages]
    return zlib.compress(json.dumps(fields).encode("ascii"), 6)


def unpack(content: bytes) -> IndexedDocument:
    """Return what `pack` packed."""
    fields = json.loads(zlib.decompress(content))
    fields["filed_at"] = datetime.fromisoformat(fields["filed_at"])
    fields["pages"] = tuple(fields["pages"])
    return IndexedDocument(**fields)


def hit_of(content: bytes, *, score: float, terms: tuple[Term, ...]) -> SearchHit:
    """Return what a packed document looks like as the answer to a query."""
    document = unpack(content)
    snippet = make_snippet(document.pages, terms, owner_id=document.owner_id)
    return SearchHit(
        id=document.id,
        score=round(score, 4),
        component_type=document.component_type,
        procedure=document.procedure,
        number=document.number,
        issued_on=document.issued_on,
        issuer=document.issuer,
        title=document.title,
        owner_name=document.owner_name,
        dossier_code=document.dossier_code,
        source=document.source,
        filed_at=document.filed_at,
        page=snippet.page,
        snippet=snippet.text,
        marked=snippet.marked,
        valid_until=document.valid_until,
    )


def clean_text(value: str | None) -> str | None:
    """Return a value without what is no text (lone surrogates), which no product would take."""
    return None if value is None else value.encode("utf-8", "replace").decode("utf-8")
