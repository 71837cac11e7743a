"""Queries and documents in the form that SQLite's FTS5 takes.

Everything is cut into words by `search.words` before FTS5 sees it, so the tokenizer has only
blanks to find, and no character that a person typed can be an operator.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from search.facet_words import (
    facet_word,
    facet_words_of,
    wanted_facet_words,
    words_of_document,
)
from search.query import Term
from search.search_index import IndexedDocument, SearchQuery, Validity
from search.words import fold_nfc

COLUMNS = ("number", "title", "names", "body", "head_exact", "body_exact", "facets")
# Chosen by hand: who types a number or a title means that document, not one that mentions it.
WEIGHTS = (10.0, 6.0, 4.0, 1.0, 0.0, 0.0, 0.0)
_FOLDED = "{number title names body}"
_FOLDED_HEAD = "{number title names}"
_EXACT = "{head_exact body_exact}"
_EXACT_HEAD = "{head_exact}"


# No paper that expired before is in use.
_FIRST_YEAR = 1950

# What a fit is worth: marks as typed go before words side by side, and both before whole words.
_WHOLE_WORDS, _SAME_MARKS, _SIDE_BY_SIDE = 4, 2, 1


@dataclass(frozen=True, slots=True)
class Tier:
    """One way to fit a query; `head` is the same, found in number, title and names alone.

    A higher `score` is a better fit.
    """

    all: str
    head: str
    score: int


def columns_of(document: IndexedDocument) -> tuple[str, ...]:
    """Return the text of each FTS column, in the order of `COLUMNS`."""
    words = words_of_document(document)
    number, title, names, body = words.number, words.title, words.names, words.body
    return (
        _folded(number),
        _folded(title),
        _folded(names),
        _folded(body),
        # The dots keep a phrase from reaching from the number into the title.
        " . ".join(" ".join(part) for part in (number, title, names)),
        " ".join(body),
        " ".join(_facets_of(document)),
    )


def tiers_of(terms: Sequence[Term], query: SearchQuery) -> list[Tier]:
    """Return the ways to fit, the best first; the last one fits all that the others fit.

    Whole words fit with the same marks (if marks were typed) or without, side by side (if there
    are several terms) or not; last of all, the last word may be unfinished (if it was).
    """
    filters = filter_expression(query)
    whole = [term.whole for term in terms]
    loose, exact = [_loose(term) for term in whole], [_exact(term) for term in whole]
    together = [_loose(_joined(terms))] if len(terms) > 1 else []
    tiers = []
    if loose != exact:
        if together:
            score = _WHOLE_WORDS + _SAME_MARKS + _SIDE_BY_SIDE
            tiers.append(_tier(exact + together, filters, score))
        tiers.append(_tier(exact, filters, _WHOLE_WORDS + _SAME_MARKS))
    if together:
        tiers.append(_tier(loose + together, filters, _WHOLE_WORDS + _SIDE_BY_SIDE))
    tiers.append(_tier(loose, filters, _WHOLE_WORDS))
    if any(term.is_prefix for term in terms):
        tiers.append(_tier([_loose(term) for term in terms], filters, 0))
    return tiers


def filter_expression(query: SearchQuery) -> str:
    """Return the filters as an expression, empty if there are none."""
    parts = [f'facets : "{word}"' for _, word in wanted_facet_words(query)]
    if query.validity is not None and query.today is not None:
        parts.append(_validity_expression(query.validity, query.today))
    return " AND ".join(parts)


def _validity_expression(validity: Validity, today: date) -> str:
    """Return the papers whose last valid day is past, is not, or is not known.

    Each last day stands in the index as a year, a month and a day, so that all days before today
    are some hundred words at most.
    """
    known = f'facets : "{facet_word("v", "known")}"'
    if validity == "unknown":
        return f'facets : "{facet_word("v", "unknown")}"'
    past = [f"{year:04d}" for year in range(_FIRST_YEAR, today.year)]
    past += [f"{today.year:04d}-{month:02d}" for month in range(1, today.month)]
    past += [f"{today.year:04d}-{today.month:02d}-{day:02d}" for day in range(1, today.day)]
    over = "facets : (" + " OR ".join(f'"{facet_word("v", one)}"' for one in past) + ")"
    return over if validity == "expired" else f"({known} NOT {over})"


def _tier(pairs: Sequence[tuple[str, str]], filters: str, score: int) -> Tier:
    tail = [filters] if filters else []
    return Tier(
        all=" AND ".join([both for both, _ in pairs] + tail),
        head=" AND ".join([head for _, head in pairs] + tail),
        score=score,
    )


def _joined(terms: Sequence[Term]) -> Term:
    """Return the words of all terms as one phrase."""
    return Term(
        exact=tuple(word for term in terms for word in term.exact),
        folded=tuple(word for term in terms for word in term.folded),
    )


def _exact(term: Term) -> tuple[str, str]:
    if not term.has_marks:
        return _loose(term)
    phrase = f'"{" ".join(term.exact)}"'
    return f"{_EXACT} : {phrase}", f"{_EXACT_HEAD} : {phrase}"


def _loose(term: Term) -> tuple[str, str]:
    phrase = f'"{" ".join(term.folded)}"' + (" *" if term.is_prefix else "")
    both, head = f"{_FOLDED} : {phrase}", f"{_FOLDED_HEAD} : {phrase}"
    # What stands in the description alone, and in no words of it.
    also = [facet_word("o", term.identifier)] if term.identifier is not None else []
    also += [facet_word("y", term.year)] if term.year is not None else []
    for facet in also:
        both, head = f'({both} OR facets : "{facet}")', f'({head} OR facets : "{facet}")'
    return both, head


def _facets_of(document: IndexedDocument) -> list[str]:
    last = document.valid_until
    days = ["unknown"] if last is None else ["known", last[:4], last[:7], last]
    return [*facet_words_of(document), *(facet_word("v", one) for one in days)]


def _folded(words: Sequence[str]) -> str:
    return fold_nfc(" ".join(words))
