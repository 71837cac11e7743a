"""Changes of pages are taken back, the newest first, as long as nothing was confirmed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from configuration.settings import Settings
from database.audit import find_broken_link, list_audit
from database.batches import get_delivery, set_delivery_state
from database.converting import FINDINGS, to_json
from database.pages import get_page, has_reading
from database.records import get_document, set_document_state
from database.tables import documents as documents_table
from documents.errors import PipelineError, Reason
from documents.identifiers import PageId
from documents.model import Finding
from tests.contract.catalogue_entries import state_of_stage
from tests.unit.workers.changes import CHANGES
from tests.unit.workers.under_review import (
    AN,
    BINH,
    Clock,
    Paper,
    make_paper,
    places_of,
    state_of,
)
from workers.errors import StaleReviewError
from workers.page_changes import (
    drop_page,
    list_changes,
    merge_documents,
    move_pages,
    restore_page,
    rotate_page,
    undo,
)
from workers.review_errors import (
    CopiesGoneError,
    NothingToUndoError,
)
from workers.services import Services, build_services
from workers.tidying import sweep_work_folder

pytestmark = pytest.mark.usefixtures("each_catalogue")


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


def test_undone_turn_gives_the_reading_back_without_reading_again(services: Services) -> None:
    paper = make_paper(services, 1)
    page_id = paper.pages[0][0]
    with services.database.reading() as connection:
        before = get_page(connection, page_id)
    rotate_page(services, page_id, by=180, actor=AN)

    undo(services, paper.batch.id, actor=AN)

    with services.database.reading() as connection:
        assert get_page(connection, page_id) == before
        assert has_reading(connection, page_id)
    assert state_of_stage(services.database, page_id, "inspect") is None
    assert state_of_stage(services.database, paper.documents[0], "classify") == "ready"


@pytest.mark.parametrize("name", CHANGES)
def test_change_is_written_down_and_taken_back(services: Services, name: str) -> None:
    paper = make_paper(services, 3, 2)
    before = [places_of(services, one) for one in paper.documents]
    CHANGES[name](services, paper)
    changed = list_changes(services, paper.batch.id)

    undone = undo(services, paper.batch.id, actor=BINH)

    assert [places_of(services, one) for one in paper.documents] == before
    assert state_of(services, paper.documents[0]) == ("reading", None)
    (change,) = list_changes(services, paper.batch.id)
    assert (changed[0].is_next, changed[0].actor) == (True, "an.tran")
    assert (change.id, change.undone_by, change.is_next) == (undone.id, "binh.le", False)
    actions = [row["action"] for row in list_audit(services.database)]
    assert actions[0] == "change_undone"
    assert find_broken_link(services.database) is None


def test_several_changes_are_taken_back_in_a_row(services: Services) -> None:
    paper = make_paper(services, 3, 2)
    before = [places_of(services, one) for one in paper.documents]
    for name in ("rotate", "reorder", "drop", "split", "merge"):
        CHANGES[name](services, paper)

    kinds = [undo(services, paper.batch.id, actor=AN).kind for _ in range(5)]

    assert kinds == [
        "documents_merged",
        "document_split",
        "page_dropped",
        "pages_reordered",
        "page_rotated",
    ]
    assert [places_of(services, one) for one in paper.documents] == before
    with pytest.raises(NothingToUndoError):
        undo(services, paper.batch.id, actor=AN)


def test_change_of_a_document_that_was_confirmed_since_is_passed_over(services: Services) -> None:
    paper = make_paper(services, 2, 2)
    drop_page(services, paper.pages[0][0], actor=AN)
    drop_page(services, paper.pages[1][0], actor=AN)
    with services.database.writing() as connection:
        set_document_state(connection, paper.documents[1], state="filing")

    undone = undo(services, paper.batch.id, actor=AN)

    assert undone.documents == (paper.documents[0],)
    with pytest.raises(NothingToUndoError):
        undo(services, paper.batch.id, actor=AN)


def test_older_change_of_a_document_whose_pages_went_into_a_confirmed_one_stands(
    services: Services,
) -> None:
    paper = make_paper(services, 2, 2)
    drop_page(services, paper.pages[0][0], actor=AN)
    move_pages(services, paper.pages[0][1:], to_document=paper.documents[1], actor=AN)
    with services.database.writing() as connection:
        set_document_state(connection, paper.documents[1], state="filing")

    with pytest.raises(NothingToUndoError):
        undo(services, paper.batch.id, actor=AN)


def test_undo_of_another_change_than_was_seen_is_refused(services: Services) -> None:
    paper = make_paper(services, 3)
    drop_page(services, paper.pages[0][0], actor=AN)
    (seen,) = list_changes(services, paper.batch.id)
    drop_page(services, paper.pages[0][1], actor=BINH)

    with pytest.raises(StaleReviewError):
        undo(services, paper.batch.id, actor=AN, change=seen.id)


def test_what_was_found_about_both_is_joined_and_parted_again_by_undo(services: Services) -> None:
    paper = make_paper(services, 1, 1)
    finding = Finding(reason=reason_of("page_count_differs"), severity="problem")
    with services.database.writing() as connection:
        connection.execute(
            documents_table.update()
            .where(documents_table.c.id == paper.documents[1])
            .values(findings=to_json(FINDINGS, (finding,)))
        )
    merge_documents(services, into=paper.documents[0], other=paper.documents[1], actor=AN)
    joined = findings_of(services, paper)

    undo(services, paper.batch.id, actor=AN)

    assert joined[0] == (finding,)
    assert findings_of(services, paper) == [(), (finding,)]


def test_working_copies_of_dropped_pages_are_kept_for_a_day(
    services: Services, clock: Clock
) -> None:
    paper = make_paper(services, 1)
    drop_page(services, paper.pages[0][0], actor=AN)
    file = services.work.delivery_file(paper.delivery.id)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"%PDF-1.7")

    sweep_work_folder(services)
    is_kept = file.exists()
    clock.advance(hours=25)
    sweep_work_folder(services)

    assert (is_kept, file.exists()) == (True, False)
    with services.database.reading() as connection:
        assert get_delivery(connection, paper.delivery.id).state == "filed"


def test_page_whose_image_is_gone_is_not_restored(services: Services) -> None:
    paper = make_paper(services, 1)
    drop_page(services, paper.pages[0][0], actor=AN)
    with services.database.writing() as connection:
        set_delivery_state(connection, paper.delivery.id, state="filed")

    errors: list[PipelineError] = []
    for change in (
        lambda: restore_page(services, paper.pages[0][0], actor=AN),
        lambda: undo(services, paper.batch.id, actor=AN),
    ):
        with pytest.raises(CopiesGoneError) as caught:
            change()
        errors.append(caught.value)

    assert all("Quét lại" in error.reason.vi for error in errors)


def test_every_change_is_in_the_audit_log_with_its_actor(services: Services) -> None:
    paper = make_paper(services, 3, 2)
    CHANGES["rotate"](services, paper)
    CHANGES["drop"](services, paper)

    rows = [(row["action"], row["actor"], row["subject"]) for row in list_audit(services.database)]

    assert rows == [
        ("page_dropped", "an.tran", paper.batch.id),
        ("page_rotated", "an.tran", paper.batch.id),
    ]
    assert PageId(paper.pages[0][0]) in list_audit(services.database)[1]["detail"]


def findings_of(services: Services, paper: Paper) -> list[tuple[Finding, ...]]:
    with services.database.reading() as connection:
        return [get_document(connection, one).findings for one in paper.documents]
