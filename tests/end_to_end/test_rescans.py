"""A page is scanned again: the new file takes its place, whatever happens in between."""

import io
from pathlib import Path

import pytest

from database.batches import NewBatch, list_deliveries
from database.errors import WrongStateError
from database.records import set_document_state
from tests.end_to_end.correcting import (
    QUYET_DINH,
    RESCAN,
    SECOND,
    THIRD,
    deliver_two_pages,
    document_of,
    document_of_id,
    document_of_page_is_untouched,
    file_it,
    pages_of,
    scan_of,
    texts_of,
)
from tests.end_to_end.papers import BLANK, DECISION, write_scan
from tests.end_to_end.stepping import (
    CLERK,
    claim,
    deliver,
    run_all,
    stages_of,
    status_of,
    take_back,
)
from workers.actors import Actor
from workers.desk import show_place
from workers.errors import OutsideAreaError
from workers.following import follow_batch, list_set_aside
from workers.intake import begin_batch, end_batch, take_file
from workers.page_changes import (
    drop_page,
    list_changes,
    merge_documents,
    replace_page,
    restore_page,
    rotate_page,
    undo,
)
from workers.pipeline import run_stage
from workers.review_errors import SameScanError
from workers.reviewing import confirm
from workers.services import Services
from workers.tidying import sweep_work_folder

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("rescans")]


def test_rescan_takes_the_place_of_the_page(services: Services, tmp_path: Path) -> None:
    followed = deliver_two_pages(services, tmp_path)
    document = document_of(services, followed)
    old = pages_of(services, document.id)[1].page_id

    receipt = replace_page(
        services, old, scan_of(RESCAN, THIRD), file_name="quet-lai.tif", actor=CLERK
    )
    waiting = document_of(services, followed).state
    run_all(services)

    assert waiting == "reading"
    assert receipt.batch_id == followed.batch_id
    assert [one.role for one in pages_of(services, document.id)] == [
        "content",
        "content",
        "content",
        "dropped",
    ]
    assert pages_of(services, document.id)[3].page_id == old
    assert texts_of(services, document.id) == ["ỦY BAN NHÂN DÂ", "Trang quét lại", "Trang thêm của"]
    assert document_of(services, followed).state == "awaiting_review"
    assert len(status_of(services, followed).documents) == 1


def test_document_is_not_confirmed_while_a_rescan_is_on_its_way(
    services: Services, tmp_path: Path
) -> None:
    document = document_of(services, deliver_two_pages(services, tmp_path))
    old = pages_of(services, document.id)[1].page_id

    replace_page(services, old, scan_of(RESCAN), file_name="a.tif", actor=CLERK)
    drop_page(services, pages_of(services, document.id)[0].page_id, actor=CLERK)

    assert stages_of(services, document.id).get("classify") is None
    with pytest.raises(WrongStateError):
        confirm(services, document.id, QUYET_DINH, actor=CLERK)


def test_blank_back_of_a_rescan_is_called_blank(services: Services, tmp_path: Path) -> None:
    document = document_of(services, deliver_two_pages(services, tmp_path))
    old = pages_of(services, document.id)[1].page_id

    replace_page(services, old, scan_of(RESCAN, BLANK), file_name="a.tif", actor=CLERK)
    run_all(services)

    roles = [one.role for one in pages_of(services, document.id)]
    assert roles == ["content", "content", "blank", "dropped"]


def test_rescan_survives_a_kill_between_receipt_and_opening(
    services: Services, tmp_path: Path
) -> None:
    document = document_of(services, deliver_two_pages(services, tmp_path))
    old = pages_of(services, document.id)[1].page_id
    receipt = replace_page(services, old, scan_of(RESCAN), file_name="a.tif", actor=CLERK)
    file = services.work.delivery_file(receipt.id)
    file.rename(services.work.incoming / f"1.1-{receipt.id}")  # as its writer left it

    sweep_work_folder(services)
    run_all(services)

    assert texts_of(services, document.id) == ["ỦY BAN NHÂN DÂ", "Trang quét lại"]


def test_rescan_is_put_in_place_once_though_its_worker_is_killed(
    services: Services, tmp_path: Path
) -> None:
    followed = deliver_two_pages(services, tmp_path)
    document = document_of(services, followed)
    old = pages_of(services, document.id)[1].page_id
    replace_page(services, old, scan_of(RESCAN), file_name="a.tif", actor=CLERK)
    run = claim(services, worker="killed")
    assert run is not None
    assert run.stage == "open"
    take_back(services, dead_worker="killed")

    run_all(services)
    run_stage(run, services)  # it was not dead after all, and comes too late
    run_all(services)

    assert texts_of(services, document.id) == ["ỦY BAN NHÂN DÂ", "Trang quét lại"]
    assert [one.kind for one in list_changes(services, followed.batch_id)] == ["page_replaced"]
    assert document_of(services, followed).state == "awaiting_review"


