"""Reads pages again after compression at each quality, and compares bytes with OCRmyPDF.

Pages that come without loss: our own at three strengths of damage, one as printed, and given scans
where they are. For each quality: bytes, likeness of print (what the product decides by) and words
found. Last: bytes of the product's PDF and of OCRmyPDF -O1, which is given the same PNG.
Usage: python -m benchmarks.jpeg_quality [--pages 1] [--peers FOLDER_WITH_ocrmypdf]
"""

import argparse
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.degraded_pages import DPI, make_pages, truth_of_page
from benchmarks.reading_pages import damage, given_set
from benchmarks.scoring import word_recall
from documents.identifiers import sha256_of_file
from documents.model import PageImage
from ocr.assembling import PageToAssemble, assemble_pdf
from ocr.correcting import Corrector, load_corrector
from ocr.jpeg_quality import QUALITIES, choose_quality, compressed, likeness, sample_print
from ocr.preparing import prepare_reading_copy
from ocr.reading import recognize_page
from ocr.tesseract import TesserocrEngine, find_tessdata

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_STRENGTHS = (1, 3, 5)
_READ_AT = 200
_KINDS = {"L": "grey", "RGB": "colour"}


@dataclass(frozen=True, slots=True)
class _Page:
    name: str
    pixels: NDArray[np.uint8]
    dpi: int
    truth: str


@dataclass(frozen=True, slots=True)
class _Reader:
    engine: TesserocrEngine
    corrector: Corrector

    def assemble(self, page: _Page, file: Path) -> tuple[str, int]:
        """Return the text and the bytes of the PDF of a page."""
        image = _image_of(page, file)
        grey = np.asarray(prepare_reading_copy(page.pixels, dpi=page.dpi).grey, np.uint8)
        dpi = page.dpi * grey.shape[1] / page.pixels.shape[1]
        reading = recognize_page(
            grey, dpi=dpi, page=image, engine=self.engine, corrector=self.corrector
        )
        to_assemble = PageToAssemble(image=image, reading=reading)
        out = file.with_suffix(".pdf")
        made = assemble_pdf([to_assemble], title=page.name, created_at=_AT, out=out)
        return reading.text, made.size_bytes


def _image_of(page: _Page, file: Path) -> PageImage:
    opened = Image.fromarray(page.pixels)
    opened.save(file, dpi=(page.dpi, page.dpi), compress_level=3)
    return PageImage(
        file=file,
        media_type="image/png",
        sha256=sha256_of_file(file),
        width=opened.width,
        height=opened.height,
        dpi=float(page.dpi),
        dpi_source="file",
        mode=_KINDS[opened.mode],  # type: ignore[arg-type]  # one of the two
    )


def _pages(cache: Path, count: int) -> Iterator[_Page]:
    for number, file in enumerate(make_pages(cache)[:count], start=1):
        with Image.open(file) as opened:
            worn = np.asarray(opened.convert("L"), np.uint8)
        truth = truth_of_page(number)
        yield _Page(f"worn {number}, 300 dpi", worn, DPI, truth)
        size = (worn.shape[1] * _READ_AT // DPI, worn.shape[0] * _READ_AT // DPI)
        small = np.asarray(Image.fromarray(worn).resize(size, Image.Resampling.BOX), np.uint8)
        for strength in _STRENGTHS:
            damaged = damage(small, strength=strength, seed=number)
            yield _Page(f"damage {strength}, page {number}", damaged, _READ_AT, truth)
    given = given_set("scans", "vn-scanned-pages")
    for page, truth in list(zip(given.pages, given.truths, strict=True))[:count]:
        with Image.open(page) as opened:
            yield _Page(page.stem, np.asarray(opened.convert("RGB"), np.uint8), _READ_AT, truth)


def _bytes_of_ocrmypdf(peers: Path | None, png: Path) -> int | None:
    program = peers / "ocrmypdf" if peers else None
    if program is None or not program.exists():
        return None
    out = png.with_suffix(".peer.pdf")
    options = ["-O1", "--tesseract-timeout", "0", "--jobs", "1"]
    subprocess.run(
        [program, *options, png, out],
        check=True,
        capture_output=True,
        timeout=300,
        env=os.environ | {"PATH": f"{program.parent}:{os.environ['PATH']}"},
    )
    return out.stat().st_size


def main() -> None:
    """Print a line for each page and quality, and one with the bytes of both programs."""
    arguments = argparse.ArgumentParser()
    cache = Path.home() / ".cache" / "sohoa" / "benchmark"
    arguments.add_argument("--cache", type=Path, default=cache)
    arguments.add_argument("--pages", type=int, default=1)
    arguments.add_argument("--peers", type=Path, default=cache / "peers" / "bin")
    chosen = arguments.parse_args()
    reader = _Reader(TesserocrEngine(find_tessdata()), load_corrector())
    ours = theirs = 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.png"
        for page in _pages(chosen.cache, chosen.pages):
            text, size = reader.assemble(page, file)
            peer = _bytes_of_ocrmypdf(chosen.peers, file)
            if peer is not None:
                ours, theirs = ours + size, theirs + peer
            _tell(page, text, size=size, peer=peer)
            for quality in QUALITIES:
                _tell_quality(page, quality, reader, file)
    if theirs:
        sys.stdout.write(f"bytes, all pages: {ours / theirs:.2f} x OCRmyPDF -O1\n")


def _tell(page: _Page, text: str, *, size: int, peer: int | None) -> None:
    quality = choose_quality(Image.fromarray(page.pixels))
    against = f", OCRmyPDF -O1 {peer >> 10} KB" if peer else ", OCRmyPDF is not installed"
    recall = word_recall(page.truth, text)
    sys.stdout.write(
        f"{page.name}: words {recall:.4f}, quality {quality}, PDF {size >> 10} KB{against}\n"
    )


def _tell_quality(page: _Page, quality: int, reader: _Reader, file: Path) -> None:
    master = Image.fromarray(page.pixels)
    sample = sample_print(master)
    alike = likeness(sample, compressed(sample, quality))
    shown = np.asarray(compressed(master, quality), np.uint8)
    text, _ = reader.assemble(_Page(page.name, shown, page.dpi, page.truth), file)
    buffer = io.BytesIO()
    master.save(buffer, "JPEG", quality=quality, subsampling="4:2:0")
    size = len(buffer.getvalue()) >> 10
    recall = word_recall(page.truth, text)
    sys.stdout.write(f"    {quality}: {size} KB, likeness {alike:.4f}, words {recall:.4f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
