"""A pool of child processes that do the page work, within limits on memory and time.

A child that dies, hangs or eats memory costs the work it had in hand, never its parent.
"""

import json
import os
import queue
import signal
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from documents import errors as families
from documents.errors import PipelineError, Reason
from workers.errors import ChildDiedError, NoChildError
from workers.page_jobs import JOBS, adapter_of

_HEADER = struct.Struct(">I")
_LOOK_SECONDS = 0.2
_JOBS_FOR_ONE_CHILD = 400
_STARTS = 5
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildLimits:
    """What a child may use for one job: resident bytes, wall and CPU seconds."""

    memory_bytes: int
    seconds: float
    cpu_seconds: float


class ChildPool:
    """Runs jobs in children; each child does one job at a time and is kept warm.

    A niceness above 0 lets other processes of this machine go first (`nice(2)`).
    """

    def __init__(self, *, size: int, limits: ChildLimits, niceness: int = 0) -> None:
        self.limits = limits
        self._niceness = niceness
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(size):
            self._idle.put(None)
        self._children: set[_Child] = set()
        self._lock = threading.Lock()
        self._is_kept_warm = False
        self._warming: threading.Thread | None = None

    def keep_warm(self) -> None:
        """Start one child now, and another one whenever one ends, before it is needed.

        So nobody waits for more than their own job, where one after the other is asked.
        """
        self._is_kept_warm = True
        self._begin_warming()

    def run(self, job: str, request: object, *, patience: float = 1.0) -> Any:
        """Do one job in a child and return its result.

        Args:
            job: a name in `page_jobs.JOBS`.
            request: what that job takes.
            patience: factor on the time limits, for jobs over many pages.

        Raises:
            PipelineError: what the job raised, in the same family with the same reason.
            ChildDiedError: the child died, hung, or used more than it may.
        """
        takes, gives = JOBS[job]
        message = {"job": job, "request": adapter_of(takes).dump_python(request, mode="json")}
        idle = self._idle.get()
        try:
            child = self._take(idle)
        except BaseException:
            self._idle.put(None)
            raise
        try:
            answer = child.ask(json.dumps(message).encode(), limits=self.limits, patience=patience)
        except BaseException:
            self._end(child)
            raise
        self._put_back(child)
        if "error" in answer:
            raise _error_of(answer["error"], job=job)
        return adapter_of(gives).validate_python(answer["result"], strict=False)

    def close(self) -> None:
        """Stop all children."""
        self._is_kept_warm = False
        if self._warming is not None:
            self._warming.join()
        with self._lock:
            children = list(self._children)
            self._children.clear()
        for child in children:
            child.kill()

    def process_ids(self) -> list[int]:
        """Return the process ids of the children that live now."""
        with self._lock:
            return [child.pid for child in self._children]

    def _take(self, child: "_Child | None") -> "_Child":
        """Return an idle child; one that died while it was idle is no job's fault."""
        if child is not None and child.is_alive():
            return child
        if child is not None:
            child.kill()
            self._bury(child)
        return self._start()

    def _start(self) -> "_Child":
        """Start a child and wait for its greeting; one that dies before it is no job's fault."""
        for _ in range(_STARTS):
            child = _Child(self.limits, niceness=self._niceness)
            with self._lock:
                self._children.add(child)
            with suppress(ChildDiedError):
                child.await_greeting(self.limits)
                return child
            self._bury(child)
        raise NoChildError

    def _bury(self, child: "_Child") -> None:
        with self._lock:
            self._children.discard(child)

    def _put_back(self, child: "_Child") -> None:
        # A fresh child now and then keeps what libraries leak from growing.
        if child.jobs < _JOBS_FOR_ONE_CHILD and child.is_lean(self.limits):
            self._idle.put(child)
            return
        self._end(child)

    def _end(self, child: "_Child") -> None:
        child.kill()
        self._bury(child)
        self._idle.put(None)
        self._begin_warming()

    def _begin_warming(self) -> None:
        if self._is_kept_warm:
            self._warming = threading.Thread(target=self._warm, daemon=True)
            self._warming.start()

    def _warm(self) -> None:
        """Start a child in the next free place, unless somebody came for it first."""
        try:
            child = self._idle.get_nowait()
        except queue.Empty:
            return
        try:
            child = self._take(child)
        except (NoChildError, OSError):
            child = None  # whoever asks next is told
        self._idle.put(child)