def test_sending_a_rescan_again_is_sending_it_once(services: Services, tmp_path: Path) -> None:
    followed = deliver_two_pages(services, tmp_path)
    document = document_of(services, followed)
    old = pages_of(services, document.id)[1].page_id
    first = replace_page(services, old, scan_of(RESCAN), file_name="a.tif", actor=CLERK)
    early = replace_page(services, old, scan_of(RESCAN), file_name="a.tif", actor=CLERK)
    run_all(services)

    late = replace_page(services, old, scan_of(RESCAN), file_name="a.tif", actor=CLERK)

    assert (early.id, late.id, late.is_repeated) == (first.id, first.id, True)
    assert len(list_changes(services, followed.batch_id)) == 1
    assert document_of(services, followed).state == "awaiting_review"


def test_file_that_the_batch_has_already_is_no_rescan(services: Services, tmp_path: Path) -> None:
    document = document_of(services, deliver_two_pages(services, tmp_path))
    old = pages_of(services, document.id)[1].page_id

    with pytest.raises(SameScanError), (tmp_path / "quyet-dinh.tif").open("rb") as stream:
        replace_page(services, old, stream, file_name="a.tif", actor=CLERK)

    assert document_of_page_is_untouched(services, document.id)


def test_damaged_rescan_is_set_aside_and_the_document_goes_on_with_the_old_page(
    services: Services, tmp_path: Path
) -> None:
    followed = deliver_two_pages(services, tmp_path)
    document = document_of(services, followed)
    old = pages_of(services, document.id)[1].page_id

    receipt = replace_page(
        services, old, io.BytesIO(b"\xff\xd8\xff khong phai anh"), file_name="a.jpg", actor=CLERK
    )
    run_all(services)

    assert [one.subject for one in list_set_aside(services)] == [receipt.id]
    assert document_of(services, followed).state == "awaiting_review"
    assert document_of_page_is_untouched(services, document.id)


def test_undone_rescan_gives_the_old_page_back_and_can_be_sent_again(
    services: Services, tmp_path: Path
) -> None:
    followed = deliver_two_pages(services, tmp_path)
    document = document_of(services, followed)
    old = pages_of(services, document.id)[1].page_id
    replace_page(services, old, scan_of(RESCAN), file_name="a.tif", actor=CLERK)
    run_all(services)

    undo(services, followed.batch_id, actor=CLERK)
    undone = texts_of(services, document.id)
    replace_page(services, old, scan_of(RESCAN), file_name="a.tif", actor=CLERK)
    run_all(services)

    assert undone == ["ỦY BAN NHÂN DÂ", "Trang thứ hai "]
    assert texts_of(services, document.id) == ["ỦY BAN NHÂN DÂ", "Trang quét lại"]
    assert len(pages_of(services, document.id)) == 3


def test_rescan_for_a_document_that_is_confirmed_by_then_becomes_one_of_its_own(
    services: Services, tmp_path: Path
) -> None:
    followed = deliver_two_pages(services, tmp_path)
    document = document_of(services, followed)
    old = pages_of(services, document.id)[1].page_id
    replace_page(services, old, scan_of(RESCAN), file_name="a.tif", actor=CLERK)
    with services.database.writing() as connection:
        set_document_state(connection, document.id, state="filing")

    run_all(services)

    first, second = status_of(services, followed).documents
    assert document_of_page_is_untouched(services, first.id)
    assert texts_of(services, second.id) == ["Trang quét lại"]


def test_page_of_a_merged_document_is_replaced_where_it_is_now(
    services: Services, tmp_path: Path
) -> None:
    scans = [
        write_scan(tmp_path / f"{name}.tif", DECISION, paper)
        for name, paper in (("a", SECOND), ("b", THIRD))
    ]
    followed = deliver(services, *scans, policy="none")
    run_all(services)
    first, second = status_of(services, followed).documents
    old = pages_of(services, second.id)[1].page_id
    replace_page(services, old, scan_of(RESCAN), file_name="c.tif", actor=CLERK)

    merge_documents(services, into=first.id, other=second.id, actor=CLERK)
    run_all(services)

    assert texts_of(services, first.id)[-1] == "Trang quét lại"
    assert document_of_id(services, followed, first.id).state == "awaiting_review"
    assert document_of_id(services, followed, second.id).state == "discarded"


