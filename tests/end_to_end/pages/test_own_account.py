"""Signing in and one's own account, in a browser: codes from a phone, sign-ins, what is shown."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.end_to_end.conftest import Office
from tests.end_to_end.pages.browsing import (
    NARROW,
    PASSWORD,
    WIDE,
    Visit,
    barriers,
    browser_of,
    make_account,
    visit,
)
from workers.one_time_codes import STEP_SECONDS, code_at

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("own-account")]
_ROLES = ("officer", "operator", "archivist")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with browser_of(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def passwords() -> dict[str, str]:
    return {}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, passwords: dict[str, str]) -> Iterator[Office]:
    made = Office(home=tmp_path_factory.mktemp("own") / "home")
    passwords.update({role: make_account(made, role) for role in _ROLES})
    made.serve()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def officer(office: Office, browser: Browser, passwords: dict[str, str]) -> Iterator[Visit]:
    with visit(browser, office, passwords["officer"], role="officer") as made:
        yield made


@pytest.fixture(scope="module")
def archivist(office: Office, browser: Browser, passwords: dict[str, str]) -> Iterator[Visit]:
    """Give somebody in whose name the page of the password is looked at."""
    with visit(browser, office, passwords["archivist"], role="archivist") as made:
        yield made


def test_code_from_a_phone_is_set_up_and_asked_for_by_keys_alone(
    office: Office, browser: Browser, officer: Visit
) -> None:
    written = set_up_codes(officer)
    other = browser.new_page()
    other.goto(f"{office.url}/sign-in?lang=en&next=/help")

    other.keyboard.type("officer")
    other.keyboard.press("Tab")
    other.keyboard.type(PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url("**/sign-in/code*")
    expect(other.locator("#code")).to_be_focused()
    other.reload()
    other.keyboard.type("123456")
    other.keyboard.press("Enter")
    expect(other.get_by_role("alert")).to_contain_text("The code is wrong or was used before")
    other.locator("#code").fill(written)
    other.keyboard.press("Enter")

    other.wait_for_url("**/help")
    other.close()
    # The browser itself reports what the wrong code was answered with.
    assert [one for one in officer.troubles if "422" not in one] == []


def set_up_codes(officer: Visit) -> str:
    """Set the second factor up, with a wrong code first; return a recovery code."""
    page = officer.page
    officer.go("/password?lang=vi")
    page.focus("#second-password")
    page.keyboard.type(PASSWORD)
    officer.press("Enter")
    secret = page.locator("#secret").inner_text()
    expect(page.locator("img.qr")).to_be_visible()
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type("000000")
    officer.press("Enter")
    expect(page.locator("#second-error")).to_contain_text("Mã không đúng hoặc đã dùng")
    assert page.locator("#secret").inner_text() == secret
    page.keyboard.type(shown_by(page, secret))
    officer.press("Enter")
    expect(page.locator("#recovery li")).to_have_count(10)
    written = page.locator("#recovery li").first.inner_text()
    officer.go("/password")
    expect(page.locator("#recovery")).to_have_count(0)
    expect(page.locator("#second")).to_contain_text("Còn 10 mã dự phòng.")
    return written


def shown_by(page: Page, secret: str) -> str:
    """Return what a phone with the time of the browser would show."""
    seconds = page.evaluate("() => Date.now() / 1000")
    return code_at(secret, int(seconds) // STEP_SECONDS)


def test_other_sign_ins_are_seen_and_ended(
    office: Office, browser: Browser, archivist: Visit
) -> None:
    left_open = browser.new_context()
    forgotten = left_open.new_page()
    forgotten.goto(f"{office.url}/sign-in")
    forgotten.fill("#name", "archivist")
    forgotten.fill("#password", PASSWORD)
    forgotten.keyboard.press("Enter")
    forgotten.wait_for_url("**/search")
    page = archivist.page
    archivist.go("/password?lang=vi")
    lines = page.locator("#sign-ins .list li")
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("nơi này")
    expect(lines.last).to_contain_text(
        re.compile(r"Chrome · Linux.*đăng nhập \d\d/\d\d/\d{4}", re.DOTALL)
    )

    lines.last.get_by_role("button").press("Enter")

    expect(lines).to_have_count(1)
    forgotten.reload()
    forgotten.wait_for_url("**/sign-in*")
    left_open.close()
    assert archivist.troubles == []


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_of_ones_own_account_has_no_barriers(
    archivist: Visit, size: tuple[int, int], scheme: str, language: str
) -> None:
    page = archivist.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two

    archivist.go(f"/password?lang={language}")

    assert barriers(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_setting_up_and_signing_in_have_no_barriers(
    office: Office, browser: Browser, archivist: Visit, size: tuple[int, int], scheme: str
) -> None:
    page = archivist.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two
    archivist.go("/password?lang=vi")
    if page.locator("#second-password").count():
        page.fill("#second-password", PASSWORD)
        page.keyboard.press("Enter")
    page.wait_for_selector("img.qr")
    found = barriers(page)
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,  # type: ignore[arg-type]  # one of two
    )
    guest = context.new_page()
    guest.goto(f"{office.url}/sign-in?lang=vi")
    found += barriers(guest)
    guest.fill("#name", "ai.do")
    guest.fill("#password", "sai")
    guest.keyboard.press("Enter")
    guest.wait_for_selector("#error")
    found += barriers(guest)
    assert guest.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    context.close()

    assert found == []


def test_second_step_has_no_barriers(office: Office, browser: Browser, officer: Visit) -> None:
    assert officer.office is office
    for size, scheme in ((WIDE, "light"), (NARROW, "dark")):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,  # type: ignore[arg-type]  # one of two
        )
        page = context.new_page()
        page.goto(f"{office.url}/sign-in")
        page.fill("#name", "officer")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/sign-in/code*")
        found = barriers(page)
        context.close()
        assert found == []


def test_keys_and_clicks_tell_that_somebody_is_here_and_the_page_itself_does_not(
    office: Office, browser: Browser, passwords: dict[str, str]
) -> None:
    with visit(browser, office, passwords["operator"]) as desk:
        page = desk.page
        told: list[str] = []
        page.on("request", lambda r: told.append(r.url) if "/still-here" in r.url else None)
        page.clock.install()
        desk.go("/desk")
        page.clock.fast_forward(600_000)
        assert told == []

        with page.expect_response("**/still-here") as heard:
            desk.press("Shift")

        assert heard.value.status == 204
        desk.press("Shift", "Shift")
        assert len(told) == 1
        with page.expect_response("**/still-here"):
            page.clock.fast_forward(31_000)
        assert desk.troubles == []


def test_desk_goes_away_when_the_sign_in_ends(office: Office, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{office.url}/sign-in")
    page.fill("#name", "operator")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    other = context.new_page()
    other.goto(f"{office.url}/help")

    other.get_by_role("button", name=re.compile("Đăng xuất")).click()

    page.wait_for_url("**/sign-in?next=*", timeout=15_000)
    context.close()
