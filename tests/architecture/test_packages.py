"""Names and shape of the import packages."""

import ast
import tomllib
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.sources import PACKAGES, PROJECT, all_modules, name_of, tree_of

_MOST_LINES = 400
_DRAWERS = {"utils", "helpers", "common", "misc", "base", "core", "manager", "handlers"}
_SETTINGS: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text())


@pytest.mark.parametrize("name", PACKAGES)
def test_package_is_ours_alone(name: str) -> None:
    spec = find_spec(name)

    assert spec is not None
    assert Path(str(spec.origin)).is_relative_to(PROJECT)
    assert set(packages_distributions().get(name, [])) <= {"sohoa"}


def test_every_package_is_shipped_and_bound_by_the_import_rules() -> None:
    tools = _SETTINGS["tool"]

    assert sorted(tools["hatch"]["build"]["targets"]["wheel"]["packages"]) == PACKAGES
    assert sorted(tools["importlinter"]["root_packages"]) == PACKAGES
    assert sorted(tools["ruff"]["lint"]["isort"]["known-first-party"]) == PACKAGES


def test_the_opening_module_of_a_package_holds_one_docstring_and_no_code() -> None:
    openings = [module for module in all_modules() if module.name == "__init__.py"]

    wrong = [
        name_of(module)
        for module in openings
        if len(tree_of(module).body) != 1 or not ast.get_docstring(tree_of(module))
    ]

    assert len(openings) >= len(PACKAGES)
    assert wrong == []


def test_no_module_is_longer_than_400_lines() -> None:
    # A port has one contract test, however much it promises.
    counted = [module for module in all_modules() if module.parent.name != "contract"]

    lines = {name_of(module): len(module.read_text().splitlines()) for module in counted}

    assert {name: count for name, count in lines.items() if count > _MOST_LINES} == {}


def test_no_module_is_a_drawer() -> None:
    assert [name_of(module) for module in all_modules() if module.stem in _DRAWERS] == []
