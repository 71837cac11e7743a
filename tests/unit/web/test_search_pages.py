"""Search and pictures: found however it is typed, narrowed with counts, words lit on the page."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.unit.web.finding import OWNER, Papers, file_papers, finding_site, hits
from tests.unit.web.site import Browser, Site

pytestmark = pytest.mark.xdist_group("web-search")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with finding_site(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture(scope="module")
def papers(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return file_papers(site, tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module")
def officer(site: Site, papers: Papers) -> Browser:
    assert papers.decision
    return site.browser_of("an.tran")


# --- search ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["sửa đường", "sua duong", "120/QĐ-UBND", "120 qd ubnd", '"đường Ví Dụ"', "suaa duong vi du"],
)
def test_paper_is_found_however_it_is_typed(officer: Browser, papers: Papers, typed: str) -> None:
    answer = officer.get("/search", params={"q": typed})

    assert papers.decision in hits(answer)
    assert "<mark>" in answer.text


def test_correction_of_a_word_is_said(officer: Browser) -> None:
    answer = officer.get("/search", params={"q": "duongg"})

    assert "Không có đúng từ đã gõ" in answer.text
    assert "<strong>duong</strong>" in answer.text


def test_filter_with_its_count_leads_to_so_many(officer: Browser, papers: Papers) -> None:
    page = officer.get("/search", params={"q": "duong"}).text
    address = re.search(r'href="(/search\?[^"]*type=quyet_dinh[^"]*)"', page)
    assert address is not None

    narrowed = officer.get(address[1].replace("&amp;", "&"))

    assert hits(narrowed) == [papers.decision]
    assert 'aria-current="true"' in narrowed.text
    assert "type=giay_khai_sinh" in narrowed.text


@pytest.mark.parametrize(
    "query",
    [
        {"year": "2026"},
        {"year": "2026", "validity": "valid"},
        {"issuer": "ubnd phuong thi nghiem", "type": "quyet_dinh"},
    ],
)
def test_filters_alone_find_too(officer: Browser, query: dict[str, str]) -> None:
    answer = officer.get("/search", params=query)

    assert answer.status_code == 200
    assert "kết quả" in answer.text


def test_owner_of_a_paper_is_a_filter_that_tells_no_number(site: Site, papers: Papers) -> None:
    page = site.browser_of("kho.le").get("/search", params={"q": "duong"}).text
    address = re.search(r'href="(/search\?[^"]*owner=own_\w+)"', page)
    assert address is not None

    answer = site.browser_of("kho.le").get(address[1].replace("&amp;", "&"))

    assert hits(answer) == [papers.certificate]
    assert "Trần Văn Thử" in answer.text
    assert OWNER not in page + answer.text


def test_nothing_found_says_which_word_is_unknown_and_what_is_near(officer: Browser) -> None:
    answer = officer.get("/search", params={"q": "sua duong zzqqxx"})

    assert "Không tài liệu nào có: zzqqxx." in answer.text
    assert 'href="/search?q=sua+duong"' in answer.text


def test_nothing_found_says_which_filter_stands_in_the_way(officer: Browser) -> None:
    answer = officer.get("/search", params={"q": "sua duong", "year": "1999"})

    assert "Bỏ bộ lọc “Năm ban hành: 1999”" in answer.text


@pytest.mark.parametrize("wrong", [{"year": "<b>"}, {"validity": "x"}, {"sort": "x"}])
def test_value_that_cannot_be_counts_as_not_chosen(
    officer: Browser, papers: Papers, wrong: dict[str, str]
) -> None:
    answer = officer.get("/search", params={"q": "sua duong", **wrong})

    assert papers.decision in hits(answer)


def test_search_is_answered_in_a_tenth_of_a_second(officer: Browser) -> None:
    took = [officer.get("/search", params={"q": "sua duong"}).elapsed for _ in range(5)]

    assert min(took).total_seconds() < 0.1


# --- pictures -------------------------------------------------------------------------------


def test_picture_is_kept_by_its_digest_and_not_sent_twice(officer: Browser, papers: Papers) -> None:
    path = f"/documents/{papers.decision}/pages/1.jpg?v=abc&width=320"

    first = officer.get(path)
    again = officer.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert (again.status_code, again.content) == (304, b"")


def test_first_page_is_small_enough_to_be_there_at_once(officer: Browser, papers: Papers) -> None:
    page = officer.get(f"/documents/{papers.decision}").text
    sources = re.findall(r'<img src="(/documents/[^"]+)"[^>]*width="\d+" height="\d+"', page)

    picture = officer.get(sources[0].replace("&amp;", "&"))

    assert picture.status_code == 200
    assert len(picture.content) <= 100_000
    assert "loading" not in page.split(sources[0])[1].split(">")[0]


def test_found_words_are_lit_on_the_page(officer: Browser, papers: Papers) -> None:
    path = f"/documents/{papers.decision}/pages/1/lit.svg"

    lit = officer.get(path, params={"q": "đường ví dụ"})
    dark = officer.get(path, params={"q": "zzqq xxyy"})

    assert lit.headers["Content-Type"].startswith("image/svg+xml")
    assert lit.text.count("<rect") >= 6
    assert dark.text.count("<rect") == 0


def test_words_of_a_page_lie_on_the_page(officer: Browser, papers: Papers) -> None:
    found = json.loads(officer.get(f"/documents/{papers.decision}/pages/1/words.json").text)

    assert "QUYẾT" in [word[0] for word in found["words"]]
    for _, left, top, right, bottom in found["words"]:
        assert 0 <= left < right <= found["width"]
        assert 0 <= top < bottom <= found["height"]


@pytest.mark.parametrize("what", ["words.json", "lit.svg"])
def test_page_that_is_not_there_is_not_found(officer: Browser, papers: Papers, what: str) -> None:
    assert officer.get(f"/documents/{papers.decision}/pages/9/{what}").status_code == 404
