"""Until when a paper is valid, from its type and what stands on it: for finding and for shelves."""

from collections.abc import Mapping
from datetime import date
from typing import assert_never

from documents.catalogue import ComponentType
from documents.dates import add_months, earliest_day, latest_day
from search.search_index import WITHOUT_END, Validity


def last_valid_day(kind: ComponentType | None, values: Mapping[str, str | None]) -> str | None:
    """Return the last valid day as "YYYY-MM-DD"; None where nobody can say without looking it up.

    Args:
        kind: what the paper is.
        values: of its tags; `valid_until` and `issued_on` are read.
    """
    printed = latest_day(values.get("valid_until") or "")
    counted = _counted(kind, earliest_day(values.get("issued_on") or ""))
    known = [day for day in (printed, counted) if day is not None]
    if known:
        return min(known).isoformat()
    return WITHOUT_END if kind is not None and kind.validity_class == "P" else None


def validity_on(last_day: str | None, today: date) -> Validity:
    """Say what a last valid day means on a day."""
    if last_day is None:
        return "unknown"
    return "expired" if last_day < today.isoformat() else "valid"


def _counted(kind: ComponentType | None, issued: date | None) -> date | None:
    """Return the day that the months of the type lead to (validity class L)."""
    if kind is None or issued is None:
        return None
    match kind.validity_class:
        case "L":
            return add_months(issued, kind.validity_months or 0)
        case "P" | "F" | "S" | "D" | "X":
            return None
        case unknown:
            assert_never(unknown)
