"""Messages leave the outbox for the broker: at once when there are new ones, by sweep if not."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog

from database.outbox import list_due, take_messages
from documents.errors import BackEndUnavailableError
from workers.broker import Broker
from workers.keeping_watch import take_back
from workers.queues import QUEUES
from workers.services import Services
from workers.tidying import sweep_work_folder

log = structlog.get_logger()

_AT_ONCE = 200
_MOST_WAITING = 1000
_LOOK_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0


def send_messages(services: Services, broker: Broker) -> int:
    """Send what the outbox holds; return how much it was.

    Raises:
        BackEndUnavailableError: broker or catalogue do not answer; what was not sent is kept.
    """
    sent = 0
    while True:
        with services.database.claiming() as connection:
            messages = take_messages(connection, most=_AT_ONCE)
            broker.send(messages)
        sent += len(messages)
        if len(messages) < _AT_ONCE:
            return sent


def send_again(services: Services, broker: Broker) -> int:
    """Send messages for due stages where fewer wait than there are stages; return how many.

    So a broker that was emptied fills again, and a stage that waited for a time is found.

    Raises:
        BackEndUnavailableError: broker or catalogue do not answer.
    """
    sent = 0
    for queue, stages in QUEUES.items():
        with services.database.reading() as connection:
            due = list_due(connection, stages=stages, now=services.clock.now(), most=_MOST_WAITING)
        missing = due[: max(0, len(due) - broker.count_waiting(queue))] if due else ()
        broker.send(missing)
        sent += len(missing)
    return sent


class OutboxSender:
    """A thread that sends the messages of this process soon after they were written."""

    def __init__(self, services: Services, broker: Broker) -> None:
        self._services = services
        self._broker = broker
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_sending, daemon=True)

    def start(self) -> None:
        """Begin to listen to the bell of this process."""
        self._thread.start()

    def stop(self) -> None:
        """Send what is there, once, and end; what is left is sent by others."""
        self._stopping.set()
        self._services.wake()
        self._thread.join(timeout=10)

    def _keep_sending(self) -> None:
        pause = _LOOK_SECONDS
        heard = 0
        while not self._stopping.is_set():
            self._services.bell.wait(heard, seconds=_LONGEST_PAUSE_SECONDS)
            heard = self._services.bell.rings()
            try:
                send_messages(self._services, self._broker)
                pause = _LOOK_SECONDS
            except BackEndUnavailableError as error:
                log.warning("messages not sent", code=error.reason.code)
                self._stopping.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
                heard = 0


class Sweeper:
    """Takes back what the dead held, and wakes workers for what nobody was told of."""

    def __init__(self, services: Services, broker: Broker) -> None:
        self._services = services
        self._broker = broker
        self._stopping = threading.Event()

    def run(self) -> None:
        """Sweep until `stop` is called from another thread or a signal's handler."""
        with suppress(BackEndUnavailableError):
            sweep_work_folder(self._services)
        while not self._stopping.is_set():
            self.sweep()
            self._stopping.wait(self._services.settings.dispatch.sweep_seconds)

    def sweep(self) -> None:
        """Sweep once; a back end that is gone is no reason to end."""
        steps: Sequence[Callable[[], int]] = (
            lambda: take_back(self._services),
            lambda: send_messages(self._services, self._broker),
            lambda: send_again(self._services, self._broker),
        )
        for step in steps:
            try:
                step()
            except BackEndUnavailableError as error:
                log.warning("sweep incomplete", code=error.reason.code)

    def stop(self) -> None:
        """End after the sweep in hand."""
        self._stopping.set()
