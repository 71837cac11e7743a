"""A paper is found by what stands in it and by what should stand in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from database.converting import pack_reading
from database.pages import PackedReading, record_reading
from database.records import get_document, list_document_pages
from documents.identifiers import DocumentId
from search.query import parse_query
from search.search_index import SearchQuery
from tests.builders import line_of, make_page, make_word
from tests.unit.workers.filed_papers import OFFICER, enter_paper, opened_office
from workers.filing_stages import indexed_document
from workers.page_views import boxes_that_fit, words_of_page
from workers.services import Services


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with opened_office(tmp_path) as built:
        yield built


def enter_reading(services: Services) -> DocumentId:
    words = [
        make_word("lĩnh", raw="lmh"),
        make_word("quyền", x=300, raw="quyên"),
        make_word("vực", x=500),
    ]
    page = make_page(line_of(words))
    document_id = enter_paper(services, component_type="cong_van")
    with services.database.writing() as connection:
        (row,) = list_document_pages(connection, document_id)
        packed = PackedReading(packed=pack_reading(page), text=page.text, engine="test")
        record_reading(connection, row.page_id, packed, now=services.clock.now())
    return document_id


@pytest.mark.parametrize("words", ["lĩnh vực", "lmh", "linh", "quyên", "quyền"])
def test_the_index_holds_the_words_as_read_and_as_corrected(services: Services, words: str) -> None:
    document_id = enter_reading(services)
    with services.database.reading() as connection:
        document = get_document(connection, document_id)

    services.index.put([indexed_document(services, document)])

    found = services.index.search(SearchQuery(text=words))
    assert [hit.id for hit in found.hits] == [document_id]


def test_what_folds_to_the_same_is_not_held_twice(services: Services) -> None:
    document_id = enter_reading(services)
    with services.database.reading() as connection:
        document = get_document(connection, document_id)

    (text,) = indexed_document(services, document).pages

    assert text == "lĩnh quyền vực\n\nlmh"


@pytest.mark.parametrize(
    ("words", "left"),
    [("lĩnh", [160]), ("lmh", [160]), ("quyên", [300]), ("lmh quyên vực", [160, 300, 500])],
)
def test_what_the_index_finds_is_lit_as_read_and_as_corrected(
    services: Services, words: str, left: list[int]
) -> None:
    document_id = enter_reading(services)

    page = words_of_page(services, document_id, page=1, actor=OFFICER)

    assert [box.x0 for box in boxes_that_fit(page, parse_query(words))] == left
