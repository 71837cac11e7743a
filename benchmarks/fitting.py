"""A logistic fit in numpy: Newton's way, drawn a little to nought, some signs given."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_STEPS = 60
_DRAWN = 1.0
_NEAR = 1e-8


def fit_logistic(rows: Numbers, right: NDArray[np.bool_], *, rising: Sequence[int]) -> Numbers:
    """Return the coefficients under which what was seen is likeliest.

    Args:
        rows: features, a row for each word.
        right: whether the word is.
        rising: places of coefficients that may not be negative. The most negative one is set to
            nought and the rest fitted again, until none is left.
    """
    free = np.ones(rows.shape[1], np.bool_)
    while True:
        found = np.zeros(rows.shape[1])
        found[free] = _newton(rows[:, free], right.astype(np.float64))
        below = [place for place in rising if found[place] < 0]
        if not below:
            return found
        free[min(below, key=lambda place: found[place])] = False


def _newton(rows: Numbers, right: Numbers) -> Numbers:
    """Return the likeliest coefficients by weighted least squares, repeated."""
    found = np.zeros(rows.shape[1])
    drawn = np.eye(rows.shape[1]) * _DRAWN
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-rows @ found))
        weights = np.maximum(chances * (1 - chances), _NEAR)
        slope = rows.T @ (right - chances) - _DRAWN * found
        bend = (rows * weights[:, None]).T @ rows + drawn
        step = np.linalg.solve(bend, slope)
        # A long step would throw the chances to the ends, from where none leads back.
        step *= min(1.0, 4.0 / max(float(np.abs(step).max()), _NEAR))
        found += step
        if np.abs(step).max() < _NEAR:
            break
    return found
