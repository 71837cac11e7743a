"""Requests that are under way when a server starts: its own are gone, those of others are not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.workers.filed_papers import opened_office
from workers.answering_once import begin_once, forget_interrupted
from workers.services import Services

pytestmark = pytest.mark.usefixtures("each_catalogue")


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with opened_office(tmp_path / "home") as opened:
        yield opened


def test_request_of_another_server_is_not_begun_twice(services: Services) -> None:
    begin_once(services, "acc_1", "mot", request_digest="x" * 64)

    forgotten = forget_interrupted(services)

    known = begin_once(services, "acc_1", "mot", request_digest="x" * 64)
    assert (known is not None) == services.database.is_shared
    assert forgotten == (0 if services.database.is_shared else 1)
