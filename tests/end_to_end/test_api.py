"""A dossier system's day with a real server: deliver, follow, confirm, search, fetch, ask."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from documents.identifiers import sha256_of_bytes
from tests.end_to_end.commands import run
from tests.end_to_end.conftest import Office
from tests.end_to_end.papers import DECISION, write_scan

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("api")]
OWNER = "099093000012"
DOSSIER = "H99.12.03-260316-0007"


@dataclass(frozen=True)
class Programs:
    """A scanning program, and a dossier system that asks."""

    desk: httpx.Client
    dossiers: httpx.Client


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = Office(home=tmp_path_factory.mktemp("office") / "home")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def programs(office: Office) -> Iterator[Programs]:
    tokens = [
        run(office, "accounts", "token", name, "--role", role, "--json").records[0]["token"]
        for name, role in (("may-quet", "operator"), ("dvc", "dossier_system"))
    ]
    office.serve()
    desk, dossiers = (
        httpx.Client(base_url=office.url, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        for token in tokens
    )
    with desk, dossiers:
        yield Programs(desk, dossiers)


@pytest.fixture(scope="module")
def filed(programs: Programs, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Deliver a paper, confirm it and wait until it is filed."""
    scan = write_scan(tmp_path_factory.mktemp("giay") / "quyết định.tif", DECISION)
    receipt = deliver(programs.desk, scan, key="khoa-1")
    (waiting,) = follow(programs.desk, receipt["batch_id"])["documents"]
    decision = {
        "component_type": "quyet_dinh",
        "values": {"owner_id": OWNER, "dossier_code": DOSSIER},
    }
    answer = programs.desk.post(f"/api/v1/documents/{waiting['id']}/confirm", json=decision)
    assert answer.status_code == 200, answer.text
    (document,) = follow(programs.desk, receipt["batch_id"])["documents"]
    return {**document, "before": waiting, "receipt": receipt}


def deliver(client: httpx.Client, file: Path, *, key: str) -> dict[str, Any]:
    answer = client.post(
        "/api/v1/deliveries",
        files={"file": (file.name, file.read_bytes())},
        headers={"Idempotency-Key": key},
    )
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def follow(client: httpx.Client, batch_id: str) -> dict[str, Any]:
    """Read the batch's events until it is settled; return the last state."""
    state: dict[str, Any] = {}
    with client.stream("GET", f"/api/v1/batches/{batch_id}/events") as answer:
        for line in answer.iter_lines():
            if line.startswith("data: ") and line != "data: {}":
                state = json.loads(line.removeprefix("data: "))
            if line == "event: settled":
                return state
    raise AssertionError(f"the stream ended before the batch was settled: {state}")


def test_paper_waits_for_a_person_and_is_filed_once_confirmed(filed: dict[str, Any]) -> None:
    before = filed["before"]

    assert (before["state"], before["confirmed"]) == ("awaiting_review", False)
    assert (before["component_type"], before["number"]) == ("quyet_dinh", "120/QĐ-UBND")
    assert (filed["state"], filed["confirmed"], filed["dossier"]) == ("filed", True, DOSSIER)


def test_receipt_names_the_pages_once_the_file_was_opened(
    programs: Programs, filed: dict[str, Any]
) -> None:
    receipt = programs.desk.get(f"/api/v1/deliveries/{filed['receipt']['id']}").json()

    assert receipt["sha256"] == filed["receipt"]["sha256"]
    assert len(receipt["pages"]) == 1


def test_same_key_and_bytes_again_are_the_same_delivery(
    programs: Programs, filed: dict[str, Any], tmp_path: Path
) -> None:
    again = deliver(programs.desk, write_scan(tmp_path / "lại.tif", DECISION), key="khoa-1")

    assert again["repeated"]
    assert again["id"] == filed["receipt"]["id"]


def test_paper_is_found_without_marks(programs: Programs, filed: dict[str, Any]) -> None:
    found = programs.dossiers.get("/api/v1/search", params={"q": "sua duong vi du"}).json()

    assert [hit["id"] for hit in found["items"]] == [filed["id"]]


def test_fetched_bytes_are_those_that_were_filed(programs: Programs, filed: dict[str, Any]) -> None:
    answer = programs.dossiers.get(f"/api/v1/documents/{filed['id']}/file")

    assert answer.content.startswith(b"%PDF-")
    assert sha256_of_bytes(answer.content) == filed["sha256"]
    assert answer.headers["ETag"] == f'"{filed["sha256"]}"'


def test_once_only_answer_holds_the_paper(programs: Programs, filed: dict[str, Any]) -> None:
    procedures = programs.dossiers.get("/api/v1/procedures").json()["items"]
    wanted = next(
        (one["code"], part["id"])
        for one in procedures
        for part in one["components"]
        if "quyet_dinh" in part["accepts"]
    )

    answer = programs.dossiers.get(
        "/api/v1/once-only",
        params={
            "owner": OWNER,
            "procedure": wanted[0],
            "dossier": DOSSIER,
            "purpose": "giải quyết hồ sơ",
        },
    ).json()

    assert answer["procedure"] == wanted[0]
    assert filed["id"] in json.dumps(answer["components"])


def test_file_that_is_no_paper_ends_in_a_reason_while_the_server_answers(
    programs: Programs, tmp_path: Path
) -> None:
    spoilt = tmp_path / "hỏng.pdf"
    spoilt.write_bytes(b"%PDF-1.7 " + bytes(range(256)) * 40)
    receipt = deliver(programs.desk, spoilt, key="khoa-hong")

    lives = programs.desk.get("/health/live").status_code
    state = follow(programs.desk, receipt["batch_id"])

    assert lives == 200
    assert state["documents"] == []
    assert state["files"][0]["state"] == "set_aside"
    assert set(state["files"][0]["reason"]) == {"code", "vi", "en"}


def test_open_batch_is_read_before_it_is_closed(programs: Programs, tmp_path: Path) -> None:
    opened = programs.desk.post(
        "/api/v1/batches", json={"station": "quay-01", "batch_key": "sáng-1", "expected_pages": 1}
    ).json()
    path = f"/api/v1/batches/{opened['id']}"
    scan = write_scan(tmp_path / "một.tif", DECISION[:4])
    programs.desk.post(f"{path}/files", files={"file": ("một.tif", scan.read_bytes())})

    read = _wait_for_a_read_page(programs.desk, path)
    closed = programs.desk.post(f"{path}/close").json()
    state = follow(programs.desk, opened["id"])

    assert (read["state"], read["documents"]) == ("open", [])
    assert closed["state"] == "closed"
    assert [one["state"] for one in state["documents"]] == ["awaiting_review"]


def _wait_for_a_read_page(client: httpx.Client, path: str) -> dict[str, Any]:
    with client.stream("GET", f"{path}/events") as answer:
        for line in answer.iter_lines():
            state = json.loads(line.removeprefix("data: ")) if line.startswith("data: {") else {}
            if any(page["state"] == "read" for page in state.get("pages", ())):
                return dict(state)
    raise AssertionError("no page was read before the batch was closed")


def test_dossier_system_may_not_see_the_work_of_the_desk(programs: Programs) -> None:
    answer = programs.dossiers.get("/api/v1/reviews")

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
