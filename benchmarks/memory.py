"""A batch of 200 pages, and how much memory server and children hold on the way."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.contenders import digitize_measured
from benchmarks.measuring import Usage

PAGES = 200
_COMMENT = b"\xff\xfe"


def measure_memory(pages: Sequence[Path], *, count: int = PAGES) -> Usage:
    """Digitize a batch of many pages and return its samples.

    Args:
        pages: repeated until there are enough; a comment in each file makes its bytes its own.
        count: how many.
    """
    with tempfile.TemporaryDirectory(prefix="sohoa-benchmark-") as folder:
        work = Path(folder)
        many = [
            _copy(pages[number % len(pages)], number, work / f"{number + 1:04d}.jpg")
            for number in range(count)
        ]
        usage, _ = digitize_measured(many, work=work, joined=True)
        return usage


def _copy(page: Path, number: int, file: Path) -> Path:
    """Write a page with a comment segment (ITU-T T.81 B.2.4.5) behind the start of the image."""
    content = page.read_bytes()
    text = f"page {number}".encode()
    segment = _COMMENT + (len(text) + 2).to_bytes(2) + text
    file.write_bytes(content[:2] + segment + content[2:])
    return file
