"""Search by keys alone: type, walk through the finds, narrow down, open, come back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.end_to_end.conftest import Office
from tests.end_to_end.pages.browsing import NARROW, WIDE, Visit, barriers, browser_of
from tests.end_to_end.pages.filed import file_batch, visiting

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("page-search"),
]
COUNT = {"vi": "kết quả", "en": "result"}


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return file_batch(tmp_path_factory.mktemp("filed") / "home")


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


def titles(page: Page) -> list[str]:
    return page.locator(".hits .title").all_inner_texts()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_paper_is_found_and_opened_by_keys_alone(
    office: Office, filed: Path, browser: Browser, language: str
) -> None:
    with visiting(browser, office, filed, language=language) as officer:
        page = officer.page
        officer.go("/help")
        officer.press("g", "t")
        page.wait_for_url("**/search")
        expect(page.locator("#q")).to_be_focused()
        officer.press("Escape", "/")
        page.keyboard.type("khai sinh")
        expect(page.locator("#count")).to_have_text(re.compile(rf"^4 {COUNT[language]}"))
        page.wait_for_url("**/search?q=khai+sinh")
        officer.press("ArrowDown", "ArrowDown", "ArrowUp")
        expect(page.locator(".hits .title").first).to_be_focused()

        page.keyboard.press("Enter")
        page.wait_for_url("**/documents/doc_*")

        expect(page.locator(".lights rect").first).to_be_attached()
        page.go_back()
        page.wait_for_url("**/search?q=khai+sinh")
        expect(page.locator("#q")).to_have_value("khai sinh")
        assert titles(page)
        assert officer.troubles == []


def test_address_can_be_sent_to_a_colleague(officer: Visit) -> None:
    page = officer.page
    officer.go("/search")
    page.fill("#q", "khai sinh")
    page.wait_for_url("**/search?q=khai+sinh")
    page.locator("#facet-type + ul a").first.click()
    page.wait_for_url("**type=*")
    expect(page.locator(".chosen")).to_have_count(1)
    found = titles(page)

    officer.go(page.url.removeprefix(officer.office.url))

    assert titles(page) == found
    expect(page.locator("#q")).to_have_value("khai sinh")


def test_back_undoes_one_filter_after_the_other(officer: Visit) -> None:
    page = officer.page
    officer.go("/search?q=khai")
    before = titles(page)
    page.locator("#facet-type + ul a").first.click()
    page.wait_for_url("**type=*")
    expect(page.locator(".hits > li")).not_to_have_count(len(before))

    page.go_back()

    expect(page.locator(".hits > li")).to_have_count(len(before))
    assert titles(page) == before


def test_filter_leaves_as_many_as_it_says(officer: Visit) -> None:
    page = officer.page
    officer.go("/search?q=khai")
    option = page.locator("#facet-type + ul a").first
    number = option.locator(".number").inner_text()

    option.click()

    expect(page.locator("#count")).to_have_text(re.compile(rf"^{number}\b"))
    expect(page.locator(".hits > li")).to_have_count(int(number))


def test_found_words_are_lit_on_the_small_page(officer: Visit) -> None:
    page = officer.page
    officer.go("/search?q=khai+sinh")

    over = page.locator(".hits .over-picture").first
    over.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")

    assert over.evaluate("(one) => one.complete && one.naturalWidth") > 1000
    content = page.request.get(officer.office.url + str(over.get_attribute("src"))).text()
    assert content.count("<rect") >= 2


def test_what_is_misspelt_is_found_and_what_is_nowhere_is_explained(officer: Visit) -> None:
    page = officer.page
    officer.go("/search")
    page.fill("#q", "khai sinnh")
    expect(page.locator("#count")).to_contain_text("khai sinh")
    assert titles(page)

    page.fill("#q", "khai sinh zzqqxx")

    expect(page.locator(".nothing")).to_contain_text("zzqqxx")
    page.locator(".nothing a", has_text="zzqqxx").click()
    expect(page.locator(".hits .title").first).to_be_visible()
    expect(page.locator("#q")).to_have_value("khai sinh")


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_search_has_no_barriers_and_fits(
    office: Office, filed: Path, browser: Browser, size: tuple[int, int]
) -> None:
    with visiting(browser, office, filed, size=size) as officer:
        for path in ("/search", "/search?q=khai+sinh&year=2026", "/search?q=zzqqxx"):
            officer.go(path)

            width = officer.page.evaluate("document.documentElement.scrollWidth")
            assert barriers(officer.page) == []
            assert width <= size[0]
        assert officer.troubles == []
