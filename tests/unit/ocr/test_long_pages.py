"""Strips of paper are read from end to end: no line is lost or doubled where pieces meet."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from documents.model import Box, Line, Word
from ingest.separators import find_font
from ocr.assembling import PageToAssemble, assemble_pdf
from ocr.engine import GreyImage
from ocr.long_pages import MOST_SIDE, middle_of, read_in_pieces
from ocr.reading import recognize_page
from ocr.tesseract import TesserocrEngine, find_tessdata
from tests.unit.ocr.drawn import LINES, pixels_of, save_page

STEP, HEIGHT = 53, 41


def strip(rows: int, *, speck: bool = False) -> GreyImage:
    """Draw a dark bar for each line of print, one every 53 px."""
    grey = np.full((rows, 300), 250, np.uint8)
    for top in range(15, rows - HEIGHT, STEP):
        grey[top : top + HEIGHT, 20:280] = 20
    if speck:
        grey[:, 5] = 20
    return grey


def read_bars(piece: GreyImage) -> tuple[Line, ...]:
    """Give a line for each whole bar; half ones show as lines of another height."""
    assert piece.shape[0] <= MOST_SIDE
    is_dark = np.concatenate([[False], piece[:, 100] < 128, [False]])
    borders = np.flatnonzero(np.diff(is_dark.astype(np.int8))).tolist()
    lines = []
    for top, bottom in zip(borders[::2], borders[1::2], strict=True):
        word = Word(text="a", raw="a", box=Box(20, top, 280, bottom), confidence=1.0)
        lines.append(Line(words=(word,), baseline=(20, bottom, 280, bottom), size=20.0))
    return tuple(lines)


@pytest.mark.parametrize("speck", [False, True])
def test_every_line_of_a_strip_is_read_once_at_its_place(speck: bool) -> None:  # noqa: FBT001 - a case
    grey = strip(3 * MOST_SIDE + 777, speck=speck)

    lines = read_in_pieces(grey, read_bars)

    boxes = [line.words[0].box for line in lines]
    expected = range(15, grey.shape[0] - HEIGHT, STEP)
    assert [(box.y0, box.y1) for box in boxes] == [(top, top + HEIGHT) for top in expected]
    assert [line.baseline[1] for line in lines] == [box.y1 for box in boxes]
    assert len({line.block for line in lines}) > 3


def test_strip_without_a_gap_is_read_to_its_end() -> None:
    grey = np.full((2 * MOST_SIDE + 9, 200), 20, np.uint8)

    lines = read_in_pieces(grey, read_bars)

    assert sum(line.words[0].box.y1 - line.words[0].box.y0 for line in lines) == grey.shape[0]


def test_middle_of_a_strip_is_no_longer_than_the_recogniser_takes() -> None:
    assert middle_of(np.zeros((3 * MOST_SIDE, 10), np.uint8)).shape == (MOST_SIDE, 10)
    assert middle_of(np.zeros((20, 30), np.uint8)).shape == (20, 30)


@pytest.mark.slow
@pytest.mark.parametrize("turned", [False, True])
def test_receipt_of_a_metre_and_a_half_is_read_and_filed_whole(
    tmp_path: Path,
    turned: bool,  # noqa: FBT001 - a case
) -> None:
    receipt = draw_receipt(millimetres=1500)
    stored = receipt.transpose(Image.Transpose.ROTATE_90) if turned else receipt
    image = save_page(stored, tmp_path / "bien-lai.png")

    page = recognize_page(
        pixels_of(stored), dpi=200.0, page=image, engine=TesserocrEngine(find_tessdata())
    )
    pdf = assemble_pdf(
        [PageToAssemble(image, page)],
        title="Biên lai",
        created_at=datetime(2026, 11, 24, tzinfo=UTC),
        out=tmp_path / "bien-lai.pdf",
    )

    rows = [line.text.split()[0] for line in page.lines]
    assert rows == [str(number) for number in range(100, 100 + len(rows))]
    assert len(rows) == len(range(60, receipt.height - 60, 180))
    with pikepdf.open(pdf.file) as written:
        width, height = (float(side) for side in written.pages[0].mediabox[2:])
    assert (width, height) == pytest.approx((90 / 25.4 * 72, 1500 / 25.4 * 72), abs=0.5)


def draw_receipt(*, millimetres: int) -> Image.Image:
    """Draw a strip of 90 mm at 200 dpi with numbered lines from end to end."""
    strip_ = Image.new("L", (round(90 / 25.4 * 200), round(millimetres / 25.4 * 200)), 255)
    drawing = ImageDraw.Draw(strip_)
    font = ImageFont.truetype(find_font(), 32)
    for number, top in enumerate(range(60, strip_.height - 60, 180)):
        words = " ".join(LINES[number % len(LINES)].split()[:5])
        drawing.text((30, top), f"{100 + number} {words}", font=font, fill=15)
    return strip_
