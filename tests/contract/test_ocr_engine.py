"""What every recogniser of text promises."""

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from documents.identifiers import sha256_of_file
from ocr.engine import OcrEngine, is_doubtful
from ocr.errors import MissingLanguageError, OcrEngineError, UnreadablePageError
from ocr.pytesseract_engine import PytesseractEngine
from ocr.tesseract import find_tessdata
from tests.contract.backends import OCR_ENGINES
from tests.unit.ocr.drawn import WORDS, draw_page, pixels_of

DPI = 200.0


@pytest.fixture(params=OCR_ENGINES)
def back_end(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def engine(back_end: str) -> OcrEngine:
    return OCR_ENGINES[back_end](find_tessdata())


@pytest.fixture(scope="module")
def page() -> NDArray[np.uint8]:
    return pixels_of(draw_page())


def words_read(engine: OcrEngine, page: NDArray[np.uint8]) -> list[str]:
    return [word.text for line in engine.read(page, dpi=DPI) for word in line.words]


def test_the_words_of_a_printed_page_are_read_in_order(
    engine: OcrEngine, page: NDArray[np.uint8]
) -> None:
    assert words_read(engine, page) == WORDS


def test_all_engines_read_the_same_words_at_the_same_places(page: NDArray[np.uint8]) -> None:
    readings = [
        [word for line in make(find_tessdata()).read(page, dpi=DPI) for word in line.words]
        for make in OCR_ENGINES.values()
    ]

    first, *others = readings
    for other in others:
        assert [word.text for word in other] == [word.text for word in first]
        for left, right in zip(first, other, strict=True):
            assert abs(left.box.x0 - right.box.x0) <= 3
            assert abs(left.box.y1 - right.box.y1) <= 3


def test_boxes_and_base_lines_lie_on_the_image_and_confidences_between_none_and_full(
    engine: OcrEngine, page: NDArray[np.uint8]
) -> None:
    height, width = page.shape

    lines = engine.read(page, dpi=DPI)

    for line in lines:
        assert 0 <= line.baseline[0] < line.baseline[2] <= width
        assert 0 < line.baseline[1] <= height
        assert line.size > 0
        for word in line.words:
            assert 0 <= word.box.x0 < word.box.x1 <= width
            assert 0 <= word.box.y0 < word.box.y1 <= height
            assert 0.0 <= word.confidence <= 1.0
            assert word.doubtful == is_doubtful(word.text, confidence=word.confidence)


def test_words_are_never_empty_and_in_the_form_that_is_stored(
    engine: OcrEngine, page: NDArray[np.uint8]
) -> None:
    words = [word for line in engine.read(page, dpi=DPI) for word in line.words]

    assert all(word.text.strip() == word.text != "" for word in words)
    assert all(unicodedata.is_normalized("NFC", word.text) for word in words)
    assert all(word.raw == word.text for word in words)


def test_reading_twice_gives_the_same(engine: OcrEngine, page: NDArray[np.uint8]) -> None:
    assert engine.read(page, dpi=DPI) == engine.read(page, dpi=DPI)


@pytest.mark.parametrize("shape", [(1, 1), (2, 400), (400, 2), (3, 3), (600, 400)])
@pytest.mark.parametrize("shade", [0, 255])
def test_an_empty_image_of_any_size_gives_no_words_and_no_error(
    engine: OcrEngine, shape: tuple[int, int], shade: int
) -> None:
    assert words_read(engine, np.full(shape, shade, np.uint8)) == []


def test_noise_gives_few_words_and_no_error(engine: OcrEngine) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (500, 400), dtype=np.uint8)

    assert len(words_read(engine, noise)) < 20


@pytest.mark.parametrize("dpi", [1.0, 72.0, 10_000.0])
def test_a_resolution_that_cannot_be_true_does_no_harm(
    engine: OcrEngine, page: NDArray[np.uint8], dpi: float
) -> None:
    lines = engine.read(page[:600], dpi=dpi)

    assert [word.text for line in lines for word in line.words][:2] == WORDS[:2]


def test_a_part_of_a_larger_image_is_read_as_it_is(
    engine: OcrEngine, page: NDArray[np.uint8]
) -> None:
    wide = np.hstack([page, page])

    assert words_read(engine, wide[:, : page.shape[1]]) == WORDS


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_the_turn_that_brings_a_page_upright_is_found(
    engine: OcrEngine, page: NDArray[np.uint8], turned: int
) -> None:
    lying = np.ascontiguousarray(np.rot90(page, k=-turned // 90))

    assert engine.find_turn(lying, dpi=DPI) == (360 - turned) % 360


@pytest.mark.parametrize("shape", [(1, 1), (600, 400)])
def test_the_turn_of_an_empty_page_is_not_known(engine: OcrEngine, shape: tuple[int, int]) -> None:
    assert engine.find_turn(np.full(shape, 255, np.uint8), dpi=DPI) is None


def test_a_record_says_by_what_a_page_was_read(engine: OcrEngine, back_end: str) -> None:
    record = engine.record

    assert record.name == back_end
    assert record.version[0].isdigit()
    assert record.model_sha256 == sha256_of_file(find_tessdata() / "vie.traineddata")
    assert "lang=vie" in record.settings


def test_a_language_that_is_not_installed_is_named_with_what_to_type(
    back_end: str, tmp_path: Path
) -> None:
    (tmp_path / "osd.traineddata").write_bytes(b"")

    with pytest.raises(MissingLanguageError) as caught:
        OCR_ENGINES[back_end](tmp_path)

    assert "tesseract-ocr-vie" in caught.value.reason.vi
    assert str(tmp_path) in caught.value.reason.en


def test_an_engine_that_does_not_answer_in_time_is_unavailable(page: NDArray[np.uint8]) -> None:
    # The engine in this process has no time-out of its own: its child process has one.
    engine = PytesseractEngine(find_tessdata(), timeout_seconds=0.01)

    with pytest.raises(OcrEngineError):
        engine.read(page, dpi=DPI)
    with pytest.raises(OcrEngineError):
        engine.find_turn(page, dpi=DPI)


def test_a_program_that_refuses_a_page_makes_it_unreadable(tmp_path: Path) -> None:
    for name in ("osd", "vie"):
        (tmp_path / f"{name}.traineddata").write_bytes(b"no model")
    engine = PytesseractEngine(tmp_path)

    with pytest.raises(UnreadablePageError):
        engine.read(pixels_of(draw_page(size=(400, 300))), dpi=DPI)
