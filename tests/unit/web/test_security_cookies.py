"""The cookie of a session, what counts as use of it, and what ends with it."""

from collections.abc import Callable, Iterator

import pytest

from database.accounts import find_account
from tests.end_to_end.stepping import opened_home
from tests.unit.web.site import PASSWORD, Browser, Site
from web.cookies import SESSION_COOKIE
from workers.actors import Actor
from workers.api_tokens import list_shown_tokens, revoke
from workers.closing_accounts import set_closed
from workers.sessions import sign_out
from workers.signing_in import change_password, reset_account

pytestmark = pytest.mark.xdist_group("web-security-cookies")
ADMINISTRATOR = Actor("quan.tri", "administrator")
TLS = "https://sohoa.example"
OVER_TLS = f"__Host-{SESSION_COOKIE}"
IN_THE_BACKGROUND = {"Sec-Fetch-Mode": "cors"}
BY_A_PERSON = {"Sec-Fetch-Mode": "navigate"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_home(tmp_path_factory.mktemp("home")) as services:
        made = Site(services)
        made.add_person("an.tran", "operator")
        made.add_person("quan.tri", "administrator")
        yield made
        made.close()


def test_cookie_over_tls_is_bound_to_this_host_by_its_name(site: Site) -> None:
    client = site.client(base_url=TLS)

    answer = client.post("/sign-in", data={"name": "an.tran", "password": PASSWORD})

    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    parts = {part.strip().lower() for part in rest.split(";")[1:]}
    assert name == OVER_TLS
    assert parts == {"httponly", "path=/", "samesite=strict", "secure"}
    assert client.get("/desk").status_code == 200


def test_cookie_that_another_host_could_have_set_opens_nothing_over_tls(site: Site) -> None:
    token = site.browser_of("an.tran").client.cookies[SESSION_COOKIE]
    planted, bound = site.client(base_url=TLS), site.client(base_url=TLS)

    planted.cookies.set(SESSION_COOKIE, token)
    bound.cookies.set(OVER_TLS, token)

    assert planted.get("/desk").status_code == 303
    assert bound.get("/desk").status_code == 200


def test_signing_out_over_tls_takes_the_cookie_away(site: Site) -> None:
    client = site.client(base_url=TLS)
    client.post("/sign-in", data={"name": "an.tran", "password": PASSWORD})
    csrf = client.get("/desk").text.split('name="csrf" content="')[1].split('"')[0]

    answer = client.post("/sign-out", headers={"X-CSRF-Token": csrf})

    assert answer.headers["Set-Cookie"].startswith(f'{OVER_TLS}="";')
    assert OVER_TLS not in client.cookies


def test_signing_in_ends_what_was_signed_in_here_before(site: Site) -> None:
    browser = site.browser_of("an.tran")
    stolen = browser.client.cookies[SESSION_COOKIE]

    answer = browser.client.post("/sign-in", data={"name": "quan.tri", "password": PASSWORD})

    thief = site.client()
    thief.cookies.set(SESSION_COOKIE, stolen)
    assert answer.cookies[SESSION_COOKIE] != stolen
    assert thief.get("/desk").status_code == 303


def test_refused_sign_in_ends_nothing(site: Site) -> None:
    browser = site.browser_of("an.tran")

    browser.client.post("/sign-in", data={"name": "quan.tri", "password": "sai"})

    assert browser.get("/desk").status_code == 200
    site.client().post("/sign-in", data={"name": "quan.tri", "password": PASSWORD})


def test_browser_forgets_papers_at_sign_out_and_keeps_what_was_not_delivered(site: Site) -> None:
    browser = site.browser_of("an.tran")

    left = browser.post("/sign-out")

    # "storage" would take the queue of the desk along.
    assert left.headers["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in browser.get("/help").headers


def test_browser_forgets_papers_when_the_sign_in_has_ended_by_itself(site: Site) -> None:
    browser = site.browser_of("an.tran")
    site.advance(16 * 60)

    page = browser.get("/sign-in")

    assert page.headers["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in site.client().get("/sign-in").headers


@pytest.mark.parametrize(
    "headers", [IN_THE_BACKGROUND, {"Sec-Fetch-Mode": "no-cors"}, {"Accept": "text/event-stream"}]
)
def test_what_a_page_asks_for_by_itself_does_not_keep_the_sign_in(
    site: Site, headers: dict[str, str]
) -> None:
    browser = site.browser_of("an.tran")
    seen = []

    for _ in range(3):
        site.advance(6 * 60)
        seen.append(browser.get("/help", headers=headers).status_code)

    assert seen == [200, 200, 303]


def test_kept_up_reservation_does_not_keep_the_sign_in(site: Site) -> None:
    browser = site.browser_of("an.tran")
    path = "/api/v1/documents/doc_0/reservation"
    seen = []

    for _ in range(3):
        site.advance(6 * 60)
        headers = {**IN_THE_BACKGROUND, "X-CSRF-Token": browser.csrf}
        seen.append(browser.client.request("PUT", path, headers=headers, json={}).status_code)

    assert seen == [404, 404, 401]


@pytest.mark.parametrize(
    "do",
    [
        lambda browser: browser.get("/desk", headers=BY_A_PERSON),
        lambda browser: browser.post("/still-here", headers=IN_THE_BACKGROUND),
    ],
    ids=["going somewhere", "typing or clicking"],
)
def test_what_a_person_does_keeps_the_sign_in(site: Site, do: Callable[[Browser], object]) -> None:
    browser = site.browser_of("an.tran")

    for _ in range(3):
        site.advance(10 * 60)
        do(browser)

    assert browser.get("/desk").status_code == 200


def test_to_be_here_is_told_by_pages_of_ours_alone(site: Site) -> None:
    browser = site.browser_of("an.tran")

    assert browser.post("/still-here").status_code == 204
    assert browser.client.post("/still-here").status_code == 403


def account_id_of(site: Site, name: str) -> str:
    with site.services.database.reading() as connection:
        account = find_account(connection, name)
    assert account is not None
    return account.id


ENDS: dict[str, Callable[[Site, Browser, str], object]] = {
    "signing out": lambda site, browser, _: sign_out(
        site.services, browser.client.cookies[SESSION_COOKIE]
    ),
    "being idle": lambda site, *_: site.advance(16 * 60),
    "a closed account": lambda site, _, name: set_closed(
        site.services, name, is_closed=True, actor=ADMINISTRATOR
    ),
    "a reset": lambda site, _, name: reset_account(site.services, name),
    "a new password": lambda site, _, name: change_password(
        site.services, account_id_of(site, name), old=PASSWORD, new="hoa-sen-trang-no-muon"
    ),
}


@pytest.mark.parametrize("cause", ENDS)
@pytest.mark.parametrize("path", ["/desk/events", "/aside/events"])
def test_stream_ends_with_its_sign_in(site: Site, cause: str, path: str) -> None:
    name = f"luong.{list(ENDS).index(cause)}{path[1]}"
    site.add_person(name, "operator")
    browser = site.browser_of(name)

    told = site.follow(browser, path, then=lambda: ENDS[cause](site, browser, name))

    assert told.endswith("event: signed-out\ndata: {}\n\n")
    assert not site.streams.is_open


def test_stream_of_a_program_ends_with_its_token(site: Site) -> None:
    program = site.program("dvc.luong")
    batch = program.post("/api/v1/batches", json={"batch_key": "lo-1"}).json()["id"]
    (shown,) = list_shown_tokens(site.services, name="dvc.luong")
    follower = Browser.__new__(Browser)
    follower.client = program

    told = site.follow(
        follower,
        f"/api/v1/batches/{batch}/events",
        then=lambda: revoke(site.services, shown.token.id, actor=ADMINISTRATOR),
    )

    assert told.endswith("event: signed-out\ndata: {}\n\n")
