"""Who has which document under review before them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from database.tables import reservations
from documents.identifiers import DocumentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Somebody has a document before them; it ends by itself at `until`."""

    document_id: DocumentId
    holder: str
    reserved_at: datetime
    until: datetime


def find_reservation(
    connection: Connection, document_id: str, *, now: datetime
) -> Reservation | None:
    """Return who holds a document now."""
    row = (
        connection.execute(
            select(reservations).where(
                reservations.c.document_id == document_id, reservations.c.until > now
            )
        )
        .mappings()
        .first()
    )
    return None if row is None else Reservation(**row)


def save_reservation(connection: Connection, reservation: Reservation) -> None:
    """Write down who holds a document, instead of who held it before."""
    forget_reservation(connection, reservation.document_id)
    connection.execute(
        insert(reservations).values(
            document_id=reservation.document_id,
            holder=reservation.holder,
            reserved_at=reservation.reserved_at,
            until=reservation.until,
        )
    )


def forget_reservation(connection: Connection, document_id: str) -> None:
    """Let a document be free."""
    connection.execute(delete(reservations).where(reservations.c.document_id == document_id))
