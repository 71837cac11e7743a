"""Review by keys alone: look, correct, confirm, go on; nothing that was typed is lost."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.conftest import PROJECT, Office
from tests.end_to_end.pages.browsing import (
    NARROW,
    PASSWORD,
    Visit,
    barriers,
    browser_of,
    make_account,
    visit,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BATCH = PROJECT / "samples" / "batches" / "3-ho-kinh-doanh"


@pytest.fixture(scope="module")
def digitized(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A home with five documents of a batch that wait for a person; each test copies it."""
    office = Office(home=tmp_path_factory.mktemp("digitized") / "home")
    done = office.sohoa("digitize", "--batch", "--json", str(BATCH))
    return office.home, [json.loads(line)["id"] for line in done.stdout.splitlines()]


@pytest.fixture
def waiting(office: Office, digitized: tuple[Path, list[str]]) -> list[str]:
    home, ids = digitized
    shutil.copytree(home, office.home)
    return ids


@pytest.fixture
def operator(office: Office, waiting: list[str], chromium: str) -> Iterator[Visit]:
    """Somebody at the desk, signed in, before a list of five."""
    assert len(waiting) == 5
    password = make_account(office, "operator")
    office.serve()
    with browser_of(chromium) as browser, visit(browser, office, password) as made:
        yield made


def reviewed(page: Page) -> str:
    return page.url.rsplit("/", 1)[1].split("?")[0]


def test_a_known_document_is_confirmed_with_one_key_and_the_next_one_comes(
    operator: Visit, waiting: list[str]
) -> None:
    page = operator.page
    operator.go("/review")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/doc_*")
    first = reviewed(page)

    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/review/doc_" in url and first not in url)

    state = json.loads(operator.office.sohoa("show", first, "--json").stdout)["state"]
    assert state in ("filing", "filed")
    assert reviewed(page) in waiting
    assert operator.troubles == []


def test_a_type_is_corrected_by_three_letters_without_marks(
    operator: Visit, waiting: list[str]
) -> None:
    page = operator.page
    operator.go(f"/review/{waiting[0]}")

    page.keyboard.press("l")
    page.keyboard.type("tri")
    expect(page.get_by_role("option", name="Trích lục hộ tịch", exact=True)).to_be_visible()
    page.keyboard.type("ch luc ho")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: waiting[0] not in url)

    shown = json.loads(operator.office.sohoa("show", waiting[0], "--json").stdout)
    assert shown["component_type"] == "trich_luc_ho_tich"


def test_dates_are_typed_as_they_are_spoken_and_an_error_keeps_what_was_typed(
    operator: Visit, waiting: list[str]
) -> None:
    page = operator.page
    operator.go(f"/review/{waiting[1]}")
    page.fill("#field-title", "Tên đã gõ")
    page.fill("#field-issued_on", "31/02/2026")

    page.click("#confirm")

    expect(page.locator("#error")).to_contain_text("Ngày")
    expect(page.locator("#field-title")).to_have_value("Tên đã gõ")
    page.fill("#field-issued_on", "28/02/2026")
    page.click("#confirm")
    page.wait_for_url(lambda url: waiting[1] not in url)
    shown = json.loads(operator.office.sohoa("show", waiting[1], "--json").stdout)
    assert (shown["issued_on"], shown["title"]) == ("2026-02-28", "Tên đã gõ")


def test_what_was_typed_is_still_there_after_a_reload_and_a_restart(
    operator: Visit, waiting: list[str]
) -> None:
    page = operator.page
    operator.go(f"/review/{waiting[2]}")
    page.fill("#field-title", "Gõ dở dang")

    operator.office.kill()
    port = operator.office.url.rsplit(":", 1)[1]
    operator.office.serve("--port", port)
    page.reload()

    expect(page.locator("#field-title")).to_have_value("Gõ dở dang")


def test_paper_of_an_ended_session_goes_away_and_comes_back_with_what_was_typed(
    operator: Visit, waiting: list[str]
) -> None:
    page = operator.page
    page.clock.install()
    operator.go(f"/review/{waiting[0]}")
    page.fill("#field-title", "Tên đã gõ")
    url = operator.office.url
    page.context.add_cookies([{"name": "sohoa_session", "value": "da-het", "url": url}])

    page.clock.fast_forward(61_000)
    page.wait_for_url("**/sign-in*")
    page.fill("input[name=name]", "operator")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/review/{waiting[0]}*")
    expect(page.locator("#field-title")).to_have_value("Tên đã gõ")


def test_the_place_of_the_field_in_hand_is_lit_and_pages_are_zoomed_by_keys(
    operator: Visit, waiting: list[str]
) -> None:
    page = operator.page
    operator.go(f"/review/{waiting[1]}")

    page.focus("#field-issued_on")
    lit = page.locator(".lit.on").first.get_attribute("data-for")
    page.keyboard.press("Escape")
    page.keyboard.press("+")

    assert lit == "issued_on"
    expect(page.locator("#zoom")).to_have_text("125 %")


def test_pages_are_turned_and_the_change_is_undone(operator: Visit, waiting: list[str]) -> None:
    page = operator.page
    operator.go(f"/review/{waiting[4]}")
    before = page.locator(".strip > li").count()

    page.locator(".strip > li").nth(1).locator("summary").click()
    page.locator(".strip > li").nth(1).locator("[data-split]").click()
    expect(page.locator(".strip > li")).to_have_count(before - 1)
    page.keyboard.press("u")
    expect(page.locator(".strip > li")).to_have_count(before)

    assert before == 2
    assert operator.troubles == []


@pytest.mark.parametrize("size", [(1280, 900), NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_people_who_see_or_move_differently(
    operator: Visit, waiting: list[str], size: tuple[int, int], scheme: str
) -> None:
    page = operator.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    found = []
    for path in ("/review", f"/review/{waiting[0]}"):
        operator.go(path)
        found += barriers(page)
        found += ["wider than the window"] * (
            page.evaluate("document.documentElement.scrollWidth") > size[0]
        )

    assert found == []
