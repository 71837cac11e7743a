"""Answering a query from the SQLite index."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from search.packing import hit_of
from search.query import Term
from search.search_index import SearchHit, SearchQuery, SearchResult
from search.spelling import corrections
from search.sqlite_expressions import WEIGHTS, Tier, filter_expression, tiers_of
from search.sqlite_facets import count_facets

# Up to here every match is weighed; above, newer documents go first within each tier, because
# weighing costs about 3 µs a match (measured on 20,000 documents) and an answer should not wait.
_WEIGHED_MATCHES = 5_000
_COUNTED_MATCHES = 10_000
_SORTED_MATCHES = 20_000
_TIER_SCORE = 1_000.0
_HEAD_SCORE = 500.0
_MATCHING = "SELECT rowid FROM words WHERE words MATCH ?"
_Ranked = list[tuple[int, float]]


def find(
    connection: sqlite3.Connection, terms: tuple[Term, ...], query: SearchQuery
) -> SearchResult:
    """Return the answer; where nothing fits, the one to a query one letter away."""
    result, fitting = _find(connection, terms, query)
    if not query.facet_values:
        return result
    return replace(result, facets=count_facets(connection, fitting, query))


def _find(
    connection: sqlite3.Connection, terms: tuple[Term, ...], query: SearchQuery
) -> tuple[SearchResult, tuple[Term, ...]]:
    """Return the answer and the terms that it fits."""
    result = _answer(connection, terms, query)
    if result.total or not terms:
        return result, terms

    def frequencies(words: Sequence[str]) -> dict[str, int]:
        return _frequencies(connection, words)

    for corrected in corrections(terms, frequencies):
        other = _answer(connection, corrected, query)
        if other.total:
            said = " ".join(" ".join(term.exact) for term in corrected)
            return replace(other, corrected=said), corrected
    return result, terms


def _answer(
    connection: sqlite3.Connection, terms: tuple[Term, ...], query: SearchQuery
) -> SearchResult:
    filters = filter_expression(query)
    if not terms and not filters:
        (total,) = connection.execute("SELECT count(*) FROM documents").fetchone()
        ranked = _newest(connection, query, "", ())
        return _result(connection, ranked, terms, query, total=total)
    tiers = tiers_of(terms, query) if terms else [Tier(filters, filters, 0)]
    total = _count(connection, tiers[-1].all)
    if query.sort != "relevance" or not terms:
        condition = (
            "WHERE rowid IN (SELECT rowid FROM words WHERE words MATCH ?"
            " ORDER BY rowid DESC LIMIT ?)"
        )
        ranked = _newest(connection, query, condition, (tiers[-1].all, _SORTED_MATCHES))
    elif total <= _WEIGHED_MATCHES:
        ranked = _weighed(connection, tiers, query)
    else:
        ranked = _newest_of_each_tier(connection, tiers, query)
    return _result(connection, ranked, terms, query, total=total)


def _count(connection: sqlite3.Connection, expression: str) -> int:
    (number,) = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)",
        (expression, _COUNTED_MATCHES + 1),
    ).fetchone()
    return int(number)


def _newest(
    connection: sqlite3.Connection, query: SearchQuery, condition: str, values: tuple[object, ...]
) -> _Ranked:
    column = "issued_on" if query.sort == "issued_on" else "filed_at"
    rows = connection.execute(
        f"SELECT rowid FROM documents {condition} ORDER BY {column} DESC, id LIMIT ? OFFSET ?",  # noqa: S608 - parts of ours
        (*values, query.limit, query.offset),
    )
    return [(rowid, 0.0) for (rowid,) in rows]


def _weighed(connection: sqlite3.Connection, tiers: Sequence[Tier], query: SearchQuery) -> _Ranked:
    """Rank by tier, then by BM25 (as FTS5 computes it), then newest first."""
    weights = ", ".join(map(str, WEIGHTS))
    better = "".join(f" WHEN words.rowid IN ({_MATCHING}) THEN {tier.score}" for tier in tiers[:-1])
    rank = f"CASE {better} ELSE {tiers[-1].score} END" if better else str(tiers[-1].score)
    rows = connection.execute(
        f"SELECT words.rowid, {rank} AS tier, bm25(words, {weights}) AS weight"  # noqa: S608 - parts of ours
        " FROM words JOIN documents ON documents.rowid = words.rowid WHERE words MATCH ?"
        " ORDER BY tier DESC, weight, documents.filed_at DESC, documents.id LIMIT ? OFFSET ?",
        (*(tier.all for tier in tiers), query.limit, query.offset),
    )
    return [
        (rowid, tier * _TIER_SCORE + min(-weight, _HEAD_SCORE - 1)) for rowid, tier, weight in rows
    ]


def _newest_of_each_tier(
    connection: sqlite3.Connection, tiers: Sequence[Tier], query: SearchQuery
) -> _Ranked:
    """Rank by tier, number and title before text, then newest first."""
    needed = query.offset + query.limit
    ranked: dict[int, float] = {}
    for tier in tiers:
        score = tier.score * _TIER_SCORE
        for expression, bonus in ((tier.head, _HEAD_SCORE), (tier.all, 0.0)):
            if len(ranked) >= needed:
                break
            rows = connection.execute(
                "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?",
                (expression, needed),
            )
            for (rowid,) in rows:
                ranked.setdefault(rowid, score + bonus)
    return list(ranked.items())[query.offset : needed]


def _result(
    connection: sqlite3.Connection,
    ranked: _Ranked,
    terms: tuple[Term, ...],
    query: SearchQuery,
    *,
    total: int,
) -> SearchResult:
    hits = tuple(_hit(connection, rowid, score, terms) for rowid, score in ranked)
    is_counted = total <= _COUNTED_MATCHES or (not terms and not filter_expression(query))
    return SearchResult(
        hits=hits,
        total=total if is_counted else _COUNTED_MATCHES,
        is_total_exact=is_counted,
    )


def _hit(
    connection: sqlite3.Connection, rowid: int, score: float, terms: tuple[Term, ...]
) -> SearchHit:
    (content,) = connection.execute(
        "SELECT content FROM documents WHERE rowid = ?", (rowid,)
    ).fetchone()
    return hit_of(content, score=score, terms=terms)


def _frequencies(connection: sqlite3.Connection, words: Sequence[str]) -> dict[str, int]:
    """Return in how many documents those of the folded words are that occur at all."""
    found = {}
    for word in words:
        rows = connection.execute(
            "SELECT col, doc FROM vocabulary WHERE term = ?", (word,)
        ).fetchall()
        documents = [doc for column, doc in rows if column in {"number", "title", "names", "body"}]
        if documents:
            found[word] = max(documents)
    return found
