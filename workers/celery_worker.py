"""A Celery worker: each of its processes runs one stage after another, most urgent first."""

import threading
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

import structlog
from celery import Celery
from celery.signals import worker_process_init, worker_process_shutdown

from configuration.settings import Settings
from documents.errors import BackEndUnavailableError
from workers.broker import TASK, Broker, build_celery, queue_name
from workers.keeping_watch import beat, seconds_between_beats
from workers.queues import QUEUES
from workers.sending import OutboxSender
from workers.services import Services, build_services
from workers.stage_worker import StageWorker, worker_name

log = structlog.get_logger()


class WorkerProcess:
    """What one process of the pool holds: its ports, its heartbeat, its sender."""

    def __init__(self, settings: Settings, *, stages: Collection[str]) -> None:
        # The pool has a process for each stage that runs at once; each needs one child.
        one = settings.dispatch.model_copy(update={"workers": 1})
        self.services: Services = build_services(settings.model_copy(update={"dispatch": one}))
        self._name = worker_name()
        self._worker = StageWorker(services=self.services, name=self._name, stages=stages)
        self._broker = Broker(settings.dispatch)
        self._sender = OutboxSender(self.services, self._broker)
        self._stopping = threading.Event()
        self._heart = threading.Thread(target=self._keep_beating, daemon=True)

    def start(self) -> None:
        """Begin to beat and to send."""
        self._heart.start()
        self._sender.start()

    def run_a_stage(self) -> bool:
        """Claim and run the most urgent stage; say whether there was one."""
        return self._worker.work_once()

    def close(self) -> None:
        """Stop; what was not done is taken back by the sweeper."""
        self._stopping.set()
        self._sender.stop()
        self._broker.close()
        self.services.close()

    def _keep_beating(self) -> None:
        while not self._stopping.wait(seconds_between_beats(self.services)):
            with suppress(BackEndUnavailableError):
                beat(self.services, names=(self._name,))


def run_worker(settings: Settings, *, queues: Sequence[str], processes: int) -> None:
    """Serve these queues until the process is told to stop; the stages in hand end first."""
    app = build_celery(settings.dispatch)
    stages = tuple(stage for queue in queues for stage in QUEUES[queue])
    _register(app, settings, stages=stages)
    names = ",".join(queue_name(settings.dispatch, queue) for queue in queues)
    app.worker_main(
        [
            *("--quiet", "worker", "--pool", "prefork", "--concurrency", str(processes)),
            *("--queues", names, "--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ]
    )


def _register(app: Celery, settings: Settings, *, stages: Collection[str]) -> None:
    """Give the application its task, and each process of the pool what it needs."""
    held: list[WorkerProcess] = []

    def begin(**_: Any) -> None:
        process = WorkerProcess(settings, stages=stages)
        process.start()
        held.append(process)

    def end(**_: Any) -> None:
        while held:
            held.pop().close()

    # Not weakly: nobody else keeps these functions.
    worker_process_init.connect(begin, weak=False)
    worker_process_shutdown.connect(end, weak=False)

    @app.task(name=TASK)  # type: ignore[untyped-decorator]  # the product has no types
    def run_a_stage(stage_run_id: int) -> None:
        log.debug("woken", stage_run_id=stage_run_id)
        held[0].run_a_stage()
