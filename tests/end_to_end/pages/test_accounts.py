"""The administrator's page, and signing in: secrets shown once, closed accounts, ended sessions."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

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

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("accounts")]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with browser_of(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def administrator(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Visit]:
    office = Office(home=tmp_path_factory.mktemp("accounts") / "home")
    password = make_account(office, "administrator")
    office.serve()
    with visit(browser, office, password, role="administrator") as made:
        yield made
    office.stop()


def test_a_person_is_added_by_keys_and_the_password_is_shown_once(administrator: Visit) -> None:
    page = administrator.page
    administrator.go("/accounts?lang=vi")

    administrator.press("n")
    page.keyboard.type("an.tran")
    administrator.press("Tab")
    page.keyboard.type("Trần Văn An")
    administrator.press("Tab", "Tab")
    page.keyboard.type("H99.12")
    administrator.press("Enter")
    secret = page.locator("#secret").inner_text()
    line = page.locator("li", has_text="Trần Văn An")
    expect(line).to_contain_text("địa bàn H99.12")
    expect(line).to_contain_text("chưa đổi mật khẩu đầu")
    administrator.go("/accounts")

    assert len(secret) >= 12
    assert secret not in page.content()
    assert administrator.troubles == []


def test_a_wrong_area_keeps_what_was_typed(administrator: Visit) -> None:
    page = administrator.page
    administrator.go("/accounts?lang=vi")
    page.fill("#name", "binh")
    page.fill("#display-name", "Lê Thị Bình")
    page.fill("#area", "khắp nơi")

    page.press("#area", "Enter")

    expect(page.locator("#error")).to_contain_text("không phải mã cơ quan")
    expect(page.locator("#display-name")).to_have_value("Lê Thị Bình")
    expect(page.locator("#area")).to_have_value("khắp nơi")
    administrator.troubles.clear()  # the browser reports the refusal itself


def test_a_token_is_made_limited_changed_and_revoked(administrator: Visit) -> None:
    page = administrator.page
    administrator.go("/accounts?lang=en")
    page.fill("#program", "mot-cua")
    page.check("input[value=deliver]")
    page.press("#program", "Enter")
    first = page.locator("#secret").inner_text()
    program = page.locator("#programs-card > .list > li", has_text="mot-cua")
    expect(program.locator("tbody tr")).to_contain_text("deliver files")

    program.locator("summary").click()
    program.get_by_role("button", name="Change the token").click()
    second = page.locator("#secret").inner_text()
    expect(program.locator("tbody tr")).to_have_count(2)
    program.get_by_role("button", name="Revoke").first.click()

    expect(program.locator("tbody tr", has_text="revoked")).to_have_count(1)
    assert first.startswith("soh_")
    assert second != first


def test_a_closed_account_is_told_apart_and_opened_again(administrator: Visit) -> None:
    page = administrator.page
    make_account(administrator.office, "archivist")
    administrator.go("/accounts?lang=vi")
    line = page.locator("li", has_text="archivist ·")

    line.locator("summary").click()
    line.get_by_role("button", name="Khóa").click()
    expect(line).to_contain_text("đã khóa")
    line.locator("summary").click()
    line.get_by_role("button", name="Mở lại").click()

    expect(line).not_to_contain_text("đã khóa")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_nothing_on_the_accounts_page_stands_in_anybodys_way(
    administrator: Visit, size: tuple[int, int], scheme: str
) -> None:
    page = administrator.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    administrator.go("/accounts?lang=vi")

    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_an_ended_session_is_told_and_leads_back_to_where_one_was(administrator: Visit) -> None:
    page = administrator.page
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    url = administrator.office.url
    administrator.go("/system?lang=vi")
    page.context.add_cookies([{"name": "sohoa_session", "value": "da-het", "url": url}])

    page.reload()
    expect(page.locator("[role=status]").first).to_contain_text("Phiên làm việc đã hết")
    page.fill("input[name=name]", "administrator")
    page.fill("input[name=password]", "sai hoàn toàn")
    page.keyboard.press("Enter")
    expect(page.locator("#error")).to_contain_text("tạm khóa")
    expect(page.locator("input[name=name]")).to_have_value("administrator")
    expect(page.locator("input[name=password]")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    page.wait_for_url("**/system?lang=vi")
    administrator.troubles.clear()  # the browser reports the refusal itself


def test_a_changed_password_is_said_and_asked_for(administrator: Visit) -> None:
    page = administrator.page
    administrator.go("/password?lang=vi")
    page.fill("#old", PASSWORD)
    page.fill("#new", f"{PASSWORD}-moi")

    page.keyboard.press("Enter")

    page.wait_for_url("**/sign-in")
    expect(page.locator("[role=status]").first).to_contain_text("Đã đổi mật khẩu")
