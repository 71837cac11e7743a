"""The page on architecture shows the folders and layers as they are."""

import tomllib

from tests.architecture.documented_pages import DOCS, blocks, codes, rows, sections
from tests.architecture.sources import PACKAGES, PROJECT

PAGE = (DOCS / "explanation/architecture.md").read_text(encoding="utf-8")
_NOT_OURS = {"var", "build", "node_modules", "shared"}


def test_every_folder_stands_in_the_table_and_none_besides() -> None:
    told = [codes(row[0])[0] for row in rows(sections(PAGE)["Folders"])]

    there = {
        f"{path.name}/"
        for path in PROJECT.iterdir()
        if path.is_dir() and not path.name.startswith(".") and path.name not in _NOT_OURS
        if not path.name.startswith("__") and not path.name.endswith(".egg-info")
    }

    assert sorted(told) == sorted(there)
    assert {f"{package}/" for package in PACKAGES} <= set(told)


def test_every_folder_has_its_sentence() -> None:
    for row in rows(sections(PAGE)["Folders"]):
        assert row[1].endswith("."), row
        assert len(row[1]) > 20, row


def test_the_layers_are_those_that_the_import_rules_enforce() -> None:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")

    (told,) = blocks(sections(PAGE)["Layers"], "")

    assert told.splitlines() == layers


def test_every_module_that_is_named_exists() -> None:
    named = {code for row in rows(sections(PAGE)["Ports"]) for code in codes(row[0]) if "/" in code}

    assert named
    assert [name for name in named if not (PROJECT / name).exists()] == []
