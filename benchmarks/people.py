"""People and programs at work: each in a thread of its own, thinking between what they do."""

import http.client
import json
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

_PATIENCE_SECONDS = 30
_NO_ANSWER = 599


@dataclass
class Ledger:
    """How long each kind of question took, in seconds, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, seconds: float, error: str | None) -> None:
        """Write one question down."""
        with self.lock:
            self.seconds[kind].append(seconds)
            if error is not None:
                self.errors.append(error)

    def percentile(self, kind: str, share: float) -> float:
        """Return how long the given share of the questions of a kind took at most, in seconds."""
        taken = sorted(self.seconds[kind])
        return taken[min(len(taken) - 1, int(share * len(taken)))] if taken else 0.0


class Line:
    """One kept connection to the server."""

    def __init__(self, url: str, headers: Mapping[str, str], ledger: Ledger) -> None:
        parts = urlsplit(url)
        self._address = (str(parts.hostname), int(parts.port or 80))
        self._connection = http.client.HTTPConnection(*self._address, timeout=_PATIENCE_SECONDS)
        self._headers = dict(headers)
        self._ledger = ledger

    def ask(self, kind: str, method: str, path: str, body: bytes | None = None) -> bytes:
        """Ask, note how long it took, and return the answer's body."""
        headers = dict(self._headers)
        if body is not None:
            is_json = body[:1] == b"{"
            headers["Content-Type"] = "application/json" if is_json else "application/octet-stream"
        began = time.perf_counter()
        status, content = self._exchange(method, path, body, headers)
        is_wrong = status >= http.client.MULTIPLE_CHOICES
        error = f"{method} {path.partition('?')[0]}: {status}" if is_wrong else None
        self._ledger.note(kind, time.perf_counter() - began, error)
        return content

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        """Ask once, and again where the server had closed the idle connection."""
        for _ in range(2):
            try:
                self._connection.request(method, path, body=body, headers=dict(headers))
                answer = self._connection.getresponse()
                return answer.status, answer.read()
            except (http.client.RemoteDisconnected, ConnectionError, BrokenPipeError):
                self._connection.close()
            except (OSError, http.client.HTTPException):
                break
        self._connection.close()
        return _NO_ANSWER, b""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What the people know: documents and words that are there, pages to deliver."""

    documents: Sequence[str]
    queries: Sequence[str]
    owners: Sequence[str]
    pages: Sequence[bytes]


def officer(line: Line, work: Work, chance: random.Random, stopping: threading.Event) -> None:
    """Search, look at the answer, open a document with its first page."""
    while not stopping.wait(chance.uniform(2, 6)):
        query = quote(chance.choice(work.queries))
        line.ask("search", "GET", f"/api/v1/search?q={query}&limit=20")
        line.ask("page", "GET", f"/search?q={query}")
        if stopping.wait(chance.uniform(1, 3)):
            return
        document = chance.choice(work.documents)
        line.ask("page", "GET", f"/documents/{document}")
        line.ask("picture", "GET", f"/documents/{document}/pages/1.jpg?width=1000")


def desk(line: Line, work: Work, chance: random.Random, stopping: threading.Event) -> None:
    """Deliver three pages one by one, watch the batch, look at the desk."""
    if stopping.wait(chance.uniform(0, 60)):
        return
    while not stopping.wait(chance.uniform(45, 75)):
        line.ask("page", "GET", "/desk")
        opened = line.ask("deliver", "POST", "/api/v1/batches", b'{"station": "quay"}')
        batch = json.loads(opened or b"{}").get("id")
        if batch is None:
            continue
        for _ in range(3):
            # A few bytes behind the end make each page another file with the same picture.
            page = chance.choice(work.pages) + chance.randbytes(8)
            line.ask("deliver", "POST", f"/api/v1/batches/{batch}/files?filename=t.jpg", page)
        line.ask("deliver", "POST", f"/api/v1/batches/{batch}/close")
        for _ in range(4):
            if stopping.wait(2):
                return
            line.ask("page", "GET", f"/batches/{batch}")


def dossier_system(
    line: Line, work: Work, chance: random.Random, stopping: threading.Event
) -> None:
    """Ask what is held about a person for a procedure, once a second."""
    while not stopping.wait(chance.uniform(0.7, 1.3)):
        owner = chance.choice(work.owners)
        line.ask(
            "answer",
            "GET",
            f"/api/v1/once-only?owner={owner}&procedure=1.001193"
            "&dossier=H99.12.03-260316-0007&purpose=giai-quyet-ho-so",
        )


Person = Callable[[Line, Work, random.Random, threading.Event], None]


def work_together(
    url: str,
    people: Sequence[tuple[Person, int, Mapping[str, str]]],
    work: Work,
    ledger: Ledger,
    *,
    seconds: float,
    while_working: Callable[[], None],
) -> None:
    """Let people work for a while.

    Args:
        url: of the server.
        people: kinds of people, how many, and the headers that they send.
        work: what they know.
        ledger: what they find is written down here.
        seconds: how long.
        while_working: is called each second.
    """
    stopping = threading.Event()
    threads: list[threading.Thread] = []
    for person, count, headers in people:
        for _ in range(count):
            chance = random.Random(len(threads))  # noqa: S311 - repeatable, not secret
            line = Line(url, headers, ledger)
            thread = threading.Thread(target=person, args=(line, work, chance, stopping))
            threads.append(thread)
            thread.start()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        while_working()
        stopping.wait(1)
    stopping.set()
    for thread in threads:
        thread.join()
