"""Each back end of the catalogue in turn."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from database.connecting import Database, open_sqlite
from database.postgresql_catalogue import open_postgresql
from tests.contract.backends import CATALOGUES
from tests.postgresql import empty_database

Opener = Callable[[], Database]
"""Opens the same catalogue, as each process does."""


@pytest.fixture(params=CATALOGUES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give a catalogue with today's tables."""
    with CATALOGUES[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture(params=CATALOGUES)
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Give what opens a catalogue without tables."""
    if request.param == "sqlite":
        yield lambda: open_sqlite(tmp_path / "sohoa.db")
        return
    with empty_database() as url:
        yield lambda: open_postgresql(url, connections=2)


@pytest.fixture
def empty(opener: Opener) -> Iterator[Database]:
    """Give a catalogue without tables."""
    opened = opener()
    yield opened
    opened.close()
