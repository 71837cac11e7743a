"""Counting in the SQLite index what a query can be narrowed by."""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from search.facet_counts import facet_values
from search.query import Term
from search.search_index import FACETS, Facet, FacetValue, SearchQuery
from search.sqlite_expressions import filter_expression, tiers_of

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
    return {facet: facet_values(facet, counter, query) for facet, counter in table.items()}


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
