"""Rescans: a file that takes the place of a page.

The wish is written down with the receipt, in one transaction. Its pages are put in place in the
transaction that enters them, so that whatever is killed in between is done again or was done.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from database.audit import AuditEntry, append_audit
from database.batches import (
    BatchRow,
    DeliveryRow,
    NewDelivery,
    add_late_delivery,
    find_delivery,
    get_batch,
    lock_batch,
)
from database.connecting import Transaction
from database.errors import WrongStateError
from database.pages import PageRow, get_page, list_pages
from database.placing import set_page_role
from database.records import (
    find_document_of_page,
    list_document_pages,
    set_document_state,
)
from database.replacements import (
    Replacement,
    add_replacement,
    find_replacement,
    mark_replaced,
)
from database.stage_runs import forget_stages
from documents.errors import PolicyViolationError
from documents.identifiers import DocumentId, PageId
from documents.model import InspectedPage, Receipt
from workers.access import check_batch
from workers.actors import Actor
from workers.arranging import Arrangement, role_of
from workers.intake import take_arrival
from workers.review_errors import SameScanError
from workers.services import Services
from workers.stage_results import plan_classify_when_ready

_UNCUT = ("open", "closed")


def take_rescan(
    services: Services,
    page_id: str,
    stream: BinaryIO,
    *,
    file_name: str,
    actor: Actor,
    revision: int | None,
) -> Receipt:
    """Store a file durably for the place of a page, and give a receipt; see `replace_page`."""

    def enter(new: NewDelivery) -> tuple[DeliveryRow, bool]:
        with services.database.writing() as connection:
            arrangement = Arrangement(
                connection, kind="page_replaced", actor=actor, now=services.clock.now()
            )
            return _enter(arrangement, new, PageId(page_id), revision=revision)

    return take_arrival(services, stream, file_name=file_name, source=file_name, enter=enter)


def _enter(
    arrangement: Arrangement, new: NewDelivery, page_id: PageId, *, revision: int | None
) -> tuple[DeliveryRow, bool]:
    connection = arrangement.connection
    page = get_page(connection, page_id)
    known = find_delivery(connection, page.batch_id, sha256=new.sha256)
    if known is not None and _is_repeat(connection, known, page_id):
        return known, False
    if find_document_of_page(connection, page_id) is None:
        return _enter_before_cut(arrangement, new, page, known), known is None
    document_id = arrangement.take_document_of(page_id, revision=revision)
    if known is not None:
        return _enter_again(arrangement, known, page_id), False
    batch = get_batch(connection, arrangement.batch_id)
    delivery = _enter_wish(arrangement, batch, new, page_id, document_id)
    # Nobody confirms it with the old page while the new one is on its way.
    forget_stages(connection, document_id, stages=("classify",))
    set_document_state(connection, document_id, state="reading")
    return delivery, True


def _enter_before_cut(
    arrangement: Arrangement, new: NewDelivery, page: PageRow, known: DeliveryRow | None
) -> DeliveryRow:
    """Take a rescan while the paper is still there: it is put in place when the batch is cut."""
    connection = arrangement.connection
    batch = lock_batch(connection, page.batch_id)
    check_batch(connection, arrangement.actor, batch)
    if batch.state not in _UNCUT:
        raise WrongStateError(page.id, state=page.state)
    if known is not None:
        raise SameScanError
    return _enter_wish(arrangement, batch, new, page.id, None)


def _enter_wish(
    arrangement: Arrangement,
    batch: BatchRow,
    new: NewDelivery,
    page_id: PageId,
    document_id: DocumentId | None,
) -> DeliveryRow:
    connection, now = arrangement.connection, arrangement.now
    delivery = add_late_delivery(connection, batch, new, now=now)
    wanted = Replacement(
        delivery_id=delivery.id,
        page_id=page_id,
        actor=arrangement.actor.name,
        role=arrangement.actor.role,
        asked_at=now,
    )
    add_replacement(connection, wanted)
    entry = AuditEntry(
        actor=wanted.actor,
        role=wanted.role,
        action="rescan_received",
        subject=delivery.id,
        document=document_id,
        digest=delivery.sha256,
        detail={"page": page_id},
    )
    append_audit(connection, entry, now=now)
    return delivery


def _is_repeat(connection: Transaction, known: DeliveryRow, page_id: PageId) -> bool:
    """Say whether this file was sent for this page before and is on its way or in place."""
    wanted = find_replacement(connection, known.id)
    if wanted is None or wanted.page_id != page_id:
        return False
    return known.state != "opened" or not _is_left_out(connection, known)


def _is_left_out(connection: Transaction, known: DeliveryRow) -> bool:
    """Say whether all pages of a file were dropped, as after its replacement was undone."""
    for page in list_pages(connection, delivery_id=known.id):
        document_id = find_document_of_page(connection, page.id)
        places = list_document_pages(connection, document_id) if document_id else []
        if not any(one.page_id == page.id and one.role == "dropped" for one in places):
            return False
    return True


def _enter_again(arrangement: Arrangement, known: DeliveryRow, page_id: PageId) -> DeliveryRow:
    """Put the pages of a rescan that was taken back in place again."""
    wanted = find_replacement(arrangement.connection, known.id)
    if wanted is None or wanted.page_id != page_id:
        raise SameScanError
    pages = list_pages(arrangement.connection, delivery_id=known.id)
    for page in pages:
        arrangement.take_document_of(page.id)
    place_instead(arrangement, page_id, pages)
    arrangement.finish()
    return known


def place_rescan(
    connection: Transaction, delivery: DeliveryRow, page_ids: Sequence[PageId], *, now: datetime
) -> None:
    """Put the pages of an opened file in the place of the page that it replaces, if it does.

    Called in the transaction that entered them, or that cut the batch which both came into. Where
    the document can no longer be changed they stay in no document, and splitting makes one of them.
    """
    wanted = find_replacement(connection, delivery.id)
    document_id = find_document_of_page(connection, wanted.page_id) if wanted else None
    if wanted is None or document_id is None:
        return
    arrangement = Arrangement(
        connection, kind="page_replaced", actor=Actor(wanted.actor, wanted.role), now=now
    )
    arrangement.heeds_reservations = False
    try:
        arrangement.take(document_id)
    except PolicyViolationError:
        return
    if delivery.is_signed:
        plan_classify_when_ready(connection, document_id, now=now)
        return
    pages = [one for one in list_pages(connection, delivery_id=delivery.id) if one.id in page_ids]
    arrangement.add_pages([one.id for one in pages])
    place_instead(arrangement, wanted.page_id, pages)
    change_id = arrangement.finish()
    assert change_id is not None  # noqa: S101 - there was at least one new page
    mark_replaced(connection, delivery.id, change_id=change_id)


def place_instead(arrangement: Arrangement, old: PageId, pages: Sequence[PageRow]) -> None:
    """Put pages where an old one stands, which becomes dropped; they leave where they stood."""
    new = [page.id for page in pages]
    for document_id, placed in arrangement.places.items():
        arrangement.places[document_id] = [one for one in placed if one[0] not in new]
    for placed in arrangement.places.values():
        for index, (page_id, _) in enumerate(placed):
            if page_id == old:
                placed[index : index + 1] = [
                    *((page.id, role_of(page)) for page in pages),
                    (old, "dropped"),
                ]
                return


def label_rescanned(connection: Transaction, page: PageRow, inspected: InspectedPage) -> None:
    """Call a page of a rescan blank or a separator sheet where looking at it says so.

    The last page with content keeps its name, so that a person sees the document.
    """
    found = inspected.is_blank or inspected.separator is not None
    document_id = find_document_of_page(connection, page.id)
    if not found or document_id is None or find_replacement(connection, page.delivery_id) is None:
        return
    roles = {one.page_id: one.role for one in list_document_pages(connection, document_id)}
    others = [role for one, role in roles.items() if one != page.id]
    if roles[page.id] == "content" and "content" in others:
        set_page_role(connection, page.id, "separator" if inspected.separator else "blank")
