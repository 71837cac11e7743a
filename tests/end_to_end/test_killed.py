"""Kill -9 at any moment: nothing is lost, nothing doubled, nothing left lying around."""

import io
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.end_to_end.checking_a_home import Home, find_faults, pictures_in, pixels_digest
from tests.end_to_end.conftest import Office

pytestmark = pytest.mark.slow
FILES, PAGES_IN_FILE, KILLS = 20, 2, 20
FONT = "DejaVuSans.ttf"
ENOUGH_SECONDS = 240
LINES = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "GIẤY THỬ SỐ {file} TRANG {page}",
    "Trang này chỉ dùng để thử việc mất điện.",
)


def make_page(file: int, page: int) -> Image.Image:
    """Draw a bilevel A4 page at 200 dpi that is like no other."""
    image = Image.new("1", (1654, 2339), 1)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(FONT, 44)
    for number, line in enumerate(LINES):
        draw.text((220, 260 + 110 * number), line.format(file=file, page=page), 0, font)
    return image


def make_file(number: int) -> tuple[bytes, list[str]]:
    """Return a TIFF file of some pages, and the digests of their pictures."""
    pages = [make_page(number, page) for page in range(1, PAGES_IN_FILE + 1)]
    content = io.BytesIO()
    pages[0].save(
        content,
        "TIFF",
        save_all=True,
        append_images=pages[1:],
        compression="group4",
        dpi=(200, 200),
    )
    return content.getvalue(), [pixels_digest(page) for page in pages]


@dataclass
class Sender:
    """A station that keeps its files until it has a receipt, and asks again after a break."""

    office: Office
    token: str
    receipts: list[dict[str, Any]] = field(default_factory=list)

    def call(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        """Ask until there is an answer."""
        until = time.monotonic() + ENOUGH_SECONDS
        while time.monotonic() < until:
            with suppress(httpx.TransportError):
                answer = httpx.request(
                    method,
                    f"{self.office.url}/api/v1/{path}",
                    headers={"Authorization": f"Bearer {self.token}"},
                    timeout=30,
                    **arguments,
                )
                if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    return {"status": answer.status_code, **answer.json()}
            threading.Event().wait(0.1)
        pytest.fail(f"no answer to {method} {path}")

    def deliver(self, contents: list[bytes]) -> str:
        """Deliver files into one batch and close it; return the batch's id."""
        opened = self.call("POST", "batches", json={"station": "s", "batch_key": "the-batch"})
        for number, content in enumerate(contents):
            receipt = self.call(
                "POST",
                f"batches/{opened['id']}/files?filename=lo-{number}.tif",
                content=content,
            )
            self.receipts.append(receipt)
        self.call("POST", f"batches/{opened['id']}/close")
        return str(opened["id"])

    def confirm_all(self, batch_id: str) -> dict[str, Any]:
        """Confirm what waits for a person until everything of the batch rests."""
        until = time.monotonic() + ENOUGH_SECONDS
        while time.monotonic() < until:
            batch = self.call("GET", f"batches/{batch_id}")
            waiting = [one for one in batch["documents"] if one["state"] == "awaiting_review"]
            for document in waiting:
                decision = {"component_type": "khac", "values": {}}
                self.call("POST", f"documents/{document['id']}/confirm", json=decision)
            if batch["settled"] and not waiting:
                return batch
            threading.Event().wait(0.2)
        pytest.fail("the batch does not come to rest")


class Reaper(threading.Thread):
    """Kills the server or one of its children at random moments; starts the server again."""

    def __init__(self, office: Office, seed: int) -> None:
        super().__init__()
        self.office = office
        self.random = random.Random(seed)  # noqa: S311 - a seed that can be replayed
        self.killed: Counter[str] = Counter()

    def run(self) -> None:
        """Do it as often as is asked for."""
        while self.killed.total() < KILLS:
            threading.Event().wait(self.random.uniform(0.05, 1.1))
            children = self.office.children()
            if children and self.random.random() < 0.5:
                with suppress(ProcessLookupError):
                    os.kill(self.random.choice(children), signal.SIGKILL)
                self.killed["child"] += 1
            else:
                self.office.kill()
                self.office.serve()
                self.killed["server"] += 1


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [7, 20261124])
def test_a_batch_survives_twenty_kills(
    office: Office, token_of: Callable[[Office, str], str], seed: int
) -> None:
    files = [make_file(number) for number in range(1, FILES + 1)]
    office.serve()
    sender = Sender(office, token_of(office, "operator"))
    reaper = Reaper(office, seed)

    reaper.start()
    batch_id = sender.deliver([content for content, _ in files])
    sender.confirm_all(batch_id)
    reaper.join()
    batch = sender.confirm_all(batch_id)
    kept = [sender.call("GET", f"deliveries/{given['id']}") for given in sender.receipts]
    office.stop()

    home = Home(office.home)
    filed = [one for one in batch["documents"] if one["state"] == "filed"]
    found = Counter(
        digest
        for row in home.rows("SELECT object_key FROM versions WHERE state = 'stored'")
        for digest in pictures_in(home.objects()[str(row["object_key"])])
    )
    delivered = Counter(digest for _, digests in files for digest in digests)
    aside = [one for one in batch["documents"] if one["state"] == "set_aside"]
    assert find_faults(home) == [], json.dumps(dict(reaper.killed))
    assert [one["sha256"] for one in kept] == [one["sha256"] for one in sender.receipts]
    assert len(filed) + len(aside) == FILES
    assert found.total() >= 0.95 * FILES * PAGES_IN_FILE
    assert not found - delivered
    assert all(one["reason"] for one in aside)


def test_files_of_a_station_folder_come_to_rest_in_done(
    office: Office, token_of: Callable[[Office, str], str]
) -> None:
    content, _ = make_file(1)
    inbox = office.home / "inbox" / "quay-1"
    inbox.mkdir(parents=True)
    (inbox / "to-khai.tif").write_bytes(content)
    office.serve()
    sender = Sender(office, token_of(office, "operator"))

    waiting = _wait_for(lambda: sender.call("GET", "reviews")["items"])
    was_there = (inbox / "to-khai.tif").exists()
    office.kill()
    office.serve()
    sender.confirm_all(waiting[0]["batch_id"])
    done = _wait_for(lambda: list((inbox / "done").rglob("to-khai*")))

    assert was_there
    assert [file.read_bytes() for file in done] == [content]
    assert not (inbox / "to-khai.tif").exists()


def _wait_for(look: Callable[[], list[Any]]) -> list[Any]:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if found := look():
            return found
        threading.Event().wait(0.2)
    pytest.fail("it did not come")


def test_a_damaged_file_of_a_station_goes_to_problem_with_a_note(office: Office) -> None:
    inbox = office.home / "inbox" / "quay-1"
    inbox.mkdir(parents=True)
    (inbox / "hong.pdf").write_bytes(b"%PDF-1.7\nnot one")
    office.serve()

    problems = _wait_for(lambda: list((inbox / "problem").rglob("hong.pdf")))
    notes = [file for file in (inbox / "problem").rglob("*") if file.suffix in (".txt", ".md")]

    assert problems[0].read_bytes() == b"%PDF-1.7\nnot one"
    assert "Tệp" in Path(notes[0]).read_text()
