"""Two thousand pages through one server: what it and its children hold, and what stays on the disk.

Batches of fifty pages of many kinds lie in a watched folder whose station confirms by policy; one
file of each batch is damaged. Printed: resident memory by quarter of the run, how it grew since the
second, what became of the files, and what the work folder still holds when all is filed: only what
was set aside for a person may. `python -m benchmarks.memory_at_length --help`.
"""

import argparse
import json
import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measuring import Sample, descendants_of, resident_bytes
from benchmarks.pages import Office, serving
from benchmarks.small_pages import PAGES, draw_damaged_file, draw_files, draw_sheet_file
from benchmarks.tables import growth_since_second, quarters, to_markdown

_STATION = "kho"
_PAPERS_IN_BATCH = 5
_PAGES_IN_BATCH = _PAPERS_IN_BATCH * (PAGES + 1)
_LOOK_SECONDS = 1.0
# So much may wait: the server always has something to do, and its disk holds little.
_MOST_AHEAD = 60
_STUCK_SECONDS = 1200.0
_MIB = 1 << 20
MOST_GROWTH = 1.10
_LEFT = "SELECT count(*) FROM stage_runs WHERE state IN ('ready', 'running', 'waiting')"
_DOCUMENTS = "SELECT state, count(*) FROM documents GROUP BY state ORDER BY state"
_REFUSED = (
    "SELECT reason_code, count(*) FROM deliveries WHERE state = 'set_aside' GROUP BY reason_code"
)
_ASIDE = "SELECT id FROM deliveries WHERE state = 'set_aside'"


@dataclass(slots=True)
class _Watch:
    """Looks at the server and the sum of its children from time to time."""

    pid: int
    samples: list[Sample] = field(default_factory=list)
    most_of_a_child: int = 0
    _is_over: threading.Event = field(default_factory=threading.Event)

    def look_on(self) -> None:
        """Take samples until told to stop."""
        began = time.monotonic()
        while not self._is_over.wait(_LOOK_SECONDS):
            each = [resident_bytes(child) for child in descendants_of(self.pid)]
            self.most_of_a_child = max([self.most_of_a_child, *each])
            self.samples.append(
                Sample(
                    seconds=time.monotonic() - began,
                    parent_bytes=resident_bytes(self.pid),
                    child_bytes=sum(each),
                )
            )

    def stop(self) -> None:
        """Take no more samples."""
        self._is_over.set()


def main() -> int:
    """Send the pages, print the tables; return 1 where memory grew or files stayed."""
    wish = _arguments()
    with tempfile.TemporaryDirectory(prefix="sohoa-memory-") as folder:
        home = Path(folder) / "home"
        stations = json.dumps({_STATION: "backfile"})
        settings = {"SOHOA_INTAKE__STATIONS": stations, "SOHOA_INTAKE__REST_SECONDS": "0.5"}
        with serving(home, **settings) as office:
            watch = _Watch(office.pid)
            thread = threading.Thread(target=watch.look_on)
            thread.start()
            try:
                _send(office, batches=-(-wish.pages // _PAGES_IN_BATCH))
            finally:
                watch.stop()
                thread.join()
            missed = _report(watch) + _report_home(office)
    print("missed: " + "; ".join(missed) if missed else "all targets met")
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    return parser.parse_args()


def _send(office: Office, *, batches: int) -> None:
    """Put one batch after the other into the folder; return when all is done."""
    for number in range(batches):
        _put(office.home, number)
        _await(office, most_ahead=_MOST_AHEAD, taken=number + 1)
        if sys.stdout.isatty():
            print(f"\r{(number + 1) * _PAGES_IN_BATCH} pages", end="", flush=True)
    _await(office, most_ahead=0, taken=batches)


def _put(home: Path, number: int) -> None:
    part = home / "part"
    part.mkdir()
    for place in range(_PAPERS_IN_BATCH):
        paper = number * _PAPERS_IN_BATCH + place
        (part / f"{place}-0.png").write_bytes(draw_sheet_file(paper))
        for order, (suffix, content) in enumerate(draw_files(paper), start=1):
            (part / f"{place}-{order}{suffix}").write_bytes(content)
    suffix, content = draw_damaged_file(number)
    (part / f"{_PAPERS_IN_BATCH}{suffix}").write_bytes(content)
    inbox = home / "inbox" / _STATION
    inbox.mkdir(parents=True, exist_ok=True)
    part.rename(inbox / f"{number:04d}")


def _await(office: Office, *, most_ahead: int, taken: int) -> None:
    """Wait until so many batches were taken and cut, and little of them is left to be done."""
    seen, since = (-1, -1), time.monotonic()
    while True:
        ((left,),) = _ask(office.home, _LEFT)
        ((cut,),) = _ask(office.home, "SELECT count(*) FROM batches WHERE state = 'split'")
        if left <= most_ahead and cut >= taken:
            return
        if (left, cut) != seen:
            seen, since = (left, cut), time.monotonic()
        if time.monotonic() - since > _STUCK_SECONDS:
            raise TimeoutError(f"{left} stages are left and nothing moves")
        time.sleep(_LOOK_SECONDS)


def _ask(home: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{home}/sohoa.db?mode=ro", uri=True)) as catalogue:
        return catalogue.execute(query).fetchall()


def _report(watch: _Watch) -> list[str]:
    """Print memory by quarter; return what was missed."""
    rows = [["quarter", "server, median MB", "children together, median MB", "most MB"]]
    for number, part in enumerate(quarters(watch.samples), start=1):
        server, children = [one.parent_bytes for one in part], [one.child_bytes for one in part]
        figures = [f"{value / _MIB:.0f}" for value in (median(server), median(children))]
        rows.append([str(number), *figures, f"{max(children) / _MIB:.0f}"])
    print(f"\n{to_markdown(rows)}\n")
    third, fourth = growth_since_second(watch.samples)
    for name, (server_grew, children_grew) in (("third", third), ("fourth", fourth)):
        print(f"{name} over second: server × {server_grew:.2f}, children × {children_grew:.2f}")
    print(f"largest child at any time: {watch.most_of_a_child / _MIB:.0f} MB")
    grown = max(*third, *fourth)
    return [f"memory × {grown:.2f}"] if grown > MOST_GROWTH else []


def _report_home(office: Office) -> list[str]:
    """Print what became of the files and what the work folder holds; return what was missed."""
    states = dict(_ask(office.home, _DOCUMENTS))
    aside = {row[0] for row in _ask(office.home, _ASIDE)}
    ((pages,),) = _ask(office.home, "SELECT count(*) FROM pages")
    print(f"{pages} pages; documents: {states}; files set aside: {_ask(office.home, _REFUSED)}")
    work = office.home / "work"
    left = [path.relative_to(work) for path in work.rglob("*") if path.is_file()]
    stray = [str(path) for path in left if not aside.intersection(path.parts)]
    print(f"work folder: {len(left)} files, {len(stray)} of them of no file that was set aside")
    missed = [f"{len(stray)} files stayed, as {stray[0]}"] if stray else []
    return missed if set(states) == {"filed"} else [*missed, f"not all filed: {states}"]


if __name__ == "__main__":
    sys.exit(main())
