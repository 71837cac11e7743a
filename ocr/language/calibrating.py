"""How likely each word is right: the recogniser's confidence weighed with what else is known.

The recogniser says how sure it is of letters; it does not know whether the word fits its
neighbours, whether it was changed since, or that the line around it is hardly legible. A logistic
function of these, fitted on pages of known text, gives the probability. Its coefficients stand in
`calibration.json`; they are fitted and judged by `python -m benchmarks.calibration`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from documents.identifiers import sha256_of_bytes
from documents.model import Line, Word
from ocr.errors import DamagedLanguageModelError
from ocr.language.guards import places_in_names
from ocr.language.model import LanguageModel
from ocr.language.shapes import DIGIT, KINDS, NUMBER, kind_of
from ocr.language.syllables import core_of, syllable_of, without_marks
from ocr.language.tokens import UNKNOWN, ends_sentence, token_of
from ocr.language.words import CASE, CODE, JOINED, LANGUAGE, SPLIT

FILE = Path(__file__).with_name("calibration.json")
Numbers = NDArray[np.float64]
# Where the recogniser's confidence begins to say something else.
_BENDS = (0.5, 0.8, 0.9, 0.95)
_DEAREST, _LONGEST, _ODDEST = 14.0, 7, 1.5
# The more the recogniser saw, the likelier: these may not be negative.
RISING = (
    "seen",
    *(f"seen_over_{bend:.2f}" for bend in _BENDS),
    "number_seen",
    "changed_seen",
    "odd_seen",
)
FEATURES = (
    "always", *RISING, *KINDS, LANGUAGE, JOINED, CASE, CODE,
    "capital", "letters", "single", "twins", "line_weak", "near_weak", "page_weak",
    "surprise", "surprise_after", "width", "height",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients by the name of their feature; `name` tells one fit from another."""

    coefficients: Numbers
    name: str

    def chances(self, features: Numbers) -> Numbers:
        """Return for each row of features the probability that the word is right."""
        return np.asarray(1 / (1 + np.exp(-features @ self.coefficients)), np.float64)


def calibration_of(coefficients: Mapping[str, float], *, name: str) -> Calibration:
    """Return a calibration; a feature that is not named counts nothing."""
    row = [coefficients.get(feature, 0.0) for feature in FEATURES]
    return Calibration(np.asarray(row, np.float64), name)


@lru_cache(maxsize=1)
def load_calibration(file: Path = FILE) -> Calibration:
    """Return the calibration of a file, loaded once for a process.

    Raises:
        DamagedLanguageModelError: the file is damaged.
    """
    data = file.read_bytes()
    name = f"calibration={sha256_of_bytes(data)[:12]}"
    try:
        return calibration_of(json.loads(data), name=name)
    except (ValueError, TypeError, AttributeError) as error:
        raise DamagedLanguageModelError(f"{file.name}: {error}") from error


def features_of(lines: Sequence[Line], model: LanguageModel) -> tuple[Numbers, list[str]]:
    """Return a row of features for each word of a page, and the word's kind; "" for bare signs."""
    words = [word for line in lines for word in line.words]
    cores = [core_of(word.text) for word in words]
    names = places_in_names([word.text for word in words])
    kinds = [
        kind_of(core, model, is_name=place in names) if core else ""
        for place, core in enumerate(cores)
    ]
    columns = {
        "always": np.ones(len(words)),
        **_kind_columns(kinds),
        **_cause_columns(words),
        **_spelling_columns(cores, model),
        **_neighbour_columns(lines),
        **_surprise_columns(words, model),
    }
    columns |= _seen_columns(words, columns)
    return np.stack([columns[feature] for feature in FEATURES], axis=1), kinds


def _seen_columns(words: Sequence[Word], columns: Mapping[str, Numbers]) -> dict[str, Numbers]:
    seen = np.array([word.confidence for word in words], np.float64)
    over = {f"seen_over_{bend:.2f}": np.maximum(seen - bend, 0) for bend in _BENDS}
    top = np.maximum(seen - _BENDS[1], 0)
    return {
        "seen": seen,
        **over,
        "number_seen": top * (columns[NUMBER] + columns[DIGIT]),
        "changed_seen": seen * columns[LANGUAGE],
        # Weak and surprising at once.
        "odd_seen": (seen - 1) * columns["surprise"],
    }


