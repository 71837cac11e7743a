"""The page of a document that fits a query best, and the piece of it to show."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from search.query import Term
from search.words import MIN_IDENTIFIER_DIGITS, fold_nfc

_SNIPPET_CHARACTERS = 200
_BEFORE_FIRST_MATCH = 40
_MAX_MATCHES = 500
_BLANKS = str.maketrans(dict.fromkeys("\n\r\t\f\v", " "))
_NUMBER = re.compile(r"\d+")
_KEPT_DIGITS = 4
_PERSONAL_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a page; `page` counts from 1 and is None where no page fits."""

    page: int | None
    text: str
    marked: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    term: int
    is_exact: bool


def make_snippet(pages: Sequence[str], terms: Sequence[Term], *, owner_id: str | None) -> Snippet:
    """Return the piece that holds most of the terms, with their places.

    Personal numbers (12 digits, and the owner's) are masked to their first and last four digits.

    Args:
        pages: NFC text of each page.
        terms: what is looked for.
        owner_id: the owner's number, which must not be shown.
    """
    patterns = [_pattern(term) for term in terms]
    best: tuple[tuple[int, int, int], int, list[_Match]] | None = None
    for number, page in enumerate(pages):
        matches = _matches(page, terms, patterns)
        if matches:
            rank = (
                len({match.term for match in matches}),
                len({match.term for match in matches if match.is_exact}),
                len(matches),
            )
            if best is None or rank > best[0]:
                best = (rank, number, matches)
    if best is None:
        start = pages[0][:_SNIPPET_CHARACTERS] if pages else ""
        return Snippet(None, _shown(start, owner_id), ())
    _, number, matches = best
    first, last = _window(pages[number], matches)
    marked = tuple(
        (match.start - first, match.end - first)
        for match in _without_overlaps(matches)
        if first <= match.start and match.end <= last
    )
    return Snippet(number + 1, _shown(pages[number][first:last], owner_id), marked)


def find_places(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Return the ranges (start, end) of an NFC text that fit the terms, without overlaps."""
    patterns = [_pattern(term) for term in terms]
    matches = _without_overlaps(_matches(text, terms, patterns))
    return [(match.start, match.end) for match in matches]


def _pattern(term: Term) -> re.Pattern[str]:
    """Return what a term looks like in folded text, but for the blank before it.

    It begins with letters, which are found much faster than a look behind each character.
    """
    between = r"[\W_]+".join(re.escape(word) for word in term.folded)
    return re.compile(between + (r"[^\W_]*" if term.is_prefix else r"(?![^\W_])"))


def _found(pattern: re.Pattern[str], folded: str) -> Iterator[tuple[int, int]]:
    """Yield where a pattern stands at the beginning of a word."""
    found = pattern.search(folded)
    while found is not None:
        start, end = found.span()
        if start == 0 or not folded[start - 1].isalnum():
            yield start, end
            found = pattern.search(folded, end)
        else:
            found = pattern.search(folded, start + 1)


def _matches(page: str, terms: Sequence[Term], patterns: Sequence[re.Pattern[str]]) -> list[_Match]:
    folded = fold_nfc(page)
    matches = []
    for number, (term, pattern) in enumerate(zip(terms, patterns, strict=True)):
        places = _found(_pattern(term.whole) if term.is_prefix else pattern, folded)
        first = next(places, None)
        if first is None and term.is_prefix:
            # An unfinished word is shown only where the finished one is not.
            places = _found(pattern, folded)
            first = next(places, None)
        for start, end in chain([first] if first else [], places):
            place = page[start:end].lower()
            is_exact = not term.has_marks or all(word in place for word in term.exact)
            matches.append(_Match(start, end, number, is_exact))
            if len(matches) >= _MAX_MATCHES:
                break
    return sorted(matches, key=lambda match: (match.start, -match.end))


def _window(page: str, matches: Sequence[_Match]) -> tuple[int, int]:
    """Return start and end of the piece that holds most different terms."""
    best_rank = (0, 0, 0)
    start = matches[0].start
    for index, first in enumerate(matches):
        inside = []
        for match in matches[index:]:
            if match.end > first.start + _SNIPPET_CHARACTERS - _BEFORE_FIRST_MATCH:
                break
            inside.append(match)
        terms = {match.term for match in inside}
        rank = (len(terms), len({m.term for m in inside if m.is_exact}), len(inside))
        if rank > best_rank:
            best_rank, start = rank, first.start
    first_character = max(0, start - _BEFORE_FIRST_MATCH)
    if first_character:
        blank = page.find(" ", first_character, start)
        first_character = blank + 1 if blank >= 0 else start
    end = max(first_character + _SNIPPET_CHARACTERS, matches[0].end if start == 0 else 0)
    if end < len(page):
        blank = page.rfind(" ", start + _SNIPPET_CHARACTERS // 2, end)
        end = blank if blank >= 0 else end
    return first_character, min(end, len(page))


def _without_overlaps(matches: Sequence[_Match]) -> list[_Match]:
    kept: list[_Match] = []
    for match in matches:
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return kept


def _shown(text: str, owner_id: str | None) -> str:
    def mask(found: re.Match[str]) -> str:
        digits = found.group()
        is_owner = owner_id is not None and len(owner_id) >= MIN_IDENTIFIER_DIGITS
        if len(digits) != _PERSONAL_DIGITS and not (is_owner and digits == owner_id):
            return digits
        hidden = len(digits) - 2 * _KEPT_DIGITS
        return digits[:_KEPT_DIGITS] + "•" * hidden + digits[-_KEPT_DIGITS:]

    return _NUMBER.sub(mask, text.translate(_BLANKS))
