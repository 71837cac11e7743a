"""The invisible text: what it holds, and that it disturbs nothing after it."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ocr.blank_font import codes_of
from ocr.text_layer import characters_of, clean, text_layer
from tests.builders import make_line, make_page


def layer(*texts: str) -> str:
    page = make_page(*texts)
    return text_layer(page, codes_of(sorted(characters_of(page))), scale=0.36).decode("ascii")


def test_the_invisible_mode_ends_with_the_layer() -> None:
    content = layer("Số: 12/QĐ-UBND")

    assert content.startswith("q BT 3 Tr")
    assert content.endswith("ET Q")


def test_every_word_is_shown_once_with_a_blank_behind_it() -> None:
    content = layer("một hai", "ba")

    assert content.count(" Tj") == 3
    assert content.count("/F0 ") == 2


def test_an_empty_page_has_an_empty_layer() -> None:
    assert layer() == "q BT 3 Tr\nET Q"


def test_a_word_of_unwanted_characters_alone_is_left_out() -> None:
    page = make_page(make_line("a \x07 b"))

    content = text_layer(page, codes_of(sorted(characters_of(page))), scale=0.36)

    assert content.count(b" Tj") == 2


@given(st.text())
def test_cleaned_text_is_always_normal_and_holds_no_control_or_unknown_character(
    text: str,
) -> None:
    cleaned = clean(text)

    assert unicodedata.is_normalized("NFC", cleaned)
    assert "\ufffd" not in cleaned
    assert not {unicodedata.category(one) for one in cleaned} & {"Cc", "Cf", "Cs", "Co", "Cn"}


@given(st.lists(st.text(min_size=1).filter(lambda text: " " not in text), max_size=5))
def test_every_character_of_a_page_has_a_code_of_its_own(texts: list[str]) -> None:
    page = make_page(*texts)

    codes = codes_of(sorted(characters_of(page)))

    assert len(set(codes.values())) == len(codes)
    assert all(character in codes for text in texts for character in clean(text))
