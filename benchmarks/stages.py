"""Walks the way with one worker and says what each stage costs, in this process and its child."""

import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.measuring import cpu_seconds_of
from database.stage_runs import StageRun, claim_stage, count_unfinished
from workers.child_pool import ChildLimits, ChildPool
from workers.cli_settings import (
    actor_of_this_command,
    services_of_this_command,
)
from workers.delivering import Wish, deliver_folder
from workers.page_jobs import NapJob
from workers.pipeline import run_stage
from workers.services import Services

START, CHILD, RECEIVE, CLAIM = "start", "start of a child", "receive", "claim"


@dataclass(slots=True)
class StageCost:
    """What one stage used in all: CPU seconds here and in the child, wall seconds, how often."""

    own_cpu: float = 0.0
    child_cpu: float = 0.0
    wall: float = 0.0
    runs: int = 0

    @property
    def cpu(self) -> float:
        """CPU seconds of both."""
        return self.own_cpu + self.child_cpu


class MeasuredPool(ChildPool):
    """A pool of one child that adds up what the child used."""

    def __init__(self, *, limits: ChildLimits) -> None:
        super().__init__(size=1, limits=limits)
        self.cpu_seconds = 0.0
        self._seen: dict[int, float] = {}

    def run(self, job: str, request: object, *, patience: float = 1.0) -> Any:
        """Do one job as the pool does, and note the child's CPU seconds since the job before."""
        result = super().run(job, request, patience=patience)
        for pid in self.process_ids():
            used = cpu_seconds_of(pid)
            self.cpu_seconds += used - self._seen.get(pid, 0.0)
            self._seen[pid] = used
        return result


class _Ledger:
    def __init__(self, pool: MeasuredPool) -> None:
        self.costs: dict[str, StageCost] = defaultdict(StageCost)
        self._pool = pool

    @contextmanager
    def entry(self, stage: str) -> Iterator[None]:
        """Charge what happens in the block to a stage."""
        wall, own, child = time.monotonic(), time.process_time(), self._pool.cpu_seconds
        yield
        cost = self.costs[stage]
        cost.wall += time.monotonic() - wall
        cost.own_cpu += time.process_time() - own
        cost.child_cpu += self._pool.cpu_seconds - child
        cost.runs += 1


def measure_stages(files: list[Path], *, joined: bool) -> dict[str, StageCost]:
    """Digitize files in the configured home, one stage after another, and return the costs.

    Args:
        files: page images.
        joined: True for one batch of all files, False for a batch each.
    """
    with services_of_this_command() as services:
        pool = MeasuredPool(limits=services.pool.limits)
        ledger = _Ledger(pool)
        ledger.costs[START] = StageCost(
            own_cpu=time.process_time(), wall=_seconds_since_start(), runs=1
        )
        try:
            with ledger.entry(CHILD):
                pool.run("nap", NapJob())
            _walk(replace(services, pool=pool), files, ledger=ledger, joined=joined)
        finally:
            pool.close()
        return dict(ledger.costs)


def _walk(services: Services, files: list[Path], *, ledger: _Ledger, joined: bool) -> None:
    wish = Wish(policy="backfile", actor=actor_of_this_command())
    batches = []
    for group in [files] if joined else [[file] for file in files]:
        with ledger.entry(RECEIVE):
            followed = deliver_folder(services, group, wish)
        batches.append(followed.batch_id)
    worker = f"benchmark/{os.getpid()}/0"
    while (run := _claim(services, worker, ledger)) is not None:
        with ledger.entry(run.stage):
            run_stage(run, services)
    with services.database.reading() as connection:
        left = count_unfinished(connection, batch_ids=batches)
    if left:
        raise RuntimeError(f"stages were left: {left}")


def _claim(services: Services, worker: str, ledger: _Ledger) -> StageRun | None:
    with ledger.entry(CLAIM), services.database.writing() as connection:
        return claim_stage(connection, worker=worker, lease_seconds=600.0, now=services.clock.now())


def _seconds_since_start() -> float:
    """Return for how many seconds this process has lived."""
    fields = Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()
    return time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print the costs as lines of stage, runs, own CPU, child's CPU, wall; tabs between."""
    joined = sys.argv[1] == "joined"
    for stage, cost in measure_stages([Path(name) for name in sys.argv[2:]], joined=joined).items():
        print(stage, cost.runs, cost.own_cpu, cost.child_cpu, cost.wall, sep="\t")


if __name__ == "__main__":
    main()
