"""Runs the stages of an installation one after another, in the order the catalogue gives."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from configuration.settings import DispatchSettings, Settings
from database.stage_runs import StageRun, claim_stage, take_back_leases
from database.tables import stage_runs
from workers.actors import Actor
from workers.delivering import Followed, Wish, deliver_file, deliver_folder
from workers.following import BatchStatus, follow_batch
from workers.pipeline import run_stage
from workers.reindexing import ensure_index
from workers.services import Services, build_services

CLERK = Actor("an.tran", "operator")
_MOST_STEPS = 500


class ShiftedClock:
    """The machine's clock, set forward as far as a test wants."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass without waiting for it."""
        self._ahead += timedelta(seconds=seconds)


@contextmanager
def opened_home(home: Path, **settings: object) -> Iterator[Services]:
    """Give the services over a home; one child at a time does the page work."""
    values = {"dispatch": DispatchSettings(workers=1), **settings}
    services = build_services(
        Settings(home=home, **values),  # type: ignore[arg-type]  # sections by their names
        clock=ShiftedClock(),
    )
    try:
        ensure_index(services)
        yield services
    finally:
        services.close()


def deliver(
    services: Services, *files: Path, policy: str = "backfile", password: str | None = None
) -> Followed:
    """Deliver files as one batch, closed at once; nothing runs yet."""
    wish = Wish(policy=policy, actor=CLERK, password=password)  # type: ignore[arg-type]  # one of three
    if len(files) == 1:
        return deliver_file(services, files[0], wish)
    return deliver_folder(services, files, wish)


def claim(services: Services, *, worker: str = "stepper") -> StageRun | None:
    """Claim what may run now."""
    with services.database.writing() as connection:
        return claim_stage(connection, worker=worker, lease_seconds=30, now=services.clock.now())


def take_back(services: Services, *, dead_worker: str) -> None:
    """Take back what a worker held, as the sweeper does."""
    with services.database.writing() as connection:
        take_back_leases(connection, now=services.clock.now(), dead_workers=[dead_worker])


def run_all(services: Services) -> list[str]:
    """Run every stage that may run; return their names in order."""
    return run_until(services, stage=None)[0]


def run_until(services: Services, *, stage: str | None) -> tuple[list[str], StageRun | None]:
    """Run stages until one of this name is claimed; return what ran and the claimed one."""
    ran: list[str] = []
    for _ in range(_MOST_STEPS):
        run = claim(services)
        if run is None or run.stage == stage:
            return ran, run
        run_stage(run, services)
        ran.append(run.stage)
    raise AssertionError(f"the stages do not end: {ran[-20:]}")


def status_of(services: Services, followed: Followed) -> BatchStatus:
    """Return where a batch is."""
    return follow_batch(services, followed.batch_id)


def stages_of(services: Services, subject: str) -> dict[str, str]:
    """Return the state of each stage of a subject."""
    query = select(stage_runs.c.stage, stage_runs.c.state).where(stage_runs.c.subject == subject)
    with services.database.reading() as connection:
        return {row.stage: row.state for row in connection.execute(query)}
