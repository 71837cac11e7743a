"""The tables of the web package agree with its routes and its texts."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from jinja2 import Environment, nodes

from configuration.settings import Settings
from tests.architecture.sources import PROJECT, tree_of
from web.application import build_application
from web.language import load_english
from web.rights import RIGHTS, WITH_FIRST_PASSWORD
from workers.services import build_services

WEB = PROJECT / "web"
_MARKING = ("mark", "t", "translate")


@pytest.fixture
def application(tmp_path: Path) -> Iterator[FastAPI]:
    services = build_services(Settings(home=tmp_path / "home"))
    yield build_application(services)
    services.close()


def _routes(router: object) -> Iterator[APIRoute]:
    """Yield the routes, also those of routers that were included."""
    for route in getattr(router, "routes", ()):
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from _routes(getattr(route, "original_router", route))


def test_every_route_stands_in_the_table_of_rights_and_nothing_else_does(
    application: FastAPI,
) -> None:
    names = [route.name for route in _routes(application)]

    assert sorted(names) == sorted(RIGHTS)
    assert set(RIGHTS) >= WITH_FIRST_PASSWORD


def _texts_of_templates() -> Iterator[str]:
    for template in sorted((WEB / "templates").glob("*.html")):
        for call in Environment(autoescape=True).parse(template.read_text()).find_all(nodes.Call):
            is_translation = isinstance(call.node, nodes.Name) and call.node.name == "t"
            if is_translation and isinstance(call.args[0], nodes.Const):
                yield call.args[0].value


def _texts_of_modules() -> Iterator[str]:
    for module in sorted(WEB.rglob("*.py")):
        for node in ast.walk(tree_of(module)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in _MARKING
                and isinstance(node.args[0], ast.Constant)
            ):
                yield str(node.args[0].value)


def test_every_text_of_the_pages_has_its_english_and_none_is_left_over() -> None:
    used = {*_texts_of_templates(), *_texts_of_modules()}

    english = load_english()

    assert used - set(english) == set()
    assert set(english) - used == set()


def test_an_english_text_takes_the_same_values_as_the_vietnamese_one() -> None:
    def places(text: str) -> list[str]:
        return [part for part in ("{0}", "{1}", "{2}") if part in text]

    wrong = [vi for vi, en in load_english().items() if places(vi) != places(en) or not en.strip()]

    assert wrong == []
