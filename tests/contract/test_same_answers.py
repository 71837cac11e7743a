"""Whichever product stands behind the search: the same answers in the same order."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from documents.identifiers import DocumentId
from search.search_index import IndexedDocument, SearchIndex, SearchQuery, SearchResult
from search.sqlite_index import SqliteIndex
from tests.contract.real_stores import open_elasticsearch

FILED_AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Đỗ")
GIVEN = ("Văn An", "Thị Ánh", "Đức Thảo", "Minh Thư", "Thị Hoà", "Quốc Đạt", "Văn Ân")
OFFICES = ("UBND phường Võ Cường", "UBND xã Đại Đồng", "Sở Xây dựng", "Sở Tư pháp")
KINDS = {
    "giay_khai_sinh": "Giấy khai sinh",
    "giay_phep_xay_dung": "Giấy phép xây dựng nhà ở riêng lẻ",
    "quyet_dinh": "Quyết định về việc thu hồi đất",
    "dang_ky_ket_hon": "Giấy chứng nhận kết hôn",
}
SENTENCES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương;",
    "Xét đơn đề nghị của ông (bà) có tên nêu trên",
    "được phép xây dựng công trình trên thửa đất số 12, tờ bản đồ số 7",
    "đường Trần Hưng Đạo, thành phố Bắc Ninh",
    "Điều 1. Cho phép đăng ký khai sinh quá hạn cho trẻ em",
    "Điều 2. Quyết định này có hiệu lực kể từ ngày ký",
    "khai nhận di sản thừa kế, sinh hoạt phí hằng tháng",
    "Chánh Văn phòng, Trưởng phòng Tư pháp chịu trách nhiệm thi hành",
    "theo Quyết định 120/QĐ-UBND ngày 5 tháng 3 năm 2024",
    "hộ kinh doanh cá thể bán tạp hoá",
)
QUERIES = (
    "khai sinh",
    "Khai sinh",
    '"khai sinh"',
    "khai sinh 2024",
    "giay phep xay dung",
    "giấy phép xây dựng",
    "120/QĐ-UBND",
    "120/qd-ubnd",
    "17/GPXD",
    "nguyen van an",
    "Nguyễn Văn Ân",
    "Nguyễn Văn An",
    "tran thi",
    "đặng đức",
    "dang duc thao",
    "đường Trần Hưng Đạo",
    "duong tran hung",
    "quyết định thu hồi",
    "quyet dinh hieu luc",
    "thua dat so 12",
    "ho kinh doanh tap hoa",
    "tạp hóa",
    "vo cuong",
    "ket hon le",
    "trach nhiem thi han",
    "chánh văn phòng",
    "chanh van phog",
    "khai sin",
    "nguyenn van an",
    "027190000007",
    "2023",
    "không có ở đâu cả",
)
FILTERS = (
    SearchQuery(component_type="giay_khai_sinh"),
    SearchQuery(issuer="ubnd phuong vo cuong", year=2024),
    SearchQuery(
        text="khai sinh",
        component_type="quyet_dinh",
        today=TODAY,
        validity="valid",
        sort="filed_at",
    ),
    SearchQuery(text="dieu", today=TODAY, validity="expired", sort="issued_on"),
    SearchQuery(text="dat", today=TODAY, validity="unknown", sort="filed_at", limit=7, offset=3),
    SearchQuery(owner_id="027190000007"),
    SearchQuery(limit=50, sort="issued_on"),
)


def made_documents() -> Iterator[IndexedDocument]:
    dice = random.Random(20261124)  # noqa: S311 - the same documents each time
    for number in range(150):
        kind = dice.choice(sorted(KINDS))
        owner = f"{dice.choice(FAMILIES)} {dice.choice(GIVEN)}"
        year = dice.randint(2020, 2026)
        pages = [
            "\n".join(dice.choices(SENTENCES, k=dice.randint(2, 9)))
            for _ in range(dice.choice((1, 2)))
        ]
        yield IndexedDocument(
            id=DocumentId(f"doc_{number:03d}"),
            version=1,
            filed_at=FILED_AT - timedelta(hours=number),
            component_type=kind,
            number=f"{number % 40}/{'GPXD' if kind == 'giay_phep_xay_dung' else 'QĐ-UBND'}",
            issued_on=f"{year}-{dice.randint(1, 12):02d}-15",
            issuer=dice.choice(OFFICES),
            title=KINDS[kind],
            owner_name=owner,
            owner_id=f"0271900000{number % 60:02d}",
            valid_until=dice.choice((None, "2025-01-01", "2027-01-01", "9999-12-31")),
            pages=(f"Họ và tên: {owner}\n{pages[0]}", *pages[1:]),
        )


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[SearchIndex, SearchIndex]:
    folder = tmp_path_factory.mktemp("both")
    documents = list(made_documents())
    indexes = (SqliteIndex(folder / "embedded"), open_elasticsearch(folder / "server"))
    for index in indexes:
        index.clear()
        index.put(documents)
    return indexes


def by_fit(result: SearchResult) -> list[tuple[int, str]]:
    """Return how well each hit fits (a thousand for each step), and which it is."""
    return [(int(hit.score // 1000), str(hit.id)) for hit in result.hits]


@pytest.mark.parametrize("text", QUERIES)
def test_both_find_the_same_and_put_what_fits_better_first(
    both: tuple[SearchIndex, SearchIndex], text: str
) -> None:
    embedded, server = (one.search(SearchQuery(text=text, limit=200)) for one in both)

    assert (server.total, server.corrected) == (embedded.total, embedded.corrected)
    assert sorted(by_fit(server)) == sorted(by_fit(embedded))
    steps = [step for step, _ in by_fit(server)]
    assert steps == sorted(steps, reverse=True)


@pytest.mark.parametrize("text", QUERIES)
def test_both_show_the_same_words_of_what_they_find(
    both: tuple[SearchIndex, SearchIndex], text: str
) -> None:
    embedded, server = (
        {
            hit.id: replace(hit, score=0.0)
            for hit in one.search(SearchQuery(text=text, limit=200)).hits
        }
        for one in both
    )

    assert server == embedded


@pytest.mark.parametrize("query", FILTERS)
def test_both_narrow_and_count_alike(
    both: tuple[SearchIndex, SearchIndex], query: SearchQuery
) -> None:
    asked = replace(query, today=TODAY, facet_values=30)

    embedded, server = (one.search(asked) for one in both)

    assert [hit.id for hit in server.hits] == [hit.id for hit in embedded.hits]
    assert server.total == embedded.total
    assert server.facets == embedded.facets
