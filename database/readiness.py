"""Questions on which the next stage depends."""

from sqlalchemy import Connection, Select, select

from database.tables import deliveries, document_pages, documents, pages


def _exists(connection: Connection, query: Select[tuple[str]]) -> bool:
    return connection.execute(query.limit(1)).first() is not None


def has_unopened_file(connection: Connection, batch_id: str) -> bool:
    """Say whether a file of the batch has not been opened yet."""
    return _exists(
        connection,
        select(deliveries.c.id).where(
            deliveries.c.batch_id == batch_id, deliveries.c.state == "received"
        ),
    )


def has_uninspected_page(connection: Connection, batch_id: str) -> bool:
    """Say whether a page of the batch has not been looked at yet."""
    return _exists(
        connection,
        select(pages.c.id).where(pages.c.batch_id == batch_id, pages.c.state == "opened"),
    )


def has_loose_page(connection: Connection, batch_id: str) -> bool:
    """Say whether a page of an opened file is in no document, as after a split before it came."""
    return _exists(
        connection,
        select(pages.c.id)
        .join(deliveries, deliveries.c.id == pages.c.delivery_id)
        .outerjoin(document_pages, document_pages.c.page_id == pages.c.id)
        .where(
            pages.c.batch_id == batch_id,
            deliveries.c.state == "opened",
            document_pages.c.page_id.is_(None),
        ),
    )


def has_unread_page(connection: Connection, document_id: str) -> bool:
    """Say whether a content page of the document has neither been read nor set aside."""
    return _exists(
        connection,
        select(pages.c.id)
        .join(document_pages, document_pages.c.page_id == pages.c.id)
        .where(
            document_pages.c.document_id == document_id,
            document_pages.c.role == "content",
            pages.c.state.in_(("opened", "inspected")),
        ),
    )


def unreadable_ordinals(connection: Connection, document_id: str) -> tuple[int, ...]:
    """Return the places of content pages that were set aside."""
    rows = connection.execute(
        select(document_pages.c.ordinal)
        .join(pages, document_pages.c.page_id == pages.c.id)
        .where(
            document_pages.c.document_id == document_id,
            document_pages.c.role == "content",
            pages.c.state == "set_aside",
        )
        .order_by(document_pages.c.ordinal)
    )
    return tuple(rows.scalars())


def documents_of_delivery(connection: Connection, delivery_id: str) -> dict[str, str]:
    """Return the documents that hold pages of a delivered file, with their states."""
    rows = connection.execute(
        select(documents.c.id, documents.c.state)
        .join(document_pages, document_pages.c.document_id == documents.c.id)
        .join(pages, pages.c.id == document_pages.c.page_id)
        .where(pages.c.delivery_id == delivery_id)
        .distinct()
    )
    return {row[0]: row[1] for row in rows}


def deliveries_of_document(connection: Connection, document_id: str) -> tuple[str, ...]:
    """Return the delivered files that pages of a document came from; those of its sheets last.

    A document that lost all its pages has none.
    """
    rows = connection.execute(
        select(pages.c.delivery_id)
        .join(document_pages, document_pages.c.page_id == pages.c.id)
        .where(document_pages.c.document_id == document_id)
        .order_by(document_pages.c.role.in_(("separator", "dropped")), document_pages.c.ordinal)
    )
    return tuple(dict.fromkeys(rows.scalars()))
