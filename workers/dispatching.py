"""Runs stages in this process's threads, the page work in children; the database decides."""

import socket
import threading
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import structlog

from database.outbox import drain_outbox
from database.stage_runs import (
    claim_stage,
    extend_leases,
    take_back_leases,
    workers_at_work,
)
from documents.errors import BackEndUnavailableError
from workers.pipeline import run_stage
from workers.services import Services, worker_count
from workers.tidying import sweep_work_folder
from workers.work_folder import is_process_alive, process_name

log = structlog.get_logger()

_POLL_SECONDS = 1.0


class Dispatcher:
    """A pool of workers with their heartbeat and sweeper.

    `batch_ids` limits them to some batches, as a command does; a server takes everything.
    """

    def __init__(self, services: Services, *, batch_ids: Collection[str] | None = None) -> None:
        self._services = services
        self._batch_ids = batch_ids
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._machine = f"{socket.gethostname()}/{_boot_id()}"
        self._names: list[str] = []

    def start(self) -> None:
        """Take back what dead processes of this machine held, then begin to work."""
        self._sweep()
        with suppress(BackEndUnavailableError):
            sweep_work_folder(self._services)
        for number in range(worker_count(self._services.settings)):
            name = f"{self._machine}/{process_name()}/{number}"
            self._names.append(name)
            self._begin(self._work, name)
        self._begin(self._keep_watch)

    def stop(self, *, patience_seconds: float = 10.0) -> None:
        """Let the stages in hand end, for a while; what is not done is taken back later."""
        self._stopping.set()
        self._services.wake()
        for thread in self._threads:
            thread.join(timeout=patience_seconds)

    def wake(self) -> None:
        """Look for work now."""
        self._services.wake()

    def _begin(self, target: object, *arguments: str) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]  # one of our methods
        self._threads.append(thread)
        thread.start()

    def _work(self, name: str) -> None:
        while not self._stopping.is_set():
            heard = self._services.bell.rings()
            if not self._work_once(name):
                self._services.bell.wait(heard, seconds=_POLL_SECONDS)

    def _work_once(self, name: str) -> bool:
        """Claim and run one stage; say whether there was one."""
        try:
            with self._services.database.writing() as connection:
                run = claim_stage(
                    connection,
                    worker=name,
                    lease_seconds=self._services.settings.dispatch.lease_seconds,
                    now=self._services.clock.now(),
                    batch_ids=self._batch_ids,
                )
        except BackEndUnavailableError:
            log.warning("catalogue does not answer")
            return False
        if run is None:
            return False
        try:
            run_stage(run, self._services)
        except BackEndUnavailableError:
            # The outcome could not be written down; the sweeper will find the lease expired.
            log.warning("outcome not written", subject=run.subject, stage=run.stage)
        return True

    def _keep_watch(self) -> None:
        seconds = min(
            self._services.settings.dispatch.sweep_seconds,
            self._services.settings.dispatch.lease_seconds / 3,
        )
        while not self._stopping.wait(seconds):
            with suppress(BackEndUnavailableError):
                self._beat()
                self._sweep()

    def _beat(self) -> None:
        now = self._services.clock.now()
        with self._services.database.writing() as connection:
            for name in self._names:
                extend_leases(
                    connection,
                    worker=name,
                    lease_seconds=self._services.settings.dispatch.lease_seconds,
                    now=now,
                )

    def _sweep(self) -> None:
        """Take expired leases back, and send what the outbox still holds."""
        database = self._services.database
        with database.reading() as connection:
            dead = [name for name in workers_at_work(connection) if self._is_dead(name)]
        with database.writing() as connection:
            taken = take_back_leases(connection, now=self._services.clock.now(), dead_workers=dead)
            sent = drain_outbox(connection)
        if taken:
            log.info("leases taken back", count=taken)
        if taken or sent:
            self._services.wake()

    def _is_dead(self, name: str) -> bool:
        """Say whether a worker of this machine is gone; of others only its lease can tell."""
        machine, process, _ = name.rsplit("/", 2)
        return machine == self._machine and not is_process_alive(process)


def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
