"""Unseen text of a scan is taken only where it agrees with the picture."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from documents.folding import fold
from documents.model import Box, RecognizedPage, Word
from ocr.checking_layer import check_layer
from ocr.reading import recognize_page
from ocr.tesseract import TesserocrEngine, find_tessdata
from tests.unit.ingest.material import make_page_image
from tests.unit.ocr.drawn import LINES, draw_page, pixels_of

PAGE = pixels_of(draw_page(LINES * 3))


@pytest.fixture(scope="module")
def engine() -> TesserocrEngine:
    return TesserocrEngine(find_tessdata())


@pytest.fixture(scope="module")
def true_layer(engine: TesserocrEngine) -> RecognizedPage:
    return recognize_page(PAGE, dpi=200.0, page=make_page_image(PAGE), engine=engine)


def checked(layer: RecognizedPage, engine: TesserocrEngine) -> RecognizedPage | None:
    return check_layer(layer, PAGE, dpi=200.0, engine=engine, corrector=None)


def changed(layer: RecognizedPage, change: Callable[[Word], Word]) -> RecognizedPage:
    lines = [
        replace(line, words=tuple(change(word) for word in line.words)) for line in layer.lines
    ]
    return replace(layer, lines=tuple(lines))


def without_marks(word: Word) -> Word:
    return replace(word, text=fold(word.text))


def one_line_lower(word: Word) -> Word:
    box = word.box
    return replace(word, box=Box(box.x0, box.y0 + 83, box.x1, box.y1 + 83))


def test_a_true_layer_is_taken_word_for_word(
    engine: TesserocrEngine, true_layer: RecognizedPage
) -> None:
    taken = checked(true_layer, engine)

    assert taken is not None
    assert taken.text == true_layer.text
    assert {word.confidence for word in taken.words} <= {1.0}


@pytest.mark.parametrize("change", [without_marks, one_line_lower])
def test_a_layer_without_marks_or_in_the_wrong_place_is_not_taken(
    engine: TesserocrEngine, true_layer: RecognizedPage, change: Callable[[Word], Word]
) -> None:
    assert checked(changed(true_layer, change), engine) is None


def test_a_layer_of_a_stamp_alone_is_not_taken(
    engine: TesserocrEngine, true_layer: RecognizedPage
) -> None:
    assert checked(replace(true_layer, lines=true_layer.lines[:2]), engine) is None


def test_a_layer_at_another_resolution_is_taken(
    engine: TesserocrEngine, true_layer: RecognizedPage
) -> None:
    def enlarged(word: Word) -> Word:
        box = word.box
        return replace(word, box=Box(box.x0 * 2, box.y0 * 2, box.x1 * 2, box.y1 * 2))

    layer = replace(
        changed(true_layer, enlarged), width=true_layer.width * 2, height=true_layer.height * 2
    )

    assert checked(layer, engine) is not None
