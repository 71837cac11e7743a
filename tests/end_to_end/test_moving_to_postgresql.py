"""An office moves its catalogue to PostgreSQL and goes on there, by the program `sohoa`."""

from pathlib import Path

import pytest

from tests.end_to_end.commands import Outcome, run
from tests.end_to_end.conftest import Office
from tests.end_to_end.papers import DECISION, write_scan
from tests.postgresql import empty_database, environment_for

pytestmark = pytest.mark.slow


def digitize(office: Office, scan: Path, **environment: str) -> Outcome:
    return run(office, "digitize", "--confirm-by", "backfile", "--json", str(scan), **environment)


def test_office_goes_on_in_postgresql_with_all_that_it_had(tmp_path: Path) -> None:
    office = Office(home=tmp_path / "home")
    (filed,) = digitize(office, write_scan(tmp_path / "a.tif", DECISION)).records
    before = run(office, "show", filed["id"], "--json")
    with empty_database() as url:
        there = environment_for(url)
        described = {name: value for name, value in there.items() if "BACK_END" not in name}

        moved = run(office, "migrate-catalogue", "--to", "postgresql", "--json", **described)
        again = run(office, "migrate-catalogue", "--to", "postgresql", "--json", **described)
        after = run(office, "show", filed["id"], "--json", **there)
        verified = run(office, "verify", filed["id"], "--json", **there)
        (later,) = digitize(
            office, write_scan(tmp_path / "b.tif", DECISION, DECISION), **there
        ).records
        known_before = run(office, "show", later["id"], "--json")

    tables = moved.records[0]["tables"]
    assert tables["documents"] == {"rows": 1, "copied": 1}
    assert all(one["copied"] == one["rows"] for one in tables.values())
    assert all(one["copied"] == 0 for one in again.records[0]["tables"].values())
    assert after.records == before.records
    assert verified.code == 0
    assert later["state"] == filed["state"] == "filed"
    assert known_before.code == 4


def test_catalogue_is_not_copied_into_itself(tmp_path: Path) -> None:
    ended = run(Office(home=tmp_path / "home"), "migrate-catalogue", "--to", "sqlite", "--json")

    assert (ended.code, ended.out) == (2, "")
    assert "--from" in ended.said


def test_server_that_is_not_there_is_said_without_its_password(tmp_path: Path) -> None:
    settings = {
        "SOHOA_DATABASE__BACK_END": "postgresql",
        "SOHOA_DATABASE__URL": "postgresql://sohoa@127.0.0.1:1/sohoa",
        "SOHOA_DATABASE__PASSWORD": "bí-mật-lắm",
    }

    ended = run(Office(home=tmp_path / "home"), "status", "--json", **settings)

    assert (ended.code, ended.out) == (3, "")
    assert "Cơ sở dữ liệu" in ended.said
    assert "bí-mật" not in ended.said


def test_schema_is_brought_up_to_date_by_a_command_of_its_own(tmp_path: Path) -> None:
    office = Office(home=tmp_path / "home")

    first = run(office, "migrate", "--json")
    second = run(office, "migrate", "--json")

    assert first.records[0]["before"] is None
    assert second.records[0] == {
        "before": first.records[0]["after"],
        "after": first.records[0]["after"],
    }
