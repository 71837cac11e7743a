"""Fifty people and programs at work on one office's server, while papers are read.

Ten desks deliver, thirty officers search and open, ten dossier systems ask, over twenty thousand
documents. Printed: how long pages, searches and answers took (p50, p95), errors, how much slower
reading became, and the server's memory over the run. Reading alone is measured when everything that
was delivered has been looked at: looking goes first, and would make reading alone seem slower.
`python -m benchmarks.pages --help`.
"""

import argparse
import json
import os
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.filling import Invented, fill, invent
from benchmarks.people import Ledger, Work, desk, dossier_system, officer, work_together
from benchmarks.tables import to_markdown
from configuration.settings import Settings
from database.accounts import Role
from web.cookies import SESSION_COOKIE
from workers.services import build_services
from workers.signing_in import change_password, make_account, sign_in

_SOHOA = Path(sys.executable).with_name("sohoa")
_SAMPLES = Path(__file__).parents[1] / "samples" / "batches"
_PROSE = Path(__file__).with_name("prose.txt")
# The targets, in seconds: pages, search, answers.
LIMITS = {"page": 0.300, "search": 0.150, "answer": 0.050}
MOST_SLOWER, MOST_GROWTH = 1.25, 1.10
_QUERIES = 200
_PATIENCE_SECONDS = 900
# More than are read in the measured time, so that there is something to read until its end.
_PAGES_IN_A_SECOND = 4


