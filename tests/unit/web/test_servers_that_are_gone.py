"""What pages and API say while the search server or the store does not answer."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.minio_requests import connect as connect_minio
from archive.minio_storage import MinioStorage
from search.elasticsearch_index import ElasticsearchIndex, connect
from tests.end_to_end.stepping import opened_home
from tests.unit.web.site import Browser, Site
from workers.looking_after import look_after
from workers.reindexing import ensure_index

NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home: Path = tmp_path_factory.mktemp("home")
    with opened_home(home) as services:
        client = connect_minio(
            NOBODY,
            access_key="sohoa",
            secret_key="invented",  # noqa: S106 - nobody is there
            region="us-east-1",
        )
        alone = replace(
            services,
            index=ElasticsearchIndex(connect(NOBODY), "sohoa"),
            storage=MinioStorage(client, "sohoa", clock=services.clock, lock_years=5),
        )
        made = Site(alone)
        made.add_person("an.tran", "officer")
        yield made
        made.close()


@pytest.fixture(scope="module")
def officer(site: Site) -> Browser:
    return site.browser_of("an.tran")


def test_the_search_page_says_that_the_index_does_not_answer(officer: Browser) -> None:
    answer = officer.get("/search", params={"q": "duong"})

    assert answer.status_code == 503
    assert "Máy chủ tìm kiếm chưa trả lời" in answer.text
    assert "Tài liệu đã lưu không bị ảnh hưởng" in answer.text


def test_the_state_of_the_installation_names_both(site: Site) -> None:
    outlook = look_after(site.services)

    assert (outlook.store, outlook.search) == ("problem", "problem")
    assert outlook.indexed is None


def test_a_program_starts_all_the_same(site: Site) -> None:
    ensure_index(site.services)

    assert look_after(site.services).reading == "good"
