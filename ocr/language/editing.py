"""What a word that makes no sense might have been: one letter more, less or other as well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

import numpy as np
from numpy.typing import NDArray

from documents.model import Line, Word
from ocr.language.candidates import Candidate, is_abbreviation, marks_lost
from ocr.language.decoding import decode
from ocr.language.distances import Costs, Lexicon, distances_to, lexicon_of
from ocr.language.guards import seen_beside_neighbours
from ocr.language.model import Ids, LanguageModel
from ocr.language.syllables import LONGEST_SYLLABLE, core_of, peel, with_case_of, without_marks
from ocr.language.tokens import SENTENCE, ends_sentence, token_of
from ocr.language.weights import Weights

# Letters of slanted type that come as signs.
_SIGNS_FOR_LETTERS = "/|!]"
# Strokes without a shape of their own say nothing about the case of the letter that was meant.
_BARE_STROKES = "I|/!]"
_SURE, _SURE_CAPITAL = 0.93, 0.6
_LEAST_SEEN = 3
_MOST_EDITED = 6
# How far from a suspect its neighbours are decided anew.
_REACH = 2
# Widths of letters in common type, in thousandths of its height; all others are 500.
_WIDTHS = {
    **dict.fromkeys("ijlt.,:;/!|'", 278),
    **dict.fromkeys("frI-()", 333),
    **dict.fromkeys("scaez", 420),
    **dict.fromkeys("wm", 750),
    **dict.fromkeys("SP", 556),
    **dict.fromkeys("BCEFLRTVXYZ", 630),
    **dict.fromkeys("ADGHKNOQU", 722),
    "M": 889,
    "W": 944,
}
_LETTER = 500
_SHORTEST_MEASURED = 3


@dataclass(frozen=True, slots=True)
class Room:
    """Where a word stands.

    `unit` is px for a thousandth of the type's height, 0 where it is not known; the first and the
    last word of a line stand at its edge, where letters may have been cut off.
    """

    unit: float
    is_at_edge: bool


def rooms_of(line: Line, count: int) -> list[Room]:
    """Return the rooms of the words of a line, which may be more words than were read."""
    units = [
        (word.box.x1 - word.box.x0) / _width(word.text)
        for word in line.words
        if len(word.text) >= _SHORTEST_MEASURED
    ]
    unit = median(units) if units else 0.0
    return [Room(unit, is_at_edge=place in (0, count - 1)) for place in range(count)]


def reconsider(
    words: Sequence[Word],
    rooms: Sequence[Room],
    choices: Sequence[Sequence[Candidate]],
    readings: Sequence[str],
    model: LanguageModel,
    weights: Weights,
) -> list[str]:
    """Return the readings, those that make no sense decided anew together with their neighbours.

    Args:
        words: as they were read.
        rooms: where they stand.
        choices: the candidates that `readings` were chosen from.
        readings: what was chosen.
        model: what is likely.
        weights: how likely it must be.
    """
    found = list(readings)
    suspects = suspects_in(words, readings, model)
    for first, last in _stretches(suspects):
        start, end = max(0, first - _REACH - 2), min(len(words), last + _REACH + 3)
        row: list[list[Candidate]] = []
        for place in range(start, end):
            if not first - _REACH <= place <= last + _REACH:
                row.append([Candidate(readings[place], 0.0)])
                continue
            others = {one.text: one for one in choices[place]}
            if place in suspects:
                room = rooms[place]
                for one in edited_candidates(words[place], room, readings, place, model, weights):
                    if one.text not in others or one.cost < others[one.text].cost:
                        others[one.text] = one
            row.append(list(others.values()))
        picked = decode(row, model, weights)
        found[start:end] = [options[at].text for options, at in zip(row, picked, strict=True)]
    return found


def _stretches(suspects: Sequence[int]) -> list[tuple[int, int]]:
    """Return the suspects' first and last places where they stand close to each other."""
    stretches: list[tuple[int, int]] = []
    for place in suspects:
        if stretches and place - stretches[-1][1] <= 2 * _REACH + 2:
            stretches[-1] = stretches[-1][0], place
        else:
            stretches.append((place, place))
    return stretches


def suspects_in(words: Sequence[Word], readings: Sequence[str], model: LanguageModel) -> list[int]:
    """Return the places of words that neither spelling nor neighbours bear out.

    A word that was read with confidence and could be Vietnamese is none: it may be a name, or a
    word that law does not use.
    """
    tokens = [token_of(reading) for reading in readings]
    found = []
    for place, word in enumerate(words):
        core = core_of(word.text)
        if not core.isalpha() or len(core) > LONGEST_SYLLABLE or is_abbreviation(core, model):
            continue
        if not model.is_possible(core):
            found.append(place)
            continue
        is_sure = word.confidence >= (_SURE if core.islower() else _SURE_CAPITAL)
        if not is_sure and seen_beside_neighbours(tokens, place, model) < _LEAST_SEEN:
            found.append(place)
    return found


