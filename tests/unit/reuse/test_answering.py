"""The once-only answer: held and valid, expired, or not held."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.catalogue import load_component_types
from documents.identifiers import DocumentId
from reuse.answering import ComponentAnswer, HeldDocument, answer_once_only
from reuse.procedures import Component, Procedure, SlotKind

TODAY = date(2026, 7, 15)
FILED = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)
# One type of each validity class.
PERMANENT, PRINTED, SIX_MONTHS = "giay_khai_sinh", "giay_phep_con", "xn_tthn"
AT_SOURCE, ONE_DOSSIER, SHOWN = "gcn_qsdd", "to_khai", "cccd"


def slot(*accepts: str, kind: SlotKind = "nop", max_age_months: int | None = None) -> Component:
    return Component(
        id="giay_to",
        name_vi="Giấy tờ",
        name_en="Paper",
        accepts=accepts,
        kind=kind,
        is_required=True,
        max_age_months=max_age_months,
        condition=None,
    )


def held(
    component_type: str,
    *,
    name: str = "doc_1",
    issued_on: str | None = "2026-01-15",
    valid_until: str | None = None,
    filed_at: datetime = FILED,
    is_confirmed: bool = True,
) -> HeldDocument:
    return HeldDocument(
        document_id=DocumentId(name),
        component_type=component_type,
        issued_on=issued_on,
        valid_until=valid_until,
        number="12/XN",
        issuer="UBND xã Mẫu",
        filed_at=filed_at,
        is_confirmed=is_confirmed,
    )


def ask(component: Component, *documents: HeldDocument, today: date = TODAY) -> ComponentAnswer:
    procedure = Procedure(
        code="1.000894",
        name_vi="Thủ tục",
        name_en="Procedure",
        level="xã",
        decision="163/QĐ-BTP",
        components=(component,),
        results=(),
    )
    (answer,) = answer_once_only(procedure, documents, today=today).components
    return answer


def test_a_permanent_paper_is_held_without_expiry() -> None:
    answer = ask(slot(PERMANENT), held(PERMANENT, issued_on="1999-05-01"))

    assert (answer.state, answer.until) == ("held_valid", None)
    assert answer.document is not None
    assert answer.document.document_id == "doc_1"


def test_what_nobody_brought_in_is_not_held() -> None:
    answer = ask(slot(PERMANENT), held(SIX_MONTHS))

    assert (answer.state, answer.document, answer.reason.code) == ("not_held", None, "not_held")


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 7, 14), "held_valid"),
        (date(2026, 7, 15), "held_valid"),
        (date(2026, 7, 16), "expired"),
    ],
)
def test_six_months_end_with_the_same_day_six_months_later(today: date, state: str) -> None:
    answer = ask(slot(SIX_MONTHS), held(SIX_MONTHS, issued_on="2026-01-15"), today=today)

    assert (answer.state, answer.until) == (state, date(2026, 7, 15))


@pytest.mark.parametrize(
    ("valid_until", "today", "state"),
    [
        ("2026-07-15", date(2026, 7, 15), "held_valid"),
        ("2026-07-15", date(2026, 7, 16), "expired"),
        ("2026-07", date(2026, 7, 31), "held_valid"),
        ("2026-07", date(2026, 8, 1), "expired"),
        ("2026", date(2026, 12, 31), "held_valid"),
        ("2026", date(2027, 1, 1), "expired"),
    ],
)
def test_a_printed_term_runs_through_its_last_day(
    valid_until: str, today: date, state: str
) -> None:
    answer = ask(slot(PRINTED), held(PRINTED, valid_until=valid_until), today=today)

    assert answer.state == state


def test_a_printed_term_that_was_not_read_is_to_be_checked() -> None:
    answer = ask(slot(PRINTED), held(PRINTED))

    assert (answer.state, answer.reason.code) == ("held_to_check", "date_missing")


def test_months_cannot_be_counted_from_a_day_that_is_not_known() -> None:
    answer = ask(slot(SIX_MONTHS), held(SIX_MONTHS, issued_on=None))

    assert (answer.state, answer.reason.code) == ("held_to_check", "date_missing")


def test_an_open_day_of_issue_counts_as_the_earliest_it_can_mean() -> None:
    answer = ask(slot(SIX_MONTHS), held(SIX_MONTHS, issued_on="2026-01"))

    assert (answer.state, answer.until) == ("expired", date(2026, 7, 1))


def test_what_may_have_changed_is_looked_up_at_its_source() -> None:
    answer = ask(slot(AT_SOURCE), held(AT_SOURCE))

    assert (answer.state, answer.reason.code) == ("held_to_check", "check_source")


def test_a_paper_for_one_dossier_is_never_reused() -> None:
    answer = ask(slot(ONE_DOSSIER), held(ONE_DOSSIER))

    assert (answer.state, answer.reason.code) == ("not_reusable", "one_dossier")


def test_what_is_only_shown_is_neither_held_nor_asked_for() -> None:
    by_slot = ask(slot(PERMANENT, kind="xuat_trinh"), held(PERMANENT))
    by_type = ask(slot(SHOWN), held(SHOWN))

    assert (by_slot.state, by_slot.document) == ("only_shown", None)
    assert by_type.state == "only_shown"


def test_what_nobody_confirmed_is_no_answer_yet() -> None:
    answer = ask(slot(PERMANENT), held(PERMANENT, is_confirmed=False))

    assert (answer.state, answer.reason.code) == ("unconfirmed", "unconfirmed")


def test_a_slot_may_be_stricter_than_the_type() -> None:
    answer = ask(slot(PERMANENT, max_age_months=3), held(PERMANENT, issued_on="2026-01-15"))

    assert (answer.state, answer.until) == ("expired", date(2026, 4, 15))


def test_a_slot_is_never_laxer_than_the_type() -> None:
    answer = ask(slot(SIX_MONTHS, max_age_months=24), held(SIX_MONTHS, issued_on="2026-01-14"))

    assert (answer.state, answer.until) == ("expired", date(2026, 7, 14))


def test_the_newest_of_those_that_are_valid_wins() -> None:
    answer = ask(
        slot(PERMANENT),
        held(PERMANENT, name="doc_old", issued_on="2019-01-01"),
        held(PERMANENT, name="doc_new", issued_on="2024-01-01"),
        held(PERMANENT, name="doc_middle", issued_on="2021-01-01"),
    )

    assert answer.document is not None
    assert answer.document.document_id == "doc_new"


def test_of_the_same_day_the_one_filed_last_wins() -> None:
    answer = ask(
        slot(PERMANENT),
        held(PERMANENT, name="doc_later", filed_at=FILED + timedelta(days=1)),
        held(PERMANENT, name="doc_first"),
    )

    assert answer.document is not None
    assert answer.document.document_id == "doc_later"


@pytest.mark.parametrize("worse", [held(SIX_MONTHS, issued_on="2026-07-01", is_confirmed=False)])
def test_an_older_valid_paper_goes_before_a_newer_one_that_is_not(worse: HeldDocument) -> None:
    answer = ask(
        slot(SIX_MONTHS), worse, held(SIX_MONTHS, name="doc_valid", issued_on="2026-03-01")
    )

    assert answer.state == "held_valid"
    assert answer.document is not None
    assert answer.document.document_id == "doc_valid"


def test_a_slot_takes_any_type_that_it_accepts() -> None:
    answer = ask(
        slot(SIX_MONTHS, PERMANENT), held(SIX_MONTHS, issued_on="2020-01-01"), held(PERMANENT)
    )

    assert answer.document is not None
    assert (answer.state, answer.document.component_type) == ("held_valid", PERMANENT)


dates = st.one_of(
    st.none(), st.dates(date(2000, 1, 1), date(2030, 1, 1)).map(date.isoformat), st.just("2026")
)
documents = st.builds(
    held,
    st.sampled_from(sorted(load_component_types())),
    issued_on=dates,
    valid_until=dates,
    is_confirmed=st.booleans(),
)


@given(st.lists(documents, max_size=5), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_nothing_is_ever_called_valid_that_is_unconfirmed_expired_or_for_one_dossier(
    papers: list[HeldDocument], today: date
) -> None:
    types = load_component_types()

    answer = ask(slot(*types), *papers, today=today)

    if answer.state == "held_valid":
        assert answer.document in papers
        assert answer.document is not None
        assert answer.document.is_confirmed
        assert answer.until is None or today <= answer.until
        assert types[answer.document.component_type].validity_class in "PFL"
    assert (answer.state == "not_held") is (not papers)
