"""Accounts and tokens are bound to an area when they are made, or later."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from database.accounts import find_account
from database.audit import list_audit
from database.errors import UnknownSubjectError
from tests.unit.workers.filed_papers import opened_office
from workers.actors import Actor
from workers.cli_accounts import accounts_app
from workers.errors import UnknownAreaError
from workers.services import Services
from workers.signing_in import make_account, make_token, set_area

ADMINISTRATOR = Actor("quan.tri", "administrator")


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with opened_office(tmp_path / "home") as built:
        yield built


def area_of(services: Services, name: str) -> str:
    with services.database.reading() as connection:
        account = find_account(connection, name)
    assert account is not None
    return account.area


def test_account_and_token_are_bound_to_an_area(services: Services) -> None:
    make_account(services, name="an", display_name="An", role="operator", area="H99.12")
    make_token(services, name="dvc", display_name="dvc", area="H99")
    make_account(services, name="bình", display_name="Bình", role="officer")

    assert [area_of(services, name) for name in ("an", "dvc", "bình")] == ["H99.12", "H99", ""]


@pytest.mark.parametrize("area", ["h99", "H99.12-260316-0001", "99", "' OR 1=1"])
def test_what_is_no_agency_code_is_refused(services: Services, area: str) -> None:
    with pytest.raises(UnknownAreaError):
        make_account(services, name="an", display_name="An", role="operator", area=area)
    with pytest.raises(UnknownAreaError):
        make_token(services, name="dvc", display_name="dvc", area=area)

    with services.database.reading() as connection:
        assert find_account(connection, "an") is None


def test_area_is_changed_and_that_is_written_down(services: Services) -> None:
    make_account(services, name="an", display_name="An", role="operator", area="H99.12")

    set_area(services, "an", "", actor=ADMINISTRATOR)

    assert area_of(services, "an") == ""
    (row, *_) = list_audit(services.database)
    assert (row["action"], row["subject"]) == ("area_set", "an")
    assert json.loads(row["detail"]) == {"old": "H99.12", "new": ""}
    with pytest.raises(UnknownSubjectError):
        set_area(services, "khong.ai", "H99", actor=ADMINISTRATOR)


def test_commands_bind_accounts_and_list_their_areas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path / "home"))
    runner = CliRunner()

    for command in (
        ["add", "an", "--role", "operator", "--area", "H99.12"],
        ["token", "dvc", "--area", "H99"],
        ["area", "an", "H99.13"],
    ):
        assert runner.invoke(accounts_app, command).exit_code == 0
    listed = runner.invoke(accounts_app, ["list", "--json"]).stdout

    areas = {one["name"]: one["area"] for one in map(json.loads, listed.splitlines())}
    assert areas == {"an": "H99.13", "dvc": "H99"}
