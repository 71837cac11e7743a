"""Reading a page: upright and straight, boxes on the page as it was stored."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from documents.model import Box, RecognizedPage, Turn
from ocr.correcting import load_corrector
from ocr.engine import GreyImage
from ocr.reading import recognize_page
from ocr.tesseract import TesserocrEngine, find_tessdata
from tests.unit.ingest.material import make_page_image
from tests.unit.ocr.drawn import LINES, WORDS, draw_page, pixels_of


@pytest.fixture(scope="module")
def engine() -> TesserocrEngine:
    return TesserocrEngine(find_tessdata())


def read(page: Image.Image, engine: TesserocrEngine, *, known_turn: Turn = 0) -> RecognizedPage:
    grey = pixels_of(page)
    image = replace(make_page_image(grey), turn=known_turn)
    return recognize_page(grey, dpi=200.0, page=image, engine=engine)


def words_of(page: RecognizedPage) -> list[str]:
    return [word.text for word in page.words]


def ink_under(page: RecognizedPage, grey: GreyImage, word: int) -> float:
    box = page.words[word].box
    return float((grey[box.y0 : box.y1, box.x0 : box.x1] < 128).mean())


def test_a_straight_page_is_read_as_it_lies(engine: TesserocrEngine) -> None:
    page = read(draw_page(), engine)

    assert words_of(page) == WORDS
    assert (page.turn, page.width, page.height) == (0, 1654, 2339)
    assert page.engine == engine.record


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_that_lies_turned_is_read_and_the_turn_is_named(
    engine: TesserocrEngine, turned: int
) -> None:
    # Pillow turns counter-clockwise, so that much clockwise brings the page upright.
    page = read(draw_page().rotate(turned, expand=True), engine)

    assert words_of(page) == WORDS
    assert page.turn == turned
    assert (page.width, page.height) == (1654, 2339)


@pytest.mark.parametrize("skew", [-4.0, 5.0])
def test_a_skewed_page_is_read_and_its_boxes_lie_on_the_words_as_they_lie(
    engine: TesserocrEngine, skew: float
) -> None:
    drawn = draw_page(skew=skew)

    page = read(drawn, engine)

    assert words_of(page) == WORDS
    assert page.turn == 0
    assert min(ink_under(page, pixels_of(drawn), one) for one in range(len(WORDS))) > 0.03
    x0, y0, x1, y1 = page.lines[0].baseline
    assert (y1 - y0) / (x1 - x0) == pytest.approx(np.tan(np.radians(skew)), abs=0.02)


def test_boxes_are_in_px_of_the_full_resolution(engine: TesserocrEngine) -> None:
    full = draw_page(size=(3308, 4678))
    grey = np.asarray(cv2.resize(pixels_of(full), (1654, 2339)), np.uint8)

    page = recognize_page(
        grey, dpi=200.0, page=make_page_image(pixels_of(full), dpi=400.0), engine=engine
    )

    assert (page.width, page.height, page.dpi) == (3308, 4678, 400.0)
    assert words_of(page) == WORDS
    assert ink_under(page, pixels_of(full), 0) > 0.05


def test_a_turn_that_the_file_told_is_counted_in(engine: TesserocrEngine) -> None:
    upright = draw_page()
    stored = make_page_image(pixels_of(upright.rotate(90, expand=True)))

    page = recognize_page(
        pixels_of(upright), dpi=200.0, page=replace(stored, turn=90), engine=engine
    )

    assert (page.turn, page.width, page.height) == (90, 1654, 2339)


def test_an_empty_page_gives_no_lines(engine: TesserocrEngine) -> None:
    page = read(draw_page(()), engine)

    assert (page.lines, page.text) == ((), "")


def test_no_box_ever_leaves_the_page(engine: TesserocrEngine) -> None:
    cropped = draw_page().crop((0, 0, 700, 900))

    page = read(cropped, engine)

    assert page.words
    for word in page.words:
        assert 0 <= word.box.x0 <= word.box.x1 <= 700
        assert 0 <= word.box.y0 <= word.box.y1 <= 900


def test_two_columns_of_the_head_are_read_one_after_the_other(
    engine: TesserocrEngine, tmp_path: Path
) -> None:
    page = draw_page(("", "", "", "", "", *LINES))
    page.paste(_head(), (100, 150))
    page.save(tmp_path / "head.png")

    text = read(page, engine).text

    assert text.index("SỞ XÂY DỰNG") < text.index("Số: 12") < text.index("CỘNG HÒA")


def _head() -> Image.Image:
    left = draw_page(("SỞ XÂY DỰNG", "Số: 12/GP-SXD"), size=(650, 2339)).crop((0, 380, 560, 560))
    right = draw_page(
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"), size=(1000, 2339)
    ).crop((0, 380, 1000, 560))
    head = Image.new("L", (1550, 180), 255)
    head.paste(left, (0, 0))
    head.paste(right, (560, 0))
    return head


def test_a_corrected_page_keeps_what_was_read_and_names_the_model(
    engine: TesserocrEngine,
) -> None:
    grey = pixels_of(draw_page())
    corrector = load_corrector()

    page = recognize_page(
        grey, dpi=200.0, page=make_page_image(grey), engine=engine, corrector=corrector
    )

    assert words_of(page) == WORDS
    assert page.engine.settings == f"{engine.record.settings} {corrector.name}"
    assert corrector.name.startswith("language=")
    assert all(word.alternatives == () for word in page.words)


def test_without_a_corrector_words_stay_as_the_engine_gave_them(engine: TesserocrEngine) -> None:
    page = read(draw_page(), engine)

    assert all(
        (word.raw, word.cause, word.alternatives) == (word.text, "", ()) for word in page.words
    )


def test_the_engine_says_what_each_letter_might_be_as_well(engine: TesserocrEngine) -> None:
    lines = engine.read(pixels_of(draw_page()), dpi=200.0)

    words = [word for line in lines for word in line.words]
    with_alternatives = [word for word in words if any(word.alternatives)]
    assert all(len(word.alternatives) in (0, len(word.text)) for word in words)
    assert len(with_alternatives) > len(words) / 2


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_words_in_a_window_lie_where_they_lie_on_the_page(
    engine: TesserocrEngine, turn: int
) -> None:
    upright = draw_page(size=(1100, 1500))
    turned = np.rot90(pixels_of(upright), k=turn // 90)
    page = np.full((2000, 1900), 255, np.uint8)
    window = Box(150, 260, 150 + turned.shape[1], 260 + turned.shape[0])
    page[window.y0 : window.y1, window.x0 : window.x1] = turned
    # What lies outside of the window is not read.
    cv2.putText(page, "OUTSIDE", (20, 200), cv2.FONT_HERSHEY_SIMPLEX, 3, 0, 8)

    found = recognize_page(
        page, dpi=200.0, page=make_page_image(page), engine=engine, window=window
    )

    seen = np.rot90(page, k=-(found.turn // 90))
    assert words_of(found) == WORDS
    assert found.turn == turn
    assert all(ink_under(found, seen, word) > 0.08 for word in range(len(WORDS)))
