"""Capitals where only their size tells them from small letters."""

import pytest

from ocr.language.letter_case import mend_beginnings, mend_capitals
from ocr.language.model import LanguageModel
from tests.unit.ocr.language.texts import read_line, small_model


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return small_model()


def among(model: LanguageModel, text: str) -> str:
    return " ".join(one.text for one in mend_capitals(read_line(text).words, model))


def below(heading: str, text: str) -> str:
    return mend_beginnings([read_line(heading), read_line(text)])[1].text


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        ("nộp hồ SƠ; trả lại", "nộp hồ sơ; trả lại"),
        ("nơi có SỞ SƠ tán", "nơi có sở sơ tán"),
        ("đến SỞ nộp", "đến sở nộp"),
    ],
)
def test_capitals_by_size_alone_are_small_among_small_words(
    model: LanguageModel, read: str, wanted: str
) -> None:
    assert among(model, read) == wanted


@pytest.mark.parametrize(
    "text",
    ["của SỞ TƯ PHÁP", "hết. SỞ Tư pháp", "HỒ SƠ", "theo CO và SOS", "nhờ VỢ nói"],
)
def test_capitals_stay_where_they_may_be_meant(model: LanguageModel, text: str) -> None:
    assert among(model, text) == text


def test_the_title_below_the_kind_of_the_paper_begins_with_a_capital() -> None:
    assert below("KẾ HOẠCH", "sơ kết năm học") == "Sơ kết năm học"
    assert below("TỜ TRINH", "“xin ý kiến") == "“Xin ý kiến"


@pytest.mark.parametrize(
    ("above", "text"),
    [("KẾ HOẠCH", "đợt một"), ("TRẦN VĂN SÁU", "sinh năm 1970"), ("Kế hoạch", "sơ kết")],
)
def test_other_lines_keep_their_first_letter(above: str, text: str) -> None:
    assert below(above, text) == text


def test_a_changed_case_is_named_as_the_cause() -> None:
    word = mend_beginnings([read_line("CHỈ THỊ"), read_line("về phòng cháy")])[1].words[0]

    assert (word.text, word.raw, word.cause) == ("Về", "về", "case")
