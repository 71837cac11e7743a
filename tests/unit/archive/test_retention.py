"""The retention schedule: counted by law, and never disposable where unknown."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import RetentionScheduleError
from archive.retention import RetentionRule, RetentionSchedule, load_retention_schedule

SHIPPED = load_retention_schedule()


def test_years_are_counted_from_the_end_of_the_year_the_work_ended() -> None:
    until = SHIPPED.retain_until("hop_dong", "2.001035", date(2026, 3, 5))

    assert until == date(2047, 1, 1)


def test_civil_status_is_permanent() -> None:
    decision = SHIPPED.decide("to_khai_ht", "1.001193", date(2026, 3, 5))

    assert decision.retain_until is None
    assert decision.term == "permanent"
    assert "TT 04/2020/TT-BTP" in decision.reason.vi


def test_reason_names_the_rule_in_both_languages() -> None:
    reason = SHIPPED.decide("hop_dong", "2.001035", date(2026, 3, 5)).reason

    assert "Chứng thực giao dịch" in reason.vi
    assert "Certified transactions" in reason.en
    assert "chung_thuc_giao_dich" not in reason.vi + reason.en


def test_what_no_rule_covers_is_not_disposable() -> None:
    decision = SHIPPED.decide("khac", None, date(1990, 1, 1))

    assert decision.retain_until is None
    assert decision.rule_id is None


def test_a_term_cannot_be_counted_before_the_work_ended() -> None:
    decision = SHIPPED.decide("hop_dong", "2.001035", None)

    assert decision.retain_until is None
    assert decision.term == 20


def test_an_unknown_type_in_a_dossier_with_a_term_is_not_disposable() -> None:
    assert SHIPPED.retain_until("gcn_qsdd", "2.001035", date(2000, 1, 1)) is None


def test_what_need_not_be_kept_is_still_left_to_a_person() -> None:
    assert SHIPPED.decide("don", "2.000815", date(2000, 1, 1)).retain_until is None


def test_a_rule_that_names_nothing_covers_nothing() -> None:
    rule = RetentionRule(id="r", title="t", title_en="t", term=2, basis="b")

    assert not rule.is_for(None, None)


terms = st.one_of(st.integers(2, 70), st.sampled_from(["permanent", "unknown", "not_kept"]))


@given(st.lists(terms, min_size=1, max_size=5), st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_nothing_is_ever_disposable_before_any_of_its_terms(
    given_terms: list[object], ended: date
) -> None:
    rules = tuple(
        RetentionRule(
            id=str(number),
            title="t",
            title_en="t",
            term=term,  # type: ignore[arg-type]  # drawn from exactly these values
            basis="b",
            procedures=frozenset({"p"}),
        )
        for number, term in enumerate(given_terms)
    )

    until = RetentionSchedule(rules).retain_until(None, "p", ended)

    years = [term for term in given_terms if isinstance(term, int)]
    if "permanent" in given_terms or "unknown" in given_terms or not years:
        assert until is None
    else:
        assert until == date(ended.year + max(years) + 1, 1, 1)


@pytest.mark.parametrize(
    "content",
    [
        "rule = 3",
        "[[rule",
        '[[rule]]\nid = "a"\ntitle = "t"\ntitle_en = "t"\nterm = 1\nbasis = "b"',
        '[[rule]]\nid = "a"\ntitle = "t"\ntitle_en = "t"\nterm = true\nbasis = "b"',
        '[[rule]]\nid = "a"\ntitle = "t"\ntitle_en = "t"\nterm = "forever"\nbasis = "b"',
        '[[rule]]\nid = "a"\ntitle = "t"\ntitle_en = "t"\nterm = 5',
        '[[rule]]\nid = "a"\ntitle = "t"\nterm = 5\nbasis = "b"',
        '[[rule]]\nid = "a"\ntitle = "t"\ntitle_en = "t"\nterm = 5\nbasis = "b"\ncases = "p"',
        '[[rule]]\nid = "a"\ntitle = "t"\ntitle_en = "t"\nterm = 5\nbasis = "b"\nprocedures = "x"',
        '[[rule]]\nid = "a"\ntitle = "t"\ntitle_en = "t"\nterm = 5\nbasis = "b"\n' * 2,
    ],
)
def test_a_wrong_schedule_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "retention.toml"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(RetentionScheduleError):
        load_retention_schedule(file)


def test_a_missing_schedule_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RetentionScheduleError):
        load_retention_schedule(tmp_path / "absent.toml")
