"""JPEG 2000 where an office wants it: as good print, in a file that viewers show."""

import subprocess
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from documents.model import AssembledPdf
from ocr.assembling import PageToAssemble, assemble_pdf
from ocr.jpeg2000 import encode
from ocr.jpeg_quality import LEAST_LIKENESS, likeness
from ocr.validating import validate_pdfa
from tests.builders import NOON, make_line, make_page
from tests.unit.ocr.drawn import LINES, draw_page, pixels_of, save_page

SIZE = (827, 1170)


def scanned(mode: str) -> Image.Image:
    """Return a page as a scanner gives it."""
    pixels = pixels_of(draw_page(LINES, size=SIZE).convert(mode)).astype(float)
    noise = np.random.default_rng(1).normal(0, 4, pixels.shape)
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


def assembled(folder: Path, page: Image.Image, name: str = "out.pdf") -> AssembledPdf:
    image = save_page(page, folder / "page.png", dpi=100.0)
    reading = make_page(make_line("Độc lập", x=60, y=100), size=SIZE, dpi=100.0)
    return assemble_pdf(
        [PageToAssemble(image=image, reading=reading)],
        title="Thử",
        created_at=NOON,
        out=folder / name,
        codec="jpeg2000",
    )


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_print_stays_as_it_is(tmp_path: Path, mode: str) -> None:
    page = scanned(mode)

    content = encode(page)

    (tmp_path / "page.jp2").write_bytes(content)
    with Image.open(tmp_path / "page.jp2") as shown:
        assert shown.mode == mode
        assert likeness(page, shown) >= LEAST_LIKENESS
    assert len(content) < page.width * page.height * len(mode) / 8


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_page_of_jpeg_2000_is_pdfa_and_shows_in_viewers(tmp_path: Path, mode: str) -> None:
    page = scanned(mode)

    file = assembled(tmp_path, page).file

    with pikepdf.open(file) as pdf:
        assert pdf.pages[0].Resources.XObject.Im0.Filter == pikepdf.Name.JPXDecode
    assert validate_pdfa(file).passed
    master = np.asarray(page.convert("L"), float)
    for shown in (_by_pdfium(file), _by_poppler(file)):
        small = shown.convert("L").resize(page.size)
        assert np.abs(np.asarray(small, float) - master).mean() < 8.0


def test_the_same_page_gives_the_same_bytes(tmp_path: Path) -> None:
    page = scanned("L")

    made = [assembled(tmp_path, page, name=name).sha256 for name in ("a.pdf", "b.pdf")]

    assert made[0] == made[1]


def _by_pdfium(file: Path) -> Image.Image:
    document = pypdfium2.PdfDocument(file)
    try:
        drawn: Image.Image = document[0].render(scale=100 / 72).to_pil()
        return drawn.copy()
    finally:
        document.close()


def _by_poppler(file: Path) -> Image.Image:
    out = file.with_name("drawn")
    subprocess.run(
        ["pdftoppm", "-r", "100", "-png", "-singlefile", str(file), str(out)], check=True
    )
    with Image.open(out.with_suffix(".png")) as drawn:
        return drawn.copy()
