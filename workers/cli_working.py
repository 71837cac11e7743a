"""`sohoa worker` and `sohoa sweep`: the processes of the distributed set-up."""

import logging
import signal
from typing import Annotated

import typer

from configuration.logs import set_up_logging
from configuration.settings import load_settings
from documents.errors import ConfigurationError
from workers.cli_settings import services_of_this_command
from workers.queues import QUEUES
from workers.services import worker_count


class UnknownQueueError(ConfigurationError):
    """There is no such queue."""

    code = "unknown_queue"

    def __init__(self, name: str) -> None:
        known = ", ".join(QUEUES)
        super().__init__(
            vi=f"Không có hàng việc nào tên như vậy: {name}. Chọn trong: {known}.",
            en=f"There is no queue {name}. Choose from: {known}.",
        )


def worker(
    *,
    queue: Annotated[
        list[str] | None, typer.Option(help="Hàng việc; mặc định tất cả / queues; default all")
    ] = None,
    processes: Annotated[
        int, typer.Option(help="Số tiến trình; 0: một cho mỗi lõi / 0: one for each core")
    ] = 0,
) -> int:
    """Làm các bước xử lý (chế độ phân tán). / Run stages (distributed set-up)."""
    from workers.celery_worker import run_worker  # noqa: PLC0415 - only here is Celery wanted

    settings = load_settings()
    set_up_logging(as_json=True, level=logging.WARNING)
    queues = queue or list(QUEUES)
    for name in queues:
        if name not in QUEUES:
            raise UnknownQueueError(name)
    run_worker(settings, queues=queues, processes=processes or worker_count(settings))
    return 0


def sweep() -> int:
    """Canh chừng việc bị bỏ dở (chế độ phân tán). / Take back and wake (distributed set-up)."""
    from workers.broker import Broker  # noqa: PLC0415 - only here is Celery wanted
    from workers.sending import Sweeper  # noqa: PLC0415 - the same

    with services_of_this_command() as services:
        set_up_logging(as_json=True, level=logging.WARNING)
        broker = Broker(services.settings.dispatch)
        sweeper = Sweeper(services, broker)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sweeper.stop())
        try:
            sweeper.run()
        finally:
            broker.close()
    return 0
