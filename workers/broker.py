"""The broker of the distributed set-up: Celery over RabbitMQ or Redis. Messages only wake.

A message says that some stage may run; the worker that gets it claims the most urgent one in the
database. So messages may be lost, doubled, late and out of order, and urgency holds across queues
that have filled up before.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote

from celery import Celery
from kombu.entity import Exchange, Queue
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerGoneError

from configuration.settings import DispatchSettings
from database.outbox import StageMessage
from documents.errors import BackEndUnavailableError
from workers.queues import QUEUE_OF_STAGE, QUEUES

TASK = "sohoa.run_a_stage"

_CONNECT_SECONDS = 4
# Redis gives a message to somebody else after this time without an acknowledgement; a second
# claim finds nothing, so this need not be exact.
_REDIS_PATIENCE_SECONDS = 3600
_PREFORK_CHILD_KIB = 1 << 20


class BrokerUnavailableError(BackEndUnavailableError):
    """The broker does not answer; work is found in the database, only later."""

    code = "broker_unavailable"

    def __init__(self) -> None:
        super().__init__(
            vi="Hệ thống nhắn việc chưa trả lời; việc đã nhận vẫn còn và sẽ được làm tiếp.",
            en="The message broker does not answer; accepted work is kept and will be done.",
        )


def build_celery(dispatch: DispatchSettings) -> Celery:
    """Return the Celery application as it is for senders and workers alike."""
    url = _with_password(dispatch.broker_url, dispatch.secret())
    is_redis = url.startswith(("redis", "sentinel"))
    app = Celery("sohoa", broker=url, set_as_current=False)
    app.conf.update(
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=_CONNECT_SECONDS,
        broker_transport_options=(
            {"visibility_timeout": _REDIS_PATIENCE_SECONDS, "socket_timeout": _CONNECT_SECONDS}
            if is_redis
            else {"confirm_publish": True}
        ),
        task_queues=[_queue(dispatch, name, is_quorum=not is_redis) for name in QUEUES],
        task_create_missing_queues=False,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_time_limit=dispatch.stage_seconds,
        worker_prefetch_multiplier=1,
        worker_max_memory_per_child=_PREFORK_CHILD_KIB,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_detect_quorum_queues=True,
    )
    return app


def _with_password(url: str, password: str | None) -> str:
    if password is None:
        return url
    scheme, _, rest = url.partition("://")
    user, at, place = rest.rpartition("@")
    return f"{scheme}://{user}:{quote(password, safe='')}@{place if at else rest}"


def queue_name(dispatch: DispatchSettings, queue: str) -> str:
    """Return what a queue is called at the broker."""
    return f"{dispatch.queue_prefix}.{queue}"


def _queue(dispatch: DispatchSettings, queue: str, *, is_quorum: bool) -> Queue:
    name = queue_name(dispatch, queue)
    return Queue(
        name,
        exchange=Exchange(f"{dispatch.queue_prefix}.stages", type="topic"),
        routing_key=name,
        queue_arguments={"x-queue-type": "quorum"} if is_quorum else None,
    )


class Broker:
    """Sends messages and says how many wait; safe for several threads."""

    def __init__(self, dispatch: DispatchSettings) -> None:
        self._dispatch = dispatch
        self._app = build_celery(dispatch)
        connection = self._app.connection_for_write()
        self._errors = (
            *(KombuError, BrokerGoneError, OSError),
            *(*connection.connection_errors, *connection.channel_errors),
        )

    def send(self, messages: Sequence[StageMessage]) -> None:
        """Send messages, each to the queue of its stage.

        Raises:
            BrokerUnavailableError: not all of them were taken.
        """
        if not messages:
            return
        with self._as_our_error(), self._app.producer_or_acquire() as producer:
            for message in messages:
                self._app.send_task(
                    TASK,
                    args=(message.stage_run_id,),
                    queue=queue_name(self._dispatch, QUEUE_OF_STAGE[message.stage]),
                    producer=producer,
                    retry=False,
                )

    def count_waiting(self, queue: str) -> int:
        """Return how many messages wait in a queue that no worker has yet.

        Raises:
            BrokerUnavailableError: it does not say.
        """
        with self._as_our_error(), self._app.connection_for_write() as connection:
            channel = connection.default_channel
            bound = self._app.amqp.queues[queue_name(self._dispatch, queue)](channel)
            return int(bound.queue_declare().message_count)

    def empty(self) -> int:
        """Throw all waiting messages away, and say how many; nothing but time is lost.

        Raises:
            BrokerUnavailableError: it does not answer.
        """
        with self._as_our_error(), self._app.connection_for_write() as connection:
            channel = connection.default_channel
            bound = [queue(channel) for queue in self._app.amqp.queues.values()]
            for queue in bound:
                queue.declare()
            return sum(int(queue.purge() or 0) for queue in bound)

    def close(self) -> None:
        """Give the connections back."""
        self._app.close()

    @contextmanager
    def _as_our_error(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            raise BrokerUnavailableError from error
