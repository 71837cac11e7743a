"""Document, dossier and owner: what is shown, corrected, and who must say why."""

import re
from collections.abc import Iterator

import pytest

from database.audit import list_audit
from tests.end_to_end.stepping import run_all
from tests.unit.web.finding import (
    DOSSIER,
    NAME,
    OWNER,
    WHY,
    Papers,
    file_papers,
    finding_site,
    hits,
)
from tests.unit.web.site import PASSWORD, Browser, Site

pytestmark = pytest.mark.xdist_group("web-documents")


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


@pytest.fixture
def stranger(site: Site, papers: Papers) -> Browser:
    assert papers.decision
    return site.browser_of("la.nguyen", PASSWORD)


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
