"""The tables of the web package agree with its routes and its texts."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from fastapi import FastAPI
from fastapi.routing import APIRoute

from configuration.settings import Settings
from web.application import build_application
from web.collecting_texts import texts_of_the_pages
from web.language import catalogue_files, load_english
from web.rights import RIGHTS, WITH_FIRST_PASSWORD
from workers.services import build_services


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


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def test_every_text_of_the_pages_has_its_english_and_none_is_left_over() -> None:
    used = {text.vi for text in texts_of_the_pages()}

    english = {_key(message) for message in load_english() if message.id}

    assert used - english == set()
    assert english - used == set()


def test_no_text_stands_in_two_catalogues() -> None:
    seen: Counter[str] = Counter()
    for file in catalogue_files():
        with file.open("rb") as stream:
            seen.update(_key(message) for message in read_po(stream) if message.id)

    assert [text for text, times in seen.items() if times > 1] == []


def test_an_english_text_takes_the_same_values_as_the_vietnamese_one() -> None:
    def places(text: str) -> list[str]:
        return [part for part in ("{0}", "{1}", "{2}") if part in text]

    wrong = []
    for message in load_english():
        found = message.string or ""
        forms = [found] if isinstance(found, str) else list(found)
        if message.id and any(places(_key(message)) != places(f) or not f.strip() for f in forms):
            wrong.append(_key(message))

    assert wrong == []


def test_what_counts_has_an_english_singular_and_plural() -> None:
    counted = {text.vi for text in texts_of_the_pages() if text.counts}

    with_forms = {_key(message) for message in load_english() if message.pluralizable}

    assert counted == with_forms
