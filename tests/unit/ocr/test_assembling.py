"""PDF/A-2u in two layers, judged by others."""

import io
import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pikepdf.pdfa
import pypdfium2
import pytest
from PIL import Image

from documents.identifiers import sha256_of_file
from documents.model import AssembledPdf, PageImage, RecognizedPage, Turn
from ocr.assembling import PageToAssemble, assemble_pdf
from ocr.errors import AssemblyError
from ocr.page_images import compare_image, embed_image
from ocr.validating import validate_pdfa
from tests.builders import make_line, make_page
from tests.unit.ocr.drawn import LINES, draw_page, pixels_of, save_page
from tests.unit.ocr.judges import words_by_pdfium, words_by_poppler

AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
TEXT = "Độc lập - Tự do - Hạnh phúc"
SMALL = (827, 1170)


def reading(image: PageImage, *texts: str, turn: Turn = 0) -> RecognizedPage:
    width, height = image.width, image.height
    if turn in (90, 270):
        width, height = height, width
    lines = [make_line(text, x=60, y=100 + 50 * row) for row, text in enumerate(texts)]
    page = make_page(*lines, size=(width, height), dpi=image.dpi)
    return RecognizedPage(
        width=page.width,
        height=page.height,
        dpi=page.dpi,
        turn=turn,
        lines=page.lines,
        engine=page.engine,
    )


def assembled(
    folder: Path, *pages: PageToAssemble, name: str = "out.pdf", title: str = "Quyết định"
) -> AssembledPdf:
    return assemble_pdf(pages, title=title, created_at=AT, out=folder / name)


def with_noise(page: Image.Image, *, sigma: float) -> Image.Image:
    """Return a page as a scanner gives it."""
    pixels = pixels_of(page).astype(float)
    noise = np.random.default_rng(1).normal(0, sigma, pixels.shape)
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


def small_page(folder: Path, *texts: str, name: str = "page.jpg") -> PageToAssemble:
    image = save_page(draw_page(size=SMALL), folder / name, dpi=100.0)
    return PageToAssemble(image=image, reading=reading(image, *(texts or (TEXT,))))


def test_a_scan_with_its_words_is_pdfa_2u(tmp_path: Path) -> None:
    made = assembled(tmp_path, small_page(tmp_path), small_page(tmp_path, name="b.jpg"))

    with pikepdf.open(made.file) as pdf, pdf.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfaid:conformance"] == "U"
        assert metadata["dc:title"] == "Quyết định"
        assert pdf.Root.Lang == "vi-VN"
        assert len(pdf.pages) == 2
    assert made.verdict.passed
    assert made.verdict.claim == "PDF/A-2u"
    assert validate_pdfa(made.file).passed
    assert made.sha256 == sha256_of_file(made.file)
    assert made.size_bytes == made.file.stat().st_size


def test_the_same_input_gives_the_same_bytes_at_any_time(tmp_path: Path) -> None:
    page = small_page(tmp_path)

    first = assembled(tmp_path, page)
    made_in = int(time.time())
    while int(time.time()) == made_in:
        time.sleep(0.02)
    second = assembled(tmp_path, page, name="again.pdf")

    assert first.sha256 == second.sha256


def test_poppler_and_pdfium_find_every_word_in_nfc_and_in_order(tmp_path: Path) -> None:
    words = " ".join(LINES).split()
    rows = [" ".join(words[start : start + 5]) for start in range(0, len(words), 5)]

    made = assembled(tmp_path, small_page(tmp_path, *rows))

    for found in (words_by_poppler(made.file), words_by_pdfium(made.file)):
        assert found == words
        assert unicodedata.is_normalized("NFC", " ".join(found))


