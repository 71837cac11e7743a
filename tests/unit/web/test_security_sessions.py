"""Sign-ins under attack: fixed beforehand, stolen, left open, guessed."""

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from structlog.testing import capture_logs

from database.accounts import find_account
from database.audit import list_audit
from tests.end_to_end.stepping import opened_home
from tests.unit.web.site import PASSWORD, Site
from web.cookies import SESSION_COOKIE
from workers import passwords
from workers.actors import Actor
from workers.closing_accounts import set_closed
from workers.errors import SignInRefusedError, WeakPasswordError
from workers.passwords import is_weak
from workers.signing_in import change_password, make_account, reset_account, sign_in

pytestmark = pytest.mark.xdist_group("web-security-sessions")
ADMINISTRATOR = Actor("quan.tri", "administrator")
_NEW = "hoa-sen-trang-no-muon"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_home(tmp_path_factory.mktemp("home")) as services:
        made = Site(services)
        made.add_person("an.tran", "operator")
        made.add_person("quan.tri", "administrator")
        yield made
        made.close()


def actions_of(site: Site, name: str) -> list[str]:
    """Return what the audit log says of an account, newest first."""
    return [
        str(one["action"]) for one in list_audit(site.services.database) if one["actor"] == name
    ]


def account_id_of(site: Site, name: str) -> str:
    with site.services.database.reading() as connection:
        account = find_account(connection, name)
    assert account is not None
    return account.id


def test_token_that_somebody_planted_opens_nothing_after_the_sign_in(site: Site) -> None:
    client = site.client()
    client.cookies.set(SESSION_COOKIE, "dat-san-boi-ke-gian")

    answer = client.post("/sign-in", data={"name": "an.tran", "password": PASSWORD})

    given = answer.cookies[SESSION_COOKIE]
    thief = site.client()
    thief.cookies.set(SESSION_COOKIE, "dat-san-boi-ke-gian")
    assert given != "dat-san-boi-ke-gian"
    assert thief.get("/desk").headers["Location"].startswith("/sign-in")


def test_every_sign_in_has_a_token_of_its_own_that_nobody_guesses(site: Site) -> None:
    tokens = [
        value
        for _ in range(5)
        for made in [sign_in(site.services, name="an.tran", password=PASSWORD)]
        for value in (made.token, made.csrf)
    ]

    # 43 letters of base64 are 256 bits.
    assert len(set(tokens)) == 10
    assert all(re.fullmatch(r"[\w-]{43}", token) for token in tokens)


def test_token_is_kept_nowhere_as_it_is(site: Site) -> None:
    made = sign_in(site.services, name="an.tran", password=PASSWORD)

    for file in site.services.settings.home.glob("sohoa.db*"):
        assert made.token.encode() not in file.read_bytes(), file.name