@dataclass(frozen=True, kw_only=True)
class Office:
    """A home, the server over it, and the headers by which a role asks."""

    home: Path
    url: str
    pid: int

    def headers(self, role: Role) -> Mapping[str, str]:
        """Sign somebody in and return what their browser sends."""
        services = build_services(Settings(home=self.home))
        try:
            name = f"bench-{role}"
            first = make_account(services, name=name, display_name=name, role=role)
            account = sign_in(services, name=name, password=first).account
            new = secrets.token_urlsafe(16)
            change_password(services, account.id, old=first, new=new)
            signed_in = sign_in(services, name=name, password=new)
        finally:
            services.close()
        return {
            "Cookie": f"{SESSION_COOKIE}={signed_in.token}",
            "X-CSRF-Token": signed_in.csrf,
        }

    def token(self, role: Role) -> Mapping[str, str]:
        """Make a token for a program and return how it is sent."""
        made = _run(self.home, "accounts", "token", f"bench-{role}", "--role", role, "--json")
        return {"Authorization": f"Bearer {json.loads(made)['token']}"}

    def pages_read(self) -> int:
        """Return how many pages have been read."""
        return self._count("SELECT count(*) FROM readings")

    def pages_ahead(self, *stages: str) -> int:
        """Return how much is still to be done of some stages."""
        return self._count(
            "SELECT count(*) FROM stage_runs WHERE state IN ('ready', 'running', 'waiting')"
            " AND stage IN (SELECT value FROM json_each(?))",
            json.dumps(stages),
        )

    def await_only_reading(self) -> None:
        """Wait until what was delivered has been looked at, and only reading is left."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while not self.pages_ahead("read") or self.pages_ahead("open", "inspect", "split"):
            if time.monotonic() > until:
                raise TimeoutError("what was delivered is still being looked at")
            time.sleep(1)

    def cpu_seconds(self) -> float:
        """Return what the server has computed until now, without its children."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _count(self, query: str, *values: str) -> int:
        with closing(sqlite3.connect(f"file:{self.home}/sohoa.db?mode=ro", uri=True)) as catalogue:
            return int(catalogue.execute(query, values).fetchone()[0])

    def resident_mib(self) -> float:
        """Return what the server holds now."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def main() -> int:
    """Fill, let them work, print the table; return 1 where a target is missed."""
    wish = _arguments()
    with tempfile.TemporaryDirectory(prefix="sohoa-pages-") as folder:
        home = Path(folder) / "home"
        ids, invented = _fill(home, wish.documents)
        with serving(home) as office:
            people = (
                (desk, 10, office.headers("operator")),
                (officer, 30, office.headers("officer")),
                (dossier_system, 10, office.token("dossier_system")),
            )
            _deliver_backfile(home, round(wish.seconds * _PAGES_IN_A_SECOND))
            office.await_only_reading()
            alone = _pages_per_second(office, lambda: time.sleep(wish.seconds / 3))
            memory: list[float] = []
            ledger = Ledger()
            computed = (office.cpu_seconds(), time.process_time())
            busy = _pages_per_second(
                office,
                lambda: work_together(
                    office.url,
                    people,
                    _work(ids, invented),
                    ledger,
                    seconds=wish.seconds,
                    while_working=lambda: memory.append(office.resident_mib()),
                ),
            )
            server = (office.cpu_seconds() - computed[0]) / wish.seconds
            here = (time.process_time() - computed[1]) / wish.seconds
            left = office.pages_ahead("read")
    print(f"of one core: the server {server:.2f}, these people {here:.2f}; {left} pages left\n")
    if not (left and alone and busy):
        raise SystemExit("the pages ran out, or other programs let none be read: measure again")
    return _report(ledger, memory, slower=alone / busy, alone=alone)


def _pages_per_second(office: Office, work: Callable[[], None]) -> float:
    """Return how quickly pages are read while something else is done."""
    before, began = office.pages_read(), time.monotonic()
    work()
    return (office.pages_read() - before) / (time.monotonic() - began)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=120)
    return parser.parse_args()


def _run(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [_SOHOA, *arguments],
        env={**os.environ, "SOHOA_HOME": str(home)},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return done.stdout


def _fill(home: Path, count: int) -> tuple[list[str], list[Invented]]:
    page = _SAMPLES / "3-ho-kinh-doanh" / "004.jpg"
    made = _run(home, "digitize", "--confirm-by", "backfile", "--json", str(page))
    sentences = _PROSE.read_text("utf-8").splitlines()
    invented = list(invent(count, sentences=sentences, seed=1))
    services = build_services(Settings(home=home))
    try:
        ids = fill(services, json.loads(made.splitlines()[0])["id"], iter(invented))
    finally:
        services.close()
    return ids, invented


def _work(ids: list[str], invented: list[Invented]) -> Work:
    queries: list[str] = []
    for one in invented[:: max(1, len(invented) // _QUERIES)]:
        family, *_, given = one.owner_name.split()
        queries += [one.number, f"{family} {given}", f"{one.title} {one.issued_on[:4]}"]
    pages = [file.read_bytes() for file in sorted((_SAMPLES / "3-ho-kinh-doanh").glob("*.jpg"))]
    return Work(
        documents=ids,
        queries=queries,
        owners=[one.owner_id for one in invented],
        pages=pages[1::2],
    )


def _deliver_backfile(home: Path, count: int) -> None:
    """Put so many pages, each another file, into a watched folder: nobody waits for them."""
    folder = home / "inbox" / "kho" / "lo-1"
    part = home / "lo-1"
    part.mkdir(parents=True)
    pages = sorted((_SAMPLES / "3-ho-kinh-doanh").glob("*.jpg"))[1::2]
    for number in range(count):
        content = pages[number % len(pages)].read_bytes() + f"{number}".encode()
        (part / f"{number:04d}.jpg").write_bytes(content)
    folder.parent.mkdir(parents=True)
    part.rename(folder)


@contextmanager
def serving(home: Path, **settings: str) -> Iterator[Office]:
    """Serve a home as long as the block lasts; settings as they stand in the environment."""
    process = subprocess.Popen(
        [_SOHOA, "serve", "--port", "0", "--json"],
        env={**os.environ, **settings, "SOHOA_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None  # noqa: S101 - it was asked for as a pipe
        url = json.loads(process.stdout.readline())["url"]
        yield Office(home=home, url=url, pid=process.pid)
    finally:
        process.terminate()
        process.wait()


def _report(ledger: Ledger, memory: list[float], *, alone: float, slower: float) -> int:
    rows = [["what", "asked", "p50 ms", "p95 ms", "target ms"]]
    missed = []
    for kind in sorted(ledger.seconds):
        p50, p95 = (ledger.percentile(kind, share) * 1000 for share in (0.5, 0.95))
        limit = LIMITS.get(kind)
        target = f"{limit * 1000:.0f}" if limit else "–"
        count = str(len(ledger.seconds[kind]))
        rows.append([kind, count, f"{p50:.0f}", f"{p95:.0f}", target])
        missed += [f"{kind}: p95 {p95:.0f} ms"] if limit and p95 > limit * 1000 else []
    quarter = max(1, len(memory) // 4)
    grown = max(memory[-quarter:]) / max(memory[quarter : 2 * quarter])
    print(to_markdown(rows))
    print(f"\nerrors: {len(ledger.errors)} {sorted(set(ledger.errors))[:5]}")
    print(f"reading: {alone:.2f} pages/s alone, {alone / slower:.2f} meanwhile, × {slower:.2f}")
    print(f"server: {max(memory):.0f} MiB at most, last over second quarter × {grown:.2f}")
    missed += [f"{len(ledger.errors)} errors"] if ledger.errors else []
    missed += [f"reading × {slower:.2f}"] if slower > MOST_SLOWER else []
    missed += [f"memory × {grown:.2f}"] if grown > MOST_GROWTH else []
    print("missed: " + "; ".join(missed) if missed else "all targets met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
