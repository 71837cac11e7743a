"""Not too often, only in scope, and what else programs rely on."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from configuration.settings import WebSettings
from tests.end_to_end.stepping import opened_home, run_all
from tests.unit.web.site import Client, Site
from workers.actors import Actor
from workers.api_tokens import Scope, list_shown_tokens, revoke, rotate_token
from workers.signing_in import make_token

pytestmark = pytest.mark.xdist_group("web-callers")
ADMINISTRATOR = Actor("quan.tri", "administrator")
_FEW = 12


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    web = WebSettings(requests_per_minute=1_000_000, streams_per_account=1)
    with opened_home(tmp_path_factory.mktemp("home"), web=web) as services:
        made = Site(services)
        yield made
        made.close()


@pytest.fixture(scope="module")
def desk(site: Site) -> Client:
    return site.program("may.quet", role="operator")


def scoped(site: Site, name: str, scopes: Sequence[Scope]) -> Client:
    secret = make_token(site.services, name=name, display_name=name, role="officer", scopes=scopes)
    return bearer(site, secret)


def bearer(site: Site, secret: str) -> Client:
    return site.client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Site]:
    web = WebSettings(requests_per_minute=_FEW, sign_ins_per_minute=5)
    with opened_home(tmp_path / "home", web=web) as services:
        made = Site(services)
        yield made
        made.close()


def test_too_many_requests_are_told_when_to_come_back(strict: Site) -> None:
    program = strict.program("voi", role="operator")
    answers = [program.get("/api/v1/procedures?limit=1") for _ in range(_FEW + 1)]

    left = [int(one.headers["RateLimit-Remaining"]) for one in answers]
    refused = answers[-1]

    assert [one.status_code for one in answers[:-1]] == [200] * _FEW
    assert left[:-1] == list(range(_FEW - 1, -1, -1))
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert {one.headers["RateLimit-Limit"] for one in answers} == {str(_FEW)}
    assert refused.headers["Content-Type"] == "application/problem+json"
    strict.advance(int(refused.headers["Retry-After"]))
    assert program.get("/api/v1/procedures?limit=1").status_code == 200


def test_one_program_does_not_use_up_what_another_may(strict: Site) -> None:
    loud, quiet = (strict.program(name, role="operator") for name in ("on.ao", "lang.le"))
    for _ in range(_FEW + 1):
        loud.get("/api/v1/procedures?limit=1")

    assert loud.get("/api/v1/procedures").status_code == 429
    assert quiet.get("/api/v1/procedures").status_code == 200


def test_passwords_are_not_tried_without_end_from_one_address(strict: Site) -> None:
    client = strict.client()

    answers = [
        client.post("/sign-in", data={"name": f"ai{number}", "password": "x"})
        for number in range(6)
    ]

    assert {one.status_code for one in answers[:5]} == {403}
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_token_does_what_its_scopes_say(site: Site) -> None:
    searcher = scoped(site, "chi.tim", ["search"])

    allowed = searcher.get("/api/v1/search", params={"q": "x"})
    refused = searcher.post("/api/v1/batches", json={})
    catalogue = searcher.get("/api/v1/procedures")

    assert (allowed.status_code, catalogue.status_code) == (200, 200)
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
    assert 'scope="deliver"' in refused.headers["WWW-Authenticate"]


def test_scope_gives_no_more_than_the_role(site: Site) -> None:
    officer = scoped(site, "khong.thanh.tra", ["audit"])

    answer = officer.get("/api/v1/audit")

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_rotated_token_works_beside_the_new_one_for_a_while(site: Site) -> None:
    services = site.services
    old = bearer(site, make_token(services, name="doi.ma", display_name="doi", scopes=["search"]))
    new = bearer(site, rotate_token(services, "doi.ma", actor=ADMINISTRATOR, overlap_days=2))

    def statuses() -> tuple[int, int, int]:
        return (
            old.get("/api/v1/search").status_code,
            new.get("/api/v1/search").status_code,
            new.get("/api/v1/documents/doc_0").status_code,
        )

    during = statuses()
    site.advance(2 * 86_400 + 1)

    assert during == (200, 200, 403)
    assert statuses() == (401, 200, 403)


def test_revoked_token_opens_nothing_at_once(site: Site) -> None:
    program = bearer(site, make_token(site.services, name="thu.hoi", display_name="x"))
    before = program.get("/api/v1/procedures").status_code
    (token,) = list_shown_tokens(site.services, name="thu.hoi")

    revoke(site.services, token.token.id, actor=ADMINISTRATOR)
    revoke(site.services, token.token.id, actor=ADMINISTRATOR)

    assert (before, program.get("/api/v1/procedures").status_code) == (200, 401)


def test_last_use_of_a_token_is_known(site: Site) -> None:
    program = bearer(site, make_token(site.services, name="dung.luc", display_name="x"))
    (before,) = list_shown_tokens(site.services, name="dung.luc")

    program.get("/api/v1/procedures")

    (after,) = list_shown_tokens(site.services, name="dung.luc")
    assert before.token.last_used_at is None
    assert after.token.last_used_at is not None


def test_wrong_method_names_the_right_ones(desk: Client) -> None:
    answer = desk.request("PUT", "/api/v1/search")

    assert (answer.status_code, answer.json()["code"]) == (405, "wrong_method")
    assert answer.headers["Allow"] == "GET"


def test_wrong_method_names_those_of_every_route_at_the_address(desk: Client) -> None:
    answer = desk.request("PUT", "/api/v1/uploads/upl_0")

    assert answer.headers["Allow"] == "DELETE, GET, HEAD, PATCH"


def test_stream_of_an_unknown_batch_is_not_found(desk: Client) -> None:
    answer = desk.get("/api/v1/batches/bat_0/events")

    assert answer.status_code == 404


@pytest.fixture
def settled(site: Site, desk: Client) -> str:
    """Give a batch in which nothing is left to run."""
    opened = str(desk.post("/api/v1/batches", json={}).json()["id"])
    desk.post(f"/api/v1/batches/{opened}/close")
    run_all(site.services)
    return opened


def test_stream_that_has_ended_makes_room_for_the_next(desk: Client, settled: str) -> None:

    ended = [desk.get(f"/api/v1/batches/{settled}/events") for _ in range(2)]

    assert [one.status_code for one in ended] == [200, 200]
    assert "event: settled" in ended[-1].text


def test_stream_goes_on_behind_the_last_event(desk: Client, settled: str) -> None:
    path = f"/api/v1/batches/{settled}/events"
    first = desk.get(path).text
    last = first.splitlines()[0].removeprefix("id: ")

    again = desk.get(path, headers={"Last-Event-ID": last}).text

    assert json.loads(first.splitlines()[1].removeprefix("data: "))["id"] == settled
    assert again.startswith("event: settled")


def test_answer_in_json_is_what_the_description_says(desk: Client) -> None:
    answer: httpx.Response = desk.get("/api/v1/openapi.json")

    assert answer.json()["openapi"].startswith("3.1")
    assert "Problem" in answer.json()["components"]["schemas"]
