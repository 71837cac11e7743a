"""A paper that seems to be here twice: a warning, found by an index, that stops nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from classification.confirming import Decision
from database.duplicates import duplicates_by_key
from documents.model import Tag
from documents.paper_keys import key_of_paper
from tests.unit.workers.filed_papers import (
    ARCHIVIST,
    DOSSIER_HERE,
    DOSSIER_THERE,
    OFFICER,
    OWNER,
    enter_paper,
    opened_office,
)
from tests.unit.workers.query_plans import plan_of
from workers.correcting import correct_tags
from workers.duplicates import duplicates_of, duplicates_of_tags
from workers.services import Services

ISSUER, NUMBER, DAY = "Ủy ban nhân dân phường Thí Nghiệm", "120/QĐ-UBND", "2026-03-16"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with opened_office(tmp_path / "home") as built:
        yield built


def enter_decision(services: Services, **values: str) -> str:
    told = {"component_type": "quyet_dinh", "issuer": ISSUER, "number": NUMBER, "issued_on": DAY}
    return enter_paper(services, **{**told, **values})  # type: ignore[arg-type]  # tags by their names


@pytest.mark.parametrize(
    ("issuer", "number", "issued_on"),
    [
        (ISSUER, NUMBER, "2026-11-30"),
        ("UBND phường Thí Nghiệm", NUMBER, DAY),
        ("uy ban nhan dan  phuong thi nghiem", "120/qd-ubnd".upper(), DAY),
        ("ỦY BAN NHÂN DÂN, PHƯỜNG THÍ NGHIỆM", "0120/QĐ-UBND", "2026"),
        (ISSUER, "120 / QĐ - UBND", DAY),
        (ISSUER, "120/QÐ–UBND", DAY),
        (ISSUER, "120/2026/QĐ-UBND", "2019"),
    ],
)
def test_one_paper_has_one_key_however_it_is_written(
    issuer: str, number: str, issued_on: str
) -> None:
    key = key_of_paper(issuer=ISSUER, number=NUMBER, issued_on=DAY)

    assert key is not None
    assert key_of_paper(issuer=issuer, number=number, issued_on=issued_on) == key


@pytest.mark.parametrize(
    ("issuer", "number", "issued_on"),
    [
        ("UBND phường Ví Dụ", NUMBER, DAY),
        (ISSUER, "121/QĐ-UBND", DAY),
        (ISSUER, "120/TB-UBND", DAY),
        (ISSUER, "120", DAY),
        (ISSUER, NUMBER, "2025-03-16"),
        (None, NUMBER, DAY),
        (ISSUER, None, DAY),
        (ISSUER, NUMBER, None),
        ("", "", ""),
        ("...", "///", "0000"),
    ],
)
def test_another_paper_has_another_key_or_none(
    issuer: str | None, number: str | None, issued_on: str | None
) -> None:
    key = key_of_paper(issuer=ISSUER, number=NUMBER, issued_on=DAY)

    assert key_of_paper(issuer=issuer, number=number, issued_on=issued_on) != key


@given(st.text(), st.text(), st.text())
def test_no_text_is_too_odd_for_a_key(issuer: str, number: str, issued_on: str) -> None:
    key = key_of_paper(issuer=issuer, number=number, issued_on=issued_on)

    assert key is None or len(key) == 32


def test_filed_and_waiting_papers_of_the_same_number_are_named(services: Services) -> None:
    filed = enter_decision(services, issuer="UBND phường Thí Nghiệm")
    waiting = enter_paper(
        services,
        state="awaiting_review",
        is_confirmed=False,
        issuer=ISSUER,
        number=NUMBER,
        issued_on="2026",
    )
    enter_paper(services, state="discarded", issuer=ISSUER, number=NUMBER, issued_on=DAY)
    enter_decision(services, number="121/QĐ-UBND")
    here = enter_decision(services)

    found = duplicates_of(services, here, actor=OFFICER)

    assert [(one.document_id, one.state) for one in found] == [
        (filed, "filed"),
        (waiting, "awaiting_review"),
    ]


def test_warning_follows_a_correction(services: Services) -> None:
    first = enter_decision(services)
    second = enter_decision(services, number="121/QĐ-UBND")
    before = duplicates_of(services, second, actor=OFFICER)

    decision = Decision(component_type="quyet_dinh", values={"number": NUMBER})
    correct_tags(services, second, decision, reason="đọc nhầm số", actor=OFFICER)

    assert before == []
    assert [one.document_id for one in duplicates_of(services, second, actor=OFFICER)] == [first]


def test_tags_can_be_asked_about_before_they_are_saved(services: Services) -> None:
    filed = enter_decision(services)
    told = {"issuer": ISSUER, "number": NUMBER, "issued_on": DAY}
    tags = [Tag(name=name, value=value, state="proposed") for name, value in told.items()]

    found = duplicates_of_tags(services, tags, actor=OFFICER)

    assert [one.document_id for one in found] == [filed]


def test_paper_without_a_number_has_no_duplicates(services: Services) -> None:
    one, _other = (enter_paper(services, component_type="don", issuer=ISSUER) for _ in range(2))

    assert duplicates_of(services, one, actor=OFFICER) == []


def test_of_a_persons_paper_elsewhere_only_its_being_there_is_told(services: Services) -> None:
    here = enter_decision(services, title="Quyết định")
    enter_paper(
        services,
        dossier=DOSSIER_THERE,
        component_type="quyet_dinh",
        issuer=ISSUER,
        number=NUMBER,
        issued_on=DAY,
        title="Về việc của ông Ví Dụ",
        owner_id=OWNER,
    )

    (outside,) = duplicates_of(services, here, actor=OFFICER)
    (inside,) = duplicates_of(services, here, actor=ARCHIVIST)

    assert (outside.is_withheld, outside.title, outside.dossier_code) == (True, None, None)
    assert (inside.is_withheld, inside.title) == (False, "Về việc của ông Ví Dụ")
    assert inside.dossier_code == DOSSIER_THERE


def test_duplicates_are_found_by_an_index(services: Services) -> None:
    plan = plan_of(services, duplicates_by_key("0" * 32))

    assert [step for step in plan if "ix_documents_duplicate_key" in step]
    assert not [step for step in plan if step.startswith("SCAN")]


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("SELECT * FROM tags WHERE name = 'owner_id' AND value = '1'", "ix_tags_name_value"),
        ("SELECT * FROM owners WHERE owner_id = '1'", "owners"),
        ("SELECT * FROM owner_words WHERE word >= 'a' AND word < 'b'", "owner_words"),
        ("SELECT * FROM audit WHERE dossier = 'a' ORDER BY seq DESC", "ix_audit_dossier_seq"),
        ("SELECT * FROM tag_history WHERE document_id = 'a' ORDER BY id", "ix_tag_history"),
        ("SELECT * FROM dossiers ORDER BY opened_at DESC, code DESC LIMIT 5", "ix_dossiers"),
    ],
)
def test_owners_dossiers_and_histories_are_found_by_indexes(
    services: Services, statement: str, index: str
) -> None:
    with services.database.reading() as connection:
        rows = connection.execute(text(f"EXPLAIN QUERY PLAN {statement}")).all()

    assert all("USING" in row.detail and "INDEX" in row.detail for row in rows)
    assert any(index in row.detail for row in rows)
    assert not any("TEMP B-TREE" in row.detail for row in rows)


def test_own_dossier_does_not_matter_for_what_is_a_duplicate(services: Services) -> None:
    first = enter_decision(services)
    second = enter_paper(
        services, dossier=DOSSIER_HERE, issuer=ISSUER, number=NUMBER, issued_on=DAY
    )

    assert [one.document_id for one in duplicates_of(services, second, actor=OFFICER)] == [first]
