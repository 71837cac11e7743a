"""How long a claim takes while 10 thousand, 100 thousand or a million stages wait.

For each back end and size: a catalogue full of waiting stages, then workers that each claim a
stage, write its end down and claim the next. PostgreSQL writes every commit to the disk meanwhile
(`fsync`), as it does where it counts. The last column is the p95 over that of the smallest size.
Usage: python -m benchmarks.claims [--sizes 10000 100000 1000000] [--claims 400] [--workers 4]
"""

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import bindparam, text

from benchmarks.tables import to_markdown
from database.columns import UtcDateTime
from database.connecting import Database
from database.stage_runs import claim_stage, finish_stage
from tests.contract.backends import embedded_catalogue
from tests.postgresql import postgresql_catalogue
from tests.services import service

_WAYS: dict[str, tuple[str, ...] | None] = {"any stage": None, "signing": ("archive", "sign")}
_ENTER_BATCHES = """
INSERT INTO batches (id, station, batch_key, state, profile, confirm_policy, answerable, priority,
    opened_at)
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000)
SELECT 'bat_' || n, 'quay-01', 'lo-' || n, 'closed', 'default', 'none', 'an.tran', 10, :now
FROM numbers
"""
# Every tenth stage waits for a moment that has not come.
_ENTER_STAGES = """
INSERT INTO stage_runs (subject, stage, batch_id, state, priority, attempt, deaths, created_at,
    not_before)
WITH RECURSIVE numbers(n) AS (
    SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < CAST(:count AS integer)
)
SELECT 'pag_' || n,
    CASE n % 5 WHEN 0 THEN 'sign' WHEN 1 THEN 'archive' WHEN 2 THEN 'index' ELSE 'read' END,
    'bat_' || (n % 1000 + 1), CASE n % 10 WHEN 0 THEN 'waiting' ELSE 'ready' END,
    10 + n % 5, 0, 0, :now, CASE n % 10 WHEN 0 THEN :later END
FROM numbers
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one way of claiming took, claim by claim, in milliseconds."""

    back_end: str
    waiting: int
    way: str
    claims: tuple[float, ...]
    per_second: float

    def percentile(self, percent: int) -> float:
        """Return the time that so many of a hundred claims took at most."""
        ordered = sorted(self.claims)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


@contextmanager
def on_server(_folder: Path) -> Iterator[Database]:
    """Give a catalogue in PostgreSQL whose commits reach the disk."""
    with psycopg.connect(service("postgres"), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = on")
        connection.execute("SELECT pg_reload_conf()")
        try:
            with postgresql_catalogue() as (database, _):
                yield database
        finally:
            connection.execute("ALTER SYSTEM RESET fsync")
            connection.execute("SELECT pg_reload_conf()")


BACK_ENDS = {"sqlite": embedded_catalogue, "postgresql": on_server}


def fill(database: Database, count: int) -> None:
    """Enter so many stages of a thousand batches, and let the product look at what it has."""
    now = datetime.now(UTC)
    moments = (bindparam("now", now, UtcDateTime()),)
    later = bindparam("later", now + timedelta(days=1), UtcDateTime())
    with database.writing() as connection:
        connection.execute(text(_ENTER_BATCHES).bindparams(*moments))
        connection.execute(text(_ENTER_STAGES).bindparams(*moments, later), {"count": count})
    with database.writing() as connection:
        connection.execute(text("ANALYZE"))


def measure(
    database: Database, *, stages: tuple[str, ...] | None, claims: int, workers: int
) -> tuple[tuple[float, ...], float]:
    """Let workers claim side by side; return the milliseconds of each, and how many a second."""

    def work(number: int) -> list[float]:
        return [_claim_once(database, f"worker/{number}", stages) for _ in range(claims // workers)]

    began = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        taken = [one for some in pool.map(work, range(workers)) for one in some]
    return tuple(taken), len(taken) / (time.perf_counter() - began)


def _claim_once(database: Database, worker: str, stages: tuple[str, ...] | None) -> float:
    now = datetime.now(UTC)
    began = time.perf_counter()
    with database.claiming() as connection:
        run = claim_stage(connection, worker=worker, lease_seconds=30, now=now, stages=stages)
    milliseconds = (time.perf_counter() - began) * 1000
    if run is None:
        raise RuntimeError("nothing was left to claim")
    with database.writing(batch_id=run.batch_id) as connection:
        finish_stage(connection, run, now=now)
    return milliseconds


def measure_all(sizes: Sequence[int], *, claims: int, workers: int) -> list[Measured]:
    """Measure every back end, size and way."""
    found = []
    for back_end, open_catalogue in BACK_ENDS.items():
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                opening: AbstractContextManager[Database] = open_catalogue(Path(folder))
                with opening as database:
                    fill(database, size)
                    for way, stages in _WAYS.items():
                        measure(database, stages=stages, claims=workers * 10, workers=workers)
                        taken, rate = measure(
                            database, stages=stages, claims=claims, workers=workers
                        )
                        found.append(
                            Measured(
                                back_end=back_end,
                                waiting=size,
                                way=way,
                                claims=taken,
                                per_second=rate,
                            )
                        )
    return found


def rows_of(measured: Sequence[Measured]) -> list[list[str]]:
    """Return head and rows."""
    smallest = min(one.waiting for one in measured)
    first = {(one.back_end, one.way): one for one in measured if one.waiting == smallest}
    rows = [["catalogue", "waiting", "claimed", "p50 ms", "p95 ms", "max ms", "a second", "×"]]
    rows += [
        [
            one.back_end,
            f"{one.waiting:,}",
            one.way,
            f"{one.percentile(50):.1f}",
            f"{one.percentile(95):.1f}",
            f"{max(one.claims):.1f}",
            f"{one.per_second:.0f}",
            f"{one.percentile(95) / first[one.back_end, one.way].percentile(95):.2f}",
        ]
        for one in measured
    ]
    return rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--claims", type=int, default=400)
    parser.add_argument("--workers", type=int, default=4)
    asked = parser.parse_args()
    measured = measure_all(asked.sizes, claims=asked.claims, workers=asked.workers)
    print(to_markdown(rows_of(measured)))


if __name__ == "__main__":
    main()
