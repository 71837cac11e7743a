"""One worker: claims the most urgent stage, runs it, and says whether there was one."""

import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog

from database.batches import BACKFILE, is_desk_at_work
from database.stage_runs import StageRun, claim_stage
from documents.errors import BackEndUnavailableError
from workers.pipeline import run_stage
from workers.services import Services
from workers.work_folder import process_name

log = structlog.get_logger()

# Who puts pages on the glass takes no longer than this from one to the next.
_DESK_RESTS_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageWorker:
    """Claims and runs stages one after another; `batch_ids` and `stages` None mean any.

    One that `stands_by` begins nothing of a backfile while a desk is at work, so that no page of a
    citizen waits until a page of a backfile has been read.
    """

    services: Services
    name: str
    batch_ids: Collection[str] | None = None
    stages: Collection[str] | None = None
    stands_by: bool = False

    def work_once(self) -> bool:
        """Claim and run one stage; say whether there was one."""
        services = self.services
        try:
            run = self._claim()
        except BackEndUnavailableError:
            log.warning("catalogue does not answer")
            return False
        if run is None:
            return False
        try:
            run_stage(run, services)
        except BackEndUnavailableError:
            # The outcome could not be written down; the sweeper will find the lease expired.
            log.warning("outcome not written", subject=run.subject, stage=run.stage)
        return True

    def _claim(self) -> StageRun | None:
        services, now = self.services, self.services.clock.now()
        with services.database.claiming() as connection:
            waits = self.stands_by and is_desk_at_work(connection, since=now - _DESK_RESTS_AFTER)
            return claim_stage(
                connection,
                worker=self.name,
                lease_seconds=services.settings.dispatch.lease_seconds,
                now=now,
                batch_ids=self.batch_ids,
                stages=self.stages,
                before_priority=BACKFILE if waits else None,
            )


def machine_name() -> str:
    """Return a name for this machine since it was last started."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
    return f"{socket.gethostname()}/{boot}"


def worker_name(number: int = 0) -> str:
    """Return a name for a worker of this process that no other one will ever have."""
    return f"{machine_name()}/{process_name()}/{number}"
