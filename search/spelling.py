"""Words one letter away from a word that nobody wrote."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from search.query import Term

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MIN_CHARACTERS = 3
_ALTERNATIVES = 4
_MAX_ATTEMPTS = 12

Frequencies = Callable[[Sequence[str]], dict[str, int]]
"""Gives, for those of the words that are in the index, in how many documents they are."""


def words_one_letter_away(word: str) -> set[str]:
    """Return what one inserted, lost, wrong or swapped letter makes of a folded word."""
    pieces = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    lost = {left + right[1:] for left, right in pieces if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in pieces if len(right) > 1}
    wrong = {left + letter + right[1:] for left, right in pieces if right for letter in _LETTERS}
    inserted = {left + letter + right for left, right in pieces for letter in _LETTERS}
    return (lost | swapped | wrong | inserted) - {word, ""}


def corrections(terms: Sequence[Term], frequencies: Frequencies) -> Iterator[tuple[Term, ...]]:
    """Yield queries to try instead of one that found nothing, the likeliest first.

    Numbers are never corrected: one digit away is another document. Words that are not in the
    index are replaced together; if all are there, one after the other is doubted.

    Args:
        terms: the query.
        frequencies: looks folded words up in the index.
    """
    words = [word for term in terms for word in term.folded]
    doubtful = [place for place, word in enumerate(words) if _is_correctable(word)]
    known = frequencies([words[place] for place in doubtful])
    unknown = [place for place in doubtful if words[place] not in known]
    alternatives = {
        place: _alternatives(words[place], frequencies) for place in unknown or doubtful
    }
    attempts = 0
    for places in [unknown] if unknown else [[place] for place in doubtful]:
        for choice in product(*(alternatives[place] for place in places)):
            attempts += 1
            if attempts > _MAX_ATTEMPTS:
                return
            yield _replaced(terms, dict(zip(places, choice, strict=True)))


def _is_correctable(word: str) -> bool:
    return len(word) >= _MIN_CHARACTERS and not any(letter.isdigit() for letter in word)


def _alternatives(word: str, frequencies: Frequencies) -> list[str]:
    found = frequencies(sorted(words_one_letter_away(word)))
    return sorted(found, key=lambda other: (-found[other], other))[:_ALTERNATIVES]


def _replaced(terms: Sequence[Term], words: dict[int, str]) -> tuple[Term, ...]:
    """Return the terms with the words at some places (counted over all terms) replaced."""
    replaced = []
    place = 0
    for term in terms:
        span = range(place, place + len(term.folded))
        place += len(term.folded)
        if any(at in words for at in span):
            folded = tuple(words.get(at, old) for at, old in zip(span, term.folded, strict=True))
            replaced.append(replace(term, exact=folded, folded=folded, is_prefix=False))
        else:
            replaced.append(term)
    return tuple(replaced)
