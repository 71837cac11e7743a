"""Opens the files that are built in PDFium, Poppler and pdf.js and judges what people get to see.

For each viewer: on how many words the mark of a found word lies (intersection over union with the
word's box of at least 0.8), and on how many pages the copied text is word by word what was read.
Lone signs are counted apart: a browser puts type on whole px, and a hyphen is two px high.
Run by `make benchmark-viewers`. Exit status 1: a limit does not hold.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.degraded_pages import make_pages
from benchmarks.reading_pages import GIVEN, damaged_sets
from benchmarks.tables import to_markdown
from benchmarks.viewer_programs import (
    Look,
    look_by_pdfium,
    look_by_poppler,
    looking_by_pdfjs,
)
from benchmarks.viewer_scores import GOOD_MARK, ViewerScore, add_up, score_page
from documents.limits import PageLimits
from documents.model import PageImage, RecognizedPage
from ingest.decoding import load_pixels
from ingest.opening import open_delivery
from ocr.assembling import PageToAssemble, assemble_pdf
from ocr.correcting import load_corrector
from ocr.preparing import prepare_reading_copy
from ocr.reading import recognize_page
from ocr.tesseract import TesserocrEngine, find_tessdata

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_SAMPLES = Path(__file__).parents[1] / "samples" / "batches"
_SCANS = {".jpg", ".tif", ".png"}
_PAGES_OF_A_FILE = 4
_CLEAN_PAGES = 3
_LEAST_MARKED = 0.995
_JUDGE = "org.verapdf.apps.GreenfieldCliWrapper"
_HEAD = [
    "viewer", "pages", "words", "marked right", "without lone signs", "mean overlap",
    "pages copied right",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A page as it was read, and the file that was built of it, twice."""

    reading: RecognizedPage
    file: Path
    is_repeatable: bool


def main() -> int:
    """Read, build, look and print a table for each set."""
    wish = _arguments()
    print("# What viewers make of our files\n")
    print(f"A mark is right from {GOOD_MARK} on: intersection over union with the word's box.")
    holds = True
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        looks = _looks(stack, wish)
        reader = _Reader()
        for name, files in _sets(wish.cache):
            built = [one for file in files for one in reader.build(file, work)]
            scores = {viewer: _score(look, built) for viewer, look in looks.items()}
            print(f"\n## {name}\n\n{to_markdown([_HEAD, *_rows(scores)])}")
            holds &= all(_holds(score) for score in scores.values())
            holds &= _tell_files(built, wish)
    return 0 if holds else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True, help="where pages are kept")
    parser.add_argument("--pdfjs", type=Path, help="folder with look.html and its packages")
    parser.add_argument("--why-no-pdfjs", default="it was not asked for")
    parser.add_argument("--verapdf", type=Path, help="jar of veraPDF (greenfield-apps)")
    parser.add_argument("--verify", type=Path, help="program that checks one file")
    return parser.parse_args()


def _looks(stack: ExitStack, wish: argparse.Namespace) -> dict[str, Look]:
    looks: dict[str, Look] = {"PDFium": look_by_pdfium, "Poppler": look_by_poppler}
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if wish.pdfjs is None or browser is None:
        print(f"\npdf.js: not looked at, {wish.why_no_pdfjs if browser else 'no Chromium'}.")
        return looks
    looks["pdf.js"] = stack.enter_context(looking_by_pdfjs(wish.pdfjs, browser))
    return looks


def _sets(cache: Path) -> Iterator[tuple[str, Sequence[Path]]]:
    """Yield the sets of files: our own pages, the samples, and the given ones where they are."""
    yield "own pages as worn feeders scan them", make_pages(cache)[:_CLEAN_PAGES]
    for one in damaged_sets(cache):
        yield one.name, one.pages
    yield "samples", sorted(file for file in _SAMPLES.rglob("*") if file.suffix in _SCANS)
    for folder in ("vn-scanned-pages", "vn-page-images", "vn-scanned-pdf"):
        place = GIVEN / folder
        files = sorted(place.iterdir()) if place.is_dir() else []
        known = _SCANS | {".pdf"}
        yield folder, [file for file in files if file.suffix in known]


class _Reader:
    """Reads pages and builds files as the product does, in this process."""

    def __init__(self) -> None:
        self._engine = TesserocrEngine(find_tessdata())
        self._corrector = load_corrector()
        self._count = 0

    def build(self, file: Path, work: Path) -> Iterator[Built]:
        """Yield a file for each of the first pages of a delivered one."""
        self._count += 1
        out = work / str(self._count)
        opened = open_delivery(file, out=out, limits=PageLimits())
        for page in opened.pages[:_PAGES_OF_A_FILE]:
            to_assemble = PageToAssemble(image=page.image, reading=self._read(page.image))
            first, again = (
                assemble_pdf(
                    [to_assemble],
                    title=file.stem,
                    created_at=_AT,
                    out=out / f"{file.stem}-{page.ordinal}-{turn}.pdf",
                )
                for turn in (1, 2)
            )
            again.file.unlink()
            yield Built(
                reading=to_assemble.reading,
                file=first.file,
                is_repeatable=first.sha256 == again.sha256,
            )

    def _read(self, image: PageImage) -> RecognizedPage:
        copy = prepare_reading_copy(load_pixels(image), dpi=image.dpi)
        return recognize_page(
            np.asarray(copy.grey, np.uint8),
            dpi=copy.dpi,
            page=image,
            engine=self._engine,
            corrector=self._corrector,
        )


def _score(look: Look, built: Sequence[Built]) -> ViewerScore:
    return add_up(score_page(one.reading, look(one.file)[0]) for one in built)


def _rows(scores: dict[str, ViewerScore]) -> list[list[str]]:
    return [
        [
            viewer,
            str(score.pages),
            str(score.words),
            f"{100 * score.marked / max(1, score.words):.2f} %",
            f"{100 * score.lettered_marked / max(1, score.lettered):.2f} %",
            f"{score.shares / max(1, score.words):.3f}",
            str(score.copied),
        ]
        for viewer, score in scores.items()
    ]


def _holds(score: ViewerScore) -> bool:
    is_marked = score.lettered_marked >= _LEAST_MARKED * score.lettered
    return is_marked and score.copied == score.pages


def _tell_files(built: Sequence[Built], wish: argparse.Namespace) -> bool:
    """Print what other judges say of the files themselves; say whether all is well."""
    same = sum(one.is_repeatable for one in built)
    print(f"\nThe same bytes when built again: {same} of {len(built)}.")
    files = [one.file for one in built]
    passed = len(files)
    if wish.verapdf is not None and files:
        passed = _passed_by_verapdf(wish.verapdf, files)
        print(f"veraPDF, PDF/A-2u: {passed} of {len(files)} pass.")
    verified = len(files)
    if wish.verify is not None:
        verified = sum(_is_verified(wish.verify, file) for file in files)
        print(f"{wish.verify.name}: {verified} of {len(files)} pass.")
    return same == passed == verified == len(files)


def _passed_by_verapdf(jar: Path, files: Sequence[Path]) -> int:
    told = subprocess.run(
        ["java", "-cp", jar, _JUDGE, "-f", "2u", "--format", "json", *files],
        capture_output=True,
        check=False,
    )
    jobs = json.loads(told.stdout)["report"]["jobs"]
    return sum(all(one["compliant"] for one in job["validationResult"]) for job in jobs)


def _is_verified(program: Path, file: Path) -> bool:
    checked = subprocess.run([sys.executable, program, file], capture_output=True, check=False)
    return checked.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
