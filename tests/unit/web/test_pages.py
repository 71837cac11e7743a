"""The pages and the API over papers: nothing from a paper is markup, bytes come as asked."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from classification.confirming import Decision
from database.audit import list_audit
from documents.identifiers import sha256_of_bytes
from tests.end_to_end.papers import DECISION, write_scan
from tests.end_to_end.stepping import CLERK, deliver, opened_home, run_all, status_of
from tests.unit.web.site import Browser, Client, Site
from workers.reviewing import confirm

pytestmark = pytest.mark.xdist_group("web-pages")
SCRIPT = "<script>alert('xin chào')</script>"
OWNER = "099093000012"


@dataclass(frozen=True)
class Papers:
    """A filed document, one that waits for a person, and a file that was set aside."""

    filed: str
    waiting: str
    batch: str
    page: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_home(tmp_path_factory.mktemp("home")) as services:
        made = Site(services)
        made.add_person("an.tran", "operator")
        yield made
        made.close()


@pytest.fixture(scope="module")
def browser(site: Site) -> Browser:
    return site.browser_of("an.tran")


@pytest.fixture(scope="module")
def program(site: Site) -> Client:
    return site.program("dvc")


@pytest.fixture(scope="module")
def papers(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder = tmp_path_factory.mktemp("papers")
    services = site.services
    first = deliver(services, write_scan(folder / "a.tif", DECISION), policy="none")
    second = deliver(services, write_scan(folder / "<b>ten.tif", ("Sổ", *DECISION)), policy="none")
    spoilt = folder / "<img src=x onerror=alert(1)>.pdf"
    spoilt.write_bytes(b"khong phai pdf")
    deliver(services, spoilt, policy="none")
    run_all(services)
    (filed,) = status_of(services, first).documents
    waiting = status_of(services, second)
    values = {"title": SCRIPT, "owner_id": OWNER, "owner_name": SCRIPT, "issuer": SCRIPT}
    decision = Decision(component_type="quyet_dinh", values=values)
    confirm(services, filed.id, decision, actor=CLERK)
    run_all(services)
    assert [one.state for one in status_of(services, first).documents] == ["filed"]
    return Papers(
        filed=filed.id,
        waiting=waiting.documents[0].id,
        batch=waiting.batch.id,
        page=waiting.pages[0].id,
    )


def pages_of(papers: Papers) -> dict[str, str]:
    return {
        "document": f"/documents/{papers.filed}",
        "verification": f"/documents/{papers.filed}/verification",
        "search": "/search?q=sua+duong",
        "batch": f"/batches/{papers.batch}",
        "reviews": "/review",
        "review": f"/review/{papers.waiting}",
        "aside": "/aside",
        "desk": "/desk",
        "system": "/system",
        "help": "/help",
    }


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("page", pages_of(Papers("", "", "", "")))
def test_nothing_from_a_paper_is_markup(
    browser: Browser, papers: Papers, page: str, language: str
) -> None:
    path = pages_of(papers)[page]
    joint = "&" if "?" in path else "?"

    answer = browser.get(f"{path}{joint}lang={language}")

    assert answer.status_code == 200
    assert "<script>" not in answer.text
    assert "<img src=x" not in answer.text
    assert "<b>ten" not in answer.text


@pytest.mark.parametrize("page", ["document", "verification", "search"])
def test_title_that_is_a_script_is_shown_as_words(
    browser: Browser, papers: Papers, page: str
) -> None:
    answer = browser.get(pages_of(papers)[page])

    assert "&lt;script&gt;alert(" in answer.text


def test_value_that_a_person_typed_wrongly_comes_back_as_words(
    browser: Browser, papers: Papers
) -> None:
    form = {"component_type": "quyet_dinh", "title": SCRIPT, "issued_on": '"><script>x'}

    answer = browser.post(f"/review/{papers.waiting}", data=form)

    assert answer.status_code == 422
    assert "<script>x" not in answer.text
    assert "&lt;script&gt;alert(" in answer.text


def test_query_that_is_a_script_is_shown_as_words(browser: Browser, papers: Papers) -> None:
    assert papers.filed
    answer = browser.get("/search", params={"q": SCRIPT, "type": '"><script>', "year": "<b>"})

    assert answer.status_code == 200
    assert "<script>" not in answer.text


@pytest.mark.parametrize(("stamp", "kept"), [("?v=1-0-read", "immutable"), ("", "no-cache")])
def test_picture_of_a_page_is_not_sent_again_while_it_is_the_same(
    browser: Browser, papers: Papers, stamp: str, kept: str
) -> None:
    first = browser.get(f"/pages/{papers.page}.jpg{stamp}")

    again = browser.get(
        f"/pages/{papers.page}.jpg{stamp}", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert kept in again.headers["Cache-Control"]


def test_personal_number_is_masked_on_pages(browser: Browser, papers: Papers) -> None:
    answer = browser.get(f"/documents/{papers.filed}")

    assert OWNER not in answer.text


def test_paper_is_found_without_marks_and_its_words_are_marked(
    program: Client, papers: Papers
) -> None:
    found = program.get("/api/v1/search", params={"q": "sua duong vi du"}).json()

    (hit,) = found["items"]
    assert (found["total"], hit["id"], hit["component_type"]) == (1, papers.filed, "quyet_dinh")
    assert hit["marked"]
    assert all(0 <= start < end <= len(hit["snippet"]) for start, end in hit["marked"])


def test_whole_file_comes_with_its_digest(program: Client, papers: Papers) -> None:
    answer = program.get(f"/api/v1/documents/{papers.filed}/file")

    assert answer.status_code == 200
    assert answer.headers["ETag"] == f'"{sha256_of_bytes(answer.content)}"'
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert papers.filed in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("wanted", "first", "last"), [("bytes=0-9", 0, 10), ("bytes=5-", 5, None), ("bytes=3-3", 3, 4)]
)
def test_part_of_a_file_comes_as_asked(
    program: Client, papers: Papers, wanted: str, first: int, last: int | None
) -> None:
    path = f"/api/v1/documents/{papers.filed}/file"
    whole = program.get(path).content

    answer = program.get(path, headers={"Range": wanted})

    end = len(whole) if last is None else last
    assert answer.status_code == 206
    assert answer.content == whole[first:end]
    assert answer.headers["Content-Range"] == f"bytes {first}-{end - 1}/{len(whole)}"


def test_last_part_of_a_file_is_no_longer_than_the_file(program: Client, papers: Papers) -> None:
    path = f"/api/v1/documents/{papers.filed}/file"
    whole = program.get(path).content

    answer = program.get(path, headers={"Range": f"bytes={len(whole) - 4}-{len(whole) + 100}"})

    assert (answer.status_code, answer.content) == (206, whole[-4:])


def test_part_beyond_the_end_is_refused(program: Client, papers: Papers) -> None:
    path = f"/api/v1/documents/{papers.filed}/file"

    answer = program.get(path, headers={"Range": "bytes=999999999-"})

    assert answer.status_code == 416
    assert answer.headers["Content-Range"].startswith("bytes */")


def test_file_that_the_caller_has_is_not_sent_again(program: Client, papers: Papers) -> None:
    path = f"/api/v1/documents/{papers.filed}/file"
    tag = program.get(path).headers["ETag"]

    answer = program.get(path, headers={"If-None-Match": tag})

    assert (answer.status_code, answer.content) == (304, b"")


def test_giving_out_a_file_is_written_down_with_its_purpose(
    site: Site, program: Client, papers: Papers
) -> None:
    program.get(f"/api/v1/documents/{papers.filed}/file", params={"purpose": "cấp đổi"})

    newest = list_audit(site.services.database, document=papers.filed)[0]
    assert (newest["action"], newest["actor"], newest["role"], newest["purpose"]) == (
        "file_given_out",
        "dvc",
        "dossier_system",
        "cấp đổi",
    )


def test_document_that_is_not_filed_has_no_file(program: Client, papers: Papers) -> None:
    answer = program.get(f"/api/v1/documents/{papers.waiting}/file")

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_verification_reads_the_stored_bytes_again(program: Client, papers: Papers) -> None:
    found = program.get(f"/api/v1/documents/{papers.filed}/verification").json()

    assert found["ok"]
    assert found["pdfa"]["claim"] == "PDF/A-2u"
    assert [one["conclusion"] for one in found["signatures"]] == ["valid", "valid"]


@pytest.mark.parametrize("kind", ["page", "document"])
def test_pictures_are_jpegs_of_the_width_that_was_asked_for(
    browser: Browser, papers: Papers, kind: str
) -> None:
    path = (
        f"/pages/{papers.page}.jpg" if kind == "page" else f"/documents/{papers.filed}/pages/1.jpg"
    )

    answer = browser.get(path, params={"width": 120})

    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8")


def test_decision_on_a_document_that_changed_is_refused(site: Site, papers: Papers) -> None:
    clerk = site.program("may-quet", role="operator")

    answer = clerk.post(
        f"/api/v1/documents/{papers.waiting}/confirm",
        json={"component_type": "quyet_dinh", "revision": 999},
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "stale_review")


def test_once_only_answer_names_what_is_held(program: Client, papers: Papers) -> None:
    assert papers.filed
    asked = {
        "owner": OWNER,
        "procedure": program.get("/api/v1/procedures").json()["items"][0]["code"],
        "dossier": "H99.12.03-260316-0007",
        "purpose": "giải quyết hồ sơ",
    }

    answer = program.get("/api/v1/once-only", params=asked)

    assert answer.status_code == 200
    assert answer.json()["components"]


def test_batch_tells_its_progress_and_then_that_it_is_settled(
    browser: Browser, papers: Papers
) -> None:
    answer = browser.get(f"/batches/{papers.batch}/events")

    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.text.startswith("id: ")
    assert "event: settled" in answer.text


def test_file_that_was_set_aside_stands_under_its_reason(browser: Browser, papers: Papers) -> None:
    assert papers.filed
    answer = browser.get("/aside?lang=vi")

    assert "&lt;img src=x" in answer.text
    assert "không được hỗ trợ" in answer.text
