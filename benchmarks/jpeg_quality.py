"""Reads pages again after compression at each quality, and compares bytes with OCRmyPDF.

Pages that come without loss: our own at three strengths of damage, one as printed, and given scans
where they are. For each quality: bytes, likeness of print (what the product decides by) and words
found. Last: bytes of the product's PDF and of OCRmyPDF -O1, which is given the same PNG, and the
words found when the images are taken out of both and read again by one reader.
Usage: python -m benchmarks.jpeg_quality [--pages 1] [--bytes-only] [--peers FOLDER_WITH_ocrmypdf]
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
from typing import cast

import numpy as np
import pikepdf
from numpy.typing import NDArray
from PIL import Image

from benchmarks.degraded_pages import DPI, make_pages, truth_of_page
from benchmarks.drawn_pages import DPI as DRAWN_DPI
from benchmarks.drawn_pages import drawn_pages
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
    for drawn in list(drawn_pages())[: count * 5]:
        yield _Page(drawn.name, drawn.pixels, DRAWN_DPI, drawn.printed.text)
    given = given_set("scans", "vn-scanned-pages")
    for page, truth in list(zip(given.pages, given.truths, strict=True))[:count]:
        with Image.open(page) as opened:
            yield _Page(page.stem, np.asarray(opened.convert("RGB"), np.uint8), _READ_AT, truth)


def _by_ocrmypdf(peers: Path | None, png: Path) -> Path | None:
    """Return the PDF that OCRmyPDF makes of a page, None where it is not installed."""
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
    return out


def _read_again(page: _Page, pdf: Path, reader: _Reader, file: Path) -> float:
    """Return the share of words found on the image that a PDF holds."""
    with pikepdf.open(pdf) as opened:
        image = next(iter(opened.pages[0].Resources.XObject.values()))
        shown = pikepdf.PdfImage(cast("pikepdf.Stream", image)).as_pil_image()
    pixels = np.asarray(shown if shown.mode in _KINDS else shown.convert("RGB"), np.uint8)
    text, _ = reader.assemble(_Page(page.name, pixels, page.dpi, page.truth), file)
    return word_recall(page.truth, text)


def main() -> None:
    """Print a line for each page and quality, and one with the bytes of both programs."""
    arguments = argparse.ArgumentParser()
    cache = Path.home() / ".cache" / "sohoa" / "benchmark"
    arguments.add_argument("--cache", type=Path, default=cache)
    arguments.add_argument("--pages", type=int, default=1)
    arguments.add_argument("--peers", type=Path, default=cache / "peers" / "bin")
    arguments.add_argument("--bytes-only", action="store_true", help="no reading at each quality")
    chosen = arguments.parse_args()
    reader = _Reader(TesserocrEngine(find_tessdata()), load_corrector(wants_second=False))
    compared: list[tuple[int, int, float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        file, again = Path(folder) / "page.png", Path(folder) / "again.png"
        for page in _pages(chosen.cache, chosen.pages):
            text, size = reader.assemble(page, file)
            peer = _by_ocrmypdf(chosen.peers, file)
            _tell(page, text, size=size, peer=peer.stat().st_size if peer else None)
            if peer is not None:
                pdfs = file.with_suffix(".pdf"), peer
                found = [_read_again(page, one, reader, again) for one in pdfs]
                compared.append((size, peer.stat().st_size, found[0], found[1]))
            for quality in () if chosen.bytes_only else QUALITIES:
                _tell_quality(page, quality, reader, file)
    if compared:
        ours, theirs, found, in_theirs = (sum(column) for column in zip(*compared, strict=True))
        sys.stdout.write(
            f"{len(compared)} pages: {ours / theirs:.2f} x the bytes of OCRmyPDF -O1; words found"
            f" again {found / len(compared):.4f}, in its files {in_theirs / len(compared):.4f}\n"
        )


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
