"""Files that were delivered to take the place of a page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from database.tables import deliveries, document_pages, replacements
from documents.identifiers import DeliveryId, PageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A wish that a file takes the place of a page; `change_id` once it did."""

    delivery_id: DeliveryId
    page_id: PageId
    actor: str
    role: str
    asked_at: datetime
    change_id: int | None = None


def add_replacement(connection: Connection, wanted: Replacement) -> None:
    """Write down which page a delivered file is to replace."""
    connection.execute(
        insert(replacements).values(
            delivery_id=wanted.delivery_id,
            page_id=wanted.page_id,
            actor=wanted.actor,
            role=wanted.role,
            asked_at=wanted.asked_at,
        )
    )


def find_replacement(connection: Connection, delivery_id: str) -> Replacement | None:
    """Return which page a delivered file was to replace, if any."""
    row = (
        connection.execute(select(replacements).where(replacements.c.delivery_id == delivery_id))
        .mappings()
        .first()
    )
    return None if row is None else Replacement(**row)


def list_replacements(connection: Connection, batch_id: str) -> list[Replacement]:
    """Return which files of a batch were to replace which pages, in the order of their coming."""
    query = (
        select(replacements)
        .join(deliveries, deliveries.c.id == replacements.c.delivery_id)
        .where(deliveries.c.batch_id == batch_id)
        .order_by(deliveries.c.ordinal)
    )
    return [Replacement(**row) for row in connection.execute(query).mappings()]


def mark_replaced(connection: Connection, delivery_id: str, *, change_id: int) -> None:
    """Write down that the pages of the file are in place."""
    connection.execute(
        update(replacements)
        .where(replacements.c.delivery_id == delivery_id)
        .values(change_id=change_id)
    )


def has_pending_replacement(connection: Connection, document_id: str) -> bool:
    """Say whether a file that is to replace a page of the document has not been opened yet."""
    query = (
        select(replacements.c.delivery_id)
        .join(deliveries, deliveries.c.id == replacements.c.delivery_id)
        .join(document_pages, document_pages.c.page_id == replacements.c.page_id)
        .where(document_pages.c.document_id == document_id, deliveries.c.state == "received")
    )
    return connection.execute(query.limit(1)).first() is not None