def _kind_columns(kinds: Sequence[str]) -> dict[str, Numbers]:
    return {kind: np.array([one == kind for one in kinds], np.float64) for kind in KINDS}


def _cause_columns(words: Sequence[Word]) -> dict[str, Numbers]:
    causes = [word.cause.split("+") if word.cause else [] for word in words]

    def has(*wanted: str) -> Numbers:
        return np.array([any(one in wanted for one in cause) for cause in causes], np.float64)

    return {LANGUAGE: has(LANGUAGE), JOINED: has(JOINED, SPLIT), CASE: has(CASE), CODE: has(CODE)}


def _spelling_columns(cores: Sequence[str], model: LanguageModel) -> dict[str, Numbers]:
    rows = [_spelling(core, model) for core in cores]
    table = np.array(rows, np.float64).reshape(-1, 4)
    return {
        name: table[:, place]
        for place, name in enumerate(("capital", "letters", "single", "twins"))
    }


def _spelling(core: str, model: LanguageModel) -> tuple[float, float, float, float]:
    """Return whether it is capital, its letters, is it one, and what else has these letters."""
    twins = len(model.by_bare.get(without_marks(syllable_of(core)), ())) if core.isalpha() else 0
    return (
        float(core[:1].isupper()),
        float(min(len(core), _LONGEST)),
        float(len(core) == 1),
        float(np.log1p(max(twins - 1, 0))),
    )


def _neighbour_columns(lines: Sequence[Line]) -> dict[str, Numbers]:
    """Return how weakly the surroundings were seen, and how odd the word's box is among them."""
    line_weak, near_weak, width, height = [], [], [], []
    for line in lines:
        weak = np.array([1 - word.confidence for word in line.words], np.float64)
        count = len(weak)
        line_weak.append((weak.sum() - weak) / max(count - 1, 1))
        beside = np.concatenate([[0.0], weak, [0.0]])
        near_weak.append(np.maximum(beside[:-2], beside[2:]))
        boxes = np.array([(word.box.x1 - word.box.x0, word.box.y1 - word.box.y0, len(word.text))
                          for word in line.words], np.float64)  # fmt: skip
        widths = np.log(np.maximum(boxes[:, 0], 1) / boxes[:, 2])
        heights = np.log(np.maximum(boxes[:, 1], 1))
        width.append(np.minimum(np.abs(widths - np.median(widths)), _ODDEST))
        height.append(np.minimum(np.abs(heights - np.median(heights)), _ODDEST))
    weak_of_page = np.concatenate(line_weak) if line_weak else np.zeros(0)
    return {
        "line_weak": weak_of_page,
        "near_weak": np.concatenate(near_weak) if near_weak else np.zeros(0),
        "page_weak": np.full(len(weak_of_page), weak_of_page.mean() if len(weak_of_page) else 0.0),
        "width": np.concatenate(width) if width else np.zeros(0),
        "height": np.concatenate(height) if height else np.zeros(0),
    }


def _surprise_columns(words: Sequence[Word], model: LanguageModel) -> dict[str, Numbers]:
    """Return what each word costs after the two before it, and the next word after it."""
    ids = [model.sentence, model.sentence]
    places = []
    for word in words:
        token = token_of(word.text)
        places.append(len(ids) if token is not None else -1)
        if token is not None:
            ids.append(model.id_of(token or UNKNOWN))
        if ends_sentence(word.text):
            ids.append(model.sentence)
    row = np.array([*ids, model.sentence, model.sentence], np.int64)
    costs = np.minimum(model.costs(row[:-2], row[1:-1], row[2:]), _DEAREST)
    # What stands at place n of the row has its cost at n - 2.
    at = np.array(places, np.int64).reshape(-1) - 2
    is_word = at >= 0
    return {
        "surprise": np.where(is_word, costs[np.maximum(at, 0)], 0.0),
        "surprise_after": np.where(is_word, costs[np.maximum(at, 0) + 1], 0.0),
    }
