"""How long a document must be kept, by rules that are data."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from archive.errors import RetentionScheduleError
from documents.errors import Reason

Term = int | Literal["permanent", "unknown", "not_kept"]
"""Whole years, or a word; every word means *not disposable by rule*."""

SHIPPED_SCHEDULE = Path(__file__).with_name("retention.toml")
# Luật Lưu trữ 2024, Điều 15: a term that is not permanent is 2 to 70 years.
_MIN_YEARS, _MAX_YEARS = 2, 70
_REQUIRED = frozenset({"id", "title", "title_en", "term", "basis"})
_WORDS = ("not_kept", "unknown", "permanent")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """One row of the schedule; an empty set of types or procedures leaves that side open."""

    id: str
    title: str
    title_en: str
    term: Term
    basis: str
    component_types: frozenset[str] = frozenset()
    procedures: frozenset[str] = frozenset()

    def is_for(self, component_type: str | None, procedure: str | None) -> bool:
        """Whether the rule covers a document of this type in a dossier of this procedure."""
        if not self.component_types and not self.procedures:
            return False
        return (not self.component_types or component_type in self.component_types) and (
            not self.procedures or procedure in self.procedures
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionDecision:
    """Until when a document is kept, and why.

    `retain_until` is the first day on which disposal is allowed; None means *not disposable*.
    `rule_id` is the rule that decided, None where no rule covers the document.
    """

    retain_until: date | None
    term: Term
    reason: Reason
    rule_id: str | None


@dataclass(frozen=True, slots=True)
class RetentionSchedule:
    """The rules of an office, in the order of its file."""

    rules: tuple[RetentionRule, ...]

    def decide(
        self, component_type: str | None, procedure: str | None, work_ended_on: date | None
    ) -> RetentionDecision:
        """Return until when the document is kept, and why.

        Args:
            component_type: id of the type, None where it is not known.
            procedure: national code of the dossier's procedure, None where there is none.
            work_ended_on: when the work of the dossier ended, None while it has not.
        """
        covering = [rule for rule in self.rules if rule.is_for(component_type, procedure)]
        if not covering:
            return RetentionDecision(
                retain_until=None, term="unknown", reason=_NO_RULE, rule_id=None
            )
        rule = max(covering, key=_length)
        until = _first_free_day(rule.term, work_ended_on)
        return RetentionDecision(
            retain_until=until, term=rule.term, reason=_reason(rule, until), rule_id=rule.id
        )

    def retain_until(
        self, component_type: str | None, procedure: str | None, work_ended_on: date | None
    ) -> date | None:
        """Return the first day on which disposal is allowed, None for *not disposable*."""
        return self.decide(component_type, procedure, work_ended_on).retain_until


def load_retention_schedule(file: Path = SHIPPED_SCHEDULE) -> RetentionSchedule:
    """Read a schedule.

    Raises:
        RetentionScheduleError: the file is missing or one of its rules is wrong.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RetentionScheduleError(f"{file.name}: {error}") from error
    rows = content.get("rule", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RetentionScheduleError("[[rule]]")
    rules = tuple(_rule(row) for row in rows)
    ids = [rule.id for rule in rules]
    if len(set(ids)) != len(ids):
        raise RetentionScheduleError(f"duplicate id among {', '.join(ids)}")
    return RetentionSchedule(rules)


def _rule(row: Mapping[str, object]) -> RetentionRule:
    rule_id = str(row.get("id", "?"))
    unknown = row.keys() - {*_REQUIRED, "component_types", "procedures"}
    missing = _REQUIRED - row.keys()
    if unknown or missing:
        raise RetentionScheduleError(f"{rule_id}: {', '.join(sorted(unknown | missing))}")
    return RetentionRule(
        id=rule_id,
        title=str(row["title"]),
        title_en=str(row["title_en"]),
        term=_term(rule_id, row["term"]),
        basis=str(row["basis"]),
        component_types=_names(rule_id, row.get("component_types", [])),
        procedures=_names(rule_id, row.get("procedures", [])),
    )


def _term(rule_id: str, value: object) -> Term:
    if value == "permanent" or value == "unknown" or value == "not_kept":  # noqa: PLR1714 - narrows
        return value
    # A boolean is an int in Python, and `term = true` is a mistake.
    if type(value) is int and _MIN_YEARS <= value <= _MAX_YEARS:
        return value
    raise RetentionScheduleError(f"{rule_id}: term = {value!r}")


def _names(rule_id: str, value: object) -> frozenset[str]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise RetentionScheduleError(f"{rule_id}: {value!r}")
    return frozenset(str(name) for name in value)


def _length(rule: RetentionRule) -> tuple[int, int]:
    """Order terms from short to long: a file takes the longest of its terms (Điều 15).

    Unknown counts as longer than any number of years.
    """
    if isinstance(rule.term, int):
        return (0, rule.term)
    return (-1, 0) if rule.term == "not_kept" else (_WORDS.index(rule.term), 0)


def _first_free_day(term: Term, work_ended_on: date | None) -> date | None:
    """Count whole years from the end of the year in which the work ended (Điều 15)."""
    if not isinstance(term, int) or work_ended_on is None:
        return None
    return date(work_ended_on.year + term + 1, 1, 1)


def _reason(rule: RetentionRule, until: date | None) -> Reason:
    match rule.term:
        case "permanent":
            vi, en = "Lưu vĩnh viễn", "Kept permanently"
        case "unknown":
            vi, en = "Thời hạn chưa xác định, không được hủy", "Term unknown, not disposable"
        case "not_kept":
            vi, en = (
                "Không bắt buộc lưu, chờ người quyết định",
                "Need not be kept, a person decides",
            )
        case years if until is None:
            vi = f"Lưu {years} năm kể từ năm công việc kết thúc; công việc chưa kết thúc"
            en = f"Kept {years} years from the year the work ended; the work has not ended"
        case years:
            vi = f"Lưu {years} năm kể từ năm công việc kết thúc, đến hết {until.year - 1}"
            en = f"Kept {years} years from the year the work ended, to the end of {until.year - 1}"
    return Reason(
        code="retention_rule",
        vi=f"{vi} ({rule.title}: {rule.basis}).",
        en=f"{en} ({rule.title_en}: {rule.basis}).",
    )


_NO_RULE = Reason(
    code="no_retention_rule",
    vi="Chưa có quy định thời hạn cho loại giấy tờ và thủ tục này; không được hủy. "
    "Bổ sung vào bảng thời hạn bảo quản khi đã có căn cứ.",
    en="No rule covers this component type and procedure; not disposable. "
    "Add one to the schedule when its legal basis is known.",
)
