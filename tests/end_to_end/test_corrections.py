"""What a person corrects while the pipeline runs: results for what was before are dropped."""

from pathlib import Path

import pypdfium2
import pytest

from database.batches import set_confirm_policy
from database.pages import get_page
from database.records import load_tags, set_document_state
from database.versions import list_versions
from tests.end_to_end.correcting import (
    SECOND,
    THIRD,
    claim_stage,
    deliver_two_pages,
    document_of,
    document_of_id,
    file_it,
    pages_of,
    placed_document,
    reading_of,
    run_meddled,
    scan_of,
)
from tests.end_to_end.papers import DECISION, draw_paper, write_born_digital_pdf, write_scan
from tests.end_to_end.stepping import (
    CLERK,
    claim,
    deliver,
    run_all,
    status_of,
)
from workers.page_changes import (
    drop_page,
    move_pages,
    replace_page,
    rotate_page,
    undo,
)
from workers.retrieving import page_picture, show_document
from workers.reviewing import confirm_batch_by_policy, get_review
from workers.services import Services

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("corrections")]


@pytest.mark.parametrize("stage", ["inspect", "read"])
def test_page_that_is_turned_while_a_stage_works_on_it_is_read_with_the_turn(
    services: Services, tmp_path: Path, stage: str
) -> None:
    followed = deliver(services, write_scan(tmp_path / "a.tif", DECISION), policy="none")
    run = claim_stage(services, stage)

    run_meddled(services, run, lambda: rotate_page(services, run.subject, by=180, actor=CLERK))
    run_all(services)

    with services.database.reading() as connection:
        page = get_page(connection, run.subject)
    assert (page.image.turn, reading_of(services, page.id).turn) == (180, 180)
    assert document_of(services, followed).state == "awaiting_review"


def test_proposal_for_pages_that_were_moved_away_is_dropped_and_made_anew(
    services: Services, tmp_path: Path
) -> None:
    scans = [
        write_scan(tmp_path / f"{name}.tif", DECISION, paper)
        for name, paper in (("a", SECOND), ("b", THIRD))
    ]
    followed = deliver(services, *scans, policy="none")
    run = claim_stage(services, "classify")
    first, second = status_of(services, followed).documents
    moved = pages_of(services, run.subject)[0].page_id
    other = second if run.subject == first.id else first

    run_meddled(
        services,
        run,
        lambda: move_pages(services, [moved], to_document=other.id, actor=CLERK),
    )
    between = document_of_id(services, followed, run.subject)
    run_all(services)

    after = document_of_id(services, followed, run.subject)
    assert (between.state, between.number) == ("reading", None)
    assert (after.state, after.number) == ("awaiting_review", None)
    assert document_of_id(services, followed, other.id).number == "120/QĐ-UBND"


def test_proposal_for_a_former_revision_is_dropped_and_made_at_once_again(
    services: Services, tmp_path: Path
) -> None:
    deliver(services, write_scan(tmp_path / "a.tif", DECISION), policy="none")
    run = claim_stage(services, "classify")

    def touch() -> None:
        with services.database.writing() as connection:
            set_document_state(connection, run.subject, state="reading")

    run_meddled(services, run, touch)

    with services.database.reading() as connection:
        assert load_tags(connection, run.subject) == ()
    again = claim(services)
    assert again is not None
    assert (again.subject, again.stage, again.attempt) == (run.subject, "classify", 1)


def test_document_that_a_person_arranged_is_confirmed_by_a_person(
    services: Services, tmp_path: Path
) -> None:
    followed = deliver_two_pages(services, tmp_path)
    document = document_of(services, followed)
    drop_page(services, pages_of(services, document.id)[1].page_id, actor=CLERK)
    with services.database.writing() as connection:
        set_confirm_policy(connection, followed.batch_id, policy="backfile", answerable=CLERK.name)

    run_all(services)
    waited = document_of(services, followed).state
    confirm_batch_by_policy(services, followed.batch_id, policy="backfile", actor=CLERK)

    assert (waited, document_of(services, followed).state) == ("awaiting_review", "filing")