def edited_candidates(
    word: Word,
    room: Room,
    readings: Sequence[str],
    place: int,
    model: LanguageModel,
    weights: Weights,
) -> list[Candidate]:
    """Return the likeliest readings with one letter more, less or other.

    They are the few that go best with the readings of the neighbours, and the few that are
    likeliest by themselves, since a neighbour may be wrong as well.
    """
    before, core, after = peel(word.text)
    start = len(before)
    if before and before[-1] in _SIGNS_FOR_LETTERS:
        before, core, start = before[:-1], before[-1] + core, start - 1
    if len(core) > LONGEST_SYLLABLE:
        return []
    seen = [dict(other) for other in word.alternatives[start : start + len(core)]]
    seen += [{}] * (len(core) - len(seen))
    options = [
        _options(letter, other, model, weights) for letter, other in zip(core, seen, strict=True)
    ]
    lexicon = lexicon_of(model)
    costs = distances_to(core.lower(), options, lexicon, edit=weights.edited)
    costs += weights.width * _misfits(word, core, room, lexicon)
    rows = np.flatnonzero((costs < weights.dearest_edited) & (costs > 0))
    eye = np.maximum(costs[rows], 1.0)
    own = lexicon.ids[rows]
    beside = weights.alternative * eye + _costs_beside(own, readings, place, model)
    alone = weights.alternative * eye + model.single_costs(own)
    best = {
        int(at) for row in (beside, alone) for at in np.argsort(row, kind="stable")[:_MOST_EDITED]
    }
    return [
        Candidate(before + _shown(core, lexicon.spellings[rows[at]]) + after, float(eye[at]))
        for at in sorted(best)
    ]


def _costs_beside(
    own: Ids, readings: Sequence[str], place: int, model: LanguageModel
) -> NDArray[np.float64]:
    """Return what candidates cost between the readings before and after them."""
    row = [SENTENCE, SENTENCE]
    for reading in readings[max(0, place - 3) : place]:
        row += [token for token in (token_of(reading),) if token]
        row += [SENTENCE] * ends_sentence(reading)
    following = [token for token in map(token_of, readings[place + 1 : place + 3]) if token]
    known = [*row[-2:], *[*following, SENTENCE, SENTENCE][:2]]
    first, second, third, fourth = (np.full(len(own), model.id_of(token)) for token in known)
    return (
        model.costs(first, second, own)
        + model.costs(second, own, third)
        + model.costs(own, third, fourth)
    )


def _options(
    letter: str, seen: Mapping[str, float], model: LanguageModel, weights: Weights
) -> dict[str, float]:
    """Return the letters that may have been meant at a place, by marks and by what was seen."""
    low = letter.lower()
    options = {
        other: weights.unlisted + weights.fewer_marks * marks_lost(low, other)
        for other in model.marked(without_marks(low))
    }
    for other, cost in seen.items():
        small = other.lower()
        if small.isalpha():
            total = cost + weights.fewer_marks * marks_lost(low, small)
            options[small] = min(total, options.get(small, total))
    options[low] = 0.0
    return options


def _shown(core: str, spelling: str) -> str:
    if core[0] in _BARE_STROKES and without_marks(spelling[0]) != "i" and not core.isupper():
        return spelling
    return with_case_of(core, spelling)


def _misfits(word: Word, core: str, room: Room, lexicon: Lexicon) -> Costs:
    """Return how much worse each syllable fills the box than what was read, in letters."""
    if not room.unit:
        return np.zeros(len(lexicon.lengths))
    rest = _width(word.text) - _width(core)
    wide = (word.box.x1 - word.box.x0) / room.unit - rest
    widths = _widths_of(lexicon.spellings, core.isupper() and len(core) > 1, core[:1].isupper())
    misfits = (np.abs(wide - widths) - abs(wide - _width(core))) / _LETTER
    return np.minimum(misfits, 0.0) if room.is_at_edge else misfits


@lru_cache(maxsize=8)
def _widths_of(spellings: tuple[str, ...], is_upper: bool, is_capitalized: bool) -> Costs:  # noqa: FBT001
    pattern = "AA" if is_upper else "Aa" if is_capitalized else "aa"
    return np.array([_width(with_case_of(pattern, one)) for one in spellings], np.float64)


@lru_cache(maxsize=1 << 14)
def _width(text: str) -> int:
    return sum(_WIDTHS.get(letter, _LETTER) for letter in without_marks(text))
