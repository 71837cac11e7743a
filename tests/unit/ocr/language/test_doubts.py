"""Which words a person should look at."""

import pytest

from documents.model import Line
from ocr.language.doubts import mark_doubts
from ocr.language.model import LanguageModel
from tests.builders import line_of, make_word
from tests.unit.ocr.language.texts import small_model


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return small_model()


def doubts(model: LanguageModel, line: Line) -> list[str]:
    (marked,) = mark_doubts([line], model)
    return [word.text for word in marked.words if word.doubtful]


def line(*words: tuple[str, float]) -> Line:
    return line_of([make_word(text, confidence=confidence) for text, confidence in words])


@pytest.mark.parametrize(
    "text",
    ["02/2017/TT-VPCP", "354/QĐ-UBND,", "08/6/2010", "1.234.567", "12%", "2025", "3.2.1"],
)
def test_a_number_of_known_shape_is_doubtful_only_with_little_confidence(
    model: LanguageModel, text: str
) -> None:
    assert doubts(model, line((text, 0.96))) == []
    assert doubts(model, line((text, 0.65))) == [text]


@pytest.mark.parametrize("text", ["J92", "3S4/QĐ-UBND", "0)2/2017", "#¿x", "đươc", "xyzw"])
def test_what_has_no_shape_that_could_be_is_doubtful_however_sure(
    model: LanguageModel, text: str
) -> None:
    assert doubts(model, line((text, 0.99))) == [text]


def test_a_known_syllable_is_doubtful_only_where_it_was_hardly_seen(model: LanguageModel) -> None:
    assert doubts(model, line(("quyền", 0.75), ("định", 0.6))) == ["định"]


def test_a_syllable_that_could_be_needs_more(model: LanguageModel) -> None:
    assert doubts(model, line(("khuya", 0.85), ("quyền", 0.85))) == ["khuya"]


def test_a_name_needs_more_since_nothing_can_check_it(model: LanguageModel) -> None:
    assert doubts(model, line(("Nguyễn", 0.85), ("Văn", 0.85), ("Phòng", 0.85))) == [
        "Nguyễn", "Văn", "Phòng",
    ]  # fmt: skip


def test_one_doubt_where_people_write_by_hand_makes_all_numbers_there_doubtful(
    model: LanguageModel,
) -> None:
    unsure = line(("Số:", 0.96), ("12/QĐ-UBND", 0.96), ("ngày", 0.3))
    elsewhere = line(("Điều", 0.96), ("12/QĐ-UBND", 0.96), ("ngày", 0.3))

    assert doubts(model, unsure) == ["12/QĐ-UBND", "ngày"]
    assert doubts(model, elsewhere) == ["ngày"]


def test_bare_signs_are_nobodys_doubt(model: LanguageModel) -> None:
    assert doubts(model, line(("–", 0.1), ("…", 0.1))) == []
