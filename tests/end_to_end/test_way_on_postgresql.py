"""The whole way of a paper with the catalogue in PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from database.audit import find_broken_link
from tests.end_to_end.papers import DECISION, write_scan
from tests.end_to_end.stepping import deliver, opened_home, run_all, status_of
from tests.postgresql import catalogue_address, environment_for
from tests.unit.database.plans import check_plans, listening
from workers.services import Services

pytestmark = pytest.mark.slow


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    with catalogue_address() as url:
        for name, value in environment_for(url).items():
            monkeypatch.setenv(name, value)
        with opened_home(tmp_path / "home") as opened:
            yield opened


def test_no_statement_of_the_whole_way_looks_at_every_row(
    services: Services, tmp_path: Path
) -> None:
    scan = write_scan(tmp_path / "a.tif", DECISION, DECISION)

    with listening(services.database) as heard:
        followed = deliver(services, scan)
        run_all(services)

    assert services.database.is_shared
    states = [document.state for document in status_of(services, followed).documents]
    assert set(states) == {"filed"}
    assert find_broken_link(services.database) is None
    once = {text: (text, parameters) for text, parameters in heard}
    check_plans(services.database, list(once.values()))
