"""Taking changes of pages back, the newest first."""

from dataclasses import dataclass
from datetime import datetime

from database.batches import get_batch
from database.connecting import Transaction
from database.page_changes import ChangeRow, Placed, ids_of, list_page_changes, mark_undone
from database.records import find_document_of_page, get_document
from documents.identifiers import BatchId, DocumentId, PageId
from workers.actors import Actor
from workers.arranging import CHANGE_UNDONE, Arrangement, is_open
from workers.errors import StaleReviewError
from workers.page_turns import turn_back
from workers.review_errors import NothingToUndoError
from workers.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChange:
    """One change of a batch's pages; `is_next` tells the one that undoing takes back."""

    id: int
    kind: str
    documents: tuple[DocumentId, ...]
    pages: tuple[PageId, ...]
    actor: str
    at: datetime
    undone_by: str | None
    undone_at: datetime | None
    is_next: bool


def changes_of(services: Services, batch_id: str) -> list[PageChange]:
    """Return the changes of a batch, newest first."""
    with services.database.reading() as connection:
        get_batch(connection, batch_id)
        rows = list_page_changes(connection, batch_id)
        following = _next(connection, rows)
    return [_told(row, is_next=row == following) for row in rows]


def take_back(
    services: Services, batch_id: str, *, actor: Actor, expected: int | None
) -> PageChange:
    """Take the newest change back that can be; see `page_changes.undo`."""
    now = services.clock.now()
    with services.database.writing() as connection:
        arrangement = Arrangement(connection, kind="change_undone", actor=actor, now=now)
        arrangement.take_batch(BatchId(batch_id))
        change = _next(connection, list_page_changes(connection, batch_id))
        if change is None:
            raise NothingToUndoError
        if expected is not None and expected != change.id:
            raise StaleReviewError
        arrangement.revives = True
        arrangement.emptied_reason = CHANGE_UNDONE
        _restore(arrangement, change)
        changed = arrangement.settle()
        mark_undone(connection, change.id, by=actor.name, now=now)
        arrangement.write_down("change_undone", changed, change_id=change.id)
    services.wake()
    return _told(change, is_next=False)


def _restore(arrangement: Arrangement, change: ChangeRow) -> None:
    """Give pages and documents back what they had; pages that came later stay, left out."""
    for document_id in _touched(arrangement.connection, change):
        arrangement.take(document_id)
    known = {page for one in change.before.documents for page in ids_of(one.pages)}
    later: dict[DocumentId, list[Placed]] = {
        document_id: [(page, "dropped") for page in ids_of(placed) if page not in known]
        for document_id, placed in arrangement.places.items()
    }
    for document in change.before.documents:
        arrangement.places[document.id] = [*document.pages, *later.pop(document.id)]
        arrangement.give(
            document.id, findings=document.findings, dossier_code=document.dossier_code
        )
    for document_id, left in later.items():
        if document_id not in change.before.created:
            continue
        arrangement.places[document_id] = []
        if left:
            arrangement.places[change.before.documents[0].id] += left
    for page in change.before.turned:
        turn_back(arrangement, page, change_id=change.id)
        arrangement.read_anew(page.id)


def _next(connection: Transaction, rows: list[ChangeRow]) -> ChangeRow | None:
    """Return the newest change that can be taken back.

    One whose document was confirmed or discarded since stands for good, and so do older ones of
    the documents that it touched.
    """
    settled: set[DocumentId] = set()
    for row in rows:
        if row.undone_at is not None:
            continue
        touched = _touched(connection, row)
        documents = [get_document(connection, one) for one in touched]
        if settled.isdisjoint(touched) and all(is_open(connection, one) for one in documents):
            return row
        settled.update(touched)
    return None


def _touched(connection: Transaction, change: ChangeRow) -> set[DocumentId]:
    """Return the documents of a change; a turned page may have come into one only afterwards."""
    holders = {find_document_of_page(connection, page.id) for page in change.before.turned}
    return {*change.before.document_ids, *(one for one in holders if one is not None)}


def _told(row: ChangeRow, *, is_next: bool) -> PageChange:
    return PageChange(
        id=row.id,
        kind=row.kind,
        documents=row.before.document_ids,
        pages=tuple(page.id for page in row.before.turned),
        actor=row.actor,
        at=row.at,
        undone_by=row.undone_by,
        undone_at=row.undone_at,
        is_next=is_next,
    )
