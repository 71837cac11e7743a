"""Queries in the form that Elasticsearch takes."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from search.elasticsearch_mapping import EXACT, FOLDED, FOLDED_WEIGHED
from search.facet_counts import facet_values
from search.facet_words import facet_word, wanted_facet_words
from search.query import Term
from search.search_index import FACETS, WITHOUT_END, Facet, FacetValue, SearchQuery

Clause = dict[str, Any]

PRESENT: Clause = {"term": {"present": True}}
# Above, an answer says "more than"; the embedded index counts no further either.
COUNTED_MATCHES = 10_000
_TIER_SCORE = 1_000.0
_MOST_ENDINGS = 1_000
_SPELLINGS = 1_000
# What a fit is worth: marks as typed go before words side by side, and both before whole words.
_WHOLE_WORDS, _SAME_MARKS, _SIDE_BY_SIDE = 4, 2, 1


def request_of(terms: Sequence[Term], query: SearchQuery) -> dict[str, Any]:
    """Return the request of a query: hits, how many there are, and the values to narrow by."""
    filters = _filters(query)
    needed = [PRESENT]
    should: list[Clause] = []
    if terms:
        tiers = _tiers(terms)
        needed.append(tiers[-1][1])
        should = [_weighed(term) for term in terms]
        best = [
            {"constant_score": {"filter": clause, "boost": score * _TIER_SCORE}}
            for score, clause in tiers
            if score
        ]
        should.append({"dis_max": {"queries": best}})
    # A filter after the counting leaves each facet free to count as if it had not been chosen.
    narrowed = {} if query.facet_values else filters
    request: dict[str, Any] = {
        "query": {"bool": {"filter": needed + list(narrowed.values()), "should": should}},
        "sort": _sort(terms, query),
        "from_": query.offset,
        "size": query.limit,
        "source_includes": ["content"],
        "track_total_hits": True if not terms and not filters else COUNTED_MATCHES + 1,
    }
    if query.facet_values:
        request["post_filter"] = {"bool": {"filter": list(filters.values())}}
        request["aggregations"] = {
            facet: _counting(facet, filters, query)
            for facet in FACETS
            if facet != "validity" or query.today is not None
        }
    return request


def read_facets(counted: dict[str, Any], query: SearchQuery) -> dict[Facet, tuple[FacetValue, ...]]:
    """Return the values to narrow by from the counts in an answer."""
    found: dict[Facet, tuple[FacetValue, ...]] = {}
    for facet in FACETS:
        if facet in counted:
            buckets = counted[facet]["values"]["buckets"]
            if facet == "validity":
                counts = Counter(_last_days(buckets, query))
            else:
                counts = Counter({one["key"]: one["doc_count"] for one in buckets})
            found[facet] = facet_values(facet, counts, query)
    return found


def any_of(clauses: Sequence[Clause]) -> Clause:
    """Return what fits if one of the clauses does."""
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def _filters(query: SearchQuery) -> dict[str, Clause]:
    filters: dict[str, Clause] = {
        name: {"term": {"facets": word}} for name, word in wanted_facet_words(query)
    }
    if query.validity is not None:
        filters["validity"] = _validities(query)[query.validity]
    return filters


def _validities(query: SearchQuery) -> dict[str, Clause]:
    assert query.today is not None  # noqa: S101 - the query was checked when it was made
    today = query.today.isoformat()
    return {
        "valid": {"range": {"valid_until": {"gte": today}}},
        "expired": {"range": {"valid_until": {"lt": today}}},
        "unknown": {"bool": {"must_not": [{"exists": {"field": "valid_until"}}]}},
    }


def _sort(terms: Sequence[Term], query: SearchQuery) -> list[Clause]:
    if query.sort == "issued_on":
        return [{"issued_on": "desc"}, {"id": "asc"}]
    newest: list[Clause] = [{"filed_at": "desc"}, {"id": "asc"}]
    return [{"_score": "desc"}, *newest] if terms and query.sort == "relevance" else newest


def _counting(facet: Facet, filters: dict[str, Clause], query: SearchQuery) -> Clause:
    others = [clause for name, clause in filters.items() if name != facet]
    values: Clause
    if facet == "validity":
        values = {"filters": {"filters": _validities(query)}}
    elif facet == "year":
        values = {"terms": {"field": facet, "size": query.facet_values, "order": {"_key": "desc"}}}
    else:
        size = _SPELLINGS if facet == "issuer" else query.facet_values
        values = {"terms": {"field": facet, "size": size}}
    return {"filter": {"bool": {"filter": others}}, "aggs": {"values": values}}


def _last_days(buckets: dict[str, Any], query: SearchQuery) -> dict[str | None, int]:
    """Give each count a last day that means the same."""
    assert query.today is not None  # noqa: S101 - not counted without
    yesterday = (query.today - timedelta(days=1)).isoformat()
    days = {"valid": WITHOUT_END, "expired": yesterday, "unknown": None}
    return {
        day: buckets[name]["doc_count"] for name, day in days.items() if buckets[name]["doc_count"]
    }


def _tiers(terms: Sequence[Term]) -> list[tuple[int, Clause]]:
    """Return the ways to fit with their worth, the best first; the last one fits all others'."""
    whole = [term.whole for term in terms]
    loose, exact = [_loose(term) for term in whole], [_exact(term) for term in whole]
    together = [_phrase(_joined(terms), FOLDED)] if len(terms) > 1 else []
    tiers = []
    if loose != exact:
        if together:
            tiers.append((_WHOLE_WORDS + _SAME_MARKS + _SIDE_BY_SIDE, _all(exact + together)))
        tiers.append((_WHOLE_WORDS + _SAME_MARKS, _all(exact)))
    if together:
        tiers.append((_WHOLE_WORDS + _SIDE_BY_SIDE, _all(loose + together)))
    tiers.append((_WHOLE_WORDS, _all(loose)))
    if any(term.is_prefix for term in terms):
        tiers.append((0, _all([_loose(term) for term in terms])))
    return tiers


def _all(clauses: Sequence[Clause]) -> Clause:
    return {"bool": {"filter": list(clauses)}}


def _joined(terms: Sequence[Term]) -> str:
    return " ".join(word for term in terms for word in term.folded)


def _weighed(term: Term) -> Clause:
    """Weigh the words of a term as if all fields were one (BM25F); that they fit is known."""
    return {
        "combined_fields": {"query": " ".join(term.folded), "fields": list(FOLDED_WEIGHED)},
    }


def _exact(term: Term) -> Clause:
    return _phrase(" ".join(term.exact), EXACT) if term.has_marks else _loose(term)


def _loose(term: Term) -> Clause:
    clauses = [_unfinished(term) if term.is_prefix else _phrase(" ".join(term.folded), FOLDED)]
    # What stands in the description alone, and in no words of it.
    if term.identifier is not None:
        clauses.append({"term": {"facets": facet_word("o", term.identifier)}})
    if term.year is not None:
        clauses.append({"term": {"facets": facet_word("y", term.year)}})
    return clauses[0] if len(clauses) == 1 else any_of(clauses)


def _phrase(words: str, fields: Sequence[str]) -> Clause:
    return {"multi_match": {"query": words, "type": "phrase", "fields": list(fields)}}


def _unfinished(term: Term) -> Clause:
    if len(term.folded) == 1:
        return any_of([{"prefix": {field: {"value": term.folded[0]}}} for field in FOLDED])
    return {
        "multi_match": {
            "query": " ".join(term.folded),
            "type": "phrase_prefix",
            "fields": list(FOLDED),
            "max_expansions": _MOST_ENDINGS,
        }
    }
