"""Watched station folders, as each station's profile says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from configuration.settings import IntakeSettings, Settings
from database.batches import BACKFILE, INTERACTIVE, list_batches
from documents.errors import ConfigurationError
from workers.services import Services, build_services
from workers.watching import StationWatcher

PAGE = Path(__file__).parents[3] / "samples/batches/3-ho-kinh-doanh"


class TickingClock:
    """Goes on by a second whenever it is asked."""

    def __init__(self) -> None:
        self._moment = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def now(self) -> datetime:
        self._moment += timedelta(seconds=1)
        return self._moment


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def services(home: Path) -> Iterator[Services]:
    intake = IntakeSettings(rest_seconds=0.1, stations={"kho": "backfile"})
    built = build_services(Settings(home=home, intake=intake), clock=TickingClock())
    yield built
    built.close()


def put(home: Path, station: str, *names: str) -> Path:
    folder = home / "inbox" / station / "lo-1"
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_bytes((PAGE / name).read_bytes())
    return folder


def look_until_taken(watcher: StationWatcher, services: Services) -> None:
    for _ in range(10):
        watcher.look_once()
        with services.database.reading() as connection:
            if list_batches(connection):
                return
    pytest.fail("nothing was taken")


def test_a_stations_profile_says_who_confirms(home: Path, services: Services) -> None:
    put(home, "kho", "002.jpg", "004.jpg")

    look_until_taken(StationWatcher(services), services)

    with services.database.reading() as connection:
        (batch,) = list_batches(connection)
    assert (batch.station, batch.profile, batch.confirm_policy) == ("kho", "backfile", "backfile")
    assert batch.priority == BACKFILE


def test_other_stations_have_the_common_profile(home: Path, services: Services) -> None:
    put(home, "quay-1", "002.jpg")

    look_until_taken(StationWatcher(services), services)

    with services.database.reading() as connection:
        (batch,) = list_batches(connection)
    assert (batch.profile, batch.confirm_policy) == ("default", "none")
    assert batch.priority == INTERACTIVE


def test_the_same_content_put_in_again_is_the_same_batch(home: Path, services: Services) -> None:
    folder = put(home, "quay-1", "002.jpg")
    look_until_taken(StationWatcher(services), services)
    folder.rename(folder.with_name("lo-2"))

    watcher = StationWatcher(services)
    for _ in range(10):
        watcher.look_once()

    with services.database.reading() as connection:
        assert len(list_batches(connection)) == 1


def test_a_profile_that_does_not_exist_stops_the_start(home: Path) -> None:
    settings = Settings(home=home, intake=IntakeSettings(stations={"kho": "khong-co"}))

    with pytest.raises(ConfigurationError, match="khong-co"):
        build_services(settings)
