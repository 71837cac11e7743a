"""A batch, what was set aside from it, the state of the system: seen, tried again, discarded."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.end_to_end.conftest import Office
from tests.end_to_end.pages.browsing import (
    NARROW,
    WIDE,
    Visit,
    barriers,
    browser_of,
    make_account,
    visit,
)
from tests.end_to_end.papers import DECISION, write_encrypted_pdf, write_scan

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("aside")]
SECONDS = 1000
PASSWORD = "mở ra"  # noqa: S105 - of a file of the test


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with browser_of(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home with an encrypted file, two damaged ones and a good one; the first one's password."""
    folder = tmp_path_factory.mktemp("troubled")
    office = Office(home=folder / "home")
    files = folder / "lo"
    files.mkdir()
    write_encrypted_pdf(files / "co-mat-khau.pdf", password=PASSWORD)
    write_scan(files / "tot.tif", DECISION)
    for name in ("hong-1.jpg", "hong-2.jpg"):
        (files / name).write_bytes(b"\xff\xd8\xff\xe0" + name.encode() * 40)
    office.sohoa("digitize", "--json", str(files))
    return office.home, make_account(office, "operator")


@pytest.fixture
def operator(office: Office, troubled: tuple[Path, str], browser: Browser) -> Iterator[Visit]:
    shutil.copytree(troubled[0], office.home)
    office.serve()
    with visit(browser, office, troubled[1]) as made:
        yield made


def test_what_was_set_aside_is_grouped_and_has_its_way_out(operator: Visit) -> None:
    page = operator.page
    operator.go("/aside")

    damaged = page.locator("#damaged_file")
    expect(damaged.locator(".number")).to_have_text("2")
    operator.press("p")
    page.keyboard.type(PASSWORD)
    operator.press("Enter")
    expect(page.locator("#password_needed")).to_have_count(0, timeout=20 * SECONDS)
    damaged.locator("summary").first.click()
    damaged.locator("input[name=reason]").first.fill("Tệp hỏng, đã quét lại")
    damaged.locator("input[name=reason]").first.press("Enter")

    expect(damaged.locator(".number")).to_have_text("1")
    assert operator.troubles == []


def test_a_group_is_tried_again_at_once(operator: Visit) -> None:
    page = operator.page
    operator.go("/aside?lang=en")

    page.locator("#damaged_file .actions button").click()

    expect(page.locator("#damaged_file .number")).to_have_text("2", timeout=20 * SECONDS)
    expect(page.locator("h1")).to_have_text("Set aside and waiting")


def test_a_batch_is_discarded_with_a_reason_and_says_so(operator: Visit) -> None:
    page = operator.page
    operator.go("/desk")
    page.locator(".latest a").first.click()
    page.wait_for_url("**/batches/bat_*")

    page.click("details summary:has-text('Bỏ cả lô này')")
    page.fill("#discard-reason", "Quét nhầm giấy của người khác")
    page.press("#discard-reason", "Enter")

    expect(page.locator("#batch")).to_contain_text("đã bỏ")
    expect(page.locator("details summary:has-text('Bỏ cả lô này')")).to_have_count(0)
    page.reload()
    expect(page.locator("#batch")).to_contain_text("đã bỏ")


def test_the_system_says_in_words_what_works_and_counts_files_set_aside(operator: Visit) -> None:
    page = operator.page
    operator.go("/system")

    expect(page.locator(".lights")).to_contain_text("Mọi tài liệu đã lưu đều tìm được.")
    expect(page.locator(".facts a")).to_have_text("3")
    assert "," in page.locator(".lights li").nth(3).inner_text()
    operator.go("/system?lang=en")
    assert "." in page.locator(".lights li").nth(3).inner_text()


def test_help_opens_at_the_part_of_the_page(operator: Visit) -> None:
    page = operator.page
    operator.go("/aside")

    operator.press("h")

    page.wait_for_url("**/help#aside")
    expect(page.locator("#aside h2")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_nothing_on_these_pages_stands_in_anybodys_way(
    operator: Visit, size: tuple[int, int], scheme: str
) -> None:
    page = operator.page
    operator.go("/desk")
    batch = page.locator(".latest a").first.get_attribute("href") or ""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    found = []
    for path in ("/aside", batch, "/system", "/help", "/password"):
        operator.go(path)
        found += [f"{path} {one}" for one in barriers(page)]
        if page.evaluate("document.documentElement.scrollWidth") > size[0]:
            found.append(f"{path} is wider than the window")

    assert found == []
