"""Who must say why: own and other areas, roles, and what was said before."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from database.audit import list_audit
from database.records import list_document_pages
from tests.architecture.documented_pages import DOCS
from tests.unit.workers.filed_papers import (
    ARCHIVIST,
    DOSSIER_HERE,
    DOSSIER_THERE,
    FREE_OFFICER,
    HERE,
    INSPECTOR,
    OFFICER,
    OTHER_OWNER,
    OWNER,
    PROGRAM,
    WHY,
    enter_paper,
    opened_office,
)
from workers.access import (
    DEMANDS,
    SHORTEST_PURPOSE,
    check_change,
    demand_on,
    place_of,
)
from workers.actors import Actor
from workers.answering import answer
from workers.dossiers import close_dossier, open_dossier
from workers.errors import OutsideAreaError, PurposeRequiredError
from workers.reindexing import rebuild_index
from workers.retrieving import (
    document_picture,
    open_version,
    page_picture,
    search_documents,
    show_document,
)
from workers.services import Services

OPERATOR = Actor("an.tran", "operator", HERE)
PROCEDURE = "1.004884"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with opened_office(tmp_path / "home") as built:
        yield built


@pytest.fixture
def foreign(services: Services) -> str:
    return enter_paper(
        services, dossier=DOSSIER_THERE, component_type="giay_khai_sinh", owner_id=OWNER
    )


@pytest.mark.parametrize(
    ("area", "dossier", "place"),
    [
        ("H99.12", DOSSIER_HERE, "own"),
        ("H99.12", DOSSIER_THERE, "other"),
        ("H99", DOSSIER_THERE, "own"),
        ("", DOSSIER_THERE, "own"),
        ("H99.12", None, "own"),
        ("H99.1", DOSSIER_HERE, "other"),
        ("H99.12.03.05", DOSSIER_HERE, "other"),
        ("H99.12", "000.00.12.H99-210616-0001", "own"),
        ("H99.12", "000.00.13.H99-210616-0001", "other"),
    ],
)
def test_place_follows_from_the_agency_in_the_dossier_code(
    area: str, dossier: str | None, place: str
) -> None:
    assert place_of(Actor("x", "officer", area), dossier) == place


@pytest.mark.parametrize("actor", [OPERATOR, OFFICER])
def test_paper_of_a_person_elsewhere_needs_a_purpose(
    services: Services, foreign: str, actor: Actor
) -> None:
    with pytest.raises(PurposeRequiredError) as caught:
        show_document(services, foreign, actor=actor)

    assert caught.value.code == "purpose_required"
    assert not caught.value.needs_dossier
    assert "10 ký tự" in caught.value.reason.vi


@pytest.mark.parametrize("purpose", ["", "xem", " " * 20, "123456789"])
def test_purpose_that_says_nothing_does_not_count(
    services: Services, foreign: str, purpose: str
) -> None:
    with pytest.raises(PurposeRequiredError):
        show_document(services, foreign, actor=OFFICER, purpose=purpose)


def test_purpose_opens_and_is_written_down(services: Services, foreign: str) -> None:
    show_document(services, foreign, actor=OFFICER, purpose=WHY, dossier=DOSSIER_HERE)

    (row, *_) = list_audit(services.database, document=foreign)
    assert (row["action"], row["purpose"], row["dossier"]) == ("document_shown", WHY, DOSSIER_HERE)


@pytest.mark.parametrize("actor", [ARCHIVIST, INSPECTOR, FREE_OFFICER])
def test_some_open_papers_elsewhere_without_a_purpose_and_it_is_written_down(
    services: Services, foreign: str, actor: Actor
) -> None:
    show_document(services, foreign, actor=actor)

    (row, *_) = list_audit(services.database, document=foreign)
    assert (row["action"], row["actor"]) == ("document_shown", actor.name)


@pytest.mark.parametrize("dossier", [DOSSIER_HERE, None])
def test_paper_of_ones_own_area_or_of_nobodys_opens_as_before(
    services: Services, dossier: str | None
) -> None:
    document = enter_paper(services, dossier=dossier, owner_id=OWNER)

    view = show_document(services, document, actor=OFFICER)

    assert view.summary.id == document


def test_paper_that_is_about_nobody_opens_everywhere(services: Services) -> None:
    document = enter_paper(services, dossier=DOSSIER_THERE, component_type="quyet_dinh")

    assert show_document(services, document, actor=OFFICER).summary.id == document


def test_paper_with_a_name_alone_is_a_persons_too(services: Services) -> None:
    document = enter_paper(services, dossier=DOSSIER_THERE, owner_name="Nguyễn Thị Ví Dụ")

    with pytest.raises(PurposeRequiredError):
        show_document(services, document, actor=OFFICER)


def test_file_and_pictures_are_closed_until_the_paper_was_opened(
    services: Services, foreign: str
) -> None:
    with pytest.raises(PurposeRequiredError):
        open_version(services, foreign, actor=OFFICER, purpose="download")
    with pytest.raises(PurposeRequiredError):
        document_picture(services, foreign, page=1, width=400, actor=OFFICER)


def test_what_was_said_lately_stands_for_pictures_and_file(
    services: Services, foreign: str
) -> None:
    show_document(services, foreign, actor=OFFICER, purpose=WHY)

    again = show_document(services, foreign, actor=OFFICER)

    assert again.summary.id == foreign
    (row, *_) = list_audit(services.database, document=foreign)
    assert row["purpose"] == WHY


def test_what_somebody_else_said_does_not_stand(services: Services, foreign: str) -> None:
    show_document(services, foreign, actor=OFFICER, purpose=WHY)

    with pytest.raises(PurposeRequiredError):
        show_document(services, foreign, actor=OPERATOR)


def test_what_was_said_an_hour_ago_does_not_stand(services: Services, foreign: str) -> None:
    show_document(services, foreign, actor=OFFICER, purpose=WHY)
    clock = services.clock
    clock.advance(3601)  # type: ignore[attr-defined]  # the clock of these tests

    with pytest.raises(PurposeRequiredError):
        show_document(services, foreign, actor=OFFICER)


def test_picture_of_a_page_of_such_a_paper_is_closed_too(services: Services, foreign: str) -> None:
    with services.database.reading() as connection:
        (one,) = list_document_pages(connection, foreign)

    with pytest.raises(PurposeRequiredError):
        page_picture(services, one.page_id, width=400, actor=OFFICER)


def test_own_dossier_of_the_same_person_stands_for_a_purpose(
    services: Services, foreign: str
) -> None:
    open_dossier(services, code=DOSSIER_HERE, owner_id=OWNER, actor=OFFICER)

    view = show_document(services, foreign, actor=OFFICER, dossier=DOSSIER_HERE)

    assert view.summary.id == foreign


def test_own_dossier_of_somebody_else_or_a_closed_one_does_not(
    services: Services, foreign: str
) -> None:
    open_dossier(services, code=DOSSIER_HERE, owner_id=OTHER_OWNER, actor=OFFICER)
    closed = "H99.12.03-260316-0008"
    open_dossier(services, code=closed, owner_id=OWNER, actor=OFFICER)
    close_dossier(services, closed, result="issued", actor=OFFICER)

    for code in (DOSSIER_HERE, closed, DOSSIER_THERE):
        with pytest.raises(PurposeRequiredError):
            show_document(services, foreign, actor=OFFICER, dossier=code)


@pytest.mark.parametrize("dossier_of_paper", [DOSSIER_HERE, DOSSIER_THERE])
def test_program_always_names_dossier_and_purpose(
    services: Services, dossier_of_paper: str
) -> None:
    document = enter_paper(services, dossier=dossier_of_paper, owner_id=OWNER)

    for told in ({}, {"purpose": WHY}, {"dossier": DOSSIER_HERE}):
        with pytest.raises(PurposeRequiredError) as caught:
            show_document(services, document, actor=PROGRAM, **told)
        assert caught.value.needs_dossier
    view = show_document(services, document, actor=PROGRAM, purpose=WHY, dossier=DOSSIER_HERE)
    assert view.summary.id == document


@pytest.mark.parametrize("role", ["operator", "officer", "dossier_system"])
def test_question_for_a_dossier_elsewhere_needs_a_purpose(services: Services, role: str) -> None:
    asker = Actor("hỏi", role, HERE)
    asked = {"owner_id": OWNER, "procedure": PROCEDURE, "actor": asker}

    for dossier in (DOSSIER_THERE, "không phải mã"):
        with pytest.raises(PurposeRequiredError):
            answer(services, **asked, dossier=dossier, purpose="thử")  # type: ignore[arg-type]  # by their names
    with pytest.raises(PurposeRequiredError) as caught:
        answer(services, **asked, dossier="không phải mã", purpose=WHY)  # type: ignore[arg-type]  # by their names
    assert caught.value.needs_dossier
    answer(services, **asked, dossier=DOSSIER_THERE, purpose=WHY)  # type: ignore[arg-type]  # by their names
    answer(services, **asked, dossier=DOSSIER_HERE, purpose="thử")  # type: ignore[arg-type]  # by their names


def test_question_of_a_caller_without_an_area_is_answered_as_before(services: Services) -> None:
    given = answer(
        services,
        owner_id=OWNER,
        procedure=PROCEDURE,
        actor=FREE_OFFICER,
        dossier="d",
        purpose="thử",
    )

    assert given.components


@pytest.mark.parametrize("role", sorted(DEMANDS))
def test_nobody_changes_what_belongs_to_another_area(role: str) -> None:
    actor = Actor("x", role, HERE)

    check_change(actor, DOSSIER_HERE)
    check_change(actor, None)
    with pytest.raises(OutsideAreaError):
        check_change(actor, DOSSIER_THERE)


def test_page_on_security_shows_the_rules() -> None:
    page = (DOCS / "explanation" / "security.md").read_text(encoding="utf-8")
    words = {"nothing": "–", "purpose": "purpose", "dossier_and_purpose": "dossier and purpose"}

    for role, demands in DEMANDS.items():
        if role in ("command_line", "administrator"):
            continue
        cells = " | ".join(words[demands[place]] for place in ("own", "other", "person"))
        assert f"| `{role}` | {cells} |" in page, role
    assert re.search(rf"{SHORTEST_PURPOSE} characters", page)


def test_account_without_an_area_is_asked_only_for_all_papers_of_a_person() -> None:
    assert demand_on(FREE_OFFICER, "own") == "nothing"
    assert demand_on(FREE_OFFICER, "other") == "nothing"
    assert demand_on(FREE_OFFICER, "person") == "purpose"


def test_search_tells_of_a_persons_paper_elsewhere_only_that_it_is_there(
    services: Services,
) -> None:
    told = {"title": "Giấy khai sinh của bé Ví Dụ", "number": "12/2020"}
    here = enter_paper(services, dossier=DOSSIER_HERE, owner_id=OWNER, **told)  # type: ignore[arg-type]  # tags by their names
    there = enter_paper(
        services,
        dossier=DOSSIER_THERE,
        owner_id=OWNER,
        owner_name="Nguyễn Thị Ví Dụ",
        **told,  # type: ignore[arg-type]  # tags by their names
    )
    rebuild_index(services)

    hits = {hit.id: hit for hit in search_documents(services, "ví dụ", actor=OFFICER).hits}

    assert not hits[here].is_withheld
    assert hits[here].title == told["title"]
    hit = hits[there]
    assert hit.is_withheld
    assert (hit.title, hit.owner_name, hit.snippet, hit.marked, hit.source) == (
        None,
        None,
        "",
        (),
        None,
    )
    assert (hit.number, hit.dossier_code) == ("12/2020", DOSSIER_THERE)


@pytest.mark.parametrize("actor", [ARCHIVIST, INSPECTOR, FREE_OFFICER])
def test_search_withholds_nothing_from_who_needs_no_purpose(
    services: Services, actor: Actor
) -> None:
    enter_paper(services, dossier=DOSSIER_THERE, owner_id=OWNER, title="Giấy khai sinh")
    rebuild_index(services)

    (hit,) = search_documents(services, "khai sinh", actor=actor).hits

    assert (hit.is_withheld, hit.title) == (False, "Giấy khai sinh")


def test_search_withholds_nothing_of_a_paper_that_is_about_nobody(services: Services) -> None:
    enter_paper(services, dossier=DOSSIER_THERE, title="Quyết định sửa đường")
    rebuild_index(services)

    (hit,) = search_documents(services, "sua duong", actor=OFFICER).hits

    assert (hit.is_withheld, hit.title) == (False, "Quyết định sửa đường")
