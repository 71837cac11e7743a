"""A desk at work: ten pages come in, thirty a minute, and the proposal should stand right after.

A real server reads on as many cores as it may use. The pages are those of `degraded_pages`, the
first one a decision with number and date, all delivered over the API as the desk's page does it,
into one batch that is closed behind the last. Measured: seconds from the receipt of the last page
until its type and fields can be read; what a screen that follows the desk's events and asks for the
desk, its new pictures and the batch every second waits for an answer, at most; the CPU of the
server itself.
The second row has a large backfile waiting behind it. `python -m benchmarks.desk --help`.
"""

import argparse
import http.client
import io
import json
import random
import re
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from socket import SHUT_RDWR
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.degraded_pages import DPI, degrade, make_pages
from benchmarks.pages import Office, serving
from benchmarks.people import Ledger, Line
from benchmarks.tables import to_markdown
from ingest.separators import find_font

PAGES = 10
SECONDS_BETWEEN = 2.0
MOST_SECONDS, MOST_WAIT = 3.0, 0.100
_BACKFILE_STATION = "kho"
_ASK_SECONDS = 0.1
_PATIENCE_SECONDS = 600.0
_QUALITY = 75
# In the first visit programs are started, pages mapped: as many pages as there are children.
_PAGES_TO_WARM_UP = 2
_PICTURE = re.compile(rb'src="(/pages/[^"]+)"')
_DECISION = (
    (0.10, 0.07, "ỦY BAN NHÂN DÂN"),
    (0.10, 0.09, "PHƯỜNG AN LẠC"),
    (0.45, 0.07, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (0.53, 0.09, "Độc lập - Tự do - Hạnh phúc"),
    (0.10, 0.13, "Số: {number}/QĐ-UBND"),
    (0.55, 0.13, "An Lạc, ngày 14 tháng 5 năm 2025"),
    (0.42, 0.19, "QUYẾT ĐỊNH"),
    (0.20, 0.22, "Về việc công nhận kết quả giải quyết hồ sơ của hộ gia đình"),
    (0.20, 0.27, "CHỦ TỊCH ỦY BAN NHÂN DÂN PHƯỜNG AN LẠC"),
)


@dataclass(slots=True)
class Visit:
    """What one batch took."""

    proposal_seconds: float
    wait_seconds: float
    slowest: str
    server_cpu_seconds: float
    proposed: str


class _Stream:
    """The desk's events, followed as a browser does."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(str(parts.hostname), int(parts.port or 80))
        accepting = {**headers, "Accept": "text/event-stream"}
        self._connection.request("GET", "/desk/events", headers=accepting)
        self._answer = self._connection.getresponse()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def _follow(self) -> None:
        try:
            while self._answer.readline():
                pass
        except (OSError, http.client.HTTPException):
            return  # it was hung up

    def hang_up(self) -> None:
        """Follow no longer."""
        if self._connection.sock is not None:
            self._connection.sock.shutdown(SHUT_RDWR)
        self._thread.join(timeout=5)
        self._connection.close()


@dataclass(slots=True)
class _Screen:
    """The desk's page in a browser: asks every second, and for each picture once."""

    line: Line
    batch_id: str
    _seen: set[bytes] = field(default_factory=set)
    _is_over: threading.Event = field(default_factory=threading.Event)

    def look_on(self) -> None:
        """Ask until told to stop."""
        while not self._is_over.wait(1.0):
            page = self.line.ask("desk", "GET", "/desk")
            self.line.ask("batch", "GET", f"/api/v1/batches/{self.batch_id}")
            for address in _PICTURE.findall(page):
                if address not in self._seen:
                    self._seen.add(address)
                    self.line.ask("picture", "GET", address.decode().replace("&amp;", "&"))

    def stop(self) -> None:
        """Ask no more."""
        self._is_over.set()


def main() -> int:
    """Visit the desk as often as was wished, with and without a backfile; print the table."""
    wish = _arguments()
    missed: list[str] = []
    rows = [["what", "proposal after s", "from – to", "screen waits ms", "from – to", "slowest",
             "server CPU s", "runs"]]  # fmt: skip
    for name, backfile in (("alone", 0), ("backfile waiting", wish.backfile)):
        if name != "alone" and not backfile:
            continue
        visits = _visit_often(wish, backfile=backfile)
        rows.append(_row(name, visits))
        missed += _missed(name, visits)
        for visit in visits:
            print(f"{name}: {visit}", flush=True)
    print(f"\n{to_markdown(rows)}\n")
    print("missed: " + "; ".join(missed) if missed else "all targets met")
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True, help="where drawn pages are kept")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--backfile", type=int, default=150, help="pages; 0 leaves that row out")
    return parser.parse_args()


def _visit_often(wish: argparse.Namespace, *, backfile: int) -> list[Visit]:
    files = make_pages(wish.cache)
    visits: list[Visit] = []
    with tempfile.TemporaryDirectory(prefix="sohoa-desk-") as folder:
        stations = json.dumps({_BACKFILE_STATION: "backfile"})
        settings = {"SOHOA_INTAKE__STATIONS": stations, "SOHOA_INTAKE__REST_SECONDS": "0.5"}
        with serving(Path(folder) / "home", **settings) as office:
            headers = office.headers("operator")
            for number in range(wish.runs + 1):
                if backfile and office.pages_ahead("read") < backfile:
                    _deliver_backfile(office, files, count=backfile, number=number)
                visit = _visit(office, headers, files, number)
                if number:
                    visits.append(visit)
    return visits


