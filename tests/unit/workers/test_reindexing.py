"""Making the index that is missing."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from search.elasticsearch_index import ElasticsearchIndex
from search.search_index import SearchIndex
from tests.contract.backends import INDEXES
from tests.contract.real_stores import connect_search, forget_index
from tests.end_to_end.stepping import opened_home
from workers.reindexing import ensure_index


@pytest.mark.parametrize("back_end", INDEXES)
def test_a_missing_index_is_made_and_one_that_is_there_is_left(
    back_end: str, tmp_path: Path
) -> None:
    index: SearchIndex = INDEXES[back_end](tmp_path / "index")

    with opened_home(tmp_path / "home") as services:
        alone = replace(services, index=index)
        ensure_index(alone)
        ensure_index(alone)

    assert index.count() == 0


def test_of_many_programs_that_start_at_once_one_makes_the_index(tmp_path: Path) -> None:
    name = f"test-{secrets.token_hex(8)}"
    forget_index(name)

    with opened_home(tmp_path / "home") as services:

        def start() -> None:
            ensure_index(replace(services, index=ElasticsearchIndex(connect_search(), name)))

        run_at_once(start, start, start)

    indexes = connect_search().indices.get(index=f"{name}-v*").body
    assert [one.rpartition("-")[2] for one in indexes] == ["000001"]


def run_at_once(*calls: Callable[[], None]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
