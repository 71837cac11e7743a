"""A real server process over a home of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.end_to_end.stepping import opened_home
from workers.services import Services

PROJECT = Path(__file__).parents[2]
SOHOA = Path(sys.executable).with_name("sohoa")


@dataclass
class Office:
    """A home, its server, and the command line over it."""

    home: Path
    process: subprocess.Popen[str] | None = None
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SOHOA_")}
        return {**kept, "SOHOA_HOME": str(self.home), "SOHOA_INTAKE__REST_SECONDS": "0.3"}

    def sohoa(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command over this home."""
        return subprocess.run(
            [SOHOA, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def serve(self, *options: str) -> None:
        """Start the server, on a free port unless told otherwise, and wait until it listens."""
        self.process = subprocess.Popen(
            [SOHOA, "serve", *(options or ("--port", "0")), "--json"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = json.loads(self.process.stdout.readline())["url"]

    def children(self) -> list[int]:
        """Return the processes that the server has started and that live."""
        assert self.process is not None
        found: list[int] = []
        for thread in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            with suppress(OSError):  # a thread may end meanwhile
                found += [int(pid) for pid in thread.read_text().split()]
        return found

    def kill(self) -> None:
        """Kill the server as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self._reap()

    def stop(self) -> None:
        """Ask the server to stop."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self._reap()

    def _reap(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.wait(timeout=30)
        self.process.stdout.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(home=tmp_path / "home")
    yield made
    made.stop()


@pytest.fixture
def account_of() -> Callable[[Office, str], str]:
    """Make an account of a role and return its first password."""

    def make(office: Office, role: str) -> str:
        made = office.sohoa("accounts", "add", f"{role}1", "--role", role, "--json")
        return str(json.loads(made.stdout)["password"])

    return make


@pytest.fixture
def token_of() -> Callable[[Office, str], str]:
    """Make a token for a program in a role."""

    def make(office: Office, role: str) -> str:
        made = office.sohoa("accounts", "token", f"{role}-program", "--role", role, "--json")
        return str(json.loads(made.stdout)["token"])

    return make


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Give services whose child stays warm for the tests of a module."""
    with opened_home(tmp_path_factory.mktemp("home")) as services:
        yield services


@pytest.fixture
def services(warm: Services, tmp_path: Path) -> Iterator[Services]:
    """Give an empty home to each test, but the same children."""
    with opened_home(tmp_path / "home") as fresh:
        fresh.pool.close()
        yield replace(fresh, pool=warm.pool)


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found is not None, "install chromium: make install-dev"
    return found
