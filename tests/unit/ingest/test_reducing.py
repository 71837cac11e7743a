"""Smaller copies and shares of values are what the slow ways give."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ingest.reducing import percentile, reduced


@given(arrays.arrays(np.uint8, st.integers(1, 300)), st.floats(0, 100))
def test_percentile_is_that_of_numpy(values: np.ndarray, share: float) -> None:
    assert percentile(values, share) == pytest.approx(float(np.percentile(values, share)))


@pytest.mark.parametrize(("sides", "factor", "expected"), [
    ((3508, 2479), 2.0, (1754, 1239)),
    ((3508, 2479), 1.5, (2339, 1653)),
    ((3507, 2481), 3.01, (1169, 827)),
    ((40, 30), 0.5, (40, 30)),
    ((3, 2), 4.0, (1, 1)),
])  # fmt: skip
def test_copy_has_so_many_times_fewer_px(
    sides: tuple[int, int], factor: float, expected: tuple[int, int]
) -> None:
    assert reduced(np.zeros(sides, np.uint8), factor).shape == expected


def test_each_px_of_a_copy_is_the_mean_of_its_area() -> None:
    page = np.random.default_rng(1).integers(0, 256, (101, 83)).astype(np.uint8)

    copy = reduced(page, 2.0)

    means = page[:100, :82].reshape(50, 2, 41, 2).mean(axis=(1, 3))
    assert np.abs(copy - means).max() <= 0.5
