"""Probabilities are fitted and judged by rules that can be checked by hand."""

import numpy as np
import pytest

from benchmarks.calibration import calibration_error, right_words
from benchmarks.fitting import fit_logistic


def test_words_in_their_place_are_right_and_others_are_not() -> None:
    right = right_words("Số: 404/QĐ-UBND ngày 5", ["Số", "4O4/QĐ-UBND", "ngày", "5"])

    assert right.tolist() == [True, False, True, True]


def test_a_column_read_later_is_right_but_no_word_is_right_twice() -> None:
    right = right_words("trái một trái hai phải ba", ["phải", "ba", "trái", "một", "trái", "hai"])
    doubled = right_words("ngày tháng", ["ngày", "tháng", "tháng"])

    assert right.all()
    assert doubled.sum() == 2


def test_a_code_that_the_line_parted_at_its_dash_is_right_and_one_with_a_wrong_part_is_not() -> (
    None
):
    truth = "Tờ trình số 27/TTr-KTHT ngày"

    assert right_words(truth, ["số", "27/TTr", "KTHT", "ngày"]).all()
    assert right_words(truth, ["số", "27/TTr-KTHI", "ngày"]).tolist() == [True, False, True]


def test_a_single_character_is_right_in_its_place_only() -> None:
    assert right_words("thôn 7 xã", ["7", "thôn", "xã"]).tolist() == [False, True, True]


def test_probabilities_that_hold_have_no_calibration_error() -> None:
    right = np.array(([True] * 9 + [False]) * 300)
    shuffled = np.random.default_rng(5).permutation(right)

    assert calibration_error(np.full(3000, 0.9), shuffled) < 0.03
    assert calibration_error(np.full(3000, 0.6), shuffled) == pytest.approx(0.3)


def test_a_fit_finds_the_chances_that_made_the_words() -> None:
    chance = np.random.default_rng(1)
    rows = np.stack([np.ones(20_000), chance.uniform(0, 1, 20_000)], axis=1)
    right = chance.uniform(0, 1, 20_000) < 1 / (1 + np.exp(-(-1 + 4 * rows[:, 1])))

    found = fit_logistic(rows, right, rising=[1])

    assert found == pytest.approx([-1, 4], abs=0.15)


def test_what_must_rise_never_falls() -> None:
    chance = np.random.default_rng(1)
    rows = np.stack([np.ones(5_000), chance.uniform(0, 1, 5_000)], axis=1)
    right = chance.uniform(0, 1, 5_000) < 1 - 0.5 * rows[:, 1]

    assert fit_logistic(rows, right, rising=[])[1] < -1
    assert fit_logistic(rows, right, rising=[1])[1] == 0
