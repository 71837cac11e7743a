"""Counted values as they are shown to narrow a query by."""

from collections import Counter
from datetime import date

from search.facet_words import normal_name
from search.search_index import Facet, FacetValue, SearchQuery


def facet_values(
    facet: Facet, counted: Counter[str | None], query: SearchQuery
) -> tuple[FacetValue, ...]:
    """Return the values to show, from how many documents hold each value of the index.

    Those of validity are last days; each counts as what it means on the day of the query.
    """
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
