"""A document by keys alone: pages, find with the words lit, text, verdicts, correction; dossier."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from database.converting import pack_reading
from database.pages import PackedReading, find_reading, record_reading
from database.records import list_document_pages
from search.search_index import SearchQuery
from tests.builders import ENGINE
from tests.end_to_end.conftest import Office
from tests.end_to_end.pages.browsing import NARROW, WIDE, Visit, barriers, browser_of
from tests.end_to_end.pages.filed import DOSSIER, document_in, file_batch, say_why, visiting
from tests.end_to_end.stepping import opened_home
from workers.services import Services

MISREAD = "zzqx"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("page-document"),
]


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = file_batch(tmp_path_factory.mktemp("filed") / "home")
    with opened_home(home) as services:
        misread_first_word_of_certificate(services)
    return home


def misread_first_word_of_certificate(services: Services) -> None:
    """Let the first word of the birth certificate have been corrected from a misreading."""
    wanted = SearchQuery(text="khai sinh", component_type="giay_khai_sinh")
    hit = services.index.search(wanted).hits[0]
    with services.database.writing() as connection:
        shown = [one for one in list_document_pages(connection, hit.id) if one.role == "content"]
        page_id = shown[0].page_id
        reading = find_reading(connection, page_id)
        assert reading is not None
        first, *others = reading.lines
        words = (replace(first.words[0], raw=MISREAD, cause="language"), *first.words[1:])
        changed = replace(reading, lines=(replace(first, words=words), *others))
        packed = PackedReading(packed=pack_reading(changed), text=changed.text, engine=ENGINE.name)
        record_reading(connection, page_id, packed, now=services.clock.now())


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with browser_of(chromium) as made:
        yield made


@pytest.fixture(scope="module")
def officer(
    filed: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visit]:
    """Give one signed-in officer to all tests that change nothing."""
    shared = Office(home=tmp_path_factory.mktemp("shared") / "home")
    with visiting(browser, shared, filed) as made:
        yield made
    shared.stop()


def open_certificate(visit: Visit) -> str:
    """Open the birth certificate from the search; return its id."""
    visit.go("/search?q=khai+sinh&type=giay_khai_sinh")
    visit.page.locator(".hits .title").first.press("Enter")
    visit.page.wait_for_url("**/documents/doc_*")
    return document_in(visit.page.url)


def test_words_are_found_and_lit_one_after_the_other(officer: Visit) -> None:
    page = officer.page
    document = open_certificate(officer)
    officer.go(f"/documents/{document}")

    page.keyboard.press("/")
    page.keyboard.type("khai sinh")
    page.keyboard.press("Enter")
    expect(page.locator("#find-count")).to_have_text(re.compile(r"^\d+/\d+$"))
    first = page.locator("#find-count").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("n")

    expect(page.locator("#find-count")).not_to_have_text(first)
    expect(page.locator(".lights rect.now")).to_have_count(2)
    page.keyboard.press("t")
    expect(page.locator("#panel-text mark").first).to_be_visible()
    page.keyboard.press("i")
    expect(page.locator("#panel-facts")).to_be_visible()
    assert officer.troubles == []


def test_corrected_word_is_lit_where_it_is_found_as_it_was_read(officer: Visit) -> None:
    page = officer.page
    document = open_certificate(officer)
    officer.go(f"/documents/{document}")

    page.keyboard.press("/")
    page.keyboard.type(MISREAD)
    page.keyboard.press("Enter")

    expect(page.locator("#find-count")).to_have_text("1/1")
    expect(page.locator(".lights rect.now")).to_have_count(1)
    assert officer.troubles == []


def test_first_page_is_there_at_once_and_does_not_push_anything(officer: Visit) -> None:
    page = officer.page
    document = open_certificate(officer)
    pictures: list[Response] = []
    officer.go("/help")
    page.on("response", lambda one: pictures.append(one) if ".jpg" in one.url else None)
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const one of list.getEntries())"
        " if (!one.hadRecentInput) window.shift += one.value; })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )

    start = time.monotonic()
    page.goto(f"{officer.office.url}/documents/{document}", wait_until="commit")
    expect(page.locator(".sheet img").first).to_have_js_property("complete", value=True)
    took = time.monotonic() - start
    page.wait_for_load_state("networkidle")

    assert page.locator(".sheet img").first.evaluate("(one) => one.naturalWidth") == 640
    assert len(pictures[0].body()) <= 100_000
    assert took < 1.5, "generous: the tests share their processors"
    assert page.evaluate("window.shift") < 0.02


def test_picture_comes_from_the_browser_the_second_time(officer: Visit) -> None:
    page = officer.page
    open_certificate(officer)
    page.wait_for_load_state("networkidle")
    asked: list[bool] = []
    page.on(
        "requestfinished",
        lambda one: (
            asked.append(one.sizes()["responseBodySize"] > 0) if ".jpg" in one.url else None
        ),
    )

    page.reload()
    page.wait_for_load_state("networkidle")

    assert not any(asked)


def test_file_is_verified_and_told_in_plain_words(officer: Visit) -> None:
    page = officer.page
    open_certificate(officer)

    page.keyboard.press("v")

    expect(page.locator("#checked")).to_contain_text("Đã đọc lại tệp lưu trữ", timeout=30_000)
    expect(page.locator("#signatures + .signature")).to_contain_text("Chữ ký hợp lệ")
    expect(page.locator("#signatures + .signature")).to_contain_text("Nội dung không bị sửa")
    with page.expect_download() as got:
        page.keyboard.press("d")
    assert got.value.path().read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_facts_are_corrected_by_keys_with_a_reason_and_history(
    office: Office, filed: Path, browser: Browser, language: str
) -> None:
    with visiting(browser, office, filed, language=language) as officer:
        page = officer.page
        open_certificate(officer)
        page.keyboard.press("e")
        page.locator("input[name=title]").focus()
        page.keyboard.press("Control+a")
        page.keyboard.type("Giấy của bé Bảo Anh")
        page.locator("input[name=issued_on]").fill("31/02/2026")
        page.locator("#correct textarea[name=reason]").fill("sửa theo bản giấy")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#error")).to_be_visible()
        expect(page.locator("input[name=title]")).to_have_value("Giấy của bé Bảo Anh")

        page.locator("input[name=issued_on]").fill("17/03/2026")
        page.locator("#correct textarea[name=reason]").press("Tab")
        page.keyboard.press("Enter")

        page.wait_for_url("**said=corrected")
        expect(page.locator("#corrections + ul")).to_contain_text("sửa theo bản giấy")
        expect(page.locator("#corrections + ul")).to_contain_text("17/03/2026")
        assert [one for one in officer.troubles if "422" not in one] == []


def test_dossier_and_owner_are_reached_by_keys_and_the_purpose_is_asked_once(
    officer: Visit,
) -> None:
    page = officer.page
    open_certificate(officer)
    page.keyboard.press("h")
    page.wait_for_url(f"**/dossiers/{DOSSIER}")
    expect(page.locator(".checklist > li").first).to_be_visible()
    page.go_back()
    page.wait_for_url("**/documents/doc_*")

    page.keyboard.press("o")
    page.wait_for_url("**/owners/own_*")
    say_why(page)

    expect(page.locator(".papers > li").first).to_be_visible()
    page.reload()
    expect(page.locator(".papers > li").first).to_be_visible()
    page.locator(".papers a").first.press("Enter")
    page.wait_for_url("**/documents/doc_*")
    page.go_back()
    expect(page.locator(".papers > li").first).to_be_visible()
    assert officer.troubles == []


def test_owner_is_found_by_the_first_letters_of_the_name(officer: Visit) -> None:
    page = officer.page
    officer.go("/owners")

    page.keyboard.type("tran bao")
    page.keyboard.press("Enter")

    expect(page.locator(".list li").first).to_contain_text("Trần Mẫu Bảo Anh")


@pytest.mark.parametrize(("size", "language"), [(WIDE, "vi"), (NARROW, "en")])
def test_pages_have_no_barriers_and_fit(
    office: Office, filed: Path, browser: Browser, size: tuple[int, int], language: str
) -> None:
    with visiting(browser, office, filed, size=size, language=language) as officer:
        page = officer.page
        document = open_certificate(officer)
        for path in (f"/documents/{document}", f"/dossiers/{DOSSIER}", "/dossiers", "/owners"):
            officer.go(path)
            page.wait_for_load_state("networkidle")

            assert barriers(page) == []
            assert overflow(page) <= 0
        assert officer.troubles == []


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
