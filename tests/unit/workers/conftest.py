"""Catalogues for the tests of what people and stages do."""

from collections.abc import Iterator

import pytest

from tests.postgresql import catalogue_address, environment_for


@pytest.fixture(params=["sqlite", "postgresql"])
def each_catalogue(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Let the settings of the test name each back end of the catalogue in turn."""
    if request.param == "sqlite":
        yield
        return
    with catalogue_address() as url:
        for name, value in environment_for(url).items():
            monkeypatch.setenv(name, value)
        yield
