"""Runs the program `sohoa` as scripts do."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.end_to_end.conftest import SOHOA, Office


@dataclass(frozen=True)
class Outcome:
    """How a command ended, what it gave and what it said."""

    code: int
    out: str
    said: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """The lines of JSON that it gave."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Desk:
    """A home in which a folder was digitized."""

    office: Office
    folder: Path
    first: Outcome

    def run(self, *arguments: str, **environment: str) -> Outcome:
        """Run a command; no traceback is ever shown."""
        return run(self.office, *arguments, **environment)

    @property
    def filed(self) -> dict[str, Any]:
        """The record of the decision that was filed."""
        return next(one for one in self.first.records if one["component_type"] == "quyet_dinh")


def run(office: Office, *arguments: str, **environment: str) -> Outcome:
    ended = subprocess.run(
        [SOHOA, *arguments],
        env={**office.environment, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    return Outcome(ended.returncode, ended.stdout, ended.stderr)
