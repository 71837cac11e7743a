"""Owners: what is held, by type and state; finding them without showing their numbers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from database.audit import list_audit
from database.errors import UnknownSubjectError
from database.owners import find_owner, owners_by_words
from database.records import save_tags
from documents.model import Tag
from tests.unit.workers.filed_papers import (
    ARCHIVIST,
    DOSSIER_HERE,
    DOSSIER_THERE,
    FREE_OFFICER,
    INSPECTOR,
    OFFICER,
    OTHER_OWNER,
    OWNER,
    PROGRAM,
    WHY,
    enter_paper,
    opened_office,
)
from tests.unit.workers.query_plans import plan_of
from workers.dossiers import open_dossier
from workers.errors import PurposeRequiredError
from workers.owners import OwnerView, search_owners, show_owner
from workers.services import Services

NAME = "Nguyễn Thị Đường"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with opened_office(tmp_path / "home") as built:
        yield built


def states_of(view: OwnerView) -> dict[str, list[tuple[str, str]]]:
    return {
        kind.component_type: [(paper.document_id, paper.state) for paper in kind.papers]
        for kind in view.types
    }


def test_papers_are_shown_by_type_with_their_state(services: Services) -> None:
    certificate = enter_paper(services, component_type="giay_khai_sinh", owner_id=OWNER)
    licence = enter_paper(services, component_type="gplx", owner_id=OWNER, valid_until="2020-01-01")
    doubtful = enter_paper(
        services, component_type="bang_tot_nghiep", owner_id=OWNER, is_confirmed=False
    )
    statement = enter_paper(services, component_type="giay_cam_doan", owner_id=OWNER)
    enter_paper(services, component_type="gcn_ket_hon", owner_id=OTHER_OWNER)
    enter_paper(services, component_type="gcn_ket_hon", owner_id=OWNER, state="awaiting_review")

    view = show_owner(services, OWNER, actor=INSPECTOR)

    assert states_of(view) == {
        "giay_khai_sinh": [(certificate, "valid")],
        "gplx": [(licence, "expired")],
        "bang_tot_nghiep": [(doubtful, "doubtful")],
        "giay_cam_doan": [(statement, "not_reusable")],
    }


def test_older_registration_is_superseded_by_the_newer_one(services: Services) -> None:
    old = enter_paper(services, component_type="gcn_dkdn", owner_id=OWNER, issued_on="2019-05-01")
    new = enter_paper(services, component_type="gcn_dkdn", owner_id=OWNER, issued_on="2024-02")

    view = show_owner(services, OWNER, actor=INSPECTOR)

    assert states_of(view)["gcn_dkdn"] == [(new, "to_check"), (old, "superseded")]
    assert view.types[0].papers[1].superseded_by == new


def test_unconfirmed_paper_supersedes_nothing(services: Services) -> None:
    old = enter_paper(services, component_type="gcn_dkdn", owner_id=OWNER, issued_on="2019")
    enter_paper(
        services, component_type="gcn_dkdn", owner_id=OWNER, issued_on="2024", is_confirmed=False
    )

    states = states_of(show_owner(services, OWNER, actor=INSPECTOR))["gcn_dkdn"]

    assert (old, "to_check") in states


def test_two_diplomas_stand_side_by_side_and_one_issued_anew_replaces_its_first(
    services: Services,
) -> None:
    bachelor = enter_paper(
        services, component_type="bang_tot_nghiep", owner_id=OWNER, number="1", issued_on="2010"
    )
    master = enter_paper(
        services, component_type="bang_tot_nghiep", owner_id=OWNER, number="2", issued_on="2014"
    )
    again = enter_paper(
        services, component_type="bang_tot_nghiep", owner_id=OWNER, number="1", issued_on="2020"
    )

    states = states_of(show_owner(services, OWNER, actor=INSPECTOR))["bang_tot_nghiep"]

    assert states == [(again, "valid"), (master, "valid"), (bachelor, "superseded")]


def test_number_is_masked_and_never_written_down(services: Services) -> None:
    enter_paper(services, component_type="giay_khai_sinh", owner_id=OWNER, owner_name=NAME)

    view = show_owner(services, "0990 9300 0012", actor=OFFICER, purpose=WHY)
    search_owners(services, OWNER, actor=OFFICER)

    assert (view.masked_id, view.name, view.is_person) == ("0990••••0012", NAME, True)
    assert OWNER not in repr(view)
    assert OWNER not in repr(list_audit(services.database))


def test_key_leads_to_the_owner(services: Services) -> None:
    enter_paper(services, component_type="giay_khai_sinh", owner_id=OWNER)
    (found,) = search_owners(services, OWNER, actor=OFFICER)

    view = show_owner(services, found.key, actor=OFFICER, purpose=WHY)

    assert view.key == found.key
    assert view.types


@pytest.mark.parametrize("actor", [OFFICER, FREE_OFFICER, PROGRAM])
def test_all_papers_of_a_person_need_a_purpose(services: Services, actor: object) -> None:
    enter_paper(services, dossier=DOSSIER_HERE, component_type="don", owner_id=OWNER)

    for owner in (OWNER, "099000000000"):
        with pytest.raises(PurposeRequiredError):
            show_owner(services, owner, actor=actor)  # type: ignore[arg-type]  # one of three
    view = show_owner(
        services,
        OWNER,
        actor=actor,  # type: ignore[arg-type]  # one of three
        purpose=WHY,
        dossier=DOSSIER_HERE,
    )

    assert view.types
    assert list_audit(services.database)[0]["purpose"] == WHY


def test_own_dossier_of_the_person_stands_for_a_purpose(services: Services) -> None:
    enter_paper(services, component_type="don", owner_id=OWNER)
    enter_paper(services, component_type="don", owner_id=OTHER_OWNER)
    open_dossier(services, code=DOSSIER_HERE, owner_id=OWNER, actor=OFFICER)

    assert show_owner(services, OWNER, actor=OFFICER, dossier=DOSSIER_HERE).types
    with pytest.raises(PurposeRequiredError):
        show_owner(services, OTHER_OWNER, actor=OFFICER, dossier=DOSSIER_HERE)


def test_somebody_of_whom_nothing_is_held_is_not_found(services: Services) -> None:
    with pytest.raises(UnknownSubjectError) as caught:
        show_owner(services, OWNER, actor=INSPECTOR)

    assert OWNER not in caught.value.reason.vi


@pytest.mark.parametrize(
    "text",
    ["nguyen thi duong", "Đường", "duong nguy", "NGUYỄN", "  thị  ", OWNER, "0990 9300 0012"],
)
def test_owner_is_found_by_words_of_the_name_or_the_number(services: Services, text: str) -> None:
    enter_paper(services, component_type="don", owner_id=OWNER, owner_name=NAME)
    enter_paper(services, component_type="don", owner_id=OTHER_OWNER, owner_name="Trần Văn Mẫu")

    found = search_owners(services, text, actor=OFFICER)

    assert [(one.name, one.masked_id, one.documents) for one in found] == [
        (NAME, "0990••••0012", 1)
    ]


@pytest.mark.parametrize("text", ["", "%", "nguyen van", "uong", "099093", '" OR 1=1 --'])
def test_what_does_not_begin_a_word_finds_nobody(services: Services, text: str) -> None:
    enter_paper(services, component_type="don", owner_id=OWNER, owner_name=NAME)

    assert search_owners(services, text, actor=OFFICER) == []


def test_by_name_nobody_from_another_area_is_found_but_by_number(services: Services) -> None:
    enter_paper(
        services, dossier=DOSSIER_THERE, component_type="don", owner_id=OWNER, owner_name=NAME
    )

    assert search_owners(services, "duong", actor=OFFICER) == []
    assert len(search_owners(services, OWNER, actor=OFFICER)) == 1
    assert len(search_owners(services, "duong", actor=ARCHIVIST)) == 1
    assert len(search_owners(services, "duong", actor=FREE_OFFICER)) == 1


def test_owner_whose_last_paper_was_taken_off_is_forgotten(services: Services) -> None:
    paper = enter_paper(services, component_type="don", owner_id=OWNER, owner_name=NAME)
    other = Tag(name="owner_id", value=OTHER_OWNER, state="confirmed")
    with services.database.writing() as connection:
        save_tags(connection, paper, [other])

    with services.database.reading() as connection:
        assert find_owner(connection, OWNER) is None
    assert search_owners(services, "duong", actor=OFFICER) == []
    assert search_owners(services, OWNER, actor=OFFICER) == []
    assert len(search_owners(services, OTHER_OWNER, actor=OFFICER)) == 1


def test_new_name_replaces_the_old_one(services: Services) -> None:
    enter_paper(services, component_type="don", owner_id=OWNER, owner_name="Nguyễn Thị Đương")
    enter_paper(services, component_type="don", owner_id=OWNER, owner_name="Nguyễn Thị Hồng")

    assert search_owners(services, "duong", actor=OFFICER) == []
    assert search_owners(services, "hong", actor=OFFICER)[0].documents == 2


def test_search_by_name_and_by_number_walks_indexes(services: Services) -> None:
    by_words = plan_of(services, owners_by_words(["nguyen", "thi"]))

    assert by_words
    assert not [step for step in by_words if step.startswith("SCAN")]


def test_owner_of_the_area_is_found_behind_many_of_the_same_name(services: Services) -> None:
    for number in range(60):
        enter_paper(
            services,
            dossier=DOSSIER_THERE,
            component_type="don",
            owner_id=f"0990930001{number:02d}",
            owner_name=NAME,
        )
    enter_paper(
        services, dossier=DOSSIER_HERE, component_type="don", owner_id=OWNER, owner_name=NAME
    )

    found = search_owners(services, "duong", actor=OFFICER)

    assert [one.masked_id for one in found] == ["0990••••0012"]
