"""Signing in and out, tokens, the first password, and what a guesser meets."""

from collections.abc import Iterator

import pytest

from tests.end_to_end.stepping import opened_home
from tests.unit.web.site import PASSWORD, Site

pytestmark = pytest.mark.xdist_group("web-signing-in")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_home(tmp_path_factory.mktemp("home")) as services:
        made = Site(services)
        made.add_person("an.tran", "operator")
        yield made
        made.close()


def test_right_password_opens_the_page_that_was_wanted(site: Site) -> None:
    client = site.client()

    answer = client.post(
        "/sign-in", data={"name": "an.tran", "password": PASSWORD, "next": "/review"}
    )

    cookie = answer.headers["Set-Cookie"].lower()
    assert (answer.status_code, answer.headers["Location"]) == (303, "/review")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/review").status_code == 200


def test_over_tls_the_cookie_travels_by_tls_alone(site: Site) -> None:
    client = site.client(base_url="https://sohoa.example")

    answer = client.post("/sign-in", data={"name": "an.tran", "password": PASSWORD})

    assert "secure" in answer.headers["Set-Cookie"].lower()


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", ""]
)
def test_after_signing_in_nobody_is_led_elsewhere(site: Site, wanted: str) -> None:
    answer = site.client().post(
        "/sign-in", data={"name": "an.tran", "password": PASSWORD, "next": wanted}
    )

    assert answer.headers["Location"] == "/"


def test_wrong_password_and_unknown_name_get_one_answer(site: Site) -> None:
    site.add_person("rieng.re", "operator")
    client = site.client()

    answers = [
        # The form keeps the name that was typed, whoever typed it.
        client.post("/sign-in", data={"name": name, "password": "sai"}).text.replace(name, "…")
        for name in ("rieng.re", "khong.ai")
    ]

    assert answers[0] == answers[1]
    assert "Tên hoặc mật khẩu không đúng" in answers[0]


def test_five_wrong_passwords_lock_the_account_for_a_while(site: Site) -> None:
    site.add_person("bi.khoa", "operator")
    client = site.client()
    right = {"name": "bi.khoa", "password": PASSWORD}

    for _ in range(5):
        client.post("/sign-in", data={**right, "password": "sai"})
    locked = client.post("/sign-in", data=right).status_code
    site.advance(31)
    opened = client.post("/sign-in", data=right).status_code

    assert (locked, opened) == (403, 303)


def test_session_ends_when_the_person_signs_out(site: Site) -> None:
    browser = site.browser_of("an.tran")
    before = browser.get("/desk").status_code

    left = browser.post("/sign-out")

    assert (before, left.status_code, left.headers["Location"]) == (200, 303, "/sign-in")
    assert browser.get("/desk").status_code == 303


def test_session_of_somebody_who_went_away_ends(site: Site) -> None:
    browser = site.browser_of("an.tran")
    before = browser.get("/desk").status_code

    site.advance(16 * 60)

    assert (before, browser.get("/desk").status_code) == (200, 303)


def test_new_password_is_set_and_ends_every_session(site: Site) -> None:
    site.add_person("moi.den", "operator", has_changed=False)
    browser, other = (site.browser_of("moi.den") for _ in range(2))

    answer = browser.post("/password", data={"old": PASSWORD, "new": "mot-mat-khau-khac"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert other.get("/help").status_code == 303
    assert site.browser_of("moi.den", "mot-mat-khau-khac").get("/desk").status_code == 200


@pytest.mark.parametrize("new", ["ngan", "", PASSWORD])
def test_weak_or_equal_password_is_refused(site: Site, new: str) -> None:
    browser = site.browser_of("an.tran")

    answer = browser.post("/password", data={"old": PASSWORD, "new": new})

    assert answer.status_code == 422
    assert "ít nhất 12 ký tự" in answer.text


def test_token_of_a_program_works_for_the_api(site: Site) -> None:
    answer = site.program("dvc.mot").get("/api/v1/procedures")

    assert answer.status_code == 200
    assert answer.json()["items"]


def test_token_does_not_open_pages(site: Site) -> None:
    assert site.program("dvc.hai").get("/help").status_code == 303


def test_token_needs_no_token_of_a_session(site: Site) -> None:
    answer = site.program("dvc.ba").post("/api/v1/batches", json={"batch_key": "lo-1"})

    assert answer.status_code == 201


def test_expired_token_is_refused(site: Site) -> None:
    program = site.program("dvc.bon", days=1)
    before = program.get("/api/v1/procedures").status_code

    site.advance(86_401)

    after = program.get("/api/v1/procedures")
    assert (before, after.status_code, after.json()["code"]) == (200, 401, "not_signed_in")


@pytest.mark.parametrize("value", ["Bearer soh_doan-mo", "Bearer", "Bearer x", "Basic YTpi"])
def test_invented_token_is_refused(site: Site, value: str) -> None:
    client = site.client(headers={"Authorization": value})

    assert client.get("/api/v1/procedures").status_code == 401


def test_administrator_makes_accounts_whose_password_is_shown_once(site: Site) -> None:
    site.add_person("quan.tri", "administrator")
    browser = site.browser_of("quan.tri")

    made = browser.post("/accounts", data={"name": "le.van", "role": "officer"})
    listed = browser.get("/accounts")
    taken = browser.post("/accounts", data={"name": "le.van", "role": "officer"})

    assert (made.status_code, taken.status_code) == (200, 409)
    assert "le.van" in listed.text
    assert len(made.text) > len(listed.text)
