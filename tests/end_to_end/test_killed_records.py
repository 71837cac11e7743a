"""Kill -9 while a correction is written beside the stored version: its record comes anyway."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.end_to_end.checking_a_home import Home, find_faults
from tests.end_to_end.conftest import PROJECT, Office
from tests.end_to_end.papers import DECISION, write_scan

pytestmark = pytest.mark.slow
ENOUGH_SECONDS = 60


@pytest.fixture
def filed(office: Office, tmp_path: Path) -> str:
    """Digitize a paper; return the document's id."""
    scan = write_scan(tmp_path / "a.tif", DECISION)
    done = office.sohoa("digitize", "--confirm-by", "backfile", str(scan))
    assert done.returncode == 0, done.stderr
    ((document_id,),) = [row.values() for row in Home(office.home).rows("SELECT id FROM documents")]
    return str(document_id)


def rest(office: Office) -> None:
    """Wait until nothing is left to do."""
    home = Home(office.home)
    until = time.monotonic() + ENOUGH_SECONDS
    while home.rows("SELECT 1 FROM stage_runs WHERE state NOT IN ('done', 'set_aside')"):
        assert time.monotonic() < until, "the stages do not end"
        threading.Event().wait(0.1)


def numbers_told(office: Office, document_id: str) -> list[str]:
    """Return the number of the paper as each record in the store tells it."""
    objects = Home(office.home).objects()
    keys = sorted(key for key in objects if key.startswith(f"documents/{document_id}/records/"))
    records = [json.loads(objects[key].read_bytes()) for key in keys]
    return [
        tag["value"]
        for record in records
        for tag in record["description"]["tags"]
        if tag["name"] == "number"
    ]


def test_correction_survives_a_kill_at_each_moment_before_its_record_is_known_to_be_stored(
    office: Office, filed: str
) -> None:
    left = []
    for moment in ("after_commit", "before_store", "after_store"):
        dying = subprocess.run(
            [sys.executable, "-m", "tests.end_to_end.dying", str(office.home), filed, moment],
            cwd=PROJECT,
            env=office.environment,
            capture_output=True,
            check=False,
        )
        assert dying.returncode == -signal.SIGKILL, dying.stderr
        left.append(len(numbers_told(office, filed)))
        office.serve()
        rest(office)
        office.stop()

    assert left == [1, 2, 4]
    assert numbers_told(office, filed)[1:] == ["1/after_commit", "1/before_store", "1/after_store"]
    assert find_faults(Home(office.home)) == []


def test_corrections_survive_a_server_that_is_killed_after_each_answer(
    office: Office, filed: str, token_of: Callable[[Office, str], str]
) -> None:
    token = token_of(office, "officer")
    for number in range(1, 7):
        office.serve()
        answer = httpx.post(
            f"{office.url}/api/v1/documents/{filed}/corrections",
            headers={"Authorization": f"Bearer {token}"},
            json={
                "component_type": "khac",
                "values": {"number": f"{number}/TB"},
                "reason": "đọc nhầm",
            },
            timeout=30,
        )
        office.kill()
        assert answer.status_code == httpx.codes.OK, answer.text
    office.serve()
    rest(office)
    office.stop()

    assert numbers_told(office, filed)[1:] == [f"{number}/TB" for number in range(1, 7)]
    assert find_faults(Home(office.home)) == []
