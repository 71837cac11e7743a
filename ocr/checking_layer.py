"""Checks the unseen text that a scanned PDF brings along against a reading of a few bands.

Whoever scanned before may have read with an engine for English, without marks, or not at all.
What agrees with the picture saves the reading of the page; anything else is read anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from documents.model import Line, RecognizedPage, Word
from ocr.correcting import Corrector
from ocr.engine import GreyImage, OcrEngine

# Of so many bands across the page, these many are read: a quarter of the page.
_BANDS, _READ_BANDS = 12, 3
_FEWEST_WORDS = 40
_DARK = 128
# On a skewed page words near a band's edge may be cut; in parts of its height.
_EDGE = 0.1
# Two readings of one scan by good engines differ in 1 to 2 words of 100; garbage in 40 and more.
# `benchmarks/chosen_limits.py`: of layers with 5 words of 100 wrong 1 of 60 is taken, with 1 of 100
# wrong 56 of 60 (at 0.97: 9 and 57). Reading anew costs a second, a bad layer costs words.
_LEAST_AGREEMENT = 0.975
# Below this after a band the rest is not worth reading twice.
_LEAST_HOPE = 0.85


@dataclass(frozen=True, slots=True)
class _Placed:
    """A word with its middle, half its width and its height in px of the reading copy."""

    text: str
    x: float
    y: float
    reach: float
    height: float

    def is_where(self, other: "_Placed") -> bool:
        """Say whether two words stand in the same place, as far as their boxes can tell."""
        height = max(self.height, other.height)
        is_level = abs(self.y - other.y) <= height
        return is_level and abs(self.x - other.x) <= max(self.reach, other.reach) + height


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows of the reading copy, from the first to before the last."""

    top: int
    bottom: int

    def holds(self, word: _Placed) -> bool:
        """Say whether a word lies well inside."""
        edge = (self.bottom - self.top) * _EDGE
        return self.top + edge <= word.y < self.bottom - edge


def check_layer(
    layer: RecognizedPage,
    grey: GreyImage,
    *,
    dpi: float,
    engine: OcrEngine,
    corrector: Corrector | None,
) -> RecognizedPage | None:
    """Return a page's unseen text as its reading, or None where the page must be read.

    The share of words of the bands on which both agree becomes the words' confidence. A page with
    little text is read: that costs little.

    Args:
        layer: the text, in px of the upright page.
        grey: the reading copy of the upright page.
        dpi: its resolution.
        engine: reads the bands.
        corrector: mends what was read in the bands, as it would for the whole page.
    """
    scale = grey.shape[1] / layer.width
    given = [_placed(word, scale=scale) for word in layer.words]
    counted = agreed = 0
    for band in _choose_bands(grey):
        lines = engine.read(np.ascontiguousarray(grey[band.top : band.bottom]), dpi=dpi)
        if corrector is not None:
            lines = corrector.correct(lines, grey[band.top : band.bottom], scale=1.0)
        found = [_placed(word, top=band.top) for line in lines for word in line.words]
        for some, others in ((found, given), (given, found)):
            inside = [word for word in some if band.holds(word)]
            counted += len(inside)
            agreed += _count_agreed(inside, others)
        if agreed < counted * _LEAST_HOPE:
            return None
    if counted < _FEWEST_WORDS or agreed < counted * _LEAST_AGREEMENT:
        return None
    agreement = agreed / counted
    lines = tuple(_with_confidence(line, agreement) for line in layer.lines)
    return replace(layer, lines=lines)


def _choose_bands(grey: GreyImage) -> Sequence[_Band]:
    """Take bands evenly from the half of the page that has the most ink, cut between lines."""
    height = grey.shape[0]
    ink = (grey < _DARK).sum(axis=1)
    reach = height // (_BANDS * 3)
    cuts = [0, height]
    for row in np.linspace(0, height, _BANDS + 1).astype(int)[1:-1]:
        near = ink[row - reach : row + reach + 1]
        # In the middle of the emptiest rows.
        emptiest = np.flatnonzero(near <= near.min()) if near.size else np.zeros(1, int)
        cuts.append(int(row - reach + emptiest[len(emptiest) // 2]))
    bands = [_Band(top, bottom) for top, bottom in pairwise(sorted(cuts))]
    weights = [int(ink[band.top : band.bottom].sum()) for band in bands]
    fullest = sorted(sorted(range(_BANDS), key=lambda place: -weights[place])[: _BANDS // 2])
    places = np.linspace(0, len(fullest) - 1, _READ_BANDS).round().astype(int)
    return [bands[fullest[place]] for place in places]


def _placed(word: Word, *, scale: float = 1.0, top: int = 0) -> _Placed:
    box = word.box
    return _Placed(
        word.text,
        (box.x0 + box.x1) / 2 * scale,
        (box.y0 + box.y1) / 2 * scale + top,
        (box.x1 - box.x0) / 2 * scale,
        (box.y1 - box.y0) * scale,
    )


def _count_agreed(words: Sequence[_Placed], others: Sequence[_Placed]) -> int:
    """Return how many of the words stand among the others too, in the same place."""
    waiting: dict[str, list[_Placed]] = {}
    for other in others:
        waiting.setdefault(other.text, []).append(other)
    agreed = 0
    for word in words:
        alike = waiting.get(word.text, [])
        same = next((one for one in alike if word.is_where(one)), None)
        if same is not None:
            alike.remove(same)
            agreed += 1
    return agreed


def _with_confidence(line: Line, confidence: float) -> Line:
    words = tuple(replace(word, confidence=round(confidence, 4)) for word in line.words)
    return replace(line, words=words)
