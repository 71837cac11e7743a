"""The search index in Elasticsearch, for many machines."""

import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch, NotFoundError

from documents.identifiers import DocumentId
from search.elasticsearch_errors import translated_errors
from search.elasticsearch_generations import LONGEST_BLOCK_SECONDS, Generations
from search.elasticsearch_lock import RebuildLock
from search.elasticsearch_mapping import content_of
from search.elasticsearch_queries import COUNTED_MATCHES, PRESENT, read_facets, request_of
from search.elasticsearch_reading import copy_changes, count_words, last_change
from search.elasticsearch_writing import (
    PATIENCE_SECONDS,
    Operation,
    burying,
    putting,
    write,
    write_through_rebuilds,
)
from search.errors import IndexUnreachableError
from search.packing import hit_of
from search.query import Term, parse_query
from search.search_index import IndexedDocument, IndexWriter, SearchQuery, SearchResult
from search.spelling import corrections

_FEW_CHANGES = 50
_MISSING, _UNAVAILABLE = 404, 503
_ATTEMPTS = 5
_Answer = TypeVar("_Answer")


class ElasticsearchIndex:
    """Keeps the index in an Elasticsearch server; safe for threads, processes and hosts.

    Before the first use `clear` makes an empty index (or `rebuilding` a full one): an index that
    got lost must not look like one that finds nothing.
    """

    def __init__(
        self, client: Elasticsearch, name: str, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._client = client
        self._generations = Generations(client, name)
        self._patience_seconds = patience_seconds

    def put(self, documents: Sequence[IndexedDocument]) -> None:
        with translated_errors():
            self._write([putting(document) for document in documents])

    def remove(self, document_id: DocumentId) -> None:
        with translated_errors():
            for _ in range(_ATTEMPTS):
                version = self._version_of(document_id)
                if version is None or not self._write([burying(document_id, version)]):
                    return
        raise IndexUnreachableError("the document changes all the time")

    def search(self, query: SearchQuery) -> SearchResult:
        terms = parse_query(query.text)
        if query.text.strip() and not terms:
            return SearchResult(hits=(), total=0)
        result = self._answer(terms, query)
        if result.total or not terms:
            return result
        for corrected in corrections(terms, self._frequencies):
            other = self._answer(corrected, query)
            if other.total:
                said = " ".join(" ".join(term.exact) for term in corrected)
                return replace(other, corrected=said)
        return result

    def count(self) -> int:
        answer = self._read(
            lambda: self._client.count(index=self._generations.alias, query=PRESENT)
        )
        return int(answer["count"])

    def clear(self) -> None:
        with translated_errors(), self._generations.making() as (fresh, _):
            self._generations.make_current(fresh)

    @contextmanager
    def rebuilding(self) -> Iterator[IndexWriter]:
        with translated_errors(), self._generations.making() as (fresh, lock):
            old = self._generations.current()
            seen = -1 if old is None else last_change(self._client, old)
            alias = self._generations.alias_for_writing(fresh)
            yield _FreshIndex(self._client, alias, lock)
            lock.renew()
            self._client.indices.refresh(index=fresh)
            if old is None:
                self._generations.make_current(fresh)
            else:
                self._replace(old, fresh, seen=seen)

    def _replace(self, old: str, fresh: str, *, seen: int) -> None:
        """Bring over what was written meanwhile, the last of it while all writers wait."""
        alias = self._generations.alias_for_writing(fresh)
        for _ in range(_ATTEMPTS):
            before = -2
            while seen - before > _FEW_CHANGES:
                before, seen = seen, copy_changes(self._client, old, alias, since=seen)
            with self._generations.blocked(old) as began:
                seen = copy_changes(self._client, old, alias, since=seen)
                self._client.indices.refresh(index=fresh)
                if time.monotonic() - began < LONGEST_BLOCK_SECONDS:
                    self._generations.make_current(fresh)
                    return
        raise IndexUnreachableError("it is written faster than it can be rebuilt")

    def _write(self, operations: Sequence[Operation]) -> list[str]:
        if not operations:
            return []
        return write_through_rebuilds(
            self._client, self._generations, operations, patience_seconds=self._patience_seconds
        )

    def _version_of(self, document_id: DocumentId) -> int | None:
        """Return the version of a document that is there."""
        try:
            found = self._client.get(
                index=self._generations.alias, id=document_id, source_includes=["present"]
            )
        except NotFoundError as error:
            if isinstance(error.body, dict) and error.body.get("found") is False:
                return None
            raise
        return int(found["_version"]) if found["_source"]["present"] else None

    def _answer(self, terms: tuple[Term, ...], query: SearchQuery) -> SearchResult:
        request = request_of(terms, query)
        answer = self._read(
            lambda: self._client.search(
                index=self._generations.alias, allow_partial_search_results=False, **request
            )
        )
        total = int(answer["hits"]["total"]["value"])
        is_counted = total <= COUNTED_MATCHES or request["track_total_hits"] is True
        with translated_errors():
            return SearchResult(
                hits=tuple(
                    hit_of(content_of(hit["_source"]), score=hit["_score"] or 0.0, terms=terms)
                    for hit in answer["hits"]["hits"]
                ),
                total=total if is_counted else COUNTED_MATCHES,
                is_total_exact=is_counted,
                facets=read_facets(answer.get("aggregations", {}), query),
            )

    def _frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """Return in how many documents those of the folded words are that occur at all."""
        return self._read(lambda: count_words(self._client, self._generations.alias, words))

    def _read(self, ask: Callable[[], _Answer]) -> _Answer:
        """Ask; a second time where a rebuild removed the index while the answer was made."""
        with translated_errors():
            try:
                return ask()
            except ApiError as error:
                if error.status_code not in {_MISSING, _UNAVAILABLE}:
                    raise
                return ask()


class _FreshIndex:
    """Writes into an index that is being made."""

    def __init__(self, client: Elasticsearch, alias: str, lock: RebuildLock) -> None:
        self._client = client
        self._alias = alias
        self._lock = lock

    def put(self, documents: Sequence[IndexedDocument]) -> None:
        with translated_errors():
            self._lock.renew()
            write(self._client, self._alias, (putting(document) for document in documents))


def connect(
    url: str,
    *,
    username: str = "",
    password: str | None = None,
    ca_cert: Path | None = None,
    timeout_seconds: float = 20.0,
) -> Elasticsearch:
    """Return a client of the server at a URL; nothing is sent yet.

    A request is repeated once, for a connection that the server had closed meanwhile. An
    unreadable `ca_cert` raises `OSError` or `ssl.SSLError`.
    """
    is_secure = url.startswith("https:")
    authorities = None if ca_cert is None else str(ca_cert)
    return Elasticsearch(
        url,
        basic_auth=(username, password or "") if username else None,
        # Given by us, since the client would take a list of its own instead of the system's.
        ssl_context=ssl.create_default_context(cafile=authorities) if is_secure else DEFAULT,
        request_timeout=timeout_seconds,
        max_retries=1,
        retry_on_status=(),
    )
