"""The once-only answer: nobody gets it before it is written down that they asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from database.audit import list_audit
from tests.unit.workers.filed_papers import (
    DOSSIER_HERE,
    OTHER_OWNER,
    OWNER,
    PROGRAM,
    WHY,
    enter_paper,
    opened_office,
)
from workers.answering import answer
from workers.services import Services

BIRTH = "1.001193"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with opened_office(tmp_path) as opened:
        yield opened


def ask(services: Services, owner: str = OWNER) -> set[str]:
    """Return the documents that an answer names."""
    given = answer(
        services,
        owner_id=owner,
        procedure=BIRTH,
        actor=PROGRAM,
        dossier=DOSSIER_HERE,
        purpose=WHY,
    )
    return {one.document.document_id for one in given.components if one.document is not None}


def refuse_rows(services: Services) -> None:
    with services.database.writing() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER full BEFORE INSERT ON audit"
                " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        )


def test_question_is_written_down_with_the_papers_that_were_named(services: Services) -> None:
    mine = enter_paper(services, component_type="giay_chung_sinh", owner_id=OWNER)
    other = enter_paper(services, component_type="giay_chung_sinh", owner_id=OTHER_OWNER)

    named = ask(services)

    row = list_audit(services.database)[0]
    assert named == {mine}
    assert (row["action"], row["subject"]) == ("once_only_asked", BIRTH)
    assert (row["dossier"], row["purpose"]) == (DOSSIER_HERE, WHY)
    assert mine in row["detail"]
    assert other not in row["detail"]


def test_no_answer_is_given_that_cannot_be_written_down(services: Services) -> None:
    enter_paper(services, component_type="giay_chung_sinh", owner_id=OWNER)
    refuse_rows(services)

    with pytest.raises(DBAPIError):
        ask(services)


def test_owner_without_papers_is_answered_and_written_down(services: Services) -> None:
    assert ask(services) == set()
    assert list_audit(services.database)[0]["detail"] == '{"documents": []}'
