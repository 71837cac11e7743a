"""Runs stages in this process's threads, the page work in children; the database decides."""

import threading
from collections.abc import Collection
from contextlib import suppress

from database.outbox import drain_outbox
from documents.errors import BackEndUnavailableError
from workers.keeping_watch import beat, seconds_between_beats, take_back
from workers.services import Services, worker_count
from workers.stage_worker import StageWorker, worker_name
from workers.tidying import sweep_work_folder

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
        self._names: list[str] = []

    def start(self) -> None:
        """Take back what dead processes of this machine held, then begin to work."""
        self._sweep()
        with suppress(BackEndUnavailableError):
            sweep_work_folder(self._services)
        count = worker_count(self._services.settings)
        for number in range(count):
            name = worker_name(number)
            self._names.append(name)
            # The first of several; one alone must do everything.
            self._begin(self._work, name, number == 0 and count > 1)
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

    def _begin(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]  # one of our methods
        self._threads.append(thread)
        thread.start()

    def _work(self, name: str, stands_by: bool) -> None:  # noqa: FBT001 - started with its place
        worker = StageWorker(
            services=self._services, name=name, batch_ids=self._batch_ids, stands_by=stands_by
        )
        while not self._stopping.is_set():
            heard = self._services.bell.rings()
            if not worker.work_once():
                self._services.bell.wait(heard, seconds=_POLL_SECONDS)

    def _keep_watch(self) -> None:
        while not self._stopping.wait(seconds_between_beats(self._services)):
            with suppress(BackEndUnavailableError):
                beat(self._services, names=self._names)
                self._sweep()

    def _sweep(self) -> None:
        """Take expired leases back, and send what the outbox still holds."""
        taken = take_back(self._services)
        with self._services.database.claiming() as connection:
            sent = drain_outbox(connection)
        if taken or sent:
            self._services.wake()
