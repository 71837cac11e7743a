"""Tokens by command: limited, listed, changed over, revoked."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.end_to_end.conftest import Office

pytestmark = pytest.mark.slow


def records(office: Office, *arguments: str) -> Sequence[dict[str, Any]]:
    done = office.sohoa("accounts", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_token_is_limited_changed_over_and_revoked(office: Office) -> None:
    scopes = ("--scope", "search", "--scope", "once-only")
    (made,) = records(office, "token", "dvc", *scopes)
    (rotated,) = records(office, "rotate", "dvc", "--overlap-days", "1")
    old, new = records(office, "tokens", "dvc")

    gone = office.sohoa("accounts", "revoke", old["id"])

    after = [one["open"] for one in records(office, "tokens")]
    assert made["token"] != rotated["token"]
    assert old["scopes"] == new["scopes"] == ["once-only", "search"]
    assert old["expires_at"] < new["expires_at"]
    assert gone.returncode == 0
    assert after == [False, True]


def test_unknown_program_and_scope_are_told(office: Office) -> None:
    unknown = office.sohoa("accounts", "rotate", "khong.co")
    scope = office.sohoa("accounts", "token", "dvc", "--scope", "tat-ca")

    assert (unknown.returncode, scope.returncode) == (4, 2)
    assert "once-only" in scope.stderr
