"""Taking out what is not to be filed: a document, a file that was set aside, a whole batch."""

from dataclasses import dataclass
from datetime import datetime

from database.audit import AuditEntry, append_audit
from database.batches import (
    DeliveryRow,
    get_batch,
    get_delivery,
    list_deliveries,
    lock_batch,
    set_batch_state,
    set_delivery_state,
)
from database.connecting import Transaction
from database.errors import WrongStateError
from database.pages import list_pages
from database.readiness import documents_of_delivery
from database.records import (
    DocumentRow,
    find_document_of_page,
    get_document,
    list_document_pages,
    list_documents,
    set_document_state,
)
from database.reservations import forget_reservation
from database.stage_runs import forget_stages
from documents.errors import Reason
from documents.identifiers import DocumentId
from workers.access import check_batch, check_change
from workers.actors import Actor
from workers.reservations import UNCONFIRMED, require_free
from workers.services import Services
from workers.tidying import tidy_document

_DOCUMENT_STAGES = ("classify", "assemble", "sign", "archive", "record", "index")
_PAGE_STAGES = ("inspect", "read")
_MOST_DOCUMENTS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardedBatch:
    """What was taken out of a batch, and what was confirmed before and stays."""

    discarded: tuple[DocumentId, ...]
    kept: tuple[DocumentId, ...]


def discard_document(services: Services, document_id: str, *, reason: str, actor: Actor) -> None:
    """Take a document out of the pipeline before it is filed; its working copies go.

    Raises:
        WrongStateError: it is filed already: then only disposal by rule removes it.
        AlreadyReservedError: somebody else has it before them.
    """
    now = services.clock.now()
    with services.database.writing() as connection:
        document = get_document(connection, document_id)
        if document.state not in ("awaiting_review", "set_aside"):
            raise WrongStateError(document_id, state=document.state)
        _take_out(connection, document, _reason(reason), actor=actor, now=now)
        entry = AuditEntry(
            actor=actor.name,
            role=actor.role,
            action="document_discarded",
            document=document_id,
            dossier=document.dossier_code,
            detail={"reason": reason},
        )
        append_audit(connection, entry, now=now)
    tidy_document(services, document_id)


def discard_delivery(services: Services, delivery_id: str, *, reason: str, actor: Actor) -> None:
    """Take out a file that was set aside, as a damaged one; its bytes go.

    Raises:
        WrongStateError: it is not set aside.
    """
    now = services.clock.now()
    with services.database.writing() as connection:
        delivery = get_delivery(connection, delivery_id)
        if delivery.state == "discarded":
            return
        if delivery.state != "set_aside":
            raise WrongStateError(delivery_id, state=delivery.state)
        batch = get_batch(connection, delivery.batch_id)
        check_batch(connection, actor, batch)
        _take_out_delivery(connection, delivery, _reason(reason))
        entry = AuditEntry(
            actor=actor.name,
            role=actor.role,
            action="file_discarded",
            subject=delivery_id,
            dossier=batch.dossier_code,
            digest=delivery.sha256,
            detail={"reason": reason},
        )
        append_audit(connection, entry, now=now)
    services.work.forget_delivery(delivery_id)


def discard_batch(
    services: Services, batch_id: str, *, reason: str, actor: Actor
) -> DiscardedBatch:
    """Take everything of a batch out that is not confirmed; nothing more comes into it.

    Documents that are on their way to the archive, or in it, stay.

    Raises:
        AlreadyReservedError: somebody else has one of its documents before them; nothing is done.
    """
    now = services.clock.now()
    why = _reason(reason)
    with services.database.writing() as connection:
        batch = lock_batch(connection, batch_id)
        check_batch(connection, actor, batch)
        documents = list_documents(connection, batch_ids=(batch_id,), limit=_MOST_DOCUMENTS)
        out = [one for one in documents if one.state in UNCONFIRMED]
        for document in out:
            _take_out(connection, document, why, actor=actor, now=now)
        files = _take_out_loose(connection, batch_id, why)
        forget_stages(connection, batch_id, stages=("split",))
        set_batch_state(connection, batch_id, state="discarded")
        if out or files or batch.state != "discarded":
            entry = AuditEntry(
                actor=actor.name,
                role=actor.role,
                action="batch_discarded",
                subject=batch_id,
                dossier=batch.dossier_code,
                detail={"documents": len(out), "files": len(files), "reason": reason},
            )
            append_audit(connection, entry, now=now)
    for document in out:
        tidy_document(services, document.id)
    for delivery in files:
        services.work.forget_delivery(delivery.id)
    return DiscardedBatch(
        discarded=tuple(one.id for one in out),
        kept=tuple(one.id for one in documents if one.state not in (*UNCONFIRMED, "discarded")),
    )


def _reason(text: str) -> Reason:
    return Reason(code="discarded", vi=text, en=text)


def _take_out(
    connection: Transaction, document: DocumentRow, why: Reason, *, actor: Actor, now: datetime
) -> None:
    """Discard a document; what is under way for it or its pages is dropped."""
    check_change(actor, document.dossier_code)
    require_free(connection, document.id, actor=actor, now=now)
    forget_reservation(connection, document.id)
    forget_stages(connection, document.id, stages=_DOCUMENT_STAGES)
    for page in list_document_pages(connection, document.id):
        forget_stages(connection, page.page_id, stages=_PAGE_STAGES)
    set_document_state(connection, document.id, state="discarded", reason=why)


def _take_out_loose(connection: Transaction, batch_id: str, why: Reason) -> list[DeliveryRow]:
    """Discard the files of a batch of which no page came into a document."""
    for page in list_pages(connection, batch_id=batch_id):
        if find_document_of_page(connection, page.id) is None:
            forget_stages(connection, page.id, stages=_PAGE_STAGES)
    loose = [
        delivery
        for delivery in list_deliveries(connection, batch_id=batch_id)
        if delivery.state in ("received", "opened", "set_aside")
        and not documents_of_delivery(connection, delivery.id)
    ]
    for delivery in loose:
        _take_out_delivery(connection, delivery, why)
    return loose


def _take_out_delivery(connection: Transaction, delivery: DeliveryRow, why: Reason) -> None:
    forget_stages(connection, delivery.id, stages=("open",))
    set_delivery_state(connection, delivery.id, state="discarded", reason=why)
