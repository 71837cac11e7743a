"""Scores of a reading: words found, words right, character errors in order.

Rules, for all contenders the same: text in NFC; words are what white space parts, without signs at
their edges, compared as a multiset with case and marks; for characters white space is collapsed,
`…` counts as `...`, all dashes as `-`, curly quotes as straight ones. Sets are micro-averaged: over
all words of all pages, not over the pages' shares.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from documents.folding import fold, to_nfc

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_LEVEL = str.maketrans(
    {"…": "...", "–": "-", "—": "-", "−": "-", "“": '"', "”": '"', "‘": "'", "’": "'"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What was counted on a page or on several."""

    words: int
    words_read: int
    words_right: int
    words_right_folded: int
    characters: int
    character_errors: int

    @property
    def recall(self) -> float:
        """Share of the printed words that were read."""
        return self.words_right / max(1, self.words)

    @property
    def precision(self) -> float:
        """Share of the words read that were printed."""
        return self.words_right / max(1, self.words_read)

    @property
    def folded_recall(self) -> float:
        """Share of the printed words that were read, marks and case apart."""
        return self.words_right_folded / max(1, self.words)

    @property
    def character_error_rate(self) -> float:
        """Character errors for each printed character, in order."""
        return self.character_errors / max(1, self.characters)


def score_page(truth: str, found: str) -> Score:
    """Count what a reading has right of a page."""
    wanted, got = words_of(truth), words_of(found)
    printed, read = level_text(truth), level_text(found)
    return Score(
        words=len(wanted),
        words_read=len(got),
        words_right=_common(wanted, got),
        words_right_folded=_common(map(fold, wanted), map(fold, got)),
        characters=len(printed),
        character_errors=edit_distance(printed, read),
    )


def add_scores(scores: Iterable[Score]) -> Score:
    """Return the sum of the counts of several pages."""
    each = list(scores)
    return Score(
        words=sum(one.words for one in each),
        words_read=sum(one.words_read for one in each),
        words_right=sum(one.words_right for one in each),
        words_right_folded=sum(one.words_right_folded for one in each),
        characters=sum(one.characters for one in each),
        character_errors=sum(one.character_errors for one in each),
    )


def words_of(text: str) -> list[str]:
    """Return the words of a text without signs at their edges."""
    return [core for word in to_nfc(text).split() if (core := core_of(word))]


def core_of(word: str) -> str:
    """Return a word without signs at its edges."""
    return _EDGES.sub("", to_nfc(word))


def level_text(text: str) -> str:
    """Return a text as its characters are compared."""
    return " ".join(to_nfc(text).translate(_LEVEL).split())


def edit_distance(left: str, right: str) -> int:
    """Return how many characters must be put in, left out or changed to make one text the other.

    The columns of the usual table are the bits of whole numbers (Myers 1999, Hyyrö 2003), so a
    page takes some hundredths of a second.
    """
    if not left:
        return len(right)
    places: dict[str, int] = {}
    for place, character in enumerate(left):
        places[character] = places.get(character, 0) | 1 << place
    full = (1 << len(left)) - 1
    last = 1 << (len(left) - 1)
    rises, falls, distance = full, 0, len(left)
    for character in right:
        equal = places.get(character, 0)
        across = ((equal & rises) + rises ^ rises) | equal | falls
        up = falls | ~(across | rises) & full
        down = rises & across
        distance += bool(up & last) - bool(down & last)
        up = (up << 1 | 1) & full
        down = down << 1 & full
        rises = down | ~(across | up) & full
        falls = up & across
    return distance


def _common(left: Iterable[str], right: Iterable[str]) -> int:
    return (Counter(left) & Counter(right)).total()
