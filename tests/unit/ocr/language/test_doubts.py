"""Which words a person should look at."""

import pytest

from documents.model import Line
from ocr.language.calibrating import Calibration, calibration_of, load_calibration
from ocr.language.doubts import LIKELY, mark_doubts
from ocr.language.model import LanguageModel, load_model
from tests.builders import line_of, make_line, make_word
from tests.unit.ocr.language.texts import small_model

# The probability is next to one above a confidence of 0.8, next to nought below it.
STEP = calibration_of({"always": -160.0, "seen": 200.0}, name="step")


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return small_model()


def doubts(model: LanguageModel, line: Line, calibration: Calibration = STEP) -> list[str]:
    (marked,) = mark_doubts([line], model, calibration)
    return [word.text for word in marked.words if word.doubtful]


def line(*words: tuple[str, float]) -> Line:
    return line_of([make_word(text, confidence=confidence) for text, confidence in words])


@pytest.mark.parametrize(
    "text",
    ["02/2017/TT-VPCP", "354/QĐ-UBND,", "08/6/2010", "1.234.567", "12%", "2025", "3.2.1", "quyền"],
)
def test_a_word_is_doubtful_where_it_is_hardly_likely(model: LanguageModel, text: str) -> None:
    assert doubts(model, line((text, 0.96))) == []
    assert doubts(model, line((text, 0.65))) == [text]


@pytest.mark.parametrize("text", ["J92", "3S4/QĐ-UBND", "0)2/2017", "#¿x", "đươc", "xyzw"])
def test_what_has_no_shape_that_could_be_is_doubtful_however_likely(
    model: LanguageModel, text: str
) -> None:
    assert doubts(model, line((text, 0.99))) == [text]


def test_the_confidence_of_a_word_becomes_its_probability(model: LanguageModel) -> None:
    level = calibration_of({"always": 2.0}, name="level")

    (marked,) = mark_doubts([line(("quyền", 0.4), ("–", 0.4))], model, level)

    assert [word.confidence for word in marked.words] == [0.8808, 0.4]
    assert [word.doubtful for word in marked.words] == [LIKELY > 0.8808, False]


def test_one_doubt_where_people_write_by_hand_makes_all_numbers_there_doubtful(
    model: LanguageModel,
) -> None:
    unsure = line(("Số:", 0.96), ("12/QĐ-UBND", 0.96), ("ngày", 0.3))
    elsewhere = line(("Điều", 0.96), ("12/QĐ-UBND", 0.96), ("ngày", 0.3))

    assert doubts(model, unsure) == ["12/QĐ-UBND", "ngày"]
    assert doubts(model, elsewhere) == ["ngày"]


def test_numbers_must_be_likelier_where_people_write_by_hand(model: LanguageModel) -> None:
    level = calibration_of({"always": 4.0}, name="level")

    assert doubts(model, line(("Số:", 0.9), ("12/QĐ-UBND", 0.9)), level) == ["12/QĐ-UBND"]
    assert doubts(model, line(("Điều", 0.9), ("12/QĐ-UBND", 0.9)), level) == []


def test_single_figure_is_not_asked_for_more_than_it_can_be(model: LanguageModel) -> None:
    level = calibration_of({"always": 4.0}, name="level")
    date = line(("Mẫu,", 0.9), ("ngày", 0.9), ("6", 0.9), ("tháng", 0.9), ("3", 0.9))

    assert doubts(model, date, level) == []


def test_a_sign_that_no_paper_prints_there_makes_the_numbers_of_the_date_doubtful(
    model: LanguageModel,
) -> None:
    written = line(("Mẫu,", 0.9), ("ngày", 0.9), ("22", 0.9), ("tháng", 0.9), ("†", 0.9))

    assert doubts(model, written) == ["22"]


def test_a_doubtful_number_makes_those_beside_it_doubtful(model: LanguageModel) -> None:
    telephone = line(
        ("quyền", 0.9), ("0912", 0.9), ("5", 0.5), ("33", 0.9), ("quyền", 0.9), ("7", 0.9)
    )

    assert doubts(model, telephone) == ["0912", "5", "33"]


def test_bare_signs_are_nobodys_doubt(model: LanguageModel) -> None:
    assert doubts(model, line(("–", 0.1), ("…", 0.1))) == []


def test_a_page_without_words_has_no_doubts(model: LanguageModel) -> None:
    assert mark_doubts([], model, STEP) == ()


def test_text_that_was_seen_well_is_not_doubtful_and_what_was_hardly_seen_is() -> None:
    text = "Chủ tịch Ủy ban nhân dân huyện có thẩm quyền giải quyết"
    model, shipped = load_model(), load_calibration()

    assert doubts(model, make_line(text, confidence=0.95), shipped) == []
    assert len(doubts(model, make_line(text, confidence=0.2), shipped)) > 9
