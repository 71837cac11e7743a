"""Dates as papers carry them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.dates import (
    add_months,
    earliest_day,
    find_long_date,
    find_numeric_date,
    is_partial_date,
    latest_day,
    partial_date,
)
from documents.folding import to_nfc

days = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(days, st.sampled_from(["Mẫu, ngày {:02d} tháng {:02d} năm {}", "NGÀY {} THÁNG {} NĂM {}"]))
def test_every_day_in_words_is_read(day: date, form: str) -> None:
    found = find_long_date(form.format(day.day, day.month, day.year))

    assert found is not None
    assert found.value == day.isoformat()


@given(days, st.sampled_from("/-."))
def test_every_day_in_digits_is_day_month_year(day: date, joint: str) -> None:
    found = find_numeric_date(f"cấp {day.day:02d}{joint}{day.month:02d}{joint}{day.year} tại")

    assert found is not None
    assert found.value == day.isoformat()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ngày … tháng 5 năm 2024", "2024-05"),
        ("ngày ..... tháng ..... năm 2025", "2025"),
        ("ngày    tháng    năm 2025", "2025"),
    ],
)
def test_parts_that_are_not_filled_in_are_never_invented(text: str, value: str) -> None:
    found = find_long_date(text)

    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "text", ["ngày 31 tháng 2 năm 2024", "ngày 0 tháng 5 năm 2024", "ngày 1 tháng 13 năm 2024"]
)
def test_a_day_that_the_calendar_lacks_is_no_date(text: str) -> None:
    assert find_long_date(text) is None


@pytest.mark.parametrize("text", ["13/13/2024", "32/01/2024", "1/1/24", "31/02/2024", "1202/2024"])
def test_other_digits_are_no_date(text: str) -> None:
    assert find_numeric_date(text) is None


def test_a_date_is_found_at_its_place_in_text_whose_marks_stand_apart() -> None:
    text = "Tỉnh Mẫu, ngày 5 tháng 6 năm 2024."
    apart = "Ti\u0309nh Mâ\u0303u, ngày 5 tháng 6 năm 2024."

    found = find_long_date(apart)

    assert found is not None
    assert to_nfc(apart) == text
    assert text[found.start : found.end] == "ngày 5 tháng 6 năm 2024"


@given(days)
def test_every_written_partial_date_is_one_and_spans_its_days(day: date) -> None:
    year, month = f"{day.year}", f"{day.year}-{day.month:02d}"

    assert all(is_partial_date(text) for text in (year, month, day.isoformat()))
    assert earliest_day(day.isoformat()) == latest_day(day.isoformat()) == day
    for text in (year, month):
        first, last = earliest_day(text), latest_day(text)
        assert first is not None
        assert last is not None
        assert first <= day <= last


@pytest.mark.parametrize(
    "text", ["2024-13", "2024-02-30", "24", "2024-2-3", "2024-02-", "", "2024-02-03 "]
)
def test_other_texts_are_no_partial_date(text: str) -> None:
    assert not is_partial_date(text)
    assert latest_day(text) is None
    assert earliest_day(text) is None


def test_a_year_outside_the_papers_time_is_none() -> None:
    assert partial_date("1899", "1", "1") is None
    assert partial_date("2101", "1", "1") is None


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 8, 15), 6, date(2026, 2, 15)),
        (date(2025, 12, 1), 12, date(2026, 12, 1)),
        (date(2025, 12, 31), 0, date(2025, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(
    day: date, months: int, later: date
) -> None:
    assert add_months(day, months) == later


@given(days, st.integers(0, 240))
def test_months_later_never_leaves_the_month_that_is_meant(day: date, months: int) -> None:
    later = add_months(day, months)

    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day
