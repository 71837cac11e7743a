"""Turning a page by hand: the person's turn wins over the one that reading finds."""

from dataclasses import replace

from database.batches import get_delivery
from database.connecting import Transaction
from database.converting import PAGE_IMAGE, reason_values, to_json
from database.page_changes import PageBefore, restore_page, turn_page
from database.pages import find_reading, get_page, has_reading, set_page_state
from database.records import find_document_of_page
from database.stage_runs import forget_stages
from documents.model import Turn
from workers.arranging import Arrangement
from workers.review_errors import SignedFileKeptError
from workers.stage_results import plan

_QUARTERS: tuple[Turn, ...] = (0, 90, 180, 270)
_STAGES = ("inspect", "read")


def turn(arrangement: Arrangement, page_id: str, *, by: Turn, revision: int | None) -> None:
    """Turn a page clockwise as it is seen now; it is looked at and read again."""
    connection = arrangement.connection
    page = get_page(connection, page_id)
    document_id = find_document_of_page(connection, page_id)
    if document_id is not None:
        document_id = arrangement.take(document_id, revision=revision)
    else:
        arrangement.take_batch(page.batch_id)
        if get_delivery(connection, page.delivery_id).is_signed:
            raise SignedFileKeptError
    reading = find_reading(connection, page_id)
    seen = reading.turn if reading else page.image.turn
    image = replace(page.image, turn=_QUARTERS[(seen + by) // 90 % 4])
    before = turn_page(
        connection,
        page_id,
        {
            "image": to_json(PAGE_IMAGE, image),
            "turned_by": arrangement.actor.name,
            "reading_copy": None,
            **reason_values(None),
        },
    )
    arrangement.note_turned(before, document_id)
    _look_again(connection, arrangement, page_id)


def turn_back(arrangement: Arrangement, page: PageBefore, *, change_id: int) -> None:
    """Give a page the turn and the reading that it had before a change."""
    connection = arrangement.connection
    restore_page(connection, page, change_id=change_id, now=arrangement.now)
    was_read = page.values["state"] == "read"
    # A blank page and a separator sheet have no reading to come back.
    needs_none = bool(page.values["is_blank"]) or page.values["separator"] is not None
    if was_read and (needs_none or has_reading(connection, page.id)):
        forget_stages(connection, page.id, stages=_STAGES)
    else:
        _look_again(connection, arrangement, page.id)


def _look_again(connection: Transaction, arrangement: Arrangement, page_id: str) -> None:
    """Plan a page's stages anew; a result that is under way for it is dropped with its run."""
    page = get_page(connection, page_id)
    state = "opened" if page.fingerprint is None else "inspected"
    set_page_state(connection, page_id, state=state)
    forget_stages(connection, page_id, stages=_STAGES)
    plan(connection, page_id, stage="inspect", batch_id=page.batch_id, now=arrangement.now)
