"""Counts what looking at a page finds and misses: `python -m benchmarks.quality_gate`.

Good pages (the samples, and given test data where it is present) tell the false alarms; defects of
known strength, put on some of them, the misses. Pages that are not good are named with the reason.
"""

import argparse
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks import page_defects
from documents.identifiers import Sha256
from documents.limits import PageLimits
from documents.model import InspectedPage, PageImage
from ingest.decoding import load_pixels
from ingest.inspecting import inspect_page
from ingest.opening import open_delivery
from ingest.seals import bear_seal

_ROOT = Path(__file__).parents[1]
_TESTDATA = Path(os.environ.get("SOHOA_TESTDATA", _ROOT.parent / "shared" / "testdata"))
_FOLDERS = ("vn-page-images", "vn-scanned-pages", "vn-scanned-pdf", "vn-signed-pdf")
# Looked at one by one: everything else in these folders is a page that a person would keep.
_NOT_GOOD = {
    "001.5": ("2-giay-phep-xay-dung", {"skewed"}),
    "ptit-1756-crop.1": ("vn-scanned-pages", {"low_resolution", "small_print"}),
}
_COARSE = {"tayninh-308", "tayninh-358"}
_EXPECTED_OF_COARSE = {"low_resolution", "small_print"}
_BLANK = {("1-khai-sinh", "005.1"), ("vn-signed-pdf", "btp-86.2")}
Damage = Callable[..., NDArray[np.uint8]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodPage:
    """A page, and the findings that are right about it all the same."""

    folder: str
    name: str
    image: PageImage
    right: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """A damage, its strengths, the finding that should tell of it, and from which strength on."""

    name: str
    unit: str
    damage: Damage
    strengths: tuple[float, ...]
    code: str
    harmful_from: float | None
    is_harmful_below: bool = False
    needs_seal: bool = False

    def is_harmful(self, strength: float) -> bool:
        """Say whether a page with this strength should be told."""
        if self.harmful_from is None:
            return False
        if self.is_harmful_below:
            return strength <= self.harmful_from
        return strength >= self.harmful_from


DEFECTS = (
    Defect(name="scanned coarsely, blown up", unit="dpi", damage=page_defects.scan_coarsely,
           strengths=(150, 100, 75, 50), code="blurred", harmful_from=50, is_harmful_below=True),
    Defect(name="blur", unit="px at 200 dpi", damage=page_defects.blur,
           strengths=(1, 1.5, 2, 3), code="blurred", harmful_from=2),
    Defect(name="print made smaller", unit="of its size", damage=page_defects.shrink,
           strengths=(0.7, 0.55, 0.45, 0.35), code="small_print", harmful_from=0.35,
           is_harmful_below=True),
    Defect(name="print cut off", unit="mm", damage=page_defects.cut_off,
           strengths=(1, 3, 8), code="cut_edge", harmful_from=3),
    Defect(name="folded corner", unit="mm", damage=page_defects.fold_corner,
           strengths=(6, 10, 15, 20, 30, 45), code="folded_corner", harmful_from=15),
    Defect(name="second sheet across", unit="grey levels", damage=page_defects.overlap,
           strengths=(5, 10, 20, 40), code="double_feed", harmful_from=10),
    Defect(name="fold opened again", unit="grey levels", damage=page_defects.crease,
           strengths=(15, 40), code="double_feed", harmful_from=None),
    Defect(name="roller streaks", unit="grey levels", damage=page_defects.roller_streaks,
           strengths=(20, 60), code="double_feed", harmful_from=None),
    Defect(name="askew", unit="degrees", damage=page_defects.turn,
           strengths=(0.5, 1.5, 3, 6, 10), code="skewed", harmful_from=1.5),
    Defect(name="askew beyond repair", unit="degrees", damage=page_defects.turn,
           strengths=(12, 18, 25, 35), code="skew_beyond_repair", harmful_from=18),
    Defect(name="too dark", unit="of the light", damage=page_defects.darken,
           strengths=(0.8, 0.7, 0.6, 0.5), code="under_exposed", harmful_from=0.6,
           is_harmful_below=True),
    Defect(name="too faint", unit="of the contrast", damage=page_defects.fade,
           strengths=(0.7, 0.5, 0.35, 0.25), code="over_exposed", harmful_from=0.35,
           is_harmful_below=True),
    Defect(name="seal printed with dots", unit="lines to the inch", damage=page_defects.copy_seals,
           strengths=(65, 85, 100, 133, 150), code="copied_seal", harmful_from=None,
           needs_seal=True),
)  # fmt: skip


def good_pages(out: Path) -> Iterator[GoodPage]:
    """Open the samples and the given pages; separator sheets and blank pages are left out."""
    files = [*sorted((_ROOT / "samples" / "batches").rglob("*.*"))]
    for folder in _FOLDERS:
        files += sorted(
            file for file in (_TESTDATA / folder).glob("*") if file.suffix in (".jpg", ".pdf")
        )
    for file in files:
        folder = file.parent.name
        for page in open_delivery(file, out=out / folder / file.stem, limits=PageLimits()).pages:
            name = f"{file.stem}.{page.ordinal}"
            if (folder, name) not in _BLANK:
                right = _EXPECTED_OF_COARSE if file.stem in _COARSE else set()
                where, expected = _NOT_GOOD.get(name, (folder, set()))
                right = right | (expected if where == folder else set())
                yield GoodPage(folder=folder, name=name, image=page.image, right=frozenset(right))


def look_at(pixels: NDArray[np.uint8], *, dpi: float) -> InspectedPage:
    """Inspect pixels that lie in no file."""
    image = PageImage(
        file=Path("page.png"),
        media_type="image/png",
        sha256=Sha256("0" * 64),
        width=pixels.shape[1],
        height=pixels.shape[0],
        dpi=dpi,
        dpi_source="file",
        mode="colour",
    )
    return inspect_page(pixels, image=image, previous_fingerprint=None)


def codes_of(page: InspectedPage) -> set[str]:
    """Return the codes of what was found."""
    return {finding.reason.code for finding in page.findings}


def count_false_alarms(pages: Sequence[GoodPage]) -> tuple[Counter[str], list[GoodPage], int]:
    """Return findings on good pages by code, the pages with print, and how many were looked at."""
    alarms: Counter[str] = Counter()
    printed: list[GoodPage] = []
    looked = 0
    for page in pages:
        inspected = inspect_page(
            load_pixels(page.image), image=page.image, previous_fingerprint=None
        )
        if inspected.separator is not None:
            continue
        looked += 1
        printed.append(page)
        false = codes_of(inspected) - page.right
        if false:
            print(f"  false alarm on {page.folder}/{page.name}: {', '.join(sorted(false))}")
        alarms.update(false)
    return alarms, printed, looked


def found_share(defect: Defect, strength: float, pages: Sequence[GoodPage]) -> tuple[int, int]:
    """Return on how many of the pages, damaged so, the finding was told."""
    found = 0
    for seed, page in enumerate(pages):
        pixels = _rgb(load_pixels(page.image))
        damaged = defect.damage(pixels, strength, dpi=page.image.dpi, seed=seed)
        found += defect.code in codes_of(look_at(damaged, dpi=page.image.dpi))
    return found, len(pages)


def count_blank(seeds: int) -> tuple[int, int]:
    """Return how many blank sheets are told blank, and how many with five tiny lines are not."""
    blank = tiny = 0
    for seed in range(seeds):
        chance = np.random.default_rng(seed)
        sheet = chance.normal(248, 3, (2339, 1654, 1)).repeat(3, axis=2)
        page = np.asarray(np.clip(sheet, 0, 255), np.uint8)
        streaked = page_defects.roller_streaks(page, 12 + 6 * (seed % 8), dpi=200, seed=seed)
        blank += look_at(streaked, dpi=200.0).is_blank
        lines = page.copy()
        for line in range(5):
            text = "".join(chance.choice(list("abcdeghiklmn 0123456789"), 30))
            place = (200 + int(chance.integers(0, 400)), 900 + 26 * line)
            cv2.putText(lines, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.45, (40, 40, 40), 1)
        tiny += not look_at(lines, dpi=200.0).is_blank
    return blank, tiny


def _rgb(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if pixels.ndim == 3:  # noqa: PLR2004 - rows, columns, samples
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), np.uint8)