def test_dropped_page_is_neither_in_the_pdf_nor_in_the_text(
    services: Services, tmp_path: Path
) -> None:
    document = document_of(services, deliver_two_pages(services, tmp_path))
    drop_page(services, pages_of(services, document.id)[1].page_id, actor=CLERK)
    run_all(services)

    content = file_it(services, document.id)

    with pypdfium2.PdfDocument(content) as pdf:
        assert len(pdf) == 1
    view = show_document(services, document.id, actor=CLERK)
    assert (view.page_count, len(view.text_pages)) == (1, 1)
    assert [one.role for one in pages_of(services, document.id)] == ["content", "dropped"]


def test_born_digital_file_with_a_page_left_out_is_not_kept_as_received(
    services: Services, tmp_path: Path
) -> None:
    followed = deliver(services, write_born_digital_pdf(tmp_path / "a.pdf"), policy="none")
    scan = deliver(services, write_scan(tmp_path / "b.tif", DECISION), policy="none")
    run_all(services)
    document = document_of(services, followed)
    page_id = pages_of(services, document.id)[0].page_id
    own = reading_of(services, page_id)
    rotate_page(services, page_id, by=180, actor=CLERK)
    run_all(services)
    read_anew = reading_of(services, page_id)
    undo(services, followed.batch_id, actor=CLERK)
    replace_page(services, page_id, scan_of(SECOND), file_name="x.tif", actor=CLERK)
    run_all(services)

    file_it(services, document.id)

    assert (read_anew.turn, read_anew.engine.name) == (180, "tesserocr")
    assert reading_of(services, page_id) == own
    with services.database.reading() as connection:
        kinds = [one.kind for one in list_versions(connection, document.id)]
    assert kinds == ["signed"]
    assert document_of(services, scan).state == "awaiting_review"


def test_turn_of_a_person_wins_and_the_pdf_shows_it(services: Services, tmp_path: Path) -> None:
    document = document_of(services, deliver_two_pages(services, tmp_path))
    first, second = (page.page_id for page in pages_of(services, document.id))

    rotate_page(services, second, by=90, actor=CLERK)
    run_all(services)
    content = file_it(services, document.id)

    assert reading_of(services, first).turn == 0
    assert reading_of(services, second).turn == 90
    with pypdfium2.PdfDocument(content) as pdf:
        sizes = [pdf.get_page_size(number) for number in range(len(pdf))]
    assert [width < height for width, height in sizes] == [True, False]


def test_page_that_lay_on_its_side_is_read_after_the_turn(
    services: Services, tmp_path: Path
) -> None:
    page = draw_paper(("Giấy này",)).rotate(90, expand=True)
    page.save(tmp_path / "nam.tif", "TIFF", dpi=(200, 200))
    followed = deliver(services, tmp_path / "nam.tif", policy="none")
    run_all(services)
    (placed,) = pages_of(services, document_of(services, followed).id)
    turned = reading_of(services, placed.page_id).turn

    rotate_page(services, placed.page_id, by=(90 - turned) % 360 or 180, actor=CLERK)
    if turned == 90:
        rotate_page(services, placed.page_id, by=180, actor=CLERK)
    run_all(services)

    reading = reading_of(services, placed.page_id)
    (shown,) = get_review(services, placed_document(services, placed.page_id)).pages
    assert (reading.turn, reading.text) == (90, "Giấy này")
    assert (shown.width, shown.height, shown.turned_by) == (1654, 2339, "an.tran")


def test_picture_shows_the_turn_at_once(services: Services, tmp_path: Path) -> None:
    document = document_of(services, deliver_two_pages(services, tmp_path))
    page_id = pages_of(services, document.id)[0].page_id
    before = page_picture(services, page_id, width=200, actor=CLERK)

    rotate_page(services, page_id, by=180, actor=CLERK)

    assert page_picture(services, page_id, width=200, actor=CLERK) != before
    assert pages_of(services, document.id)[0].role == "content"
