"""A scanned PDF that comes with text: what agrees saves the reading, garbage is read anew."""

from dataclasses import replace
from pathlib import Path

import pytest

from database.converting import unpack_reading
from documents.folding import fold
from documents.limits import PageLimits
from documents.model import RecognizedPage
from ocr.assembling import PageToAssemble, assemble_pdf
from ocr.reading import recognize_page
from ocr.tesseract import TesserocrEngine, find_tessdata
from tests.builders import NOON
from tests.unit.ocr.drawn import LINES, draw_page, pixels_of, save_page
from workers.page_jobs import InspectJob, OpenJob, ReadJob, layer_file
from workers.page_work import inspect_page, open_file, read_page


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> PageToAssemble:
    page = draw_page(LINES * 3)
    image = save_page(page, tmp_path_factory.mktemp("scan") / "page.jpg")
    engine = TesserocrEngine(find_tessdata())
    reading = recognize_page(pixels_of(page), dpi=200.0, page=image, engine=engine)
    return PageToAssemble(image=image, reading=reading)


def read_again(page: PageToAssemble, folder: Path) -> RecognizedPage:
    """Let a scanned PDF go through opening, looking and reading."""
    pdf = folder / "scan.pdf"
    assemble_pdf([page], title="Giấy tờ", created_at=NOON, out=pdf)
    job = OpenJob(
        file=pdf, out=folder, limits=PageLimits(), password=None, trust_roots=(), now=NOON
    )
    (opened,) = open_file(job).opened.pages
    copy = folder / "copy.pgm"
    inspect_page(
        InspectJob(image=opened.image, previous_fingerprint=None, copy=copy, needs_copy=True)
    )
    reading = ReadJob(
        image=opened.image,
        copy=copy,
        out=folder / "page.reading",
        engine="tesserocr",
        tessdata=None,
        language="vie",
        timeout_seconds=60.0,
        layer=layer_file(folder, opened.ordinal),
    )
    return unpack_reading(read_page(reading).packed.read_bytes())


def test_text_that_agrees_with_the_picture_saves_the_reading(
    scan: PageToAssemble, tmp_path: Path
) -> None:
    read = read_again(scan, tmp_path)

    assert read.engine.name == "pdf-text"
    assert read.text.split() == scan.reading.text.split()
    for found, given in zip(read.words, scan.reading.words, strict=True):
        assert abs(found.box.x0 - given.box.x0) <= 6
        assert abs(found.box.y1 - given.box.y1) <= given.box.y1 - given.box.y0


def test_garbage_is_replaced_by_what_the_picture_shows(
    scan: PageToAssemble, tmp_path: Path
) -> None:
    lines = tuple(
        replace(line, words=tuple(replace(word, text=fold(word.text)) for word in line.words))
        for line in scan.reading.lines
    )
    garbled = replace(scan, reading=replace(scan.reading, lines=lines))

    read = read_again(garbled, tmp_path)

    assert read.engine.name == "tesserocr"
    assert read.text.split() == scan.reading.text.split()
