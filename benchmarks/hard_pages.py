"""Draws pages that are hard to read, with what is printed on them: our own, in two halves.

Tables, forms filled by hand, stamps over text, faded copies and others; see `hard_papers.KINDS`.
The halves differ in words, fonts and in what harmed the pages. The same programs and texts give the
same pages; they are kept under the digest of both. `python -m benchmarks.hard_pages CACHE` draws
all.
"""

import hashlib
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.handwriting import find_box, write_by_hand
from benchmarks.hard_papers import KINDS, Paper, colour_of_box, lay_out, to_html
from benchmarks.invented_text import HALVES, Writer
from benchmarks.page_damage import Rgb, harm, press_stamp, show_through
from benchmarks.printing import print_html
from documents.model import Box

DPI = 200
COARSE_DPI = 150
PAGES_OF_A_KIND = 9
_PROGRAMS = (
    "hard_pages.py", "hard_papers.py", "handwriting.py", "invented_text.py", "page_damage.py",
    "prose.txt", "office_prose.txt",
)  # fmt: skip
_FONTS = {
    "fit": (
        "13pt 'Liberation Serif'", "13pt 'Liberation Serif'", "11pt 'DejaVu Sans'",
        "12pt 'Liberation Sans'",
    ),
    "judge": (
        "13.5pt 'Liberation Serif'", "12pt 'DejaVu Serif'", "11.5pt 'DejaVu Sans Condensed'",
        "italic 13pt 'Liberation Serif'",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class HardPage:
    """A page, its kind, what is printed on it in reading order, and where a hand wrote."""

    file: Path
    kind: str
    truth: str
    written: Sequence[Box]


def make_hard_pages(cache: Path, half: str) -> list[HardPage]:
    """Return the pages of a half, drawn where they are missing.

    Raises:
        NoBrowserError: Chromium is missing.
    """
    folder = cache / f"hard-{half}-{digest_of_programs()[:16]}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as work:
            made = Path(work) / "pages"
            made.mkdir()
            _draw_half(half, made, Path(work))
            made.rename(folder)
    return [_page_of(file) for file in sorted(folder.glob("*.jpg"))]


def digest_of_programs() -> str:
    """Return the SHA-256 of these programs and their texts."""
    digest = hashlib.sha256()
    for name in _PROGRAMS:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()


def _page_of(file: Path) -> HardPage:
    told = json.loads(file.with_suffix(".json").read_text("utf-8"))
    written = [Box(**box) for box in told["written"]]
    return HardPage(file=file, kind=told["kind"], truth=told["truth"], written=written)


def _draw_half(half: str, folder: Path, work: Path) -> None:
    kinds = [kind for kind in KINDS for _ in range(PAGES_OF_A_KIND)]
    papers = [lay_out(kind, Writer(half, number)) for number, kind in enumerate(kinds)]
    fonts = [_FONTS[half][number % len(_FONTS[half])] for number in range(len(papers))]
    html = to_html(list(zip(papers, fonts, strict=True)))
    rasters = print_html(html, work, dpi=DPI)
    if len(rasters) != len(papers):
        raise RuntimeError(f"{len(rasters)} pages were printed, not {len(papers)}")
    for number, (paper, kind) in enumerate(zip(papers, kinds, strict=True)):
        with Image.open(rasters[number]) as opened:
            page = np.array(opened.convert("RGB"))
        other = rasters[(number + 1) % len(rasters)]
        _finish(page, paper, other, name=f"{number:03d}", kind=kind, half=half, folder=folder)


def _finish(  # noqa: PLR0913 - one page and all that is known of it
    page: NDArray[np.uint8],
    paper: Paper,
    other: Path,
    *,
    name: str,
    kind: str,
    half: str,
    folder: Path,
) -> None:
    """Let hands write, stamps fall and time pass; store the page and what is known of it."""
    chance = np.random.default_rng([HALVES.index(half), int(name)])
    boxes = []
    for place, text in enumerate(paper.written):
        box = find_box(page, colour_of_box(place))
        write_by_hand(page, box, text, chance=chance)
        boxes.append(box)
    marked: Rgb = page.astype(np.float32)
    if kind == "stamps over text":
        marked = press_stamp(marked, chance)
    if kind == "show-through":
        with Image.open(other) as opened:
            # The brightest colour of each place: boxes for handwriting do not show.
            back = np.asarray(opened.convert("RGB"), np.float32).max(axis=2)
        marked = show_through(marked, back, float(chance.uniform(0.12, 0.32)))
    strength = 0.9 if kind == "faded copies" else float(chance.uniform(0.0, 0.75))
    harmed = harm(marked, half=half, strength=strength, chance=chance)
    dpi = DPI
    if kind == "150 dpi":
        dpi = COARSE_DPI
        part = COARSE_DPI / DPI
        small = cv2.resize(harmed, None, fx=part, fy=part, interpolation=cv2.INTER_AREA)
        harmed = np.asarray(small, np.uint8)
    quality = int(85 - 40 * strength)
    Image.fromarray(harmed).save(folder / f"{name}.jpg", quality=quality, dpi=(dpi, dpi))
    scaled = [
        {side: round(value * dpi / DPI) for side, value in asdict(box).items()} for box in boxes
    ]
    told = {"kind": kind, "truth": "\n".join(paper.truth), "written": scaled}
    text = json.dumps(told, ensure_ascii=False, indent=1)
    (folder / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for one in HALVES:
        for drawn in make_hard_pages(Path(sys.argv[1]), one):
            print(drawn.kind, drawn.file)