class _Child:
    """One child process and the pipe to it."""

    def __init__(self, limits: ChildLimits, *, niceness: int) -> None:
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        environment |= {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1", "TZ": "UTC"}
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "workers.child", str(limits.memory_bytes), str(niceness)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # so that what it started dies with it
            env=environment,
        )
        self.pid = self._process.pid
        self.jobs = 0

    def await_greeting(self, limits: ChildLimits) -> None:
        """Wait until the child has loaded its code.

        Raises:
            ChildDiedError: it died, or took too long.
        """
        self._receive(_HEADER.size, _Watch(self.pid, limits=limits, patience=1.0), "start")

    def ask(self, message: bytes, *, limits: ChildLimits, patience: float) -> dict[str, Any]:
        """Send a message and wait for the answer, watching what the child uses."""
        self.jobs += 1
        job = json.loads(message)["job"]
        watch = _Watch(self.pid, limits=limits, patience=patience)
        assert self._process.stdin is not None  # noqa: S101 - it was asked for as a pipe
        try:
            self._process.stdin.write(_HEADER.pack(len(message)) + message)
            self._process.stdin.flush()
        except OSError as error:
            self.kill()
            raise ChildDiedError("died", job=job) from error
        body = self._receive(_HEADER.size, watch, job)
        return dict(json.loads(self._receive(_HEADER.unpack(body)[0], watch, job)))

    def _receive(self, size: int, watch: "_Watch", job: str) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - it was asked for as a pipe
        stream = self._process.stdout.fileno()
        parts: list[bytes] = []
        with DefaultSelector() as selector:
            selector.register(stream, EVENT_READ)
            while size:
                if not selector.select(_LOOK_SECONDS):
                    if (kind := watch.excess()) is not None:
                        self.kill()
                        raise ChildDiedError(kind, job=job)
                    continue
                part = os.read(stream, min(size, 1 << 20))
                if not part:
                    self.kill()
                    raise ChildDiedError("died", job=job)
                parts.append(part)
                size -= len(part)
        return b"".join(parts)

    def is_alive(self) -> bool:
        """Say whether the process still runs."""
        return self._process.poll() is None

    def is_lean(self, limits: ChildLimits) -> bool:
        """Say whether the child is small enough to be kept."""
        return _resident_bytes(self.pid) < limits.memory_bytes * 0.6

    def kill(self) -> None:
        """Kill the child and whatever it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


class _Watch:
    """Says when a child uses more than it may since the watch began."""

    def __init__(self, pid: int, *, limits: ChildLimits, patience: float) -> None:
        self._pid = pid
        self._limits = limits
        self._patience = patience
        self._began = time.monotonic()
        self._cpu = _cpu_seconds(pid)

    def excess(self) -> "Any":
        """Return "memory" or "time" when a limit is passed, else None."""
        if _resident_bytes(self._pid) > self._limits.memory_bytes:
            return "memory"
        wall = time.monotonic() - self._began
        cpu = _cpu_seconds(self._pid) - self._cpu
        is_over = (
            wall > self._limits.seconds * self._patience
            or cpu > self._limits.cpu_seconds * self._patience
        )
        return "time" if is_over else None


def _resident_bytes(pid: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES
    return 0


def _cpu_seconds(pid: int) -> float:
    with suppress(OSError, ValueError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND
    return 0.0


def _error_of(answer: dict[str, str], *, job: str) -> PipelineError:
    """Make the error that a child reported, in the family it had there."""
    if answer["family"] == "ChildDiedError":
        kind: Any = answer["code"]
        return ChildDiedError(kind, job=job)
    family = getattr(families, answer["family"])
    error: PipelineError = family(vi=answer["vi"], en=answer["en"])
    error.reason = Reason(code=answer["code"], vi=answer["vi"], en=answer["en"])
    return error
