"""Servers that tests start privately: nothing of them is left behind, whoever is killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.services.places import Place, open_place
from deploy.services.processes import (
    Program,
    began_at,
    is_running,
    start_process,
    stop_process,
    wait_until,
)
from deploy.services.running import addresses, run_with_servers, start, stop
from deploy.services.servers import SERVERS
from deploy.services.tools import MissingToolError
from tests.services import service

PROJECT = Path(__file__).parents[3]
WAITING = ["sleep", "600"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("SERVICES_STATE", str(tmp_path / "state"))
    opened = open_place(tmp_path)
    yield opened
    if opened.folder.exists():
        stop(opened, list(SERVERS))


@pytest.fixture
def redis() -> None:
    """Let a test run only where Redis is installed, as where the other tests have one."""
    service("redis")


def begin(place: Place, arguments: list[str]) -> int:
    return start_process(place, "redis", Program(arguments=arguments, environment={}))


def process_of(place: Place) -> int:
    noted = json.loads(place.process_file("redis").read_text())
    return int(noted["pid"])


@pytest.mark.usefixtures("redis")
def test_server_that_was_started_answers_at_its_address(place: Place) -> None:
    failures = start(place, ["redis"])

    assert failures == {}
    assert list(addresses(place)) == ["TEST_REDIS"]
    assert SERVERS["redis"].is_ready(place)
    assert place.env_file.read_text() == f"TEST_REDIS={addresses(place)['TEST_REDIS']}\n"
    assert place.env_file.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("redis")
def test_starting_twice_is_starting_once(place: Place) -> None:
    start(place, ["redis"])
    first = process_of(place)

    start(place, ["redis"])

    assert process_of(place) == first


@pytest.mark.usefixtures("redis")
def test_server_that_was_killed_comes_back_at_the_same_address(place: Place) -> None:
    start(place, ["redis"])
    before, killed = addresses(place), process_of(place)
    stop(place, ["redis"], how=signal.SIGKILL)

    start(place, ["redis"])

    assert addresses(place) == before
    assert process_of(place) != killed


def test_stopping_ends_all_that_a_server_has_started(place: Place) -> None:
    children = place.folder / "child"
    begin(place, ["sh", "-c", f"sleep 600 & echo $! > {children}; wait"])
    assert wait_until(lambda: children.exists() and bool(children.read_text()), seconds=20)
    child = int(children.read_text())

    stop_process(place, "redis", how=signal.SIGKILL)

    assert wait_until(lambda: began_at(child) is None, seconds=20)


def test_process_that_got_the_same_number_later_is_left_alone(place: Place) -> None:
    with subprocess.Popen(WAITING) as other:
        noted = {"pid": other.pid, "session": other.pid, "began": 1}
        place.process_file("redis").write_text(json.dumps(noted))

        was_there = stop_process(place, "redis")

        assert not was_there
        assert not is_running(place, "redis")
        assert other.poll() is None
        other.kill()


def test_what_a_killed_run_left_ends_with_the_next_start_of_anybody(
    place: Place, tmp_path: Path
) -> None:
    killed = subprocess.Popen(WAITING)
    orphan = begin(place, WAITING)
    owner = {"pid": killed.pid, "began": began_at(killed.pid)}
    (place.folder / "owner").write_text(json.dumps(owner))
    killed.kill()
    killed.wait()

    start(open_place(tmp_path / "another"), [])

    assert wait_until(lambda: began_at(orphan) is None, seconds=20)
    assert not place.folder.exists()


def test_what_a_run_that_goes_on_needs_is_left_to_it(place: Place, tmp_path: Path) -> None:
    needed = begin(place, WAITING)
    owner = {"pid": os.getpid(), "began": began_at(os.getpid())}
    (place.folder / "owner").write_text(json.dumps(owner))

    start(open_place(tmp_path / "another"), [])

    assert began_at(needed) is not None
    assert is_running(place, "redis")


@pytest.mark.usefixtures("redis")
def test_command_finds_the_servers_and_they_end_with_it(place: Place, tmp_path: Path) -> None:
    told = tmp_path / "told"
    program = f"import os; open({str(told)!r}, 'w').write(os.environ['TEST_REDIS']); exit(3)"

    status = run_with_servers(place, ["redis"], [sys.executable, "-c", program])

    assert status == 3
    assert told.read_text().startswith("redis://:")
    assert not is_running(place, "redis")
    assert not place.data("redis").exists()


@pytest.mark.usefixtures("redis")
def test_servers_that_ran_before_a_command_go_on_running(place: Place) -> None:
    start(place, ["redis"])
    before = process_of(place)

    run_with_servers(place, ["redis"], ["true"])

    assert process_of(place) == before
    assert is_running(place, "redis")


def test_missing_program_is_named_with_the_package_that_brings_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    failures = start(place, ["redis"])

    assert isinstance(failures["redis"], MissingToolError)
    assert "apt-get install redis-server" in str(failures["redis"])
    assert addresses(place) == {}


def test_nothing_is_run_where_a_required_server_cannot_be_had(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUIRED_SERVICES", "postgres, redis")
    monkeypatch.setenv("PATH", "/nowhere")
    trace = tmp_path / "was-run"

    status = run_with_servers(place, ["redis"], ["touch", str(trace)])

    assert status == 2
    assert not trace.exists()
