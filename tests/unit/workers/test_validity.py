"""The last valid day of a paper, from its type and what stands on it."""

from datetime import date

import pytest

from documents.catalogue import ComponentType, load_component_types
from search.search_index import WITHOUT_END
from workers.validity import last_valid_day, validity_on


def kind_of(validity_class: str) -> ComponentType:
    types = load_component_types().values()
    return next(one for one in types if one.validity_class == validity_class)


def test_paper_for_ever_has_no_end() -> None:
    assert last_valid_day(kind_of("P"), {}) == WITHOUT_END


def test_printed_day_holds_and_a_month_means_its_last_day() -> None:
    assert last_valid_day(kind_of("F"), {"valid_until": "2027-03-01"}) == "2027-03-01"
    assert last_valid_day(kind_of("F"), {"valid_until": "2027-02"}) == "2027-02-28"


def test_months_of_the_type_are_counted_from_the_issue() -> None:
    kind = kind_of("L")

    last = last_valid_day(kind, {"issued_on": "2026-01-15"})

    assert last is not None
    months = (int(last[:4]) - 2026) * 12 + int(last[5:7]) - 1
    assert months == kind.validity_months


def test_the_earlier_of_two_limits_holds() -> None:
    known = {"issued_on": "2026-01-15", "valid_until": "2026-01-20"}

    assert last_valid_day(kind_of("L"), known) == "2026-01-20"


@pytest.mark.parametrize("validity_class", ["F", "L", "S", "D"])
def test_nobody_can_say_without_a_date(validity_class: str) -> None:
    assert last_valid_day(kind_of(validity_class), {"issued_on": "", "valid_until": None}) is None


def test_type_that_nobody_knows_says_nothing() -> None:
    assert last_valid_day(None, {"issued_on": "2026-01-15"}) is None


@pytest.mark.parametrize(
    ("last", "expected"),
    [(None, "unknown"), ("2026-11-23", "expired"), ("2026-11-24", "valid"), (WITHOUT_END, "valid")],
)
def test_last_day_is_still_a_valid_one(last: str | None, expected: str) -> None:
    assert validity_on(last, date(2026, 11, 24)) == expected
