"""Which page stands where in which document; new documents in the order of their batch."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, update

from database.records import DocumentRow, PageRole
from database.tables import document_pages, documents
from documents.identifiers import DocumentId, PageId, mint_document_id


def save_places(
    connection: Connection, places: Mapping[DocumentId, Sequence[tuple[PageId, PageRole]]]
) -> None:
    """Give documents these pages in this order, numbered from 1, instead of those they had."""
    connection.execute(delete(document_pages).where(document_pages.c.document_id.in_(list(places))))
    rows = [
        {"page_id": page_id, "document_id": document_id, "ordinal": ordinal, "role": role}
        for document_id, placed in places.items()
        for ordinal, (page_id, role) in enumerate(placed, start=1)
    ]
    if rows:
        connection.execute(insert(document_pages), rows)


def set_page_role(connection: Connection, page_id: str, role: PageRole) -> None:
    """Say what a page is in its document."""
    connection.execute(
        update(document_pages).where(document_pages.c.page_id == page_id).values(role=role)
    )


def add_document_behind(
    connection: Connection, document: DocumentRow, *, now: datetime
) -> DocumentId:
    """Enter a document without pages yet behind another one of its batch."""
    behind = documents.c.batch_id == document.batch_id, documents.c.ordinal > document.ordinal
    # Two steps: the key on batch and ordinal holds after each row.
    connection.execute(update(documents).where(*behind).values(ordinal=-documents.c.ordinal - 1))
    connection.execute(
        update(documents)
        .where(documents.c.batch_id == document.batch_id, documents.c.ordinal < 0)
        .values(ordinal=-documents.c.ordinal)
    )
    document_id = mint_document_id()
    connection.execute(
        insert(documents).values(
            id=document_id,
            batch_id=document.batch_id,
            ordinal=document.ordinal + 1,
            state="reading",
            dossier_code=document.dossier_code,
            revision=1,
            created_at=now,
        )
    )
    return document_id
