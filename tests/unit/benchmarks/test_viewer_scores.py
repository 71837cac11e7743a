"""Marks and copies are judged word by word, each mark once."""

import pytest

from benchmarks.viewer_programs import Edges, SeenPage
from benchmarks.viewer_scores import add_up, score_page, shared_part, shares_of, words_read
from tests.builders import make_page

HERE: Edges = (10.0, 10.0, 50.0, 20.0)
THERE: Edges = (110.0, 10.0, 150.0, 20.0)


@pytest.mark.parametrize(
    ("other", "share"),
    [
        (HERE, 1.0),
        (THERE, 0.0),
        ((10.0, 10.0, 30.0, 20.0), 0.5),
        ((30.0, 10.0, 70.0, 20.0), 1 / 3),
        ((10.0, 10.0, 10.0, 20.0), 0.0),
    ],
)
def test_overlap_is_the_shared_part_of_both_together(other: Edges, share: float) -> None:
    assert shared_part(HERE, other) == pytest.approx(share)


def test_each_word_takes_the_nearest_mark_and_each_mark_counts_once() -> None:
    read = [("và", HERE), ("và", THERE), ("và", HERE)]

    shares = shares_of(read, [("và", THERE), ("và", HERE)])

    assert shares == pytest.approx([1.0, 1.0, 0.0])


def test_a_word_that_was_joined_to_its_neighbour_has_no_mark() -> None:
    assert shares_of([("hồ", HERE), ("sơ", THERE)], [("hồsơ", HERE)]) == [0.0, 0.0]


def test_a_page_is_copied_right_where_words_and_order_are_those_that_were_read() -> None:
    page = make_page("một hai", "ba")
    words = words_read(page)

    scores = [
        score_page(page, SeenPage(words=words, copied=copied))
        for copied in ("một  hai\nba\n", "hai một\nba", "một haiba")
    ]

    assert [score.copied for score in scores] == [1, 0, 0]
    total = add_up(scores)
    assert (total.pages, total.words, total.marked, total.copied) == (3, 9, 9, 1)


def test_signs_that_stand_alone_are_counted_apart() -> None:
    page = make_page("Độc lập - Tự do")
    words = [(text, box) for text, box in words_read(page) if text != "-"]

    score = score_page(page, SeenPage(words=words, copied=""))

    assert (score.words, score.marked) == (5, 4)
    assert (score.lettered, score.lettered_marked) == (4, 4)
