"""Syllables: what could be one, in which spelling, with which signs about it."""

import pytest

from ocr.language.syllables import (
    could_be_syllable,
    peel,
    spellings_of,
    syllable_of,
    with_case_of,
    without_marks,
)
from ocr.language.tokens import NUMBER, SENTENCE, UNKNOWN, cased_pair_of, token_of, tokens_of


@pytest.mark.parametrize(
    "text", ["nghiệp", "quyền", "giá", "gì", "giếng", "quý", "thủy", "thuỷ", "khuya", "Nguyễn", "ý"]
)
def test_a_vietnamese_syllable_is_possible(text: str) -> None:
    assert could_be_syllable(text)


@pytest.mark.parametrize(
    "text", ["đươc", "chưc", "quyêt", "bản.", "ngh", "Lắkk", "xyz", "việệc", ""]
)
def test_what_breaks_the_rules_of_start_rime_and_tone_is_not(text: str) -> None:
    assert not could_be_syllable(text)


def test_both_places_of_the_tone_mark_are_one_syllable() -> None:
    assert syllable_of("Hòa") == syllable_of("hoà") == "hoà"
    assert syllable_of("THỦY") == "thuỷ"
    assert syllable_of("quý") == "quý"
    assert spellings_of("hoà") == ("hoà", "hòa")


def test_marks_go_and_case_stays() -> None:
    assert without_marks("Đường QUYẾT") == "Duong QUYET"


def test_signs_are_peeled_off_a_word() -> None:
    assert peel("(Ngày,") == ("(", "Ngày", ",")
    assert peel("“…”") == ("“…”", "", "")


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [("QUYÉT", "QUYẾT"), ("Quyét", "Quyết"), ("quyét", "quyết"), ("Q", "Quyết")],
)
def test_a_word_takes_the_case_of_another(pattern: str, shown: str) -> None:
    assert with_case_of(pattern, "quyết") == shown


def test_the_model_sees_numbers_codes_and_sentences_as_kinds() -> None:
    tokens = tokens_of("Điều 12. Thủ tục (TT-VPCP) số 02/2017/TT-VPCP;")

    assert tokens == [
        SENTENCE, "điều", NUMBER, SENTENCE, "thủ", "tục", "tt", "vpcp", "số", "<c>", SENTENCE,
    ]  # fmt: skip


def test_a_word_of_other_letters_is_unknown_and_bare_signs_are_nothing() -> None:
    assert token_of("Œuvre") == UNKNOWN
    assert token_of("–") is None


def test_case_is_a_question_only_within_a_sentence() -> None:
    assert cased_pair_of("đổi,", "Sung") == ("đổi,", "sung")
    assert cased_pair_of("hết.", "Sung") is None
    assert cased_pair_of("đổi", "Bổ") is None
