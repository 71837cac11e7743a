"""Having stages run while something else goes on, in the way that the settings choose."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import assert_never

from workers.dispatching import Dispatcher
from workers.services import Services


@contextmanager
def stages_at_work(
    services: Services, *, batch_ids: Collection[str] | None = None
) -> Iterator[None]:
    """Run stages here meanwhile, or let the workers of the distributed set-up know of them.

    `batch_ids` limits what is run here to some batches.
    """
    match services.settings.dispatch.back_end:
        case "processes":
            dispatcher = Dispatcher(services, batch_ids=batch_ids)
            dispatcher.start()
            try:
                yield
            finally:
                dispatcher.stop()
        case "celery":
            with _workers_told(services):
                yield
        case unknown:
            assert_never(unknown)


@contextmanager
def _workers_told(services: Services) -> Iterator[None]:
    from workers.broker import Broker  # noqa: PLC0415 - only here is Celery wanted
    from workers.sending import OutboxSender  # noqa: PLC0415 - the same

    broker = Broker(services.settings.dispatch)
    sender = OutboxSender(services, broker)
    sender.start()
    try:
        yield
    finally:
        sender.stop()
        broker.close()
