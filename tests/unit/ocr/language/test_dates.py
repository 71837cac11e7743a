"""The date formula where a pen wrote into what was printed."""

from dataclasses import replace

import pytest

from documents.model import Word
from ocr.language.dates import mend_days, part_dates
from tests.unit.ocr.language.texts import read_line, with_alternatives, word


def parted(text: str) -> str:
    return " ".join(one.text for one in part_dates(read_line(text).words))


def mended(*words: Word) -> str:
    return " ".join(one.text for one in mend_days(words))


def with_day(text: str) -> list[Word]:
    return [word("ngày"), word(text), word("tháng")]


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        ("SYTngày 12 tháng 3", "SYT ngày 12 tháng 3"),
        ("ngày J7/tháng 4 năm", "ngày J7/ tháng 4 năm"),
        ("từ ngàyw#thángz5năm 2024.", "từ ngày w# tháng z5 năm 2024."),
        ("ngày25tháng6năm2019", "ngày 25 tháng 6 năm 2019"),
    ],
)
def test_the_printed_words_of_a_date_are_cut_free_from_the_handwriting(
    read: str, wanted: str
) -> None:
    assert parted(read) == wanted


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        ("ngày w7#háng#5 năm", "ngày w7 tháng #5 năm"),
        ("ngày J7/hángZ năm", "ngày J7 tháng Z năm"),
        ("lậpf#gày 5 tháng 6", "lậpf ngày 5 tháng 6"),
    ],
)
def test_a_word_of_a_date_is_found_with_one_letter_wrong_or_missing(read: str, wanted: str) -> None:
    assert parted(read) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "hằng năm",
        "ngày mai",
        "Việt Nam",
        "hàng tháng",
        "thángnăm",
        "HangHai/2024 Namđịnh",
        "x#hang",
        "Vietnam7",
    ],
)
def test_words_that_only_resemble_a_date_are_left_whole(text: str) -> None:
    assert parted(text) == text


def test_what_was_read_is_kept_with_each_part() -> None:
    first, second = part_dates([word("CATngày")])

    assert (first.raw, second.raw) == ("CAT", "ngày")
    assert first.box.x1 <= second.box.x0
    assert (first.cause, second.cause) == ("code", "code")


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        ("l9", "19"),
        ("2O", "20"),
        ("Z5", "25"),
        ("ZS", "25"),
        ("J", "1"),
        ("¿Z0", "20"),
        (")7", "07"),
    ],
)
def test_letters_that_look_like_digits_become_digits_where_a_day_must_stand(
    read: str, wanted: str
) -> None:
    assert mended(*with_day(read)) == f"ngày {wanted} tháng"


def test_a_digit_that_the_recogniser_saw_comes_before_one_of_like_shape() -> None:
    read = with_alternatives(word("Ú9"), 0, "2", cost=3.0)

    assert mended(word("ngày"), read, word("tháng")) == "ngày 29 tháng"


@pytest.mark.parametrize("read", ["4S", "OO", "w3", "I23", "ký", "#"])
def test_what_gives_no_day_of_a_month_stays_as_it_was_read(read: str) -> None:
    assert mended(*with_day(read)) == f"ngày {read} tháng"


def test_a_month_is_at_most_twelve() -> None:
    assert mended(word("tháng"), word("l2"), word("năm")) == "tháng 12 năm"
    assert mended(word("tháng"), word("l3"), word("năm")) == "tháng l3 năm"


def test_letters_elsewhere_stay_letters() -> None:
    assert mended(word("mục"), word("I"), word("tháng")) == "mục I tháng"


def test_a_guessed_day_is_worth_little_and_a_read_one_keeps_its_worth() -> None:
    sure = replace(word("l9"), confidence=0.97)

    guessed = mend_days([word("ngày"), sure, word("tháng")])[1]
    read = mend_days([word("ngày"), replace(sure, text="19", raw="19"), word("tháng")])[1]

    assert (guessed.confidence, guessed.raw, guessed.cause) == (0.5, "l9", "code")
    assert (read.confidence, read.cause) == (0.97, "")
