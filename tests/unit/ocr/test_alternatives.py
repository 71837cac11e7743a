"""What else the recogniser saw at each character, as it comes from Tesseract."""

from documents.model import Box
from ocr.tesseract import align_alternatives, make_word


def test_each_character_gets_the_other_letters_with_their_extra_cost() -> None:
    symbols = [[("q", 1.0)], [("ê", 2.0), ("ề", 5.5), ("e", 4.0)], [("n", 1.0), ("m", 9.0)]]

    assert align_alternatives("qên", symbols) == ((), (("ề", 3.5), ("e", 2.0)), (("m", 8.0),))


def test_lists_that_stand_for_no_character_are_passed_over() -> None:
    symbols = [
        [(" ", 0.0), ("x", 1.0)],
        [("a", 1.0), ("à", 2.0)],
        [("|", 1.0)],
        [("b", 1.0), ("h", 3.0)],
    ]

    assert align_alternatives("ab", symbols) == ((("à", 1.0),), (("h", 2.0),))


def test_a_character_that_came_second_in_its_list_has_better_ones_at_no_cost() -> None:
    assert align_alternatives("ô", [[("ồ", 1.0), ("ô", 2.0)]]) == ((("ồ", 0.0),),)


def test_a_character_without_a_list_has_no_alternatives_and_disturbs_no_other() -> None:
    assert align_alternatives("xab", [[("a", 1.0), ("à", 2.0)], [("b", 1.0)]]) == (
        (),
        (("à", 1.0),),
        (),
    )


def test_each_list_serves_one_character_only() -> None:
    symbols = [[("a", 1.0), ("à", 2.0)], [("a", 1.0), ("á", 4.0)]]

    assert align_alternatives("aa", symbols) == ((("à", 1.0),), (("á", 3.0),))


def test_spaces_and_letter_groups_are_no_alternatives() -> None:
    assert align_alternatives("a", [[("a", 1.0), (" ", 2.0), ("ai", 2.0), ("à", 3.0)]]) == (
        (("à", 2.0),),
    )


def test_alternatives_that_no_longer_fit_the_text_are_left_out() -> None:
    word = make_word(
        "e\u0302", box=Box(0, 0, 9, 9), confidence=0.9, alternatives=((), (("x", 1.0),))
    )

    assert (word.text, word.alternatives) == ("ê", ())
