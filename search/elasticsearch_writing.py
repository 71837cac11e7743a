"""Writing documents into an index of Elasticsearch."""

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from search.elasticsearch_generations import Generations
from search.elasticsearch_mapping import source_of, tombstone_of
from search.errors import IndexUnavailableError, IndexUnreachableError
from search.search_index import IndexedDocument

Operation = tuple[dict[str, Any], dict[str, Any]]
"""What is done with a document, and the document: two lines of a bulk request."""

_OPERATIONS_AT_ONCE = 500
_CHARACTERS_AT_ONCE = 4_000_000
_PAUSE_SECONDS = 0.05
# Much longer than any rebuild that lives holds writers back.
PATIENCE_SECONDS = 60.0
_REFUSED, _CONFLICT, _MISSING = 300, 409, 404


def putting(document: IndexedDocument) -> Operation:
    """Return what puts a document unless the index has the same or a newer version."""
    return _index(document.id, document.version, "external"), source_of(document)


def burying(document_id: str, version: int) -> Operation:
    """Return what puts a tombstone in the place of this version."""
    return _index(document_id, version, "external_gte"), tombstone_of(document_id)


def copying(document_id: str, version: int, source: dict[str, Any]) -> Operation:
    """Return what brings a document or a tombstone over from another index."""
    kind = "external" if source["present"] else "external_gte"
    return _index(document_id, version, kind), source


def write(client: Elasticsearch, alias: str, operations: Iterable[Operation]) -> list[str]:
    """Send operations to the index behind an alias; return ids of those that lost to a newer one.

    Raises:
        IndexUnavailableError: there is no such alias, or it holds writers back.
    """
    try:
        return _write(client, alias, operations)
    except _HeldBackError as error:
        raise IndexUnavailableError(str(error)) from error


def _write(client: Elasticsearch, alias: str, operations: Iterable[Operation]) -> list[str]:
    lost: list[str] = []
    for batch in _batches(operations):
        lines = [line for operation in batch for line in operation]
        answer = client.bulk(index=alias, operations=lines, require_alias=True)
        for item in answer["items"]:
            told = item["index"]
            if told["status"] == _CONFLICT:
                lost.append(told["_id"])
            elif told["status"] >= _REFUSED:
                raise _refusal(told)
    return lost


def write_through_rebuilds(
    client: Elasticsearch,
    generations: Generations,
    operations: Sequence[Operation],
    *,
    patience_seconds: float,
) -> list[str]:
    """Write into the current index; wait where a rebuild holds writers back to take its place.

    A rebuild that died while it did so left a block that nobody else takes away.
    """
    last = time.monotonic() + patience_seconds
    while True:
        try:
            lost = _write(client, generations.alias, operations)
            client.indices.refresh(index=generations.alias)
        except _HeldBackError as error:
            current = generations.current()
            if current is None:
                raise IndexUnavailableError(str(error)) from error
            if time.monotonic() > last:
                generations.unblock(current)
            time.sleep(_PAUSE_SECONDS)
            continue
        return lost


class _HeldBackError(Exception):
    """The index takes no documents: it is about to be replaced, or was."""


def _refusal(told: dict[str, Any]) -> IndexUnavailableError | _HeldBackError:
    kind = str(told.get("error", {}).get("type"))
    if told["status"] == _MISSING or kind == "cluster_block_exception":
        return _HeldBackError("index missing" if told["status"] == _MISSING else kind)
    return IndexUnreachableError(f"{told['status']} {kind}")


def _index(document_id: str, version: int, kind: str) -> dict[str, Any]:
    return {"index": {"_id": document_id, "version": version, "version_type": kind}}


def _batches(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    batch: list[Operation] = []
    characters = 0
    for operation in operations:
        batch.append(operation)
        source = operation[1]
        characters += len(source.get("content", "")) + 2 * len(source.get("body", ""))
        if len(batch) >= _OPERATIONS_AT_ONCE or characters >= _CHARACTERS_AT_ONCE:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
