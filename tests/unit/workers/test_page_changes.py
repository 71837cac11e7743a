"""A person corrects what the scanner delivered: no page is ever lost, and all can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from configuration.settings import Settings
from database.errors import UnknownSubjectError, WrongStateError
from database.pages import get_page, has_reading
from database.records import get_document, load_tags, save_tags, set_document_state, set_dossier
from database.tables import documents as documents_table
from documents.errors import Reason
from documents.model import Separator, Tag
from tests.contract.catalogue_entries import state_of_stage
from tests.unit.workers.changes import CHANGES
from tests.unit.workers.under_review import (
    AN,
    BINH,
    Clock,
    ids_in,
    make_paper,
    places_of,
    revision_of,
    state_of,
)
from workers.actors import Actor
from workers.errors import OutsideAreaError, SecretPaperError, StaleReviewError
from workers.page_changes import (
    drop_page,
    list_changes,
    merge_documents,
    move_pages,
    reorder_pages,
    restore_page,
    rotate_page,
    split_document,
)
from workers.reservations import reserve
from workers.review_errors import (
    AlreadyReservedError,
    ImpossibleChangeError,
    SignedFileKeptError,
)
from workers.services import Services, build_services

pytestmark = pytest.mark.usefixtures("each_catalogue")

SHEET = Separator(kind="sohoa", component_type="don", procedure="1.004884")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(tmp_path: Path, clock: Clock) -> Iterator[Services]:
    built = build_services(Settings(home=tmp_path / "home"), clock=clock)
    yield built
    built.close()


def reason_of(code: str) -> Reason:
    return Reason(code=code, vi="v", en="e")


def test_dropped_page_stays_in_the_catalogue_and_goes_out_of_the_pdf(services: Services) -> None:
    paper = make_paper(services, 3)
    first, second, third = paper.pages[0]

    drop_page(services, second, actor=AN)

    assert [
        (one.page_id, one.ordinal, one.role) for one in places_of(services, paper.documents[0])
    ] == [
        (first, 1, "content"),
        (second, 2, "dropped"),
        (third, 3, "content"),
    ]


def test_restored_page_is_at_its_place_again_and_what_it_was(services: Services) -> None:
    paper = make_paper(services, 3, roles=("content", "blank"))
    before = places_of(services, paper.documents[0])
    drop_page(services, paper.pages[0][1], actor=AN)

    restore_page(services, paper.pages[0][1], actor=AN)

    assert places_of(services, paper.documents[0]) == before


def test_document_that_loses_its_last_page_is_discarded_with_a_reason(services: Services) -> None:
    paper = make_paper(services, 2, roles=("content", "blank"))

    drop_page(services, paper.pages[0][0], actor=AN)

    assert state_of(services, paper.documents[0]) == ("discarded", "no_pages_left")


def test_document_comes_back_with_its_last_page(services: Services) -> None:
    paper = make_paper(services, 1)
    drop_page(services, paper.pages[0][0], actor=AN)

    restore_page(services, paper.pages[0][0], actor=AN)

    assert state_of(services, paper.documents[0]) == ("reading", None)
    assert state_of_stage(services.database, paper.documents[0], "classify") == "ready"


def test_pages_take_the_order_that_is_given(services: Services) -> None:
    paper = make_paper(services, 3)
    first, second, third = paper.pages[0]

    reorder_pages(services, paper.documents[0], [third, first, second], actor=AN)

    assert [(one.page_id, one.ordinal) for one in places_of(services, paper.documents[0])] == [
        (third, 1),
        (first, 2),
        (second, 3),
    ]


def test_dropped_pages_need_no_place_in_the_new_order(services: Services) -> None:
    paper = make_paper(services, 3)
    first, second, third = paper.pages[0]
    drop_page(services, first, actor=AN)

    reorder_pages(services, paper.documents[0], [third, second], actor=AN)

    assert [one.page_id for one in places_of(services, paper.documents[0])] == [
        third,
        second,
        first,
    ]


@pytest.mark.parametrize("wrong", ["missing", "twice", "strange"])
def test_order_that_names_other_pages_is_refused(services: Services, wrong: str) -> None:
    paper = make_paper(services, 3)
    first, second, third = paper.pages[0]
    orders: dict[str, list[str]] = {
        "missing": [first, second],
        "twice": [first, second, third, third],
        "strange": [first, second, third, "pag_0"],
    }

    with pytest.raises(ImpossibleChangeError):
        reorder_pages(services, paper.documents[0], orders[wrong], actor=AN)

    assert ids_in(services, paper.documents[0]) == [first, second, third]


def test_pages_are_moved_to_the_place_that_is_named(services: Services) -> None:
    paper = make_paper(services, 2, 2)
    (first, second), (third, fourth) = paper.pages

    move_pages(services, [first], to_document=paper.documents[1], position=2, actor=AN)

    assert ids_in(services, paper.documents[0]) == [second]
    assert ids_in(services, paper.documents[1]) == [third, first, fourth]


def test_pages_of_several_documents_are_moved_in_the_order_they_are_named(
    services: Services,
) -> None:
    paper = make_paper(services, 1, 2, 1)
    (first,), (second, third), (fourth,) = paper.pages

    move_pages(services, [third, first], to_document=paper.documents[2], actor=AN)

    assert ids_in(services, paper.documents[2]) == [fourth, third, first]
    assert ids_in(services, paper.documents[1]) == [second]
    assert state_of(services, paper.documents[0]) == ("discarded", "no_pages_left")


def test_document_is_cut_before_the_page_and_the_new_one_stands_behind_it(
    services: Services,
) -> None:
    paper = make_paper(services, 3, 1)

    made = split_document(services, paper.documents[0], before_page=paper.pages[0][1], actor=AN)

    assert ids_in(services, paper.documents[0]) == paper.pages[0][:1]
    assert ids_in(services, made) == paper.pages[0][1:]
    query = select(documents_table.c.id).order_by(documents_table.c.ordinal)
    with services.database.reading() as connection:
        order = list(connection.execute(query).scalars())
    assert order == [paper.documents[0], made, paper.documents[1]]


@pytest.mark.parametrize("place", [0, 2], ids=["first page", "only a blank page behind"])
def test_cut_that_leaves_a_part_without_content_is_refused(services: Services, place: int) -> None:
    paper = make_paper(services, 3, roles=("content", "content", "blank"))

    with pytest.raises(ImpossibleChangeError):
        split_document(services, paper.documents[0], before_page=paper.pages[0][place], actor=AN)


def test_merged_document_has_the_pages_findings_and_dossier_of_both(services: Services) -> None:
    paper = make_paper(services, 2, 1)
    with services.database.writing() as connection:
        set_dossier(connection, paper.documents[1], dossier_code="H99.12.03-260316-0007")

    merge_documents(services, into=paper.documents[0], other=paper.documents[1], actor=AN)

    with services.database.reading() as connection:
        merged = get_document(connection, paper.documents[0])
    assert ids_in(services, paper.documents[0]) == [*paper.pages[0], *paper.pages[1]]
    assert merged.dossier_code == "H99.12.03-260316-0007"
    assert state_of(services, paper.documents[1]) == ("discarded", "pages_merged")


def test_change_lets_the_document_be_classified_anew(services: Services) -> None:
    paper = make_paper(services, 2)

    drop_page(services, paper.pages[0][1], actor=AN)

    assert state_of(services, paper.documents[0]) == ("reading", None)
    assert state_of_stage(services.database, paper.documents[0], "classify") == "ready"


def test_old_proposals_go_and_what_the_sheet_told_stays(services: Services) -> None:
    paper = make_paper(services, 3, roles=("separator",), sheet=SHEET)
    old = Tag(name="number", value="12/QĐ", state="proposed", page=2, proposed_value="12/QĐ")
    with services.database.writing() as connection:
        save_tags(connection, paper.documents[0], (old,))

    drop_page(services, paper.pages[0][2], actor=AN)

    with services.database.reading() as connection:
        tags = {tag.name: tag.value for tag in load_tags(connection, paper.documents[0])}
    assert tags == {"component_type": "don", "procedure": "1.004884"}


def test_turned_page_is_looked_at_and_read_again_with_that_turn(services: Services) -> None:
    paper = make_paper(services, 2)
    page_id = paper.pages[0][0]

    rotate_page(services, page_id, by=90, actor=AN)

    with services.database.reading() as connection:
        page = get_page(connection, page_id)
        is_read = has_reading(connection, page_id)
    assert (page.image.turn, page.turned_by, page.state) == (90, "an.tran", "inspected")
    assert not is_read
    assert state_of_stage(services.database, page_id, "inspect") == "ready"
    assert state_of(services, paper.documents[0]) == ("reading", None)
    assert state_of_stage(services.database, paper.documents[0], "classify") is None


def test_turns_add_up(services: Services) -> None:
    paper = make_paper(services, 1)

    for by in (90, 180, 180):
        rotate_page(services, paper.pages[0][0], by=by, actor=AN)

    with services.database.reading() as connection:
        assert get_page(connection, paper.pages[0][0]).image.turn == 90


@pytest.mark.parametrize("by", [0, 45, -90, 360])
def test_page_is_turned_by_quarters_only(services: Services, by: int) -> None:
    paper = make_paper(services, 1)

    with pytest.raises(ImpossibleChangeError):
        rotate_page(services, paper.pages[0][0], by=by, actor=AN)


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("state", ["filing", "filed", "discarded"])
def test_confirmed_document_is_not_changed(services: Services, name: str, state: str) -> None:
    paper = make_paper(services, 3, 2)
    before = [places_of(services, one) for one in paper.documents]
    with services.database.writing() as connection:
        set_document_state(connection, paper.documents[0], state=state)  # type: ignore[arg-type]  # by its name

    with pytest.raises(WrongStateError):
        CHANGES[name](services, paper)

    assert [places_of(services, one) for one in paper.documents] == before
    assert list_changes(services, paper.batch.id) == []


@pytest.mark.parametrize("name", CHANGES)
def test_document_that_somebody_else_holds_is_not_changed(services: Services, name: str) -> None:
    paper = make_paper(services, 3, 2)
    reserve(services, paper.documents[0], actor=BINH)

    with pytest.raises(AlreadyReservedError, match=r"binh\.le"):
        CHANGES[name](services, paper)


@pytest.mark.parametrize("name", CHANGES)
def test_file_that_arrived_signed_keeps_its_pages(services: Services, name: str) -> None:
    paper = make_paper(services, 3, 2)
    with services.database.writing() as connection:
        connection.execute(documents_table.update().values(received_delivery_id=paper.delivery.id))

    with pytest.raises(SignedFileKeptError):
        CHANGES[name](services, paper)


@pytest.mark.parametrize("name", CHANGES)
def test_change_in_another_area_is_refused(services: Services, name: str) -> None:
    paper = make_paper(services, 3, 2)
    with services.database.writing() as connection:
        for one in paper.documents:
            set_dossier(connection, one, dossier_code="H05.01.02-251103-0012")

    with pytest.raises(OutsideAreaError):
        rotate_page(services, paper.pages[0][0], by=90, actor=Actor("an.tran", "operator", "H99"))
    CHANGES[name](services, paper)


def test_secret_paper_is_not_worked_on(services: Services) -> None:
    paper = make_paper(services, 2)
    with services.database.writing() as connection:
        set_document_state(
            connection, paper.documents[0], state="set_aside", reason=reason_of("secret_paper")
        )

    with pytest.raises(SecretPaperError):
        split_document(services, paper.documents[0], before_page=paper.pages[0][1], actor=AN)


def test_document_that_was_set_aside_is_read_on_after_the_change(services: Services) -> None:
    paper = make_paper(services, 2)
    with services.database.writing() as connection:
        set_document_state(
            connection, paper.documents[0], state="set_aside", reason=reason_of("unread_pages")
        )

    drop_page(services, paper.pages[0][0], actor=AN)

    assert state_of(services, paper.documents[0]) == ("reading", None)


def test_change_of_what_somebody_changed_meanwhile_is_refused(services: Services) -> None:
    paper = make_paper(services, 3)
    seen = revision_of(services, paper.documents[0])
    drop_page(services, paper.pages[0][0], actor=AN, revision=seen)

    with pytest.raises(StaleReviewError):
        drop_page(services, paper.pages[0][1], actor=BINH, revision=seen)


def test_pages_stay_within_their_batch(services: Services) -> None:
    paper = make_paper(services, 2)
    other = make_paper(services, 2, key="sáng-2", content=b"%PDF-khac")

    with pytest.raises(ImpossibleChangeError):
        move_pages(services, paper.pages[0], to_document=other.documents[0], actor=AN)
    with pytest.raises(ImpossibleChangeError):
        merge_documents(services, into=paper.documents[0], other=other.documents[0], actor=AN)


@pytest.mark.parametrize("position", [0, 4])
def test_place_outside_the_document_is_refused(services: Services, position: int) -> None:
    paper = make_paper(services, 2, 2)

    with pytest.raises(ImpossibleChangeError):
        move_pages(
            services,
            paper.pages[0][:1],
            to_document=paper.documents[1],
            position=position,
            actor=AN,
        )


def test_document_is_not_merged_with_itself(services: Services) -> None:
    paper = make_paper(services, 2)

    with pytest.raises(ImpossibleChangeError):
        merge_documents(services, into=paper.documents[0], other=paper.documents[0], actor=AN)


def test_unknown_page_is_not_found(services: Services) -> None:
    with pytest.raises(UnknownSubjectError):
        drop_page(services, "pag_khong_co", actor=AN)


def test_change_that_changes_nothing_leaves_no_trace(services: Services) -> None:
    paper = make_paper(services, 2)
    revision = revision_of(services, paper.documents[0])

    reorder_pages(services, paper.documents[0], paper.pages[0], actor=AN)

    assert list_changes(services, paper.batch.id) == []
    assert revision_of(services, paper.documents[0]) == revision
