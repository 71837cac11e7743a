"""Who has which document under review before them; nobody waits for somebody who went away."""

from datetime import datetime, timedelta

from database.audit import AuditEntry, append_audit
from database.connecting import Transaction
from database.errors import WrongStateError
from database.records import get_document
from database.reservations import (
    Reservation,
    find_reservation,
    forget_reservation,
    save_reservation,
)
from workers.access import check_change
from workers.actors import Actor
from workers.review_errors import AlreadyReservedError
from workers.services import Services

UNCONFIRMED = frozenset({"reading", "awaiting_review", "set_aside"})
"""The states of documents that a person may still correct."""


def reserve(services: Services, document_id: str, *, actor: Actor, minutes: int = 5) -> Reservation:
    """Hold a document under review for a while; the holder's next call extends it.

    It ends by itself. Policies and the pipeline go on as if it were not there.

    Raises:
        AlreadyReservedError: somebody else holds it.
        WrongStateError: it is confirmed or discarded.
    """
    now = services.clock.now()
    with services.database.writing() as connection:
        document = get_document(connection, document_id)
        if document.state not in UNCONFIRMED:
            raise WrongStateError(document_id, state=document.state)
        check_change(actor, document.dossier_code)
        held = require_free(connection, document_id, actor=actor, now=now)
        reservation = Reservation(
            document_id=document.id,
            holder=actor.name,
            reserved_at=held.reserved_at if held else now,
            until=now + timedelta(minutes=minutes),
        )
        save_reservation(connection, reservation)
        if held is None:
            _write_down(connection, document_id, "document_reserved", actor=actor, now=now)
    return reservation


def release(services: Services, document_id: str, *, actor: Actor) -> None:
    """Let a document be free again; one that nobody holds stays so.

    Raises:
        AlreadyReservedError: somebody else holds it.
    """
    now = services.clock.now()
    with services.database.writing() as connection:
        get_document(connection, document_id)
        if require_free(connection, document_id, actor=actor, now=now) is not None:
            forget_reservation(connection, document_id)
            _write_down(connection, document_id, "document_released", actor=actor, now=now)


def reservation_of(services: Services, document_id: str) -> Reservation | None:
    """Return who holds a document now."""
    with services.database.reading() as connection:
        return find_reservation(connection, document_id, now=services.clock.now())


def require_free(
    connection: Transaction, document_id: str, *, actor: Actor, now: datetime
) -> Reservation | None:
    """Return the caller's own reservation, if there is one.

    Raises:
        AlreadyReservedError: somebody else holds the document.
    """
    held = find_reservation(connection, document_id, now=now)
    if held is not None and held.holder != actor.name:
        raise AlreadyReservedError(holder=held.holder, until=held.until)
    return held


def _write_down(
    connection: Transaction, document_id: str, action: str, *, actor: Actor, now: datetime
) -> None:
    entry = AuditEntry(actor=actor.name, role=actor.role, action=action, document=document_id)
    append_audit(connection, entry, now=now)
