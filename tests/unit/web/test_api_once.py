"""The same request twice is one: idempotency keys."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from configuration.settings import WebSettings
from tests.end_to_end.stepping import opened_home
from tests.unit.web.site import Client, Site
from workers.answering_once import begin_once, forget_interrupted
from workers.api_tokens import list_shown_tokens
from workers.signing_in import make_token

pytestmark = pytest.mark.xdist_group("web-once")
KEY = "Idempotency-Key"
SCAN = b"\x89PNG khong phai anh"


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


def test_same_key_and_body_are_one_batch(desk: Client) -> None:
    first, again = (
        desk.post("/api/v1/batches", json={"station": "q1"}, headers={KEY: "mo-1"})
        for _ in range(2)
    )

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers


def test_same_key_with_another_body_is_refused(desk: Client) -> None:
    desk.post("/api/v1/batches", json={"station": "q1"}, headers={KEY: "mo-2"})

    other = desk.post("/api/v1/batches", json={"station": "q2"}, headers={KEY: "mo-2"})

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_same_key_at_another_address_is_refused(desk: Client) -> None:
    opened = desk.post("/api/v1/batches", json={}, headers={KEY: "mo-3"}).json()

    other = desk.post(f"/api/v1/batches/{opened['id']}/close", headers={KEY: "mo-3"})

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_file_with_a_key_is_given_its_receipt_again(desk: Client) -> None:
    first, again = (
        desk.post("/api/v1/deliveries?filename=a.png", content=SCAN, headers={KEY: "tep-1"})
        for _ in range(2)
    )

    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json() == {**first.json(), "repeated": True}


@pytest.mark.parametrize("kind", ["delivery", "batch"])
def test_other_bytes_under_the_key_of_a_file_are_refused(desk: Client, kind: str) -> None:
    opened = desk.post("/api/v1/batches", json={}).json()["id"]
    path = {"delivery": "/api/v1/deliveries", "batch": f"/api/v1/batches/{opened}/files"}[kind]
    desk.post(path, content=SCAN, headers={KEY: f"tep-{kind}"})

    other = desk.post(path, content=SCAN + b"khac", headers={KEY: f"tep-{kind}"})

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    files = desk.get(f"/api/v1/batches/{opened}").json()["files"]
    assert len(files) == (1 if kind == "batch" else 0)


def test_requests_at_once_with_one_key_are_executed_once(site: Site) -> None:
    secret = make_token(site.services, name="cung.luc", display_name="cung", role="operator")

    answers = site.at_once(
        8,
        "POST",
        "/api/v1/batches",
        json={"station": "q3"},
        headers={KEY: "cung-luc", "Authorization": f"Bearer {secret}"},
    )

    made = [answer for answer in answers if answer.status_code == 201]
    busy = [answer for answer in answers if answer.status_code == 409]
    assert len(made) + len(busy) == 8
    assert len({answer.json()["id"] for answer in made}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in made) == 1
    assert {answer.json()["code"] for answer in busy} <= {"idempotency_key_in_use"}
    assert all(answer.headers["Retry-After"] == "1" for answer in busy)


def test_refused_request_can_be_corrected_under_its_key(desk: Client) -> None:
    wrong = desk.post("/api/v1/batches", json={"statio": "q1"}, headers={KEY: "sua"})

    right = desk.post("/api/v1/batches", json={"station": "q1"}, headers={KEY: "sua"})

    assert (wrong.status_code, right.status_code) == (422, 201)


def test_key_is_forgotten_after_a_day(site: Site) -> None:
    desk = site.program("hom.sau", role="operator")
    first = desk.post("/api/v1/batches", json={"station": "q1"}, headers={KEY: "mai"})
    site.advance(timedelta(hours=24, seconds=1).total_seconds())

    other = desk.post("/api/v1/batches", json={"station": "q2"}, headers={KEY: "mai"})

    assert (first.status_code, other.status_code) == (201, 201)


def test_request_that_ended_with_its_server_can_be_sent_again(site: Site, desk: Client) -> None:
    account = list_shown_tokens(site.services, name="may.quet")[0].token.account_id
    begin_once(site.services, account, "mat-dien", request_digest="x" * 64)

    forgotten = forget_interrupted(site.services)

    again = desk.post("/api/v1/batches", json={}, headers={KEY: "mat-dien"})
    assert forgotten >= 1
    assert again.status_code == 201


def test_request_whose_server_is_long_gone_can_be_sent_again(site: Site, desk: Client) -> None:
    account = list_shown_tokens(site.services, name="may.quet")[0].token.account_id
    begin_once(site.services, account, "lau-roi", request_digest="x" * 64)
    site.advance(timedelta(minutes=4).total_seconds())
    early = desk.post("/api/v1/batches", json={}, headers={KEY: "lau-roi"})
    site.advance(timedelta(minutes=2).total_seconds())

    late = desk.post("/api/v1/batches", json={}, headers={KEY: "lau-roi"})

    assert early.status_code != 201
    assert late.status_code == 201


def test_keys_of_two_programs_do_not_meet(site: Site, desk: Client) -> None:
    other = site.program("may.khac", role="operator")

    answers = [
        one.post("/api/v1/batches", json={"station": station}, headers={KEY: "chung"})
        for one, station in ((desk, "q1"), (other, "q2"))
    ]

    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]


@pytest.mark.parametrize("key", ["x" * 121, "có dấu".encode(), "a b"])
def test_key_that_is_no_plain_word_is_refused(desk: Client, key: str) -> None:
    answer = desk.post("/api/v1/batches", json={}, headers={KEY: key})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
