"""Makes the pages that are measured: invented administrative prose, printed, scanned, degraded.

Twelve A4 pages in 13-pt Liberation Serif, printed by Chromium, rasterised grey at 300 dpi, turned
by up to 1.2°, blurred (Gaussian, 0.9 px), faded (grey × 0.85 + 20), noisy (sigma 9), JPEG 70.
The same program and text give the same pages; they are kept under the digest of both.
"""

import hashlib
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.printing import print_html

DPI = 300
COUNT = 12
_SEED = 20_260
_PROSE = Path(__file__).with_name("prose.txt")
_CHARACTERS_OF_A_PAGE = 2_850
_SENTENCES = (2, 3)
_MOST_DEGREES = 1.2
_BLUR = 0.9
_CONTRAST, _BRIGHTNESS = 0.85, 20.0
_NOISE = 9.0
_QUALITY = 70
_STYLE = (
    "@page { size: A4; margin: 20mm 20mm 20mm 30mm }"
    "body { font: 13pt 'Liberation Serif'; line-height: 1.35; text-align: justify; margin: 0 }"
    "p { margin: 0 0 4pt; text-indent: 10mm }"
    "section { break-after: page }"
)


def prose_of_page(number: int, *, sentences: Sequence[str]) -> list[str]:
    """Return the paragraphs of a page, as many as fit; the same number gives the same ones."""
    chance = random.Random(_SEED + number)  # noqa: S311 - repeatable, nothing secret
    paragraphs: list[str] = []
    room = _CHARACTERS_OF_A_PAGE
    while True:
        paragraph = " ".join(chance.sample(sentences, chance.randint(*_SENTENCES)))
        room -= len(paragraph)
        if room < 0:
            return paragraphs
        paragraphs.append(paragraph)


def degrade(grey: NDArray[np.uint8], *, seed: int) -> NDArray[np.uint8]:
    """Return a page as a worn feeder scans it; (height, width), the same seed gives the same."""
    chance = np.random.default_rng(seed)
    height, width = grey.shape
    degrees = chance.uniform(-_MOST_DEGREES, _MOST_DEGREES)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = cv2.warpAffine(
        grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    values = cv2.GaussianBlur(turned.astype(np.float32), (0, 0), _BLUR)
    values = values * _CONTRAST + _BRIGHTNESS
    values += chance.normal(0.0, _NOISE, values.shape).astype(np.float32)
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)


def make_pages(cache: Path) -> list[Path]:
    """Return the files of the twelve pages, made if they are not there yet.

    Raises:
        NoBrowserError: Chromium is missing.
    """
    folder = cache / f"pages-{digest_of_recipe()[:16]}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as work:
            made = Path(work) / "pages"
            made.mkdir()
            _write_pages(made, Path(work))
            made.rename(folder)
    return sorted(folder.glob("*.jpg"))


def digest_of_recipe() -> str:
    """Return the SHA-256 of this program and its text."""
    digest = hashlib.sha256()
    for file in (Path(__file__), _PROSE):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _write_pages(folder: Path, work: Path) -> None:
    rasters = print_html(_html(), work, dpi=DPI, is_grey=True)
    if len(rasters) != COUNT:
        raise RuntimeError(f"{len(rasters)} pages were printed, not {COUNT}")
    for number, raster in enumerate(rasters, start=1):
        with Image.open(raster) as opened:
            grey = np.asarray(opened.convert("L"))
        page = Image.fromarray(degrade(grey, seed=_SEED + number))
        page.save(folder / f"{number:02d}.jpg", quality=_QUALITY, dpi=(DPI, DPI))


def truth_of_page(number: int) -> str:
    """Return what is printed on a page."""
    return "\n".join(prose_of_page(number, sentences=_sentences()))


def _sentences() -> list[str]:
    return _PROSE.read_text(encoding="utf-8").splitlines()


def _html() -> str:
    sections = (
        "<section>"
        + "".join(f"<p>{paragraph}</p>" for paragraph in truth_of_page(number).splitlines())
        + "</section>"
        for number in range(1, COUNT + 1)
    )
    return f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style>{''.join(sections)}"


if __name__ == "__main__":
    for page_file in make_pages(Path(sys.argv[1])):
        print(page_file)