def test_no_working_copy_is_left_when_a_corrected_document_is_filed(
    services: Services, tmp_path: Path
) -> None:
    followed = deliver_two_pages(services, tmp_path)
    document = document_of(services, followed)
    first, second = (page.page_id for page in pages_of(services, document.id))
    rotate_page(services, first, by=180, actor=CLERK)
    rotate_page(services, first, by=180, actor=CLERK)
    drop_page(services, second, actor=CLERK)
    restore_page(services, second, actor=CLERK)
    replace_page(services, second, scan_of(RESCAN), file_name="a.tif", actor=CLERK)
    run_all(services)

    file_it(services, document.id)

    assert [path for path in services.work.root.rglob("*") if path.is_file()] == []
    with services.database.reading() as connection:
        deliveries = list_deliveries(connection, batch_id=followed.batch_id)
    assert [one.state for one in deliveries] == ["filed", "filed"]


def open_batch_of(services: Services, *scans: io.BytesIO) -> tuple[str, list[str]]:
    """Deliver files into a batch that stays open; return it and the ids of its pages."""
    new = NewBatch(station="quay", batch_key="ban-1", answerable=CLERK.name, expected_pages=2)
    batch = begin_batch(services, new, actor=CLERK)
    for number, scan in enumerate(scans):
        take_file(
            services, scan, batch_id=batch.id, file_name=f"{number}.tif", source="", actor=CLERK
        )
    run_all(services)
    return batch.id, [page.id for page in follow_batch(services, batch.id).pages]


def test_rescan_in_an_open_batch_stands_in_its_place_once_the_batch_is_cut(
    services: Services,
) -> None:
    batch_id, (first, _) = open_batch_of(services, scan_of(SECOND), scan_of(DECISION))

    replace_page(services, first, scan_of(RESCAN), file_name="quet-lai.tif", actor=CLERK)
    on_its_way = show_place(services, batch_id).assessment
    run_all(services)
    on_desk = show_place(services, batch_id)
    end_batch(services, batch_id, actor=CLERK)
    run_all(services)

    (document,) = follow_batch(services, batch_id).documents
    assert (on_its_way.verdict, on_desk.assessment.verdict) == ("receiving", "ready")
    assert on_desk.assessment.count == 2
    assert [page.replaces for page in on_desk.status.pages] == [None, None, 1]
    assert [one.role for one in pages_of(services, document.id)] == [
        "content",
        "dropped",
        "content",
    ]
    assert texts_of(services, document.id) == ["Trang quét lại", "ỦY BAN NHÂN DÂ"]
    assert document.state == "awaiting_review"
    assert [one.kind for one in list_changes(services, batch_id)] == ["page_replaced"]


def test_rescan_of_a_rescan_leaves_the_last_one(services: Services) -> None:
    batch_id, (first, _) = open_batch_of(services, scan_of(SECOND), scan_of(DECISION))
    replace_page(services, first, scan_of(THIRD), file_name="a.tif", actor=CLERK)
    run_all(services)
    second = follow_batch(services, batch_id).pages[2].id

    replace_page(services, second, scan_of(RESCAN), file_name="b.tif", actor=CLERK)
    end_batch(services, batch_id, actor=CLERK)
    run_all(services)

    (document,) = follow_batch(services, batch_id).documents
    assert texts_of(services, document.id) == ["Trang quét lại", "ỦY BAN NHÂN DÂ"]


def test_the_same_rescan_twice_is_one_and_another_page_of_the_batch_is_none(
    services: Services,
) -> None:
    batch_id, (first, _) = open_batch_of(services, scan_of(SECOND), scan_of(DECISION))
    one = replace_page(services, first, scan_of(RESCAN), file_name="a.tif", actor=CLERK)
    two = replace_page(services, first, scan_of(RESCAN), file_name="a.tif", actor=CLERK)

    with pytest.raises(SameScanError):
        replace_page(services, first, scan_of(DECISION), file_name="b.tif", actor=CLERK)

    assert one.id == two.id
    assert len(follow_batch(services, batch_id).deliveries) == 3


def test_a_batch_of_another_area_takes_no_rescan(services: Services) -> None:
    stranger = Actor("la", "operator", "H11")
    code = "H99.12.03-260511-0001"
    new = NewBatch(station="quay", batch_key="b", answerable=CLERK.name, dossier_code=code)
    batch = begin_batch(services, new, actor=CLERK)
    take_file(services, scan_of(DECISION), batch_id=batch.id, file_name="a", source="", actor=CLERK)
    run_all(services)
    (page,) = follow_batch(services, batch.id).pages

    with pytest.raises(OutsideAreaError):
        replace_page(services, page.id, scan_of(RESCAN), file_name="b.tif", actor=stranger)
