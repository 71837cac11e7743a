"""Words one letter away."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from search.query import parse_query
from search.spelling import corrections, words_one_letter_away

KNOWN = {"nguyen": 50, "nguyet": 3, "van": 90, "thao": 7, "thau": 1, "120": 4}


def frequencies(words: Sequence[str]) -> dict[str, int]:
    return {word: KNOWN[word] for word in words if word in KNOWN}


def corrected(text: str) -> list[str]:
    return [
        " ".join(" ".join(term.folded) for term in terms)
        for terms in corrections(parse_query(text), frequencies)
    ]


def test_the_most_frequent_word_is_tried_first() -> None:
    assert corrected("nguyem van") == ["nguyen van", "nguyet van"]


def test_a_word_of_a_phrase_is_corrected_in_its_place() -> None:
    assert corrected('van "nguyem thao"')[0] == "van nguyen thao"


def test_where_all_words_are_known_one_is_doubted_at_a_time() -> None:
    assert corrected("van thau") == ["van thao"]


def test_numbers_and_short_words_are_left_alone() -> None:
    assert corrected("121 ab") == []


def test_nothing_is_tried_for_a_word_that_is_like_no_other() -> None:
    assert corrected("qqqqqq van") == []


@given(st.text(st.sampled_from("abcxyz"), min_size=1, max_size=6))
def test_every_word_is_one_letter_away_from_its_neighbours(word: str) -> None:
    for other in words_one_letter_away(word):
        assert other != word
        assert abs(len(other) - len(word)) <= 1
        assert word in words_one_letter_away(other)
