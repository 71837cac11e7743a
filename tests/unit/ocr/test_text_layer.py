"""The invisible text: what it holds, and that it disturbs nothing after it."""

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.model import Line
from ocr.blank_font import codes_of
from ocr.text_layer import characters_of, clean, text_layer
from tests.builders import make_line, make_page


def layer(*lines: str | Line) -> str:
    page = make_page(*lines)
    return text_layer(page, codes_of(sorted(characters_of(page))), scale=0.36).decode("ascii")


def shown_in(content: str, *lines: str | Line) -> list[str]:
    """Return what a layer of these lines shows, piece by piece."""
    codes = codes_of(sorted(characters_of(make_page(*lines))))
    characters = {code: character for character, code in codes.items()}
    return [
        "".join(characters[code] for code in re.findall("....", piece))
        for piece in re.findall(r"<([0-9a-f]+)> Tj", content)
    ]


def test_the_invisible_mode_ends_with_the_layer() -> None:
    content = layer("Số: 12/QĐ-UBND")

    assert content.startswith("q BT 3 Tr")
    assert content.endswith("ET Q")


def test_every_word_is_shown_once_with_a_blank_behind_it() -> None:
    content = layer("một hai", "ba")

    assert shown_in(content, "một hai", "ba") == ["một ", "hai", " ", "ba", " "]


def test_words_that_follow_each_other_differ_in_size() -> None:
    content = layer("một hai ba", "bốn năm")

    sizes = re.findall(r"/F0 (\S+) Tf", content)
    assert len(sizes) == 5
    assert all(one != other for one, other in pairwise(sizes))
    assert max(map(float, sizes)) - min(map(float, sizes)) <= 0.011


def test_the_blank_that_ends_a_line_stands_apart_from_it() -> None:
    content = layer("một hai", "ba")

    heights = [float(height) for height in re.findall(r" (\S+) Tm", content)]
    _, word, blank, next_line, _ = heights
    assert blank - word > word - next_line > 0


def test_a_hyphen_at_the_end_of_a_line_is_kept_by_a_blank_of_its_own() -> None:
    lines = ("số 197/SKHCN-", "VP ngày")

    content = layer(*lines)

    assert shown_in(content, *lines) == ["số ", "197/SKHCN-", "\xa0", "VP ", "ngày", " "]


@pytest.mark.parametrize(
    ("left", "top", "blank"), [(100, 124, "\x85"), (100, 300, " "), (900, 124, " ")]
)
def test_a_line_that_begins_to_the_left_at_the_same_height_is_told_as_the_next_line(
    left: int, top: int, blank: str
) -> None:
    lines = (make_line("cuối dòng", x=500, y=120), make_line("đầu dòng", x=left, y=top))

    content = layer(*lines)

    assert shown_in(content, *lines)[2] == blank


def test_an_empty_page_has_an_empty_layer() -> None:
    assert layer() == "q BT 3 Tr\nET Q"


def test_a_word_of_unwanted_characters_alone_is_left_out() -> None:
    page = make_page(make_line("a \x07 b"))

    content = text_layer(page, codes_of(sorted(characters_of(page))), scale=0.36)

    assert shown_in(content.decode(), "a b") == ["a ", "b", " "]


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
