"""Reading an index of Elasticsearch: what changed in it, and how frequent words are."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from elasticsearch import ApiError, Elasticsearch

from search.elasticsearch_mapping import FOLDED
from search.elasticsearch_queries import PRESENT
from search.elasticsearch_writing import copying, write

_COPIED_AT_ONCE = 200
_KEPT = "2m"
_LONGEST_WORD = 255  # the server's analyser cuts longer ones


def last_change(client: Elasticsearch, index: str) -> int:
    """Return the number of the last change of an index, -1 where there was none."""
    client.indices.refresh(index=index)
    found = client.search(index=index, size=1, sort=[{"_seq_no": "desc"}], source=False)
    return next((int(hit["sort"][0]) for hit in found["hits"]["hits"]), -1)


def copy_changes(client: Elasticsearch, index: str, alias: str, *, since: int) -> int:
    """Write what was put and removed since a change into another index; return the last change."""
    client.indices.refresh(index=index)
    with _point_in_time(client, index) as point:
        while True:
            found = client.search(
                pit=point,
                size=_COPIED_AT_ONCE,
                query={"range": {"_seq_no": {"gt": since}}},
                sort=[{"_seq_no": "asc"}],
                version=True,
            )
            hits = found["hits"]["hits"]
            if not hits:
                return since
            changes = (copying(hit["_id"], hit["_version"], hit["_source"]) for hit in hits)
            write(client, alias, changes)
            since = int(hits[-1]["sort"][0])


def count_words(client: Elasticsearch, index: str, words: Sequence[str]) -> dict[str, int]:
    """Return in how many documents those of the folded words are that occur at all.

    The server's statistics of terms say quickly which may occur, also those of documents that were
    replaced; these few are then counted.
    """
    short = [word for word in words if len(word) <= _LONGEST_WORD]
    if not short:
        return {}
    told = client.termvectors(
        index=index,
        doc=dict.fromkeys(FOLDED, " ".join(short)),
        fields=list(FOLDED),
        term_statistics=True,
        field_statistics=False,
        positions=False,
        offsets=False,
        payloads=False,
    )
    possible = {
        f"{field} {word}": (field, word)
        for field, vector in told["term_vectors"].items()
        for word, statistics in vector["terms"].items()
        if statistics.get("doc_freq")
    }
    if not possible:
        return {}
    counting = {
        name: {"filter": {"term": {field: word}}} for name, (field, word) in possible.items()
    }
    counted = client.search(index=index, size=0, query=PRESENT, aggregations=counting)
    found: dict[str, int] = {}
    for name, (_, word) in possible.items():
        documents = int(counted["aggregations"][name]["doc_count"])
        if documents:
            found[word] = max(documents, found.get(word, 0))
    return found


@contextmanager
def _point_in_time(client: Elasticsearch, index: str) -> Iterator[dict[str, Any]]:
    """Hold the documents of an index as they are now."""
    opened = client.open_point_in_time(index=index, keep_alive=_KEPT)
    try:
        yield {"id": opened["id"], "keep_alive": _KEPT}
    finally:
        with suppress(ApiError):
            client.close_point_in_time(id=opened["id"])
