"""Dates on papers: always day, month, year; parts may be missing and are never invented."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from documents.folding import fold

_LONG = re.compile(
    r"ngay\s*(?P<d>\d{1,2}|[.…_ ]*)\s*thang\s*(?P<m>\d{1,2}|[.…_ ]*)\s*nam\s*(?P<y>\d{4})"
)
# What stands for a day or month that was badly read is at most a few signs long.
_WORN = re.compile(r"ngay(?P<d>.{0,7}?)thang(?P<m>.{0,6}?)nam\W{0,3}(?P<y>\d{4})(?!\d)")
_DIGIT_LOOK_ALIKES = str.maketrans({"l": "1", "i": "1", "j": "1", "|": "1", "!": "1", "o": "0"})
_LABELLED = re.compile(
    r"ngay, thang, nam (?P<label>[a-z ]{2,30}):?\s*"
    r"(?P<d>\d{1,2})\s*thang\s*(?P<m>\d{1,2})\s*nam\s*(?P<y>\d{4})"
)
_NUMERIC = re.compile(
    r"(?<!\d)(0?[1-9]|[12]\d|3[01])\s*[/.\-]\s*(0?[1-9]|1[0-2])\s*[/.\-]\s*((?:19|20)\d{2})(?!\d)"
)
_PARTIAL = re.compile(r"((?:19|20)\d{2})(?:-(\d{2})(?:-(\d{2}))?)?")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: "YYYY[-MM[-DD]]", and where it stands (start, end) in the NFC text."""

    value: str
    start: int
    end: int
    is_worn: bool = False
    """Parts of it were read only by leave."""


def find_long_date(text: str) -> FoundDate | None:
    """Return the first "ngày … tháng … năm …" in a text; dots for a day leave the month."""
    match = _LONG.search(fold(text))
    if match is None:
        return None
    value = partial_date(match["y"], match["m"].strip(" .…_"), match["d"].strip(" .…_"))
    return FoundDate(value, match.start(), match.end()) if value else None


def find_labelled_date(text: str) -> FoundDate | None:
    """Return the date after a label such as "Ngày, tháng, năm đăng ký: 14 tháng 02 năm 2022"."""
    match = _LABELLED.search(fold(text))
    if match is None or match["label"].startswith("sinh"):
        return None
    value = partial_date(match["y"], match["m"], match["d"])
    return FoundDate(value, match.start("d"), match.end()) if value else None


def find_worn_date(text: str) -> FoundDate | None:
    """Return a "ngày … tháng … năm …" whose day or month was badly read, as far as it is known.

    Letters that look like digits count as those digits; what is no number is left out. A month
    that is not known leaves the year, for a day without its month says nothing.
    """
    match = _WORN.search(fold(text))
    if match is None:
        return None
    month, day = _worn_number(match["m"]), _worn_number(match["d"])
    known = (partial_date(match["y"], *parts) for parts in ((month, day), (month, ""), ("", "")))
    value = next((one for one in known if one is not None), None)
    return FoundDate(value, match.start(), match.end(), is_worn=True) if value else None


def _worn_number(folded: str) -> str:
    digits = re.sub(r"[\W_]", "", folded.translate(_DIGIT_LOOK_ALIKES))
    return digits if re.fullmatch(r"\d{1,2}", digits) else ""


def find_numeric_date(text: str) -> FoundDate | None:
    """Return the first "dd/mm/yyyy" in a text."""
    match = _NUMERIC.search(text)
    if match is None:
        return None
    value = partial_date(match[3], match[2], match[1])
    return FoundDate(value, match.start(), match.end()) if value else None


def partial_date(year: str, month: str, day: str) -> str | None:
    """Return "YYYY[-MM[-DD]]" of what is there; None where the calendar has no such day."""
    if not year.isdigit() or not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return None
    if not month.isdigit():
        return year
    if not 1 <= int(month) <= 12:  # noqa: PLR2004 - months
        return None
    if not day.isdigit():
        return f"{year}-{int(month):02d}"
    if not 1 <= int(day) <= calendar.monthrange(int(year), int(month))[1]:
        return None
    return f"{year}-{int(month):02d}-{int(day):02d}"


def iso_of_day(text: str) -> str:
    """Return a date that was typed as day/month/year, month/year or year as "YYYY[-MM[-DD]]".

    What is no such date comes back as it was typed, for the checks to refuse.
    """
    parts = re.split(r"\s*[/.]\s*", text.strip())
    if not 1 < len(parts) <= 3 or not all(part.isdigit() for part in parts):  # noqa: PLR2004 - parts
        return text.strip()
    day = parts[-3] if len(parts) == 3 else ""  # noqa: PLR2004 - parts
    return partial_date(parts[-1], parts[-2], day) or text.strip()


def is_partial_date(text: str) -> bool:
    """Say whether a text is "YYYY", "YYYY-MM" or "YYYY-MM-DD" and in the calendar."""
    match = _PARTIAL.fullmatch(text)
    return match is not None and partial_date(match[1], match[2] or "", match[3] or "") == text


def latest_day(text: str) -> date | None:
    """Return the last day that a partial date can mean; None where it is none."""
    match = _PARTIAL.fullmatch(text)
    if match is None or not is_partial_date(text):
        return None
    year, month = int(match[1]), int(match[2] or 12)
    day = int(match[3]) if match[3] else calendar.monthrange(year, month)[1]
    return date(year, month, day)


def earliest_day(text: str) -> date | None:
    """Return the first day that a partial date can mean; None where it is none."""
    match = _PARTIAL.fullmatch(text)
    if match is None or not is_partial_date(text):
        return None
    return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))


def add_months(day: date, months: int) -> date:
    """Return the same day some months later; the last day of the month where there is none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
