"""The distributed way of running stages: real workers, a real broker, killed and emptied."""

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from database.connecting import open_sqlite
from database.tables import stage_runs
from documents.errors import BackEndUnavailableError
from tests.brokers import broker_settings, dispatch_settings
from tests.end_to_end.commands import Outcome, run
from tests.end_to_end.conftest import SOHOA, Office
from tests.end_to_end.papers import write_born_digital_pdf
from workers.broker import Broker


@dataclass
class Province:
    """A home whose stages are run by Celery workers."""

    office: Office
    kind: str
    prefix: str = field(default_factory=lambda: f"t-{secrets.token_hex(6)}")

    @property
    def environment(self) -> dict[str, str]:
        wanted = {**broker_settings(self.kind, prefix=self.prefix), "sweep_seconds": "0.5"}
        return {f"SOHOA_DISPATCH__{name.upper()}": value for name, value in wanted.items()}

    @property
    def broker(self) -> Broker:
        return Broker(dispatch_settings(self.kind, prefix=self.prefix))

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """Let a worker or a sweeper run meanwhile."""
        process = subprocess.Popen(
            [SOHOA, *arguments],
            env={**self.office.environment, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=60)
                finally:
                    _kill_session(process)

    def digitize(self, *files: Path) -> Outcome:
        return run(
            self.office,
            *("digitize", *map(str, files), "--confirm-by", "backfile", "--json"),
            **self.environment,
        )

    def states(self) -> dict[str, list[tuple[str, int]]]:
        """Return state and attempts of the stage runs, by stage."""
        database = open_sqlite(self.office.home / "sohoa.db")
        with database.reading() as connection:
            rows = connection.execute(stage_runs.select()).all()
        database.close()
        found: dict[str, list[tuple[str, int]]] = {}
        for row in rows:
            found.setdefault(row.stage, []).append((row.state, row.attempt))
        return found


@pytest.fixture(params=("rabbitmq", "redis"))
def province(request: pytest.FixtureRequest, office: Office) -> Iterator[Province]:
    made = Province(office, request.param)
    yield made
    broker = made.broker
    broker.empty()
    broker.close()


def test_workers_take_a_paper_the_whole_way(province: Province, tmp_path: Path) -> None:
    paper = write_born_digital_pdf(tmp_path / "quyet-dinh.pdf")

    with province.running("worker", "--processes", "1"):
        ended = province.digitize(paper)

    assert [one["state"] for one in ended.records] == ["filed"]
    states = province.states()
    assert {state for runs in states.values() for state in runs} == {("done", 1)}


def test_what_was_received_while_nobody_worked_is_done_later(
    province: Province, tmp_path: Path
) -> None:
    paper = write_born_digital_pdf(tmp_path / "quyet-dinh.pdf")
    _deliver_without_waiting(province, paper)
    broker = province.broker
    _wait(lambda: broker.count_waiting("pages") == 1)

    # The broker loses everything; the sweeper finds the work in the database.
    assert broker.empty() == 1
    broker.close()
    with province.running("worker", "--processes", "1"), province.running("sweep"):
        _wait(lambda: _is_done(province, "index"))

    assert province.states()["open"] == [("done", 1)]


def test_killed_worker_loses_nothing(province: Province, tmp_path: Path) -> None:
    papers = [
        write_born_digital_pdf(tmp_path / f"{number}.pdf", f"QUYET DINH So {number} sua duong")
        for number in range(4)
    ]
    _deliver_without_waiting(province, *papers)
    with province.running("sweep"):
        with province.running("worker", "--processes", "1") as first:
            _wait(lambda: _is_done(province, "open"))
            _kill_session(first)

        with province.running("worker", "--processes", "1"):
            _wait(lambda: province.states().get("index", []) == [("done", 1)] * 4)

    assert all(state == "done" for runs in province.states().values() for state, _ in runs)


def _deliver_without_waiting(province: Province, *papers: Path) -> None:
    """Hand papers over and leave as soon as they are received."""
    with province.running(*("digitize", *map(str, papers), "--confirm-by", "backfile", "--json")):
        _wait(lambda: len(province.states().get("open", [])) == len(papers))
        broker = province.broker
        _wait(lambda: broker.count_waiting("pages") >= 1)
        broker.close()


def _is_done(province: Province, stage: str) -> bool:
    return ("done", 1) in province.states().get(stage, [])


def _wait(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if _holds(is_so):
            return
        time.sleep(0.1)
    assert is_so()


def _holds(is_so: Callable[[], bool]) -> bool:
    try:
        return is_so()
    except BackEndUnavailableError:  # the home is being prepared
        return False


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    """Kill a program with all it started, as a power cut would."""
    for group in {process.pid, *_groups_of_session(process.pid)}:
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()


def _groups_of_session(session: int) -> set[int]:
    groups = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            groups.add(int(fields[2]))
    return groups
