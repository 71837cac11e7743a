"""Data files name only what other data files define."""

import tomllib
from pathlib import Path
from typing import Any

from documents.catalogue import load_component_types
from reuse.procedures import load_procedures
from tests.architecture.sources import PROJECT

TYPES = load_component_types()


def _rows(file: Path, key: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(file.read_text())[key]
    return rows


def test_every_type_that_a_checklist_accepts_is_in_the_catalogue() -> None:
    rows = _rows(PROJECT / "reuse" / "procedures.toml", "procedure")

    named = {kind for row in rows for one in row["components"] for kind in one["accepts"]}

    assert named - set(TYPES) == set()


def test_every_type_and_procedure_of_the_retention_schedule_is_known() -> None:
    rows = _rows(PROJECT / "archive" / "retention.toml", "rule")

    types = {kind for row in rows for kind in row.get("component_types", ())}
    procedures = {code for row in rows for code in row.get("procedures", ())}

    assert types - set(TYPES) == set()
    assert procedures - set(load_procedures(TYPES)) == set()
