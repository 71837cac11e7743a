"""What a word might have been: the recogniser's alternatives, and syllables with other marks."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from documents.model import Word
from ocr.language.model import LanguageModel
from ocr.language.syllables import (
    LONGEST_SYLLABLE,
    peel,
    syllable_of,
    with_case_of,
    without_marks,
)
from ocr.language.weights import Weights

_MOST_SPELLINGS = 60
_Options = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading of a word, and what the recogniser's eye says against it, in its own units."""

    text: str
    cost: float


def candidates_of(word: Word, model: LanguageModel, weights: Weights) -> list[Candidate]:
    """Return the readings of a word worth weighing, its own first. Only letters ever change."""
    before, core, after = peel(word.text)
    itself = Candidate(word.text, 0.0)
    is_list_letter = len(core) == 1 and after.startswith((")", "."))
    if not core.isalpha() or len(core) > LONGEST_SYLLABLE or is_list_letter:
        return [itself]
    found = _seen_by_recogniser(word, core, model, weights)
    if not is_abbreviation(core, model):
        for syllable, cost in _with_other_marks(core, model, weights):
            if syllable not in found or cost < found[syllable][1]:
                found[syllable] = with_case_of(core, syllable), cost
    others = sorted(found.values(), key=lambda reading: reading[1])[: weights.most_candidates]
    return [itself, *(Candidate(before + text + after, cost) for text, cost in others)]


def _seen_by_recogniser(
    word: Word, core: str, model: LanguageModel, weights: Weights
) -> dict[str, tuple[str, float]]:
    """Return the known syllables that the alternatives spell: how they are shown, their cost."""
    low = syllable_of(core)
    bare = without_marks(low)
    found: dict[str, tuple[str, float]] = {}
    slots = _slots(word, len(peel(word.text)[0]))
    for spelling, cost in _spellings(core, slots, model, weights):
        syllable = syllable_of(spelling)
        if syllable == low or syllable in found or syllable not in model.lexicon:
            continue
        shown = spelling.upper() if core.isupper() and len(core) > 1 else spelling
        if without_marks(syllable) == bare:
            shown = with_case_of(core, spelling.lower())
        lost = weights.fewer_marks * marks_lost(core, spelling) if len(spelling) == len(core) else 0
        found[syllable] = shown, cost + lost
    return found


@lru_cache(maxsize=1 << 14)
def _with_other_marks(core: str, model: LanguageModel, weights: Weights) -> _Options:
    """Return the known syllables of the same letters, each mark that differs at its cost."""
    low = syllable_of(core)
    may_be_name = core[0].isupper() and not core.isupper() and model.is_possible(core)
    unlisted = weights.unlisted_capital if may_be_name else weights.unlisted
    return [
        (
            syllable,
            unlisted * sum(a != b for a, b in zip(syllable, low, strict=False))
            + weights.fewer_marks * marks_lost(low, syllable),
        )
        for syllable in model.by_bare.get(without_marks(low), ())
        if syllable != low
    ]


def marks_lost(read: str, reading: str) -> int:
    """Return at how many places a reading has fewer marks than what was read.

    The recogniser overlooks marks far more often than it sees ones that are not there; only the
    dot of i is now and then taken for one.
    """
    return sum(
        _marks_of(other) < _marks_of(letter)
        for letter, other in zip(read.lower(), reading.lower(), strict=False)
        if other != "i"
    )


@lru_cache(maxsize=1024)
def _marks_of(letter: str) -> int:
    return len(unicodedata.normalize("NFD", letter)) + (letter == "đ")


def is_abbreviation(core: str, model: LanguageModel) -> bool:
    """Say whether a word is of plain Latin capitals and no syllable of the texts."""
    return len(core) > 1 and core.isupper() and core.isascii() and not model.knows(core)


def _slots(word: Word, start: int) -> list[_Options]:
    """Return the other letters that may stand at each place of the word itself."""
    return [
        [(other, cost) for other, cost in place if other.isalpha()]
        for place in word.alternatives[start:]
    ]


def _spellings(
    core: str, slots: list[_Options], model: LanguageModel, weights: Weights
) -> _Options:
    """Return what the alternatives spell, with its cost, cheapest first; beginnings of known words.

    What no known syllable begins with is given up at once, which keeps this short.
    """
    if not any(slots[: len(core)]):
        return []
    limit = weights.dearest_alternative
    found: _Options = [("", 0.0)]
    for place, letter in enumerate(core):
        options = [(letter, 0.0), *(slots[place] if place < len(slots) else ())]
        found = [
            (start + other, total + cost)
            for start, total in found
            for other, cost in options
            if total + cost < limit and (start + other).lower() in model.beginnings
        ]
        if len(found) > _MOST_SPELLINGS:
            found = sorted(found, key=lambda item: item[1])[:_MOST_SPELLINGS]
    return sorted(found, key=lambda item: item[1])