def test_words_whose_marks_stood_apart_are_found_composed(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", TEXT)

    made = assembled(tmp_path, small_page(tmp_path, apart))

    assert words_by_poppler(made.file) == TEXT.split()


def test_a_word_is_found_where_it_stands_on_the_page(tmp_path: Path) -> None:
    page = small_page(tmp_path)
    box = page.reading.words[0].box

    made = assembled(tmp_path, page)

    document = pypdfium2.PdfDocument(made.file)
    try:
        sheet = document[0].get_textpage()
        left, bottom, right, top = sheet.get_rect(0) if sheet.count_rects() else (0, 0, 0, 0)
    finally:
        document.close()
    scale = 72 / page.image.dpi
    assert left == pytest.approx(box.x0 * scale, abs=2)
    assert bottom < (SMALL[1] - box.y1) * scale + 4
    assert top > (SMALL[1] - box.y1) * scale
    assert right > left


def test_a_grey_jpeg_is_taken_over_byte_by_byte(tmp_path: Path) -> None:
    page = small_page(tmp_path)

    made = assembled(tmp_path, page)

    with pikepdf.open(made.file) as pdf:
        image = pdf.pages[0].Resources.XObject.Im0
        assert image.read_raw_bytes() == page.image.file.read_bytes()


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_black_and_white_and_jpeg_lose_nothing(tmp_path: Path, mode: str) -> None:
    drawn = draw_page(size=SMALL).convert(mode)
    image = save_page(drawn, tmp_path / ("page.tif" if mode == "1" else "page.jpg"), dpi=100.0)
    page = PageToAssemble(image=image, reading=reading(image, TEXT))

    made = assembled(tmp_path, page)

    with pikepdf.open(made.file) as pdf, Image.open(image.file) as master:
        embedded = pdf.pages[0].Resources.XObject.Im0
        assert isinstance(embedded, pikepdf.Stream)
        shown = pikepdf.PdfImage(embedded).as_pil_image()
        assert np.array_equal(pixels_of(shown.convert("L")), pixels_of(master.convert("L")))


def test_a_colour_png_becomes_a_jpeg_that_shows_the_same(tmp_path: Path) -> None:
    drawn = draw_page(size=SMALL).convert("RGB")
    drawn.paste((200, 30, 30), (300, 600, 500, 800))
    drawn = with_noise(drawn, sigma=4)
    image = save_page(drawn, tmp_path / "page.png", dpi=100.0)

    made = assembled(tmp_path, PageToAssemble(image=image, reading=reading(image, TEXT)))

    with pikepdf.open(made.file) as pdf:
        stream = pdf.pages[0].Resources.XObject.Im0
        shown = Image.open(io.BytesIO(stream.read_raw_bytes()))
    assert shown.size == SMALL
    for part in ((300, 600, 500, 800), (0, 0, *SMALL)):
        left, right = pixels_of(shown.crop(part)), pixels_of(drawn.crop(part))
        assert np.abs(left.astype(int) - right.astype(int)).mean() < 4


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_drawn_png_that_is_smaller_than_a_jpeg_is_taken_over(tmp_path: Path, mode: str) -> None:
    image = save_page(draw_page(size=SMALL).convert(mode), tmp_path / "page.png", dpi=100.0)

    made = assembled(tmp_path, PageToAssemble(image=image, reading=reading(image, TEXT)))

    assert made.verdict.passed
    assert validate_pdfa(made.file).passed
    with pikepdf.open(made.file) as pdf, Image.open(image.file) as master:
        embedded = pdf.pages[0].Resources.XObject.Im0
        assert isinstance(embedded, pikepdf.Stream)
        shown = pikepdf.PdfImage(embedded).as_pil_image()
        assert np.array_equal(pixels_of(shown), pixels_of(master))
    assert made.size_bytes < image.file.stat().st_size + 20_000


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_turned_is_shown_upright_at_its_true_size(
    tmp_path: Path, turn: Turn
) -> None:
    upright = draw_page(size=SMALL)
    stored = upright.rotate(turn, expand=True)
    image = save_page(stored, tmp_path / "page.jpg", dpi=100.0)

    made = assembled(tmp_path, PageToAssemble(image=image, reading=reading(image, turn=turn)))

    document = pypdfium2.PdfDocument(made.file)
    try:
        size = document[0].get_size()
        shown = document[0].render(scale=100 / 72).to_pil().convert("L").resize(SMALL)
    finally:
        document.close()
    assert size == pytest.approx((SMALL[0] * 0.72, SMALL[1] * 0.72), abs=0.01)
    ink = pixels_of(upright) < 100
    assert pixels_of(shown)[ink].mean() < 100


def test_what_is_drawn_after_the_text_is_visible(tmp_path: Path) -> None:
    made = assembled(tmp_path, small_page(tmp_path))

    with pikepdf.open(made.file) as pdf:
        operators = [str(one.operator) for one in pikepdf.parse_content_stream(pdf.pages[0])]
    assert operators.count("q") == operators.count("Q") == 2
    assert operators[operators.index("Tr") - 2 : operators.index("Tr")] == ["q", "BT"]
    assert operators[-2:] == ["ET", "Q"]


def _another_picture(image: PageImage) -> None:
    Image.new("L", SMALL, 0).save(image.file)


def _another_size(image: PageImage) -> None:
    draw_page(size=(SMALL[0] + 1, SMALL[1])).save(image.file)


def _no_picture(image: PageImage) -> None:
    image.file.write_bytes(image.file.read_bytes()[:40])


@pytest.mark.parametrize("damage", [_another_picture, _another_size])
def test_an_image_that_shows_something_else_is_never_assembled(
    tmp_path: Path, damage: Callable[[PageImage], None]
) -> None:
    page = small_page(tmp_path)
    with pikepdf.new() as pdf:
        embedded = embed_image(pdf, page.image).stream
        damage(page.image)

        with pytest.raises(AssemblyError):
            compare_image(embedded, page.image)


def test_an_image_that_cannot_be_decoded_leaves_no_file(tmp_path: Path) -> None:
    page = small_page(tmp_path)
    _no_picture(page.image)

    with pytest.raises(AssemblyError):
        assembled(tmp_path, page)

    assert not (tmp_path / "out.pdf").exists()
