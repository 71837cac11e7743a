"""What holds for an index in Elasticsearch besides the contract of every index."""

import secrets
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from documents.identifiers import DocumentId
from search.elasticsearch_index import ElasticsearchIndex, connect
from search.elasticsearch_mapping import SCHEMA_VERSION, source_of
from search.errors import IndexUnavailableError, IndexUnreachableError
from search.search_index import IndexedDocument, SearchQuery
from tests.contract.cutting_proxy import CuttingProxy, cutting_proxy
from tests.contract.real_stores import connect_search, forget_index
from tests.services import service


@pytest.fixture
def client() -> Elasticsearch:
    return connect_search()


@pytest.fixture
def name() -> str:
    chosen = f"test-{secrets.token_hex(8)}"
    forget_index(chosen)
    return chosen


@pytest.fixture
def index(client: Elasticsearch, name: str) -> ElasticsearchIndex:
    made = ElasticsearchIndex(client, name, patience_seconds=0.3)
    made.clear()
    return made


@pytest.fixture
def proxy() -> Iterator[CuttingProxy]:
    address = urlsplit(service("elasticsearch"))
    with cutting_proxy(address.hostname or "", address.port or 0) as made:
        yield made


def make_document(name: str, text: str = "đường", *, version: int = 1) -> IndexedDocument:
    filed_at = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    return IndexedDocument(id=DocumentId(name), version=version, filed_at=filed_at, pages=(text,))


def found(index: ElasticsearchIndex, text: str) -> list[str]:
    return [str(hit.id) for hit in index.search(SearchQuery(text=text)).hits]


def test_a_server_that_is_gone_is_unreachable_and_comes_back(
    index: ElasticsearchIndex, name: str, proxy: CuttingProxy
) -> None:
    index.put([make_document("a")])
    behind = ElasticsearchIndex(connect(f"http://{proxy.address}", timeout_seconds=5), name)
    before = found(behind, "duong")
    proxy.cut_after = 0

    for call in (
        lambda: found(behind, "duong"),
        behind.count,
        lambda: behind.put([make_document("a")]),
        lambda: behind.remove(DocumentId("a")),
        behind.clear,
    ):
        with pytest.raises(IndexUnreachableError):
            call()

    proxy.cut_after = None
    assert found(behind, "duong") == before == ["a"]


def test_nobody_at_the_address_is_unreachable(proxy: CuttingProxy, name: str) -> None:
    index = ElasticsearchIndex(connect(f"http://{proxy.address}"), name)
    proxy.close()

    with pytest.raises(IndexUnreachableError):
        index.count()


def test_an_index_that_is_gone_is_not_made_by_writing(
    index: ElasticsearchIndex, client: Elasticsearch, name: str
) -> None:
    client.indices.delete(index=f"{name}-v{SCHEMA_VERSION}-000001")

    with pytest.raises(IndexUnavailableError):
        index.put([make_document("a")])

    left = client.indices.get(index=f"{name}*", allow_no_indices=True).body
    assert sorted(left) == [f"{name}-lock"]


def test_fields_that_are_not_ours_are_refused_by_the_server(
    index: ElasticsearchIndex, client: Elasticsearch, name: str
) -> None:
    index.put([make_document("a")])

    with pytest.raises(BadRequestError, match="strict_dynamic_mapping"):
        client.index(
            index=f"{name}-v{SCHEMA_VERSION}",
            document={**source_of(make_document("b")), "else": "x"},
        )


def test_a_block_whose_rebuild_died_does_not_last(
    index: ElasticsearchIndex, client: Elasticsearch, name: str
) -> None:
    client.indices.add_block(index=f"{name}-v{SCHEMA_VERSION}", block="write")

    index.put([make_document("a")])

    assert found(index, "duong") == ["a"]


def test_a_lock_whose_holder_died_is_taken_over(
    index: ElasticsearchIndex, client: Elasticsearch, name: str
) -> None:
    dead = {"owner": "dead", "until": time.time() - 1}
    client.index(index=f"{name}-lock", id="rebuild", document=dead)

    with index.rebuilding() as fresh:
        fresh.put([make_document("a")])

    assert found(index, "duong") == ["a"]


def test_a_rebuild_whose_lock_was_taken_over_ends_and_changes_nothing(
    index: ElasticsearchIndex, client: Elasticsearch, name: str
) -> None:
    index.put([make_document("old")])
    thief = {"owner": "thief", "until": time.time() + 60}

    def rebuild_while_somebody_takes_over() -> None:
        with index.rebuilding() as fresh:
            client.index(index=f"{name}-lock", id="rebuild", document=thief)
            fresh.put([make_document("new")])

    with pytest.raises(IndexUnreachableError, match="another rebuild"):
        rebuild_while_somebody_takes_over()

    assert found(index, "duong") == ["old"]


def test_two_rebuilds_run_one_after_the_other(
    index: ElasticsearchIndex, client: Elasticsearch, name: str
) -> None:
    inside: list[str] = []

    def rebuild(who: str) -> None:
        with ElasticsearchIndex(connect_search(), name).rebuilding() as fresh:
            inside.append(f"{who} in")
            fresh.put([make_document(f"{who}{number}") for number in range(20)])
            inside.append(f"{who} out")

    threads = [threading.Thread(target=rebuild, args=(who,)) for who in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    last = inside[-1].split()[0]
    assert inside[0].split()[0] == inside[1].split()[0]
    assert index.count() == 20
    assert all(hit.startswith(last) for hit in found(index, "duong"))
    indexes = client.indices.get(index=f"{name}-v*").body
    assert len(indexes) == 1


def test_the_longest_query_is_answered(index: ElasticsearchIndex) -> None:
    index.put([make_document("a", " ".join(f"từ{n} Đường{n}" for n in range(40)))])

    words = " ".join(f"từ{n} Đường{n}" for n in range(32))

    assert found(index, words) == ["a"]


def test_only_the_newest_words_of_a_document_are_corrected_to(index: ElasticsearchIndex) -> None:
    index.put([make_document("a", "Nguyễn Văn Thảo")])
    index.put([make_document("a", "Nguyễn Văn Thanh", version=2)])

    result = index.search(SearchQuery(text="nguyen van thaoo"))

    assert (result.total, result.corrected) == (0, None)
