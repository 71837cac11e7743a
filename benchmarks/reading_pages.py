"""The sets of pages that readings are judged on: given ones where they are, and our own."""

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.degraded_pages import DPI, digest_of_recipe, make_pages, truth_of_page
from benchmarks.hard_pages import make_hard_pages

GIVEN = Path(os.environ.get("SOHOA_TESTDATA", Path(__file__).parents[2] / "shared" / "testdata"))
STRENGTHS = (1, 2, 3, 4, 5)
_PAGES_OF_A_STRENGTH = 4
_PAGES_OF_A_KIND = 4
_READ_AT = 200
_KINDS = {".jpg", ".jpeg", ".png", ".tif", ".tiff"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSet:
    """Pages and what is printed on them, in the same order; without pages, why there are none."""

    name: str
    pages: Sequence[Path] = ()
    truths: Sequence[str] = ()
    why_not: str = ""
    is_drawn: bool = False


def given_set(name: str, folder: str) -> PageSet:
    """Return the page images of a given folder that have a `NAME.gt.txt` beside them."""
    place = GIVEN / folder
    pages = sorted(
        file
        for file in (place.iterdir() if place.is_dir() else ())
        if file.suffix in _KINDS and _truth_file(file).exists()
    )
    if not pages:
        return PageSet(name=name, why_not=f"{folder} is not here")
    truths = [_truth_file(page).read_text(encoding="utf-8") for page in pages]
    return PageSet(name=name, pages=pages, truths=truths)


def _truth_file(page: Path) -> Path:
    return page.with_name(f"{page.stem}.gt.txt")


def damaged_sets(cache: Path) -> list[PageSet]:
    """Return our own pages at five strengths of damage, at 200 dpi; made where they are missing."""
    folder = cache / f"damaged-{digest_of_recipe()[:16]}"
    clean = make_pages(cache)[:_PAGES_OF_A_STRENGTH]
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(dir=cache) as work:
            made = Path(work) / "damaged"
            made.mkdir()
            for number, page in enumerate(clean, start=1):
                _write_damaged(page, number, made)
            made.rename(folder)
    truths = [truth_of_page(number) for number in range(1, len(clean) + 1)]
    return [
        PageSet(
            name=f"own pages, damage {strength} of 5",
            pages=sorted(folder.glob(f"*-{strength}.jpg")),
            truths=truths,
            is_drawn=True,
        )
        for strength in STRENGTHS
    ]


def hard_sets(cache: Path) -> list[PageSet]:
    """Return a set of each kind of our own hard pages, of the half that nothing was chosen on."""
    pages = make_hard_pages(cache, "judge")
    sets = []
    for kind in dict.fromkeys(page.kind for page in pages):
        chosen = [page for page in pages if page.kind == kind][:_PAGES_OF_A_KIND]
        sets.append(
            PageSet(
                name=f"own hard pages, {kind}",
                pages=[page.file for page in chosen],
                truths=[page.truth for page in chosen],
                is_drawn=True,
            )
        )
    return sets


def _write_damaged(page: Path, number: int, folder: Path) -> None:
    with Image.open(page) as opened:
        grey = np.asarray(opened.convert("L"), np.uint8)
    size = (grey.shape[1] * _READ_AT // DPI, grey.shape[0] * _READ_AT // DPI)
    small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    for strength in STRENGTHS:
        damaged = damage(small, strength=strength, seed=number)
        file = folder / f"{number:02d}-{strength}.jpg"
        quality = 75 - 8 * strength
        Image.fromarray(damaged).save(file, quality=quality, dpi=(_READ_AT, _READ_AT))


def damage(grey: NDArray[np.uint8], *, strength: int, seed: int) -> NDArray[np.uint8]:
    """Return an RGB page with what scans suffer from, all of it growing with the strength.

    Show-through of the other side, shading, blur, faded ink, noise, skew, and a red seal over the
    text; the same seed gives the same page.
    """
    chance = np.random.default_rng(seed)
    steps: Sequence[Callable[[NDArray[np.float32]], NDArray[np.float32]]] = (
        lambda page: _show_through(page, 0.03 * strength),
        lambda page: _shade(page, 0.04 * strength),
        lambda page: np.asarray(cv2.GaussianBlur(page, (0, 0), 0.3 + 0.15 * strength), np.float32),
        lambda page: np.asarray(255 - (255 - page) * (1 - 0.08 * strength), np.float32),
        lambda page: _noisy(page, 3.0 * strength, chance),
        lambda page: _skewed(page, float(chance.uniform(-0.35, 0.35)) * strength),
    )
    page = grey.astype(np.float32)
    for step in steps:
        page = step(page)
    levelled = np.asarray(np.clip(np.rint(page), 0, 255), np.uint8)
    return _sealed(levelled, 0.08 * strength)


def _show_through(page: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    back = cv2.GaussianBlur(page[:, ::-1], (0, 0), 2.0)
    return np.asarray(page - (255 - back) * share, np.float32)


def _shade(page: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    slope = np.linspace(1.0, 1.0 - share, page.shape[1], dtype=np.float32)
    return np.asarray(page * slope[None, :], np.float32)


def _noisy(
    page: NDArray[np.float32], sigma: float, chance: np.random.Generator
) -> NDArray[np.float32]:
    return np.asarray(page + chance.normal(0.0, sigma, page.shape), np.float32)


def _skewed(page: NDArray[np.float32], degrees: float) -> NDArray[np.float32]:
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = cv2.warpAffine(
        page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(turned, np.float32)


def _sealed(grey: NDArray[np.uint8], strength: float) -> NDArray[np.uint8]:
    """Press a red ring of 36 mm into the lower right of the text, the stronger the darker."""
    height, width = grey.shape
    ring = np.zeros((height, width), np.float32)
    radius = round(18 / 25.4 * _READ_AT)
    centre = (width * 2 // 3, height * 2 // 3)
    cv2.circle(ring, centre, radius, 1.0, 8, cv2.LINE_AA)
    cv2.circle(ring, centre, radius * 2 // 3, 1.0, 5, cv2.LINE_AA)
    cv2.line(ring, (centre[0] - radius, centre[1]), (centre[0] + radius, centre[1]), 1.0, 4)
    page = np.repeat(grey[:, :, None], 3, axis=2).astype(np.float32)
    ink = np.array([0.0, 0.6, 0.5], np.float32) * min(1.0, 0.5 + strength)
    page *= 1 - ring[:, :, None] * ink[None, None, :]
    return np.asarray(np.clip(np.rint(page), 0, 255), np.uint8)
