"""The scores of a reading: what counts as the same, as a word, as an error."""

import itertools

import pytest

from benchmarks.reading import Doubts, Judged, count_doubts, pages_that_lost
from benchmarks.reading_contenders import Reading, WordRead
from benchmarks.reading_pages import PageSet
from benchmarks.reading_scores import add_scores, edit_distance, level_text, score_page, words_of


def test_a_perfect_reading_has_everything() -> None:
    score = score_page("Số: 12/QĐ-UBND", "Số: 12/QĐ-UBND")

    assert (score.recall, score.precision, score.folded_recall) == (1.0, 1.0, 1.0)
    assert score.character_error_rate == 0.0


def test_words_count_as_often_as_they_are_printed() -> None:
    score = score_page("hồ sơ hồ sơ", "hồ sơ sơ sơ giấy")

    assert (score.words, score.words_read, score.words_right) == (4, 5, 3)


def test_marks_and_case_count_but_not_where_they_are_folded() -> None:
    score = score_page("Quyết định", "quyêt định")

    assert (score.words_right, score.words_right_folded) == (1, 2)


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert score_page("quyền", "quyê\u0300n").character_errors == 0


def test_signs_at_the_edges_of_words_do_not_count_and_bare_signs_are_no_words() -> None:
    assert words_of("(Ngày, “năm”; … - 12/QĐ-UBND.") == ["Ngày", "năm", "12/QĐ-UBND"]


@pytest.mark.parametrize(
    ("printed", "read"), [("rồi…", "rồi..."), ("a – b", "a - b"), ("“a”", '"a"'), ("a\n b", "a b")]
)
def test_the_same_sign_in_another_form_is_no_character_error(printed: str, read: str) -> None:
    assert level_text(printed) == level_text(read)


def test_order_counts_for_characters_and_not_for_words() -> None:
    score = score_page("một hai", "hai một")

    assert (score.recall, score.character_errors > 0) == (1.0, True)


def test_the_distance_is_that_of_the_table() -> None:
    texts = ["", "a", "ab", "ba", "abc", "acb", "bbca", "ccab"]

    for left, right in itertools.product(texts, repeat=2):
        assert edit_distance(left, right) == _by_table(left, right), (left, right)


def _by_table(left: str, right: str) -> int:
    row = list(range(len(right) + 1))
    for number, character in enumerate(left, start=1):
        new = [number]
        for place, other in enumerate(right):
            new.append(min(new[-1] + 1, row[place + 1] + 1, row[place] + (character != other)))
        row = new
    return row[-1]


def test_sets_are_averaged_over_words_not_over_pages() -> None:
    total = add_scores([score_page("một", ""), score_page("hai ba bốn", "hai ba bốn")])

    assert total.recall == 0.75


def test_doubts_are_counted_against_what_is_printed() -> None:
    words = [
        WordRead(text="Số:", doubtful=False, confidence=0.9),
        WordRead(text="I2", doubtful=True, confidence=0.4),
        WordRead(text="ngày", doubtful=True, confidence=0.5),
        WordRead(text="nǎm", doubtful=False, confidence=0.9),
    ]
    reading = reading_of("Số: I2 ngày nǎm", words)

    found = count_doubts(PageSet(name="", truths=["Số: 12 ngày năm"]), reading)

    assert found == Doubts(doubtful=2, doubtful_wrong=1, sure=2, sure_wrong=1)


def test_a_page_on_which_we_find_fewer_words_is_named() -> None:
    truth = " ".join(map(str, range(100)))
    worse = " ".join(map(str, range(99)))
    bare = Judged(name="tesserocr alone", scores=[score_page(truth, truth)] * 2)
    ours = Judged(name="sohoa", scores=[score_page(truth, truth), score_page(truth, worse)])

    assert pages_that_lost([bare, ours]) == [1]
    assert pages_that_lost([bare]) == []


def reading_of(text: str, words: list[WordRead]) -> Reading:
    return Reading(texts=[text], words=[words], cpu_seconds=1.0, wall_seconds=1.0, peak_bytes=0)
