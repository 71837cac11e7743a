"""What is likely in the language: syllable trigrams, smoothed, answered for many at once."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from documents.identifiers import sha256_of_bytes
from ocr.language.counts import Counts, unpack_counts
from ocr.language.syllables import (
    could_be_syllable,
    has_syllable_letters,
    spellings_of,
    syllable_of,
    without_marks,
)
from ocr.language.tokens import KINDS, SENTENCE, UNKNOWN

FILE = Path(__file__).with_name("counts.bin")
Ids = NDArray[np.int64]
# The flat share of what was never seen, spread over more syllables than there are.
_FLAT, _FLAT_TYPES = 0.05, 20_000


class LanguageModel:
    """Trigrams with Witten-Bell smoothing over counts; made once for a process.

    `name` tells one model from another in the record of a reading.
    """

    def __init__(self, counts: Counts, *, name: str = "language=unnamed") -> None:
        self.name = name
        self._words = counts.words
        self._ids = {word: place for place, word in enumerate(counts.words)}
        self._cased = counts.cased
        self.lexicon = frozenset(counts.words).difference(KINDS)
        self.unknown = self._ids[UNKNOWN]
        self.sentence = self._ids[SENTENCE]
        self._size = len(counts.words)
        total = counts.word_counts.sum()
        self._single = (counts.word_counts + _FLAT) / (total + _FLAT * _FLAT_TYPES)
        self._tokens_after = counts.word_counts
        self._types_after = np.maximum(counts.word_types_after, 1)
        self._pair_keys = counts.pair_first * self._size + counts.pair_second
        self._pair_counts = counts.pair_counts.astype(np.int32)
        self._pair_types_after = counts.pair_types_after.astype(np.int32)
        self._triple_keys = counts.triple_pair * self._size + counts.triple_third
        self._triple_counts = counts.triple_counts.astype(np.int32)

    @cached_property
    def by_bare(self) -> dict[str, list[str]]:
        """The syllables that have the same letters without marks."""
        found: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            if word in self.lexicon:
                found[without_marks(word)].append(word)
        return dict(found)

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """What the syllables of the texts begin with, in both spellings of the tone's place."""
        spelt = {either for word in self.lexicon for either in spellings_of(word)}
        return frozenset(word[:end] for word in spelt for end in range(1, len(word) + 1))

    def following(self, beginning: str) -> Sequence[str]:
        """Return the letters that go on a beginning of a known word."""
        return self._following.get(beginning, ())

    @cached_property
    def _following(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for beginning in sorted(self.beginnings):
            found[beginning[:-1]].append(beginning[-1])
        return dict(found)

    def marked(self, bare: str) -> Sequence[str]:
        """Return the letters of known words that are a letter with or without marks."""
        return self._marked.get(bare, ())

    @cached_property
    def _marked(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for letter in sorted(set("".join(self.lexicon))):
            found[without_marks(letter)].append(letter)
        return dict(found)

    def id_of(self, token: str) -> int:
        """Return the place of a token; that of <u> where it is not known."""
        return self._ids.get(token, self.unknown)

    def knows(self, text: str) -> bool:
        """Say whether a word is a syllable of the texts."""
        return syllable_of(text) in self.lexicon

    def is_possible(self, text: str) -> bool:
        """Say whether a word is a syllable of the texts or could be one, as names are."""
        return self.knows(text) or (has_syllable_letters(text.lower()) and could_be_syllable(text))

    def costs(self, first: Ids, second: Ids, third: Ids) -> NDArray[np.float64]:
        """Return -ln p(third | first second) for many triples at once."""
        likely = self._single[third]
        found = self._places(self._pair_keys, second * self._size + third)
        seen = np.where(found >= 0, self._pair_counts[found], 0)
        types, tokens = self._types_after[second], self._tokens_after[second]
        likely = (seen + types * likely) / (tokens + types)
        pair = self._places(self._pair_keys, first * self._size + second)
        is_known = pair >= 0
        found = self._places(self._triple_keys, np.where(is_known, pair, 0) * self._size + third)
        seen = np.where(found >= 0, self._triple_counts[found], 0)
        pair_types, pair_tokens = self._pair_types_after[pair], self._pair_counts[pair]
        better = (seen + pair_types * likely) / np.maximum(pair_tokens + pair_types, 1)
        return np.asarray(-np.log(np.where(is_known, better, likely)), np.float64)

    def single_costs(self, ids: Ids) -> NDArray[np.float64]:
        """Return -ln p of tokens without regard to what stands before them."""
        return np.asarray(-np.log(self._single[ids]), np.float64)

    def pair_count(self, first: str, second: str) -> int:
        """Return how often a pair of tokens was seen."""
        key = self.id_of(first) * self._size + self.id_of(second)
        place = int(np.searchsorted(self._pair_keys, key))
        if place < len(self._pair_keys) and self._pair_keys[place] == key:
            return int(self._pair_counts[place])
        return 0

    def case_of(self, pair: tuple[str, str]) -> tuple[int, int]:
        """Return how often the second word of a pair has a capital and a small letter."""
        return self._cased.get(pair, (0, 0))

    @staticmethod
    def _places(keys: Ids, wanted: Ids) -> Ids:
        """Return for each key its place among the sorted ones, -1 where it is not there."""
        near = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        return np.where(keys[near] == wanted, near, -1)


@lru_cache(maxsize=1)
def load_model(file: Path = FILE) -> LanguageModel:
    """Return the model of a file, loaded once for a process.

    Raises:
        DamagedLanguageModelError: the file is damaged or of another kind.
    """
    data = file.read_bytes()
    name = f"language={sha256_of_bytes(data)[:12]}"
    return LanguageModel(unpack_counts(data), name=name)


def tokens_cost(model: LanguageModel, tokens: Sequence[str]) -> float:
    """Return -ln p of a text, given as its tokens."""
    ids = np.array([model.sentence, model.sentence, *map(model.id_of, tokens)], np.int64)
    return float(model.costs(ids[:-2], ids[1:-1], ids[2:]).sum())
