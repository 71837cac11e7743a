"""Runs a program and measures what it and everything that it started used."""

import ctypes
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_LOOK_SECONDS = 0.2


class ProgramFailedError(RuntimeError):
    """A measured program did not end well, so its figures mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Resident bytes of the program, and of the largest process that it started, at one moment."""

    seconds: float
    parent_bytes: int
    child_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """CPU seconds of the whole tree of processes, wall seconds, and memory over time."""

    cpu_seconds: float
    wall_seconds: float
    samples: tuple[Sample, ...]

    @property
    def parent_peak_bytes(self) -> int:
        """The most that the program itself was seen to hold."""
        return max((sample.parent_bytes for sample in self.samples), default=0)

    @property
    def child_peak_bytes(self) -> int:
        """The most that one of its children was seen to hold."""
        return max((sample.child_bytes for sample in self.samples), default=0)


def run_measured(
    command: Sequence[str | Path], *, out: Path, environment: Mapping[str, str] | None = None
) -> Usage:
    """Run a program to its end, standard output and error into `out`, and measure it.

    What the program was seen to leave behind is waited for and counted as well: this process
    adopts it for that time.

    Raises:
        ProgramFailedError: it ended with another code than 0.
    """
    began = time.monotonic()
    with _adopting_orphans(), out.open("wb") as target:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=target,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
        watch = _Watch(process.pid, began)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        samples = watch.finish()
        cpu_seconds = used.ru_utime + used.ru_stime + sum(map(_wait_for_orphan, watch.seen))
        wall_seconds = time.monotonic() - began
    if process.returncode:
        tail = out.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise ProgramFailedError(f"{command[0]} ended with {process.returncode}:\n{tail}")
    return Usage(cpu_seconds=cpu_seconds, wall_seconds=wall_seconds, samples=tuple(samples))


@contextmanager
def _adopting_orphans() -> Iterator[None]:
    """Become the parent of processes below us whose own parent ends."""
    control = ctypes.CDLL(None, use_errno=True).prctl
    control(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        control(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def _wait_for_orphan(pid: int) -> float:
    """Return the CPU seconds of a process that is ours now; 0 where its parent counted it."""
    try:
        _, _, used = os.wait4(pid, 0)
    except ChildProcessError:
        return 0.0
    return used.ru_utime + used.ru_stime


@dataclass(slots=True)
class _Watch:
    """Looks at the memory of a process and of its descendants while they run."""

    pid: int
    began: float
    samples: list[Sample] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    _is_over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def finish(self) -> list[Sample]:
        """Stop looking and return what was seen."""
        self._is_over.set()
        self._thread.join()
        return self.samples

    def _look(self) -> None:
        while not self._is_over.wait(_LOOK_SECONDS):
            children = descendants_of(self.pid)
            self.seen.update(children)
            sample = Sample(
                seconds=time.monotonic() - self.began,
                parent_bytes=resident_bytes(self.pid),
                child_bytes=max(map(resident_bytes, children), default=0),
            )
            if sample.parent_bytes:
                self.samples.append(sample)


def descendants_of(pid: int) -> list[int]:
    """Return the ids of all living processes that a process started, and that those started."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                children = [int(part) for part in task.read_text().split()]
            except OSError:
                continue  # it has ended since
            found += children
            waiting += children
    return found


def resident_bytes(pid: int) -> int:
    """Return how much memory a process holds; 0 where there is none."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES
    except (OSError, IndexError):
        return 0


def cpu_seconds_of(pid: int) -> float:
    """Return the CPU seconds that a living process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND
