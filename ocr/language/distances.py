"""How far all known syllables are from what was read, at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ocr.language.model import Ids, LanguageModel
from ocr.language.syllables import LONGEST_SYLLABLE, spellings_of, without_marks

Costs = NDArray[np.float64]
_PLACES = LONGEST_SYLLABLE + 2
# Letters that run together, or fall apart: "lmh" for "linh", "tmh" for "tinh".
_TWO_FOR_ONE = {"m": ("in", "rn", "ni"), "h": ("li",), "d": ("cl",)}
_ONE_FOR_TWO = {"rn": "m", "in": "m", "ni": "m", "li": "h", "cl": "d"}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The known syllables in both spellings of the tone's place, one in a row.

    `letters` holds places in `alphabet`, padded by its length; `bare` the letters without marks.
    """

    spellings: tuple[str, ...]
    ids: Ids
    alphabet: Mapping[str, int]
    letters: Ids
    bare: NDArray[np.str_]
    lengths: Ids


@lru_cache(maxsize=2)
def lexicon_of(model: LanguageModel) -> Lexicon:
    """Return the syllables that a model knows."""
    known = [
        (spelling, model.id_of(syllable))
        for syllable in sorted(model.lexicon)
        for spelling in spellings_of(syllable)
        if len(spelling) <= LONGEST_SYLLABLE
    ]
    alphabet = {letter: at for at, letter in enumerate(sorted({*"".join(one for one, _ in known)}))}
    letters = np.full((len(known), _PLACES), len(alphabet), np.int64)
    bare = np.full((len(known), _PLACES), "", "<U1")
    for row, (spelling, _) in enumerate(known):
        letters[row, : len(spelling)] = [alphabet[letter] for letter in spelling]
        bare[row, : len(spelling)] = list(without_marks(spelling))
    return Lexicon(
        spellings=tuple(spelling for spelling, _ in known),
        ids=np.array([known_id for _, known_id in known], np.int64),
        alphabet=alphabet,
        letters=letters,
        bare=bare,
        lengths=np.array([len(spelling) for spelling, _ in known], np.int64),
    )


def distances_to(
    read: str, places: Sequence[Mapping[str, float]], lexicon: Lexicon, *, edit: float
) -> Costs:
    """Return what it costs to take what was read for each syllable.

    Args:
        read: small letters.
        places: for each of them what a letter costs that may stand there.
        lexicon: the syllables.
        edit: what one letter more, less or other costs.

    Returns:
        The cost for each row of the lexicon; infinite where lengths differ by more than one.
    """
    prices = np.full((len(read), len(lexicon.alphabet) + 1), edit)
    for row, options in zip(prices, places, strict=True):
        for letter, cost in options.items():
            if letter in lexicon.alphabet:
                row[lexicon.alphabet[letter]] = cost
    near = np.flatnonzero(np.abs(lexicon.lengths - len(read)) <= 1)
    letters, bare = lexicon.letters[near], lexicon.bare[near]
    reached: dict[tuple[int, int], Costs] = {(0, 0): np.zeros(len(near))}
    for place in range(len(read) + 1):
        for end in range(max(0, place - 1), place + 2):
            ways = [reached[0, 0]] if (place, end) == (0, 0) else []
            if place and (place - 1, end - 1) in reached:
                ways.append(reached[place - 1, end - 1] + prices[place - 1][letters[:, end - 1]])
            ways += [
                reached[before] + edit
                for before in ((place - 1, end), (place, end - 1))
                if before in reached
            ]
            ways += _run_together(read, place, end, reached, bare, edit)
            reached[place, end] = np.min(ways, axis=0)
    found = np.full(len(lexicon.lengths), np.inf)
    lengths = lexicon.lengths[near]
    for length in range(max(1, len(read) - 1), len(read) + 2):
        rows = lengths == length
        found[near[rows]] = reached[len(read), length][rows]
    return found


def _run_together(
    read: str,
    place: int,
    end: int,
    reached: Mapping[tuple[int, int], Costs],
    bare: NDArray[np.str_],
    edit: float,
) -> list[Costs]:
    """Return the costs of two letters for one and of one for two, where these end here."""
    ways = []
    if (place - 1, end - 2) in reached:
        for pair in _TWO_FOR_ONE.get(read[place - 1], ()):
            fits = (bare[:, end - 2] == pair[0]) & (bare[:, end - 1] == pair[1])
            ways.append(reached[place - 1, end - 2] + np.where(fits, edit, np.inf))
    if (place - 2, end - 1) in reached:
        letter = _ONE_FOR_TWO.get(read[place - 2 : place])
        if letter:
            fits = bare[:, end - 1] == letter
            ways.append(reached[place - 2, end - 1] + np.where(fits, edit, np.inf))
    return ways
