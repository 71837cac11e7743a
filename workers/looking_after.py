"""The state of the installation in words that anybody understands: what works, what does not."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from database.batches import count_by_state
from database.overview import count_queue, count_read_since, list_waiting, oldest_waiting_since
from database.records import count_documents
from database.stage_runs import workers_at_work
from documents.errors import PipelineError
from workers.services import Services, worker_count

Light = Literal["good", "warn", "problem"]
STAGES = (
    *("open", "inspect", "read", "split", "classify"),
    *("assemble", "sign", "archive", "record", "index"),
)

_LOW_DISK_BYTES, _FULL_DISK_BYTES = 10 << 30, 2 << 30
_LOW_SHARE = 0.1
_SLOW_MINUTES = 10
_RECENT_MINUTES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How the installation is doing.

    `queue` counts unfinished work by stage, in the order of the way; `aside` counts documents and
    files that were set aside; `pages_lately` were read in the last ten minutes.
    """

    reading: Light
    store: Light
    search: Light
    disk: Light
    queue: dict[str, int]
    documents: dict[str, int]
    aside: int
    waiting: int
    at_work: int
    workers: int
    oldest: datetime | None
    pages_lately: int
    indexed: int | None
    disk_free_bytes: int
    disk_total_bytes: int

    @property
    def queue_length(self) -> int:
        """How much work is unfinished."""
        return sum(self.queue.values())


def look_after(services: Services) -> Outlook:
    """Look at everything that a person at the counter would ask about."""
    now = services.clock.now()
    disk = shutil.disk_usage(services.settings.home)
    with services.database.reading() as connection:
        documents = count_documents(connection)
        files = dict(count_by_state(connection))
        queue = count_queue(connection)
        waiting = len(list_waiting(connection, limit=1000))
        at_work = len(workers_at_work(connection))
        oldest = oldest_waiting_since(connection)
        lately = count_read_since(connection, now - timedelta(minutes=_RECENT_MINUTES))
    indexed = _count_indexed(services)
    is_late = oldest is not None and now - oldest > timedelta(minutes=_SLOW_MINUTES)
    return Outlook(
        reading="warn" if is_late or waiting else "good",
        store=_light_of_store(services),
        search=_light_of_search(indexed, documents.get("filed", 0)),
        disk=_light_of_disk(disk.free, disk.total),
        queue={stage: queue[stage] for stage in STAGES if queue.get(stage)},
        documents=documents,
        aside=documents.get("set_aside", 0) + files.get("set_aside", 0),
        waiting=waiting,
        at_work=at_work,
        workers=worker_count(services.settings),
        oldest=oldest,
        pages_lately=lately,
        indexed=indexed,
        disk_free_bytes=disk.free,
        disk_total_bytes=disk.total,
    )


def _count_indexed(services: Services) -> int | None:
    try:
        return services.index.count()
    except PipelineError:
        return None


def _light_of_store(services: Services) -> Light:
    try:
        services.storage.check()
    except PipelineError:
        return "problem"
    return "good"


def _light_of_search(indexed: int | None, filed: int) -> Light:
    if indexed is None:
        return "problem"
    return "warn" if indexed < filed else "good"


def _light_of_disk(free: int, total: int) -> Light:
    if free < _FULL_DISK_BYTES:
        return "problem"
    return "warn" if free < min(_LOW_DISK_BYTES, total * _LOW_SHARE) else "good"
