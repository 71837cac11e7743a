"""The likeliest reading of all words together: an exact search over pairs of neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.language.candidates import Candidate
from ocr.language.model import LanguageModel
from ocr.language.syllables import core_of, could_be_syllable
from ocr.language.tokens import KINDS, UNKNOWN, ends_sentence, token_of
from ocr.language.weights import Weights

_Costs = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place in the row of tokens: which may stand there, at what cost; `word` is None for <s>."""

    ids: NDArray[np.int64]
    costs: NDArray[np.float64]
    word: int | None


def decode(
    choices: Sequence[Sequence[Candidate]], model: LanguageModel, weights: Weights
) -> list[int]:
    """Return for each word the place of the candidate that is likeliest in its row of words.

    The cost of a row is that of its trigrams, plus what the recogniser says against each reading,
    plus a penalty for words that are no syllables of the texts.
    """
    slots = _slots_of(choices, model, weights)
    trigrams = _trigram_costs(slots, model)
    chosen = _cheapest_row(slots, trigrams)
    picked = [0] * len(choices)
    for slot, place in zip(slots, chosen, strict=True):
        if slot.word is not None:
            picked[slot.word] = place
    return picked


def _slots_of(
    choices: Sequence[Sequence[Candidate]], model: LanguageModel, weights: Weights
) -> list[_Slot]:
    stop = _Slot(np.array([model.sentence]), np.zeros(1), None)
    slots = [stop, stop]
    for word, candidates in enumerate(choices):
        tokens = [token_of(candidate.text) for candidate in candidates]
        if tokens[0] is not None:
            ids = [model.id_of(token or UNKNOWN) for token in tokens]
            costs = [
                weights.alternative * candidate.cost
                + (_cost_outside(candidate.text, token, model, weights))
                for candidate, token in zip(candidates, tokens, strict=True)
            ]
            slots.append(_Slot(np.array(ids), np.array(costs), word))
        if ends_sentence(candidates[0].text):
            slots.append(stop)
    return slots


def _cost_outside(text: str, token: str | None, model: LanguageModel, weights: Weights) -> float:
    """Return what a word costs that is no syllable of the texts."""
    if token in model.lexicon or (token in KINDS and token != UNKNOWN):
        return 0.0
    core = core_of(text)
    is_abbreviation = core.isupper() and core.isascii()
    is_strange = core.isalpha() and not is_abbreviation and not could_be_syllable(core)
    return weights.impossible if is_strange else weights.outside


def _trigram_costs(slots: Sequence[_Slot], model: LanguageModel) -> list[_Costs | None]:
    """Return for each slot the costs (first, second, third); None where nothing is to choose.

    All slots are asked for at once: that is what makes the search cheap.
    """
    shapes: list[tuple[int, int, int] | None] = [None, None]
    rows: list[tuple[NDArray[np.int64], ...]] = []
    for place in range(2, len(slots)):
        first, second, third = (slots[place - back].ids for back in (2, 1, 0))
        shape = (len(first), len(second), len(third))
        if slots[place].word is None or shape == (1, 1, 1):
            shapes.append(None)
            continue
        shapes.append(shape)
        rows.append(
            (
                np.repeat(first, shape[1] * shape[2]),
                np.tile(np.repeat(second, shape[2]), shape[0]),
                np.tile(third, shape[0] * shape[1]),
            )
        )
    if not rows:
        return [None] * len(slots)
    costs = model.costs(*(np.concatenate([row[part] for row in rows]) for part in range(3)))
    found: list[_Costs | None] = []
    start = 0
    for asked in shapes:
        if asked is None:
            found.append(None)
            continue
        size = asked[0] * asked[1] * asked[2]
        found.append(costs[start : start + size].reshape(asked))
        start += size
    return found


def _cheapest_row(slots: Sequence[_Slot], trigrams: Sequence[_Costs | None]) -> list[int]:
    """Return the chosen place in each slot (Viterbi over pairs)."""
    totals = np.zeros((1, 1))
    backs: list[NDArray[np.int64]] = []
    for slot, costs in zip(slots[2:], trigrams[2:], strict=True):
        if costs is None and totals.shape[0] == 1:
            backs.append(np.zeros((totals.shape[1], len(slot.ids)), np.int64))
            totals = totals[0][:, None] + slot.costs[None, :]
            continue
        reached = totals[:, :, None] + (0.0 if costs is None else costs)
        reached = np.broadcast_to(reached, (*totals.shape, len(slot.ids)))
        best = reached.argmin(axis=0)
        backs.append(best)
        totals = reached.min(axis=0) + slot.costs
    second, third = np.unravel_index(int(totals.argmin()), totals.shape)
    row = [int(third), int(second)]
    for back in reversed(backs):
        row.append(int(back[row[-1], row[-2]]))
    return row[::-1]