def _visit(office: Office, headers: Mapping[str, str], files: Sequence[Path], number: int) -> Visit:
    count = PAGES if number else _PAGES_TO_WARM_UP
    pages = [_draw_decision(number), *(_other(file, number) for file in files[1:count])]
    ledger = Ledger()
    line, asking = Line(office.url, headers, ledger), Line(office.url, headers, Ledger())
    opened = line.ask("open", "POST", "/api/v1/batches", b'{"station": "desk"}')
    batch_id = json.loads(opened)["id"]
    stream = _Stream(office.url, headers)
    screen = _Screen(Line(office.url, headers, ledger), batch_id)
    thread = threading.Thread(target=screen.look_on)
    thread.start()
    computed = office.cpu_seconds()
    try:
        began = time.monotonic()
        for place, page in enumerate(pages):
            time.sleep(max(0.0, began + place * SECONDS_BETWEEN - time.monotonic()))
            line.ask("deliver", "POST", f"/api/v1/batches/{batch_id}/files?filename=t.jpg", page)
        received = time.monotonic()
        line.ask("close", "POST", f"/api/v1/batches/{batch_id}/close")
        proposed = _await_proposal(asking, batch_id)
        seconds = time.monotonic() - received
    finally:
        screen.stop()
        thread.join()
        stream.hang_up()
    if ledger.errors:
        raise RuntimeError(f"the server refused: {ledger.errors}")
    slowest = max(ledger.seconds, key=lambda kind: max(ledger.seconds[kind]))
    return Visit(
        proposal_seconds=seconds,
        wait_seconds=max(ledger.seconds[slowest]),
        slowest=slowest,
        server_cpu_seconds=office.cpu_seconds() - computed,
        proposed=proposed,
    )


def _await_proposal(line: Line, batch_id: str) -> str:
    """Ask until the document waits for a person; return its type and number."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        batch = json.loads(line.ask("", "GET", f"/api/v1/batches/{batch_id}"))
        documents: list[dict[str, Any]] = batch["documents"]
        if documents and all(one["state"] == "awaiting_review" for one in documents):
            details = json.loads(line.ask("", "GET", f"/api/v1/documents/{documents[0]['id']}"))
            return f"{details['component_type']} {details['number']}"
        time.sleep(_ASK_SECONDS)
    raise TimeoutError("no proposal stands")


def _draw_decision(number: int) -> bytes:
    """Draw the first page of a decision with this number, and scan it as the others were."""
    page = Image.new("L", (round(8.27 * DPI), round(11.69 * DPI)), 255)
    drawing = ImageDraw.Draw(page)
    font = ImageFont.truetype(find_font(), round(13 / 72 * DPI))
    for x, y, text in _DECISION:
        place = round(x * page.width), round(y * page.height)
        drawing.text(place, text.format(number=100 + number), font=font, fill=20)
    body = random.Random(number).choices(range(1, 90), k=24)  # noqa: S311 - repeatable, not secret
    for row, article in enumerate(body):
        place = round(0.12 * page.width), round((0.32 + row * 0.025) * page.height)
        text = f"Điều {article}. Bộ phận một cửa tiếp nhận hồ sơ và trả kết quả đúng hạn."
        drawing.text(place, text, font=font, fill=20)
    return _jpeg(Image.fromarray(degrade(np.asarray(page), seed=number)))


def _other(file: Path, number: int) -> bytes:
    """Return a page with other noise, as if it was scanned once more: it was never read before."""
    with Image.open(file) as opened:
        grey = np.asarray(opened.convert("L"), np.float32)
    noise = np.random.default_rng(number).normal(0.0, 2.0, grey.shape)
    return _jpeg(Image.fromarray(np.asarray(np.clip(grey + noise, 0, 255), np.uint8)))


def _jpeg(page: Image.Image) -> bytes:
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=_QUALITY, dpi=(DPI, DPI))
    return buffer.getvalue()


def _deliver_backfile(office: Office, files: Sequence[Path], *, count: int, number: int) -> None:
    """Put many pages into the folder of a station whose work nobody waits for."""
    part = office.home / "part"
    part.mkdir()
    for place in range(count):
        content = _other(files[place % len(files)], 1000 * (number + 1) + place)
        (part / f"{place:04d}.jpg").write_bytes(content)
    inbox = office.home / "inbox" / _BACKFILE_STATION
    inbox.mkdir(parents=True, exist_ok=True)
    part.rename(inbox / f"{number:03d}")
    office.await_only_reading()


def _row(name: str, visits: Sequence[Visit]) -> list[str]:
    seconds = [one.proposal_seconds for one in visits]
    waits = [one.wait_seconds * 1000 for one in visits]
    return [
        name,
        f"{median(seconds):.2f}",
        f"{min(seconds):.2f} – {max(seconds):.2f}",
        f"{median(waits):.0f}",
        f"{min(waits):.0f} – {max(waits):.0f}",
        max(visits, key=lambda one: one.wait_seconds).slowest,
        f"{median(one.server_cpu_seconds for one in visits):.2f}",
        str(len(visits)),
    ]


def _missed(name: str, visits: Sequence[Visit]) -> list[str]:
    seconds = median(one.proposal_seconds for one in visits)
    waits = median(one.wait_seconds for one in visits)
    missed = [f"{name}: proposal after {seconds:.1f} s"] if seconds > MOST_SECONDS else []
    return missed + ([f"{name}: waits {waits * 1000:.0f} ms"] if waits > MOST_WAIT else [])


if __name__ == "__main__":
    sys.exit(main())
