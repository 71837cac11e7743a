"""The port to a recogniser of text."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from documents.model import EngineRecord, Line, Turn

GreyImage = NDArray[np.uint8]
"""8-bit grey, axis order (height, width), 0 is black."""

# Measured on real scans read at 200 dpi: under 0.80 lie 5 % of the words and 31 % of the wrong
# ones (under 0.90: 10 % and 52 %). Numbers get the stricter gate, since no neighbour betrays a
# wrong digit.
_DOUBTFUL_BELOW = 0.80
_DOUBTFUL_NUMBER_BELOW = 0.90


class OcrEngine(Protocol):
    """Reads upright grey pages.

    Guarantees that the contract test checks for every back end:

    - `read` gives lines in reading order, boxes and base lines in px of the given image, words in
      NFC, confidences between 0 and 1, and no empty words;
    - a blank, tiny or noisy image gives few or no lines, never an error;
    - `find_turn` gives the degrees clockwise by which the image must be turned to stand upright,
      or None where it is not sure;
    - a language that is not installed is a `MissingLanguageError` when the engine is made;
    - an engine that does not answer in time raises `OcrEngineError`.
    """

    @property
    def record(self) -> EngineRecord: ...

    def read(self, grey: GreyImage, *, dpi: float) -> tuple[Line, ...]: ...

    def find_turn(self, grey: GreyImage, *, dpi: float) -> Turn | None: ...


def is_doubtful(text: str, *, confidence: float) -> bool:
    """Say whether a person should look at a word: read below 0.80, with a digit below 0.90."""
    has_digit = any(character.isdigit() for character in text)
    return confidence < (_DOUBTFUL_NUMBER_BELOW if has_digit else _DOUBTFUL_BELOW)
