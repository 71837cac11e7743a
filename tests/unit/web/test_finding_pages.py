"""Search, document, dossier and owner: what is found, shown, corrected, and who must say why."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from classification.confirming import Decision
from database.accounts import NewAccount, add_account, find_account
from database.audit import list_audit
from tests.end_to_end.papers import DECISION, write_scan
from tests.end_to_end.stepping import CLERK, deliver, opened_home, run_all, status_of
from tests.unit.web.site import PASSWORD, Browser, Site
from workers.reviewing import confirm

pytestmark = pytest.mark.xdist_group("web-finding")
DOSSIER = "H99.12.03-260316-0007"
OWNER, NAME = "099093000012", "TRẦN VĂN THỬ"
ISSUED = {
    "number": "120/QĐ-UBND",
    "issued_on": "2026-03-16",
    "issuer": "UBND phường Thí Nghiệm",
    "dossier_code": DOSSIER,
}
WHY = "kiểm tra thành phần hồ sơ cấp phép"


@dataclass(frozen=True)
class Papers:
    """A filed decision, and a filed birth certificate of a person of the same dossier."""

    decision: str
    certificate: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_home(tmp_path_factory.mktemp("home")) as services:
        made = Site(services)
        made.add_person("an.tran", "officer")
        made.add_person("kho.le", "archivist")
        add_stranger(made)
        yield made
        made.close()


def add_stranger(site: Site) -> None:
    """Add an officer of another area."""
    site.add_person("xa.do", "operator")
    with site.services.database.writing() as connection:
        new = NewAccount(
            name="la.nguyen",
            display_name="Nguyễn Thị Lạ",
            role="officer",
            kind="person",
            secret_hash=secret_of(site),
            area="H77",
        )
        add_account(connection, new, now=site.services.clock.now())


def secret_of(site: Site) -> str:
    with site.services.database.reading() as connection:
        account = find_account(connection, "xa.do")
    assert account is not None
    return account.secret_hash


@pytest.fixture(scope="module")
def papers(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder = tmp_path_factory.mktemp("papers")
    services = site.services
    ids = []
    for name, lines, kind, values in (
        ("a.tif", DECISION, "quyet_dinh", {}),
        ("b.tif", ("Giấy", *DECISION), "giay_khai_sinh", {"owner_id": OWNER, "owner_name": NAME}),
    ):
        batch = deliver(services, write_scan(folder / name, lines), policy="none")
        run_all(services)
        (document,) = status_of(services, batch).documents
        decision = Decision(component_type=kind, values={**ISSUED, **values})
        confirm(services, document.id, decision, actor=CLERK)
        run_all(services)
        ids.append(document.id)
    return Papers(*ids)


@pytest.fixture(scope="module")
def officer(site: Site, papers: Papers) -> Browser:
    assert papers.decision
    return site.browser_of("an.tran")


@pytest.fixture
def stranger(site: Site, papers: Papers) -> Browser:
    assert papers.decision
    return site.browser_of("la.nguyen", PASSWORD)


def hits(answer: httpx.Response) -> list[str]:
    return re.findall(r'class="title" href="/documents/(doc_\w+)', answer.text)


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


# --- document -------------------------------------------------------------------------------


def test_document_is_told_in_words(officer: Browser, papers: Papers) -> None:
    page = officer.get(f"/documents/{papers.decision}").text

    assert "Chữ ký hợp lệ" in page
    assert "PDF/A-2u: đạt" in page
    assert "Bản đã số hóa và ký số" in page
    assert f"/dossiers/{DOSSIER}" in page
    assert not re.search(r"\b(document_shown|document_filed|policy:)", page)


def test_stored_version_is_downloaded_with_its_digest(officer: Browser, papers: Papers) -> None:
    page = officer.get(f"/documents/{papers.decision}").text
    address = re.search(rf'href="(/documents/{papers.decision}/versions/ver_\w+)"', page)
    assert address is not None

    answer = officer.get(address[1], headers={"Range": "bytes=0-4"})

    assert (answer.status_code, answer.content) == (206, b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_duplicate_is_warned_of(officer: Browser, papers: Papers) -> None:
    page = officer.get(f"/documents/{papers.decision}").text

    assert "Có thể trùng" in page
    assert papers.certificate in page


def test_correction_without_a_reason_keeps_what_was_typed(officer: Browser, papers: Papers) -> None:
    form = {"component_type": "quyet_dinh", "title": "Sửa <b>cầu</b>", "issued_on": "17/03/2026"}

    answer = officer.post(f"/documents/{papers.decision}/tags", data=form)

    assert answer.status_code == 422
    assert "Ghi lý do sửa" in answer.text
    assert 'value="Sửa &lt;b&gt;cầu&lt;/b&gt;"' in answer.text
    assert 'value="17/03/2026"' in answer.text


def test_correction_is_kept_with_its_reason_and_found_afterwards(
    site: Site, officer: Browser, papers: Papers
) -> None:
    form = {"component_type": "quyet_dinh", "title": "Sửa chữa cầu treo", "reason": "gõ nhầm tên"}

    answer = officer.post(f"/documents/{papers.decision}/tags", data=form)
    run_all(site.services)
    page = officer.get(f"/documents/{papers.decision}").text
    found = officer.get("/search", params={"q": "cau treo"})

    assert answer.status_code == 303
    assert "gõ nhầm tên" in page
    assert "Sửa chữa cầu treo" in page
    assert hits(found) == [papers.decision]


def test_correction_upon_an_older_state_is_refused(officer: Browser, papers: Papers) -> None:
    form = {"component_type": "quyet_dinh", "title": "X", "reason": "gõ nhầm", "revision": "1"}

    answer = officer.post(f"/documents/{papers.decision}/tags", data=form)

    assert answer.status_code == 422
    assert 'value="X"' in answer.text


# --- dossier, owner, purpose ----------------------------------------------------------------


def test_dossier_shows_what_stands_in_it(officer: Browser, papers: Papers) -> None:
    page = officer.get(f"/dossiers/{DOSSIER}").text

    assert papers.decision in page
    assert papers.certificate in page
    assert "Diễn biến" in page
    assert OWNER not in page


def test_code_that_is_none_comes_back_with_what_to_do(officer: Browser) -> None:
    answer = officer.get("/dossiers", params={"code": "<b>12"})

    assert answer.status_code == 422
    assert "&lt;b&gt;12" in answer.text
    assert "Mã hồ sơ chưa đúng" in answer.text


def test_code_leads_to_its_dossier(officer: Browser) -> None:
    answer = officer.get("/dossiers", params={"code": f" {DOSSIER} "})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/dossiers/{DOSSIER}")


def test_owner_is_found_by_parts_of_the_name_and_shown_for_a_purpose(
    site: Site, officer: Browser, papers: Papers
) -> None:
    found = officer.post("/owners", data={"q": "tran thu"}).text
    key = re.search(r"/owners/(own_\w+)", found)
    assert key is not None
    asked = officer.get(f"/owners/{key[1]}")

    said = officer.post(f"/owners/{key[1]}/purpose", data={"purpose": WHY})
    shown = officer.get(said.headers["Location"])
    again = officer.get(f"/owners/{key[1]}")

    assert "Xem để làm gì?" in asked.text
    assert papers.certificate in shown.text
    assert papers.certificate in again.text
    assert OWNER not in found + shown.text
    newest = list_audit(site.services.database, limit=1)[0]
    assert (newest["action"], newest["purpose"]) == ("owner_shown", WHY)


def test_number_of_a_person_stands_in_no_address(officer: Browser, papers: Papers) -> None:
    assert papers.certificate
    answer = officer.post("/owners", data={"q": OWNER})

    assert answer.status_code == 303
    assert re.fullmatch(r"/owners/own_\w+", answer.headers["Location"])


def test_person_of_another_area_is_asked_why_and_then_goes_on(
    stranger: Browser, papers: Papers
) -> None:
    wanted = f"/documents/{papers.certificate}?q=duong"
    picture = f"/documents/{papers.certificate}/pages/1.jpg"
    asked = stranger.get(wanted)
    closed = [stranger.get(path).status_code for path in closed_paths(papers.certificate)]

    short = stranger.post(
        f"/documents/{papers.certificate}/purpose", data={"purpose": "xem", "wanted": wanted}
    )
    said = stranger.post(
        f"/documents/{papers.certificate}/purpose", data={"purpose": WHY, "wanted": wanted}
    )

    assert "Xem để làm gì?" in asked.text
    assert NAME not in asked.text
    assert closed == [403] * len(closed)
    assert ">xem</textarea>" in short.text
    assert (said.status_code, said.headers["Location"]) == (303, wanted)
    assert "Trần Văn Thử" in stranger.get(wanted).text
    assert stranger.get(picture).status_code == 200


def closed_paths(document: str) -> list[str]:
    base = f"/documents/{document}"
    return [
        f"{base}/pages/1.jpg",
        f"{base}/pages/1/words.json",
        f"{base}/pages/1/lit.svg?q=a",
        f"{base}/file",
    ]


@pytest.mark.parametrize(
    "elsewhere", ["https://ke-xau.example/", "//ke-xau.example", "/accounts", "/documents/doc_2"]
)
def test_purpose_leads_nowhere_else(stranger: Browser, papers: Papers, elsewhere: str) -> None:
    page = f"/documents/{papers.certificate}"

    answer = stranger.post(f"{page}/purpose", data={"purpose": WHY, "wanted": elsewhere})

    assert (answer.status_code, answer.headers["Location"]) == (303, page)


def test_hit_of_another_area_tells_neither_name_nor_text(site: Site, papers: Papers) -> None:
    add = site.browser_of("la.nguyen", PASSWORD)

    page = add.get("/search", params={"q": "duong", "type": "giay_khai_sinh"}).text

    assert papers.certificate in page
    assert "Cần nêu mục đích" in page
    assert "Trần Văn Thử" not in page
    assert f"{papers.certificate}/pages/1.jpg" not in page


def test_wrong_owner_is_taken_off_and_the_inspector_told(
    site: Site, officer: Browser, papers: Papers
) -> None:
    path = f"/documents/{papers.certificate}/owner/detach"

    refused = officer.post(path, data={"reason": "x"})
    answer = officer.post(path, data={"reason": "nhầm người cùng tên"})
    run_all(site.services)
    page = officer.get(f"/documents/{papers.certificate}").text

    assert refused.status_code == 422
    assert answer.status_code == 303
    assert "nhầm người cùng tên" in page
    assert "own_" not in page
    assert OWNER not in page
