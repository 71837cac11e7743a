"""One worker of several stands by for the desk: no citizen's page waits behind a backfile's."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from configuration.settings import Settings
from database.batches import BatchRow, ConfirmPolicy, NewBatch, close_batch, open_batch
from tests.contract.catalogue_entries import (
    NOW,
    make_delivery,
    state_of_stage,
)
from workers.services import Services, build_services
from workers.stage_worker import StageWorker


class MovedClock:
    """Tells the moment that it was moved to."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def services(tmp_path: Path, clock: MovedClock) -> Iterator[Services]:
    built = build_services(Settings(home=tmp_path), clock=clock)
    yield built
    built.close()


def open_for(services: Services, policy: ConfirmPolicy) -> BatchRow:
    new = NewBatch(station="quay", batch_key=policy, answerable="an.tran", confirm_policy=policy)
    with services.database.writing() as connection:
        return open_batch(connection, new, now=services.clock.now())[0]


def deliver(services: Services, batch: BatchRow) -> str:
    """Deliver a file that is refused as soon as it is opened."""
    delivery = make_delivery(services.database, batch, b"")
    file = services.work.delivery_file(delivery.id)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"")
    return delivery.id


@pytest.fixture
def backfile_file(services: Services) -> str:
    """Give a file of a backfile that waits to be opened."""
    return deliver(services, open_for(services, "backfile"))


def let_work(services: Services, *, stands_by: bool) -> bool:
    return StageWorker(services=services, name="m/p/0", stands_by=stands_by).work_once()


def test_backfile_is_left_alone_while_a_desk_is_at_work(
    services: Services, backfile_file: str
) -> None:
    open_for(services, "none")

    has_worked = let_work(services, stands_by=True)

    assert not has_worked
    assert state_of_stage(services.database, backfile_file, "open") == "ready"


def test_other_workers_go_on_with_the_backfile(services: Services, backfile_file: str) -> None:
    open_for(services, "none")

    has_worked = let_work(services, stands_by=False)

    assert has_worked
    assert state_of_stage(services.database, backfile_file, "open") != "ready"


def test_file_of_the_desk_is_taken_by_the_worker_that_stands_by(
    services: Services, backfile_file: str
) -> None:
    file = deliver(services, open_for(services, "sure"))

    has_worked = let_work(services, stands_by=True)

    assert has_worked
    assert state_of_stage(services.database, file, "open") != "ready"
    assert state_of_stage(services.database, backfile_file, "open") == "ready"


def test_backfile_goes_on_when_the_batch_of_the_desk_is_closed(
    services: Services, backfile_file: str
) -> None:
    desk = open_for(services, "none")
    with services.database.writing() as connection:
        close_batch(connection, desk.id, now=NOW)

    has_worked = let_work(services, stands_by=True)

    assert has_worked
    assert state_of_stage(services.database, backfile_file, "open") != "ready"


@pytest.mark.parametrize(("minutes", "works"), [(4, False), (6, True)])
def test_backfile_goes_on_when_nothing_came_to_the_desk_for_five_minutes(
    services: Services, clock: MovedClock, backfile_file: str, minutes: int, *, works: bool
) -> None:
    deliver(services, open_for(services, "none"))
    let_work(services, stands_by=True)
    clock.moment = NOW + timedelta(minutes=minutes)

    has_worked = let_work(services, stands_by=True)

    assert has_worked is works
    assert (state_of_stage(services.database, backfile_file, "open") != "ready") is works
