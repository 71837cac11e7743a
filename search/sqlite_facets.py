"""Counting in the SQLite index what a query can be narrowed by."""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from search.query import Term
from search.search_index import FACETS, Facet, FacetValue, SearchQuery
from search.sqlite_expressions import filter_expression, normal_name, tiers_of

# About 2 µs a document; of more than these the newest are counted.
_COUNTED = 10_000
_COLUMNS: Mapping[Facet, str] = {
    "component_type": "component_type",
    "procedure": "procedure",
    "issuer": "issuer",
    "year": "year",
    "owner_id": "owner_id",
    "validity": "valid_until",
}
_Table = Mapping[Facet, Counter[str | None]]


def count_facets(
    connection: sqlite3.Connection, terms: Sequence[Term], query: SearchQuery
) -> Mapping[Facet, tuple[FacetValue, ...]]:
    """Return the values of each facet among what fits, as if it had not been chosen yet."""
    free = [facet for facet in FACETS if getattr(query, facet) is None]
    table = dict(_counters(connection, terms, query, free))
    for facet in FACETS:
        if facet not in table:
            freed: dict[str, None] = {facet: None}
            without = replace(query, **freed)  # type: ignore[arg-type]  # the facets are its names
            table.update(_counters(connection, terms, without, [facet]))
    if query.today is None:
        del table["validity"]
    return {facet: _values(facet, counter, query) for facet, counter in table.items()}


def _counters(
    connection: sqlite3.Connection,
    terms: Sequence[Term],
    query: SearchQuery,
    facets: Sequence[Facet],
) -> _Table:
    """Count the values as they stand in the index, column by column: that is quickest."""
    if not facets:
        return {}
    expression = tiers_of(terms, query)[-1].all if terms else filter_expression(query)
    inner = "SELECT rowid FROM facets ORDER BY rowid DESC LIMIT ?"
    values: tuple[object, ...] = (_COUNTED,)
    if expression:
        inner = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?"
        values = (expression, _COUNTED)
    columns = ", ".join(_COLUMNS[facet] for facet in facets)
    rows = connection.execute(
        f"SELECT {columns} FROM facets WHERE rowid IN ({inner})",  # noqa: S608 - parts of ours
        values,
    ).fetchall()
    by_column = zip(*rows, strict=True) if rows else ((),) * len(facets)
    return {facet: Counter(column) for facet, column in zip(facets, by_column, strict=True)}


def _values(
    facet: Facet, counted: Counter[str | None], query: SearchQuery
) -> tuple[FacetValue, ...]:
    if facet == "issuer":
        counts = _issuers(counted)
    elif facet == "validity":
        assert query.today is not None, facet  # noqa: S101 - left out before
        counts = _validities(counted, query.today)
    else:
        counts = Counter({value: count for value, count in counted.items() if value is not None})
    if facet == "year":
        ordered = sorted(counts.items(), reverse=True)
    else:
        ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(FacetValue(value, count) for value, count in ordered[: query.facet_values])


def _validities(last_days: Counter[str | None], today: date) -> Counter[str]:
    counts: Counter[str] = Counter()
    for last_day, count in last_days.items():
        if last_day is None:
            counts["unknown"] += count
        else:
            counts["expired" if last_day < today.isoformat() else "valid"] += count
    return counts


def _issuers(counted: Counter[str | None]) -> Counter[str]:
    """Count offices without regard to case and marks, each under its most frequent spelling."""
    spellings: dict[str, Counter[str]] = {}
    for spelling, count in counted.items():
        if spelling:
            spellings.setdefault(normal_name(spelling) or "", Counter())[spelling] = count
    return Counter(
        {same.most_common(1)[0][0]: same.total() for key, same in spellings.items() if key}
    )