def main() -> None:
    """Print false alarms, then for each defect and strength how often it is told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=24, help="pages that are damaged")
    parser.add_argument("--only", default="", help="part of the name of a defect")
    wish = parser.parse_args()
    cv2.setNumThreads(1)
    Image.MAX_IMAGE_PIXELS = None
    with tempfile.TemporaryDirectory() as work:
        alarms, pages, looked = count_false_alarms(list(good_pages(Path(work))))
        print(f"{looked} good pages; false alarms: {dict(alarms) or 'none'}")
        fine = [page for page in pages if not page.right]
        base = fine[:: max(1, len(fine) // wish.pages)][: wish.pages]
        sealed = [page for page in fine if _has_seal(page)][: wish.pages]
        for defect in DEFECTS:
            if wish.only not in defect.name:
                continue
            for strength in defect.strengths:
                found, count = found_share(defect, strength, sealed if defect.needs_seal else base)
                kind = "should be told" if defect.is_harmful(strength) else ""
                row = f"{defect.name:28} {strength:6g} {defect.unit:18} {defect.code:18}"
                print(f"{row} told on {found:3} of {count} {kind}", flush=True)
        blank, tiny = count_blank(wish.pages)
        print(f"blank with streaks: {blank} of {wish.pages}; five tiny lines kept: {tiny}")


def _has_seal(page: GoodPage) -> bool:
    return page.image.mode == "colour" and bear_seal([page.image])


if __name__ == "__main__":
    main()
