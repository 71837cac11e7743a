"""What every back end of the search index promises."""

import threading
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.identifiers import DocumentId
from search.errors import IndexUnavailableError, MalformedQueryError
from search.indexing import index_document
from search.search_index import IndexedDocument, SearchIndex, SearchQuery, SearchResult
from tests.contract.backends import INDEXES

FILED_AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture(params=INDEXES)
def back_end(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_index(back_end: str, tmp_path: Path) -> Callable[[], SearchIndex]:
    """Open the same index as another process would."""
    return lambda: INDEXES[back_end](tmp_path / "index")


@pytest.fixture
def index(open_index: Callable[[], SearchIndex]) -> SearchIndex:
    index = open_index()
    index.clear()
    return index


def make_document(name: str, *pages: str, **fields: str | int) -> IndexedDocument:
    document = IndexedDocument(
        id=DocumentId(name), version=1, filed_at=FILED_AT, pages=pages or ("",)
    )
    return replace(document, **fields)  # type: ignore[arg-type]  # names are those of the class


def ids(result: SearchResult) -> list[str]:
    return [str(hit.id) for hit in result.hits]


def found(index: SearchIndex, text: str) -> list[str]:
    return ids(index.search(SearchQuery(text=text)))


@pytest.mark.parametrize(
    "text", ["đường", "duong", "Đường", "DUONG", "duo", "đường Trần Hưng Đạo", "tran hung dao"]
)
def test_words_are_found_with_and_without_marks(index: SearchIndex, text: str) -> None:
    index.put([make_document("a", "Số 5 đường Trần Hưng Đạo"), make_document("b", "giấy phép")])

    assert found(index, text) == ["a"]


def test_text_in_decomposed_form_is_found(index: SearchIndex) -> None:
    index.put([make_document("a", unicodedata.normalize("NFD", "Số 5 đường Trần Hưng Đạo"))])

    hit = index.search(SearchQuery(text=unicodedata.normalize("NFD", "trần"))).hits[0]

    assert hit.snippet == unicodedata.normalize("NFC", "Số 5 đường Trần Hưng Đạo")
    assert [hit.snippet[start:end] for start, end in hit.marked] == ["Trần"]


def test_the_same_marks_come_first(index: SearchIndex) -> None:
    pages = {"duong": "duong " * 20, "dương": "dương " * 20, "đường": "phố và đường"}
    index.put([make_document(name, f"{text} xa lộ") for name, text in pages.items()])

    assert found(index, "đường")[0] == "đường"
    assert found(index, "dương")[0] == "dương"
    assert sorted(found(index, "duong")) == sorted(pages)


@pytest.mark.parametrize(
    "text",
    [
        "120/QĐ-UBND",
        "120/qd-ubnd",
        "120 qd ubnd",
        "120/QĐ",
        "120",
        "ubnd 120",
        "120/QĐ-UB",
        "Số: 120/QĐ",
    ],
)
def test_a_number_is_found_however_it_is_typed(index: SearchIndex, text: str) -> None:
    index.put(
        [
            make_document("a", "Số: bản gốc", number="120/QĐ-UBND"),
            make_document("b", "Số: bản gốc", number="1120/QĐ-UBND"),
            make_document("c", "Số: bản gốc", number="12/QĐ-UBND"),
        ]
    )

    assert found(index, text) == ["a"]


def test_number_and_title_count_more_than_text(index: SearchIndex) -> None:
    index.put(
        [
            make_document("text", "Căn cứ Quyết định 120/QĐ-UBND, Quyết định 120/QĐ-UBND"),
            make_document("number", "Điều 1", number="120/QĐ-UBND"),
            make_document("title", "Điều 1", title="Thu hồi Quyết định 120/QĐ-UBND"),
        ]
    )

    assert found(index, "120/QĐ-UBND") == ["number", "title", "text"]


def test_a_quoted_phrase_must_stand_together(index: SearchIndex) -> None:
    index.put(
        [
            make_document("a", "đăng ký khai sinh cho trẻ"),
            make_document("b", "khai báo ngày sinh, đăng ký"),
        ]
    )

    assert found(index, '"khai sinh"') == ["a"]
    assert found(index, "“khai sinh”") == ["a"]
    assert sorted(found(index, "khai sinh")) == ["a", "b"]


def test_words_side_by_side_come_first_but_after_the_same_marks(index: SearchIndex) -> None:
    index.put(
        [
            make_document("apart", "An và Nguyễn và Văn; " * 9),
            make_document("name", "Ông Nguyễn Văn An, sinh năm"),
            make_document("unmarked", "Ong Nguyen Van An, sinh nam"),
        ]
    )

    assert found(index, "Nguyễn Văn An") == ["name", "apart", "unmarked"]
    assert found(index, "nguyen van an")[2] == "apart"


def test_only_the_last_word_may_be_unfinished(index: SearchIndex) -> None:
    index.put([make_document("a", "Nguyễn Văn Thảo"), make_document("b", "Nguyễn Văn Thanh")])

    assert sorted(found(index, "Nguyễn Văn Th")) == ["a", "b"]
    assert found(index, "Nguyen Van Tha") == found(index, "nguyen van tha")
    assert found(index, "Nguy Văn Thảo zz") == []


def test_a_finished_word_comes_before_one_that_goes_on(index: SearchIndex) -> None:
    index.put([make_document("anh", "Lê Văn Anh " * 9), make_document("an", "Lê Văn An")])

    assert found(index, "le van an") == ["an", "anh"]


def test_words_may_stand_on_different_pages_and_the_best_page_is_named(
    index: SearchIndex,
) -> None:
    index.put([make_document("a", "Quyết định về việc", "cấp giấy phép xây dựng", "Nơi nhận")])

    assert found(index, "quyết định xây dựng") == ["a"]
    hit = index.search(SearchQuery(text="giay phep")).hits[0]
    assert hit.page == 2
    assert [hit.snippet[start:end] for start, end in hit.marked] == ["giấy", "phép"]


def test_personal_numbers_are_found_whole_and_shown_masked(index: SearchIndex) -> None:
    index.put([make_document("a", "Số định danh: 027190001234 cấp", owner_id="027190001234")])

    assert found(index, "027190001234") == ["a"]
    assert ids(index.search(SearchQuery(owner_id="027190001234"))) == ["a"]
    assert found(index, "0271") == []
    hit = index.search(SearchQuery(text="027190001234")).hits[0]
    assert "0271••••1234" in hit.snippet
    assert "027190001234" not in repr(hit)


def test_an_owner_is_found_by_number_although_the_text_lacks_it(index: SearchIndex) -> None:
    index.put(
        [
            make_document("a", "không có số", owner_id="027190001234"),
            make_document("b", "không có số", owner_id="027190001235"),
        ]
    )

    assert found(index, "027190001234") == ["a"]
    assert found(index, "không 027190001234") == ["a"]


def test_a_typed_year_fits_what_was_issued_in_it_and_what_names_it(index: SearchIndex) -> None:
    index.put(
        [
            make_document("issued", "giấy khai sinh", issued_on="2017-05-09"),
            make_document("named", "giấy khai sinh lập năm 2017", issued_on="2020-01-02"),
            make_document("other", "giấy khai sinh", issued_on="2016-05-09"),
        ]
    )

    assert sorted(found(index, "khai sinh 2017")) == ["issued", "named"]
    assert found(index, "khai sinh 2017/5") == []


def test_filters_fit_exactly(index: SearchIndex) -> None:
    fields: dict[str, str] = {
        "component_type": "gpxd",
        "procedure": "1.013225",
        "issuer": "UBND phường Võ Cường",
        "issued_on": "2025-03",
        "dossier_code": "H42.21-250301-0001",
    }
    index.put([make_document("a", "nhà ở", **fields), make_document("b", "nhà ở")])

    for query in (
        SearchQuery(component_type="gpxd"),
        SearchQuery(text="nha", procedure="1.013225"),
        SearchQuery(issuer="ubnd Phuong võ cường"),
        SearchQuery(year=2025),
        SearchQuery(text="nhà ở", dossier_code="H42.21-250301-0001", year=2025),
    ):
        assert ids(index.search(query)) == ["a"]
    for query in (
        SearchQuery(component_type="gpx"),
        SearchQuery(text="nhà", year=2024),
        SearchQuery(component_type="gpxd", procedure="1"),
    ):
        assert index.search(query).total == 0


def test_without_words_everything_is_listed_in_pages(index: SearchIndex) -> None:
    index.put(
        [
            replace(
                make_document(f"d{number}", issued_on=f"20{10 + number}"),
                filed_at=FILED_AT - timedelta(days=number),
            )
            for number in range(7)
        ]
    )

    first = index.search(SearchQuery(limit=3))
    second = index.search(SearchQuery(limit=3, offset=3))
    by_date = index.search(SearchQuery(limit=2, sort="issued_on"))

    assert ids(first) + ids(second) == ["d0", "d1", "d2", "d3", "d4", "d5"]
    assert first.total == 7
    assert ids(by_date) == ["d6", "d5"]


def test_pages_of_an_answer_neither_repeat_nor_miss(index: SearchIndex) -> None:
    index.put([make_document(f"d{n:03d}", "quyết định " * (n % 5 + 1)) for n in range(57)])

    pages = [
        ids(index.search(SearchQuery(text="quyết định", limit=10, offset=offset)))
        for offset in range(0, 60, 10)
    ]

    assert len({name for page in pages for name in page}) == 57
    assert sum(map(len, pages)) == 57


@pytest.mark.parametrize("typed", ["nguyenn", "nguyn", "nguyem", "ngueyn"])
def test_a_word_one_letter_off_is_corrected_and_said_so(index: SearchIndex, typed: str) -> None:
    index.put([make_document("a", "Ông Nguyễn Văn Thảo"), make_document("b", "khác")])

    result = index.search(SearchQuery(text=f"{typed} van thao"))

    assert ids(result) == ["a"]
    assert result.corrected == "nguyen van thao"


def test_numbers_are_not_corrected_and_nothing_found_is_nothing(index: SearchIndex) -> None:
    index.put([make_document("a", "văn bản", number="120/QĐ-UBND")])

    result = index.search(SearchQuery(text="121/QĐ-UBND"))

    assert (result.hits, result.total, result.corrected) == ((), 0, None)


def test_what_is_found_is_not_corrected(index: SearchIndex) -> None:
    index.put([make_document("a", "thao"), make_document("b", "thau")])

    assert index.search(SearchQuery(text="thao")).corrected is None


def test_putting_again_changes_nothing(index: SearchIndex) -> None:
    document = make_document("a", "đường Trần Hưng Đạo")

    index_document(document, index=index)
    index_document(document, index=index)

    assert index.count() == 1
    assert index.search(SearchQuery(text="duong")).total == 1


def test_a_late_writer_does_not_win(index: SearchIndex) -> None:
    index.put([make_document("a", "bản mới", version=5)])

    index.put([make_document("a", "bản cũ", version=4)])

    assert found(index, "mới") == ["a"]
    assert found(index, "cũ") == []


def test_a_newer_version_replaces_all_of_the_older_one(index: SearchIndex) -> None:
    index.put([make_document("a", "giấy khai sinh", version=1, title="Bản một", issued_on="2020")])

    index.put([make_document("a", "chứng nhận kết hôn", version=2)])

    assert found(index, "khai sinh") == found(index, "bản một") == []
    assert index.search(SearchQuery(year=2020)).total == 0
    assert found(index, "kết hôn") == ["a"]
    assert index.count() == 1


def test_a_removed_document_is_gone_and_does_not_come_back_late(index: SearchIndex) -> None:
    index.put([make_document("a", "đường", version=3)])

    index.remove(DocumentId("a"))
    index.remove(DocumentId("a"))
    index.remove(DocumentId("never there"))
    index.put([make_document("a", "đường", version=3)])

    assert found(index, "đường") == []
    assert index.count() == 0
    index.put([make_document("a", "đường", version=4)])
    assert found(index, "đường") == ["a"]


def test_a_missing_index_is_unavailable_and_not_empty(
    open_index: Callable[[], SearchIndex],
) -> None:
    index = open_index()

    with pytest.raises(IndexUnavailableError):
        index.search(SearchQuery(text="x"))
    with pytest.raises(IndexUnavailableError):
        index.put([make_document("a")])
    with pytest.raises(IndexUnavailableError):
        index.count()


def test_a_rebuild_takes_the_place_of_the_old_index_when_it_is_done(
    index: SearchIndex, open_index: Callable[[], SearchIndex]
) -> None:
    index.put([make_document("old", "đường")])
    reader = open_index()

    with index.rebuilding() as fresh:
        fresh.put([make_document("new", "đường")])
        during = found(reader, "duong")

    assert during == ["old"]
    assert found(reader, "duong") == ["new"]


def test_a_rebuild_that_fails_leaves_the_old_index(index: SearchIndex) -> None:
    index.put([make_document("old", "đường")])

    def rebuild_from_a_catalogue_that_breaks() -> None:
        with index.rebuilding() as fresh:
            fresh.put([make_document("new", "đường")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        rebuild_from_a_catalogue_that_breaks()

    assert found(index, "duong") == ["old"]


def test_what_others_write_during_a_rebuild_is_not_lost(
    index: SearchIndex, open_index: Callable[[], SearchIndex]
) -> None:
    index.put([make_document(name, "đường cũ", version=1) for name in ("a", "b", "c")])
    other = open_index()

    with index.rebuilding() as fresh:
        other.put([make_document("a", "đường mới", version=2), make_document("d", "đường")])
        other.remove(DocumentId("b"))
        fresh.put([make_document(name, "đường cũ", version=1) for name in ("a", "b", "c")])

    assert sorted(found(index, "đường")) == ["a", "c", "d"]
    assert found(index, "mới") == ["a"]
    index.put([make_document("b", "đường", version=1)])
    assert found(index, "đường cũ") == ["c"]


def test_readers_and_writers_go_on_through_rebuilds(
    index: SearchIndex, open_index: Callable[[], SearchIndex]
) -> None:
    catalogue = [make_document(f"d{number}", f"đường d{number}") for number in range(30)]
    index.put(catalogue)
    done = threading.Event()
    totals: list[int] = []

    def read() -> None:
        reader = open_index()
        while not done.is_set():
            totals.append(reader.search(SearchQuery(text="duong")).total)

    def write() -> None:
        writer = open_index()
        while not done.is_set():
            name = f"d{len(catalogue)}"
            document = make_document(name, f"đường {name}")
            catalogue.append(document)
            writer.put([document])

    threads = [threading.Thread(target=target) for target in (read, read, write)]
    for thread in threads:
        thread.start()
    for _ in range(12):
        with index.rebuilding() as fresh:
            fresh.put(list(catalogue))
    done.set()
    for thread in threads:
        thread.join()

    assert min(totals) >= 30
    assert index.count() == len(catalogue) > 30
    assert found(index, f"{catalogue[-1].id} ") == [catalogue[-1].id]


def test_characters_that_are_no_text_do_no_harm(index: SearchIndex) -> None:
    index.put([make_document("a", "đường\0\ud800 \ufffe lớn", title="\udfff\0Bản \x1f đồ")])

    assert found(index, "đường lớn") == found(index, "bản\ud800 đồ\0") == ["a"]
    index.put([make_document("a", "khác", version=2)])
    assert found(index, "lớn") == []


def test_clearing_forgets_everything(index: SearchIndex) -> None:
    index.put([make_document("a", "đường")])

    index.clear()

    assert index.count() == 0
    assert found(index, "đường") == []


@pytest.fixture(scope="module", params=INDEXES)
def small_index(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SearchIndex:
    index = INDEXES[request.param](tmp_path_factory.mktemp("search") / "index")
    index.clear()
    index.put(
        [
            make_document("a", "Quyết định cấp giấy phép", number="120/QĐ-UBND"),
            make_document("b", "AND OR NOT NEAR body facets"),
        ]
    )
    return index


typed = st.one_of(
    st.text(max_size=60),
    st.text(st.sampled_from("ab \"*^:+-(){}[]/\\,.~|&!<>=?'đĐ0\n\0"), max_size=60),
    st.lists(
        st.sampled_from(["AND", "OR", "NOT", "NEAR(", "body:", '"', "quyết*", "^dinh", "-", "a"])
    ).map(" ".join),
)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(text=typed, issuer=st.one_of(st.none(), st.text(max_size=5)))
def test_no_text_makes_the_search_raise_anything_but_our_error(
    small_index: SearchIndex, text: str, issuer: str | None
) -> None:
    try:
        result = small_index.search(SearchQuery(text=text, issuer=issuer))
    except MalformedQueryError:
        return

    assert result.total >= len(result.hits)
    for hit in result.hits:
        assert all(0 <= start < end <= len(hit.snippet) for start, end in hit.marked)


@pytest.mark.parametrize("operator", ["AND", "or NOT", "NEAR(body facets)", "body facets*", "(AND"])
def test_operators_are_words_like_others(small_index: SearchIndex, operator: str) -> None:
    assert found(small_index, operator) == ["b"]


@pytest.mark.parametrize("text", ["x" * 1001, "từ " * 65])
def test_too_long_a_query_is_malformed(small_index: SearchIndex, text: str) -> None:
    with pytest.raises(MalformedQueryError):
        small_index.search(SearchQuery(text=text))


@pytest.mark.parametrize(("limit", "offset"), [(-1, 0), (201, 0), (20, -1), (20, 10_001)])
def test_an_impossible_part_of_an_answer_is_malformed(limit: int, offset: int) -> None:
    with pytest.raises(MalformedQueryError):
        SearchQuery(limit=limit, offset=offset)
