"""Heartbeat and sweeper: workers keep what they hold, and what the dead held is taken back."""

from collections.abc import Collection

import structlog

from database.stage_runs import extend_leases, take_back_leases, workers_at_work
from workers.services import Services
from workers.stage_worker import machine_name
from workers.work_folder import is_process_alive

log = structlog.get_logger()


def beat(services: Services, *, names: Collection[str]) -> None:
    """Extend the leases of these workers.

    Raises:
        BackEndUnavailableError: the catalogue does not answer.
    """
    now = services.clock.now()
    with services.database.claiming() as connection:
        for name in names:
            extend_leases(
                connection,
                worker=name,
                lease_seconds=services.settings.dispatch.lease_seconds,
                now=now,
            )


def take_back(services: Services) -> int:
    """Make ready what workers hold whose lease is over or whose process is gone; return how many.

    Raises:
        BackEndUnavailableError: the catalogue does not answer.
    """
    machine = machine_name()
    with services.database.reading() as connection:
        dead = [name for name in workers_at_work(connection) if _is_dead(name, machine)]
    with services.database.claiming() as connection:
        taken = take_back_leases(connection, now=services.clock.now(), dead_workers=dead)
    if taken:
        log.info("leases taken back", count=taken)
    return taken


def seconds_between_beats(services: Services) -> float:
    """Return how often to beat and sweep: as set, and well within a lease."""
    dispatch = services.settings.dispatch
    return min(dispatch.sweep_seconds, dispatch.lease_seconds / 3)


def _is_dead(name: str, machine: str) -> bool:
    """Say whether a worker of this machine is gone; of others only its lease can tell."""
    of_machine, process, _ = name.rsplit("/", 2)
    return of_machine == machine and not is_process_alive(process)
