"""One's own account on the page of the password: sign-ins, the second factor, what roles must."""

import re
from collections.abc import Iterator

import pytest

from configuration.settings import WebSettings
from tests.end_to_end.stepping import opened_home
from tests.unit.web.site import PASSWORD, Browser, Site
from web.browsers import name_browser
from web.cookies import SECOND_COOKIE, SESSION_COOKIE
from web.rights import RIGHTS, WITHOUT_SECOND_FACTOR
from workers.one_time_codes import STEP_SECONDS, code_at

pytestmark = pytest.mark.xdist_group("web-own-account")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    web = WebSettings(second_factor_roles=("archivist",))
    with opened_home(tmp_path_factory.mktemp("home"), web=web) as services:
        made = Site(services)
        made.add_person("quan.tri", "administrator")
        yield made
        made.close()


def code_now(site: Site, secret: str, *, later: int = 0) -> str:
    now = int(site.services.clock.now().timestamp())
    return code_at(secret, now // STEP_SECONDS + later)


def set_up(site: Site, browser: Browser) -> tuple[str, list[str]]:
    """Set the second factor up through the page; return its secret and recovery codes."""
    browser.post("/password/second/begin", data={"password": PASSWORD})
    (secret,) = re.findall(r'id="secret">(\w+)<', browser.get("/password").text)
    page = browser.post("/password/second/confirm", data={"code": code_now(site, secret)})
    codes = re.findall(r"<li><code>([\w-]+)</code>", page.text)
    assert len(codes) == 10
    site.advance(STEP_SECONDS)
    return secret, codes


def marks_of(browser: Browser) -> list[str]:
    return re.findall(r"/password/sign-ins/([0-9a-f]{16})/end", browser.get("/password").text)


def test_sign_ins_are_shown_with_their_browser(site: Site) -> None:
    site.add_person("ba.noi", "operator")
    for agent in (FIREFOX, EDGE, ""):
        client = site.client(headers={"User-Agent": agent})
        client.post("/sign-in", data={"name": "ba.noi", "password": PASSWORD})

    page = site.browser_of("ba.noi").get("/password").text

    for name in ("Firefox · Linux", "Edge · Windows", "trình duyệt khác"):
        assert name in page
    assert page.count("nơi này</span>") == 1


def test_one_sign_in_is_ended_and_the_others_go_on(site: Site) -> None:
    site.add_person("hai.noi", "operator")
    here, first, second = (site.browser_of("hai.noi") for _ in range(3))

    here.post(f"/password/sign-ins/{marks_of(here)[0]}/end")

    left = [one.get("/help").status_code for one in (here, first, second)]
    assert left[0] == 200
    assert sorted(left[1:]) == [200, 303]


def test_all_other_sign_ins_are_ended_at_once(site: Site) -> None:
    site.add_person("moi.noi", "operator")
    here, *others = (site.browser_of("moi.noi") for _ in range(4))

    answer = here.post("/password/sign-ins/end-others")

    assert answer.headers["Location"] == "/password#sign-ins"
    assert [one.get("/help").status_code for one in (here, *others)] == [200, 303, 303, 303]


def test_sign_in_of_somebody_else_is_neither_seen_nor_ended(site: Site) -> None:
    site.add_person("nguoi.mot", "operator")
    site.add_person("nguoi.hai", "operator")
    one, other = site.browser_of("nguoi.mot"), site.browser_of("nguoi.hai")
    site.browser_of("nguoi.hai")
    (mark,) = marks_of(other)

    answer = one.post(f"/password/sign-ins/{mark}/end")

    assert answer.status_code == 404
    assert marks_of(one) == []
    assert marks_of(other) == [mark]


def test_page_holds_no_token_of_a_sign_in(site: Site) -> None:
    site.add_person("kin.dao", "operator")
    here, other = site.browser_of("kin.dao"), site.browser_of("kin.dao")

    page = here.get("/password").text

    assert other.client.cookies[SESSION_COOKIE] not in page
    assert here.client.cookies[SESSION_COOKIE] not in page


def test_sign_in_with_a_second_factor_takes_both_steps(site: Site) -> None:
    site.add_person("hai.buoc", "operator")
    secret, _ = set_up(site, site.browser_of("hai.buoc"))
    client = site.client(base_url="https://sohoa.example")

    first = client.post(
        "/sign-in", data={"name": "hai.buoc", "password": PASSWORD, "next": "/review"}
    )
    between = client.get("/desk")
    second = client.post("/sign-in/code", data={"code": code_now(site, secret), "next": "/review"})

    assert (first.status_code, first.headers["Location"]) == (303, "/sign-in/code?next=%2Freview")
    given = first.headers["Set-Cookie"].lower()
    assert given.startswith(f"__host-{SECOND_COOKIE}=")
    assert {"httponly", "secure", "samesite=strict"} <= {one.strip() for one in given.split(";")}
    assert between.headers["Location"].startswith("/sign-in")
    assert (second.status_code, second.headers["Location"]) == (303, "/review")
    assert client.get("/review").status_code == 200


def test_second_step_without_the_first_leads_back(site: Site) -> None:
    client = site.client()

    page = client.get("/sign-in/code")
    tried = client.post("/sign-in/code", data={"code": "123456"})

    assert page.headers["Location"] == "/sign-in"
    assert tried.status_code == 403
    assert "Đăng nhập lại từ đầu" in tried.text
    assert SESSION_COOKIE not in client.cookies


def test_wrong_code_keeps_the_step_and_leads_nowhere_else(site: Site) -> None:
    site.add_person("sai.ma", "operator")
    _, codes = set_up(site, site.browser_of("sai.ma"))
    client = site.client()
    client.post("/sign-in", data={"name": "sai.ma", "password": PASSWORD})

    wrong = client.post("/sign-in/code", data={"code": "000000", "next": "//elsewhere.example"})
    right = client.post("/sign-in/code", data={"code": codes[0], "next": "//elsewhere.example"})

    assert wrong.status_code == 403
    assert "Mã không đúng hoặc đã dùng" in wrong.text
    assert "elsewhere" not in wrong.text
    assert right.headers["Location"] == "/"


@pytest.mark.parametrize("sender", ["cross-site", "same-site"])
def test_another_site_cannot_send_the_second_step(site: Site, sender: str) -> None:
    answer = site.client().post(
        "/sign-in/code", data={"code": "123456"}, headers={"Sec-Fetch-Site": sender}
    )

    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_wrong_password_changes_nothing_about_the_second_factor(site: Site) -> None:
    site.add_person("sai.mk", "operator")
    browser = site.browser_of("sai.mk")

    begun = browser.post("/password/second/begin", data={"password": "sai"})
    set_up(site, browser)
    answers = [
        browser.post(f"/password/second/{step}", data={"password": "sai"})
        for step in ("codes", "remove")
    ]

    assert [one.status_code for one in (begun, *answers)] == [422] * 3
    assert "đang dùng</span>" in browser.get("/password").text


def test_second_factor_is_removed_by_its_owner(site: Site) -> None:
    site.add_person("thoi.dung", "operator")
    browser = site.browser_of("thoi.dung")
    set_up(site, browser)

    browser.post("/password/second/remove", data={"password": PASSWORD})

    answer = site.client().post("/sign-in", data={"name": "thoi.dung", "password": PASSWORD})
    assert answer.headers["Location"] == "/"


def test_role_that_must_have_a_second_factor_can_do_nothing_else_first(site: Site) -> None:
    site.add_person("luu.tru", "archivist")
    browser = site.browser_of("luu.tru")

    page = browser.get("/search")
    call = browser.get("/api/v1/search?q=a")
    shown = browser.get("/password").text

    assert (page.status_code, page.headers["Location"]) == (303, "/password")
    assert (call.status_code, call.json()["code"]) == (403, "second_factor_required")
    assert "Vai trò của bạn phải có mã xác thực" in shown
    set_up(site, browser)
    assert browser.get("/search").status_code == 200
    browser.post("/password/second/remove", data={"password": PASSWORD})
    assert browser.get("/search").headers["Location"] == "/password"


def test_what_is_allowed_before_is_of_ones_own_account_alone() -> None:
    assert set(RIGHTS) >= WITHOUT_SECOND_FACTOR
    assert not [one for one in WITHOUT_SECOND_FACTOR if one.startswith(("api_", "accounts_"))]
    assert "second_remove" not in WITHOUT_SECOND_FACTOR


def test_administrator_sees_and_removes_the_second_factor_of_another(site: Site) -> None:
    site.add_person("mat.may", "operator")
    set_up(site, site.browser_of("mat.may"))
    administrator = site.browser_of("quan.tri")
    assert "/accounts/mat.may/second" in administrator.get("/accounts").text

    administrator.post("/accounts/mat.may/second")

    answer = site.client().post("/sign-in", data={"name": "mat.may", "password": PASSWORD})
    assert answer.headers["Location"] == "/"
    assert "/accounts/mat.may/second" not in administrator.get("/accounts").text


def test_forms_of_the_page_lead_back_to_it_when_they_are_asked_for_again(site: Site) -> None:
    site.add_person("tai.lai", "operator")
    browser = site.browser_of("tai.lai")

    for path in ("second/begin", "second/confirm", "sign-ins/end-others"):
        assert browser.get(f"/password/{path}?lang=en").headers["Location"] == "/password"


@pytest.mark.parametrize(
    ("agent", "name"),
    [(FIREFOX, "Firefox · Linux"), (EDGE, "Edge · Windows"), ("", ""), ("curl/8", "")],
)
def test_browsers_are_called_as_people_call_them(agent: str, name: str) -> None:
    assert name_browser(agent) == name