def test_cookie_of_a_session_is_out_of_reach_for_scripts_and_other_sites(site: Site) -> None:
    client = site.client(base_url="https://sohoa.example")

    answer = client.post("/sign-in", data={"name": "an.tran", "password": PASSWORD})

    parts = {part.strip().lower() for part in answer.headers["Set-Cookie"].split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=strict", "secure"}


def test_no_page_holds_the_token_of_the_session(site: Site) -> None:
    browser = site.browser_of("an.tran")
    token = browser.client.cookies[SESSION_COOKIE]

    for path in ("/desk", "/review", "/help", "/password", "/khong-co"):
        assert token not in browser.get(path).text


def test_signed_out_token_stays_worthless(site: Site) -> None:
    browser = site.browser_of("an.tran")
    token = browser.client.cookies[SESSION_COOKIE]

    browser.post("/sign-out")

    again = site.client()
    again.cookies.set(SESSION_COOKIE, token)
    assert again.get("/desk").status_code == 303
    assert actions_of(site, "an.tran")[0] == "signed_out"


def test_busy_session_ends_all_the_same_after_its_hours(site: Site) -> None:
    browser = site.browser_of("an.tran")
    hours = site.services.settings.web.session_hours
    seen = []

    for _ in range(hours * 6 + 1):
        seen.append(browser.get("/help").status_code)
        site.advance(600)

    assert set(seen[: hours * 6]) == {200}
    assert browser.get("/help").status_code == 303
    assert actions_of(site, "an.tran")[0] == "sign_in_expired"


def test_new_password_ends_the_sign_ins_of_other_browsers_and_its_own(site: Site) -> None:
    site.add_person("doi.mat", "operator")
    browsers = [site.browser_of("doi.mat") for _ in range(3)]

    browsers[0].post("/password", data={"old": PASSWORD, "new": _NEW})

    assert [one.get("/help").status_code for one in browsers] == [303, 303, 303]


def test_reset_by_the_administrator_ends_sign_ins_and_must_be_changed(site: Site) -> None:
    site.add_person("quen.mat", "operator")
    old = site.browser_of("quen.mat")

    first = reset_account(site.services, "quen.mat")

    assert old.get("/help").status_code == 303
    with pytest.raises(SignInRefusedError):
        sign_in(site.services, name="quen.mat", password=PASSWORD)
    answer = site.browser_of("quen.mat", first).get("/desk")
    assert answer.headers["Location"] == "/password"


def test_closed_account_is_out_at_once_and_cannot_come_back(site: Site) -> None:
    site.add_person("nghi.viec", "operator")
    browser = site.browser_of("nghi.viec")

    set_closed(site.services, "nghi.viec", is_closed=True, actor=ADMINISTRATOR)

    assert browser.get("/help").status_code == 303
    with pytest.raises(SignInRefusedError):
        sign_in(site.services, name="nghi.viec", password=PASSWORD)


def test_lock_grows_with_every_further_failure_up_to_an_hour(site: Site) -> None:
    site.add_person("bi.do", "operator")
    waits = []

    for failure in range(1, 16):
        with pytest.raises(SignInRefusedError):
            sign_in(site.services, name="bi.do", password="sai")  # noqa: S106 - wrong on purpose
        now = site.services.clock.now()
        with site.services.database.reading() as connection:
            account = find_account(connection, "bi.do")
        assert account is not None
        assert account.failures == failure
        if account.locked_until is None:
            waits.append(0)
        else:
            waits.append(round((account.locked_until - now).total_seconds()))
            site.advance(waits[-1] + 1)

    assert waits[:7] == [0, 0, 0, 0, 30, 60, 120]
    assert waits == sorted(waits)
    assert waits[-1] == 3600


def test_right_password_does_not_open_a_locked_account_and_says_no_more(site: Site) -> None:
    site.add_person("khoa.lai", "operator")
    client = site.client()
    wrong = [
        client.post("/sign-in", data={"name": "khoa.lai", "password": "sai"}) for _ in range(5)
    ]

    locked = client.post("/sign-in", data={"name": "khoa.lai", "password": PASSWORD})

    assert locked.status_code == wrong[0].status_code == 403
    assert locked.text == wrong[0].text


def test_tries_at_the_same_moment_are_all_counted(site: Site) -> None:
    site.add_person("cung.luc", "operator")
    start = threading.Barrier(4)

    def try_once() -> None:
        start.wait()
        with pytest.raises(SignInRefusedError):
            sign_in(site.services, name="cung.luc", password="sai")  # noqa: S106 - wrong on purpose

    with ThreadPoolExecutor(4) as pool:
        for one in [pool.submit(try_once) for _ in range(4)]:
            one.result()

    with site.services.database.reading() as connection:
        account = find_account(connection, "cung.luc")
    assert account is not None
    assert account.failures == 4


def test_unknown_name_costs_as_much_as_a_known_one(site: Site) -> None:
    first = make_account(site.services, name="that.su", display_name="Thật", role="operator")

    known, unknown = (
        min(seconds_of_refusal(site, name) for _ in range(3)) for name in ("that.su", "khong.ai")
    )

    # Without the comparison it would be a hundredth of it.
    assert unknown > known / 3
    assert sign_in(site.services, name="that.su", password=first).account.must_change


def seconds_of_refusal(site: Site, name: str) -> float:
    begun = time.perf_counter()
    with pytest.raises(SignInRefusedError):
        sign_in(site.services, name=name, password="sai")  # noqa: S106 - wrong on purpose
    return time.perf_counter() - begun


def test_passwords_are_kept_as_argon2id_of_the_recommended_strength(site: Site) -> None:
    make_account(site.services, name="moi.lam", display_name="Mới", role="operator")
    with site.services.database.reading() as connection:
        account = find_account(connection, "moi.lam")

    assert account is not None
    kept = extract_parameters(account.secret_hash)
    assert (kept.type, kept.time_cost, kept.memory_cost, kept.parallelism) == (Type.ID, 3, 65536, 4)


def test_wrong_old_password_locks_the_account_here_too(site: Site) -> None:
    site.add_person("bo.quen", "operator")
    account_id = account_id_of(site, "bo.quen")

    for _ in range(5):
        with pytest.raises(SignInRefusedError):
            change_password(site.services, account_id, old="sai", new=_NEW)

    with pytest.raises(SignInRefusedError):
        change_password(site.services, account_id, old=PASSWORD, new=_NEW)
    site.advance(31)
    change_password(site.services, account_id, old=PASSWORD, new=_NEW)


@pytest.mark.parametrize(
    "password",
    [
        "ngan-qua",
        "aaaaaaaaaaaaaaaa",
        "123412341234",
        "mat-khau-mat-khau",
        "Mật khẩu Số Hóa 123",
        "an.tran-sohoa-2026",
        "TRAN-AN-password!",
        "qwerty-qwerty-1",
    ],
)
def test_password_that_is_guessed_first_is_refused(site: Site, password: str) -> None:
    assert is_weak(password, name="an.tran")
    with pytest.raises(WeakPasswordError):
        change_password(site.services, account_id_of(site, "an.tran"), old=PASSWORD, new=password)


@pytest.mark.parametrize(
    "password",
    [
        "hoa sen trắng nở muộn",
        "83619264729187",
        "correct horse battery staple",
        "đ" + "ường làng quanh co " * 10,
    ],
)
def test_no_kind_of_character_is_demanded_and_length_is_welcome(password: str) -> None:
    assert not is_weak(password, name="an.tran")


def test_long_password_is_taken_whole(site: Site) -> None:
    site.add_person("dai.dong", "operator")
    long = "sông Hồng chảy qua phố " * 8
    browser = site.browser_of("dai.dong")

    changed = browser.post("/password", data={"old": PASSWORD, "new": long})

    assert changed.status_code == 303
    with pytest.raises(SignInRefusedError):
        sign_in(site.services, name="dai.dong", password=long[:-1])
    assert sign_in(site.services, name="dai.dong", password=long).token


def test_tries_that_no_account_counts_stand_in_the_log_without_the_name(site: Site) -> None:
    with capture_logs() as logs, pytest.raises(SignInRefusedError):
        sign_in(site.services, name="lo-go-mat-khau-vao-day", password=PASSWORD)

    (line,) = [one for one in logs if one["event"] == "sign-in refused"]
    assert line["cause"] == "unknown name"
    assert "lo-go-mat-khau-vao-day" not in str(logs)


def test_refusal_by_rights_stands_in_the_log_with_who_and_what(site: Site) -> None:
    browser = site.browser_of("an.tran")

    with capture_logs() as logs:
        browser.get("/accounts")

    (line,) = [one for one in logs if one["event"] == "request refused"]
    assert (line["account"], line["route"], line["code"]) == (
        "an.tran",
        "accounts_page",
        "forbidden",
    )


def test_sign_ins_good_and_bad_stand_in_the_audit_log(site: Site) -> None:
    site.add_person("ghi.lai", "operator")
    with pytest.raises(SignInRefusedError):
        sign_in(site.services, name="ghi.lai", password="sai")  # noqa: S106 - wrong on purpose

    browser = site.browser_of("ghi.lai")
    browser.post("/sign-out")

    assert actions_of(site, "ghi.lai") == ["signed_out", "signed_in", "sign_in_refused"]


@pytest.mark.parametrize("site_of_sender", ["cross-site", "same-site"])
def test_another_site_cannot_sign_a_browser_in(site: Site, site_of_sender: str) -> None:
    answer = site.client().post(
        "/sign-in",
        data={"name": "an.tran", "password": PASSWORD},
        headers={"Sec-Fetch-Site": site_of_sender},
    )

    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_however_many_sign_in_at_once_only_two_take_the_memory_for_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.add_person("rat.dong", "operator")
    counting = CountingHasher()
    monkeypatch.setattr(passwords, "_HASHER", counting)

    with ThreadPoolExecutor(8) as pool:
        tries = [
            pool.submit(sign_in, site.services, name="rat.dong", password="sai")  # noqa: S106 - wrong
            for _ in range(8)
        ]
        for one in tries:
            with pytest.raises(SignInRefusedError):
                one.result()

    assert counting.most == 2


class CountingHasher(PasswordHasher):
    """Counts how many compare at the same moment; each waits until another one has come, too."""

    def __init__(self) -> None:
        super().__init__()
        self.most = self.now = 0
        self._lock = threading.Lock()
        self._met = threading.Event()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the name is the library's
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
            if self.now > 1:
                self._met.set()
        self._met.wait(5)
        try:
            return super().verify(hash, password)
        finally:
            with self._lock:
                self.now -= 1
