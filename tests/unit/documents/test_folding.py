"""Folding, on which search and matching stand."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.folding import fold, to_nfc

_CONSONANTS = "bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVX"
_VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
_TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
vietnamese = st.lists(
    st.one_of(
        st.sampled_from(_CONSONANTS + " 0123456789/-.,"),
        st.tuples(st.sampled_from(_VOWELS), st.sampled_from(_TONES)).map("".join),
    )
).map("".join)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("đường", "duong"),
        ("ĐƯỜNG", "duong"),
        ("Ủy ban nhân dân", "uy ban nhan dan"),
        ("Số: 12/QĐ-UBND", "so: 12/qd-ubnd"),
        ("", ""),
    ],
)
def test_marks_and_case_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_marks_that_stand_apart_fold_as_those_that_do_not() -> None:
    assert fold(unicodedata.normalize("NFD", "Đường Nguyễn Huệ")) == "duong nguyen hue"


@given(st.text())
def test_one_character_always_becomes_one_character(text: str) -> None:
    assert len(fold(text)) == len(to_nfc(text))


@given(st.text(), st.text())
def test_offsets_in_folded_text_are_always_offsets_in_the_text(before: str, after: str) -> None:
    text = to_nfc(f"{before} đường {after}")

    assert [fold(character) for character in text] == list(fold(text))


@given(vietnamese)
def test_folding_twice_is_always_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(vietnamese)
def test_no_mark_and_no_capital_of_vietnamese_is_ever_left(text: str) -> None:
    assert fold(text).isascii()
    assert fold(text) == fold(text).lower()


@given(st.text())
def test_stored_text_is_always_in_one_form(text: str) -> None:
    assert to_nfc(unicodedata.normalize("NFD", text)) == to_nfc(text)
