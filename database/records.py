"""Documents: their pages, their tags and their state."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, insert, literal, select, update

from database.columns import UtcDateTime
from database.converting import FINDINGS, PROPOSALS, from_json, reason_of, reason_values, to_json
from database.duplicates import note_duplicate_key
from database.errors import UnknownSubjectError
from database.owners import find_owner_id_of, note_owner
from database.tables import document_pages, documents, tags
from documents.errors import Reason
from documents.identifiers import (
    BatchId,
    DeliveryId,
    DocumentId,
    PageId,
    VersionId,
    mint_document_id,
)
from documents.model import Box, DocumentState, Finding, Proposal, Tag

PageRole = Literal["content", "blank", "separator", "dropped"]

IN_PDF: frozenset[PageRole] = frozenset({"content", "blank"})
"""The roles of pages that a document's PDF shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A draft that becomes a document: its pages in order, each with what it is there for."""

    pages: tuple[tuple[PageId, PageRole], ...]
    dossier_code: str | None
    received_delivery_id: DeliveryId | None = None
    tags: tuple[Tag, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A document as the catalogue knows it."""

    id: DocumentId
    batch_id: BatchId
    ordinal: int
    state: DocumentState
    received_delivery_id: DeliveryId | None
    dossier_code: str | None
    revision: int
    current_version_id: VersionId | None
    alternatives: tuple[Proposal, ...]
    findings: tuple[Finding, ...]
    created_at: datetime
    filed_at: datetime | None
    reason: Reason | None
    arranged_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """One page of a document; `ordinal` counts from 1 over all roles."""

    page_id: PageId
    ordinal: int
    role: PageRole


def add_documents(
    connection: Connection, batch_id: BatchId, drafts: Sequence[NewDocument], *, now: datetime
) -> list[DocumentId]:
    """Enter the documents that a batch was cut into; return all that it has.

    A repeat finds those that are there; pages that came later make documents behind them.
    """
    known = connection.execute(
        select(documents.c.id).where(documents.c.batch_id == batch_id).order_by(documents.c.ordinal)
    ).scalars()
    ids = [DocumentId(found) for found in known]
    for draft in drafts:
        if find_document_of_page(connection, draft.pages[0][0]) is not None:
            continue
        document_id = mint_document_id()
        ordinal = len(ids) + 1
        ids.append(document_id)
        connection.execute(
            insert(documents).values(
                id=document_id,
                batch_id=batch_id,
                ordinal=ordinal,
                state="reading",
                received_delivery_id=draft.received_delivery_id,
                dossier_code=draft.dossier_code,
                findings=to_json(FINDINGS, draft.findings),
                revision=1,
                created_at=now,
            )
        )
        connection.execute(
            insert(document_pages),
            [
                {"page_id": page_id, "document_id": document_id, "ordinal": place, "role": role}
                for place, (page_id, role) in enumerate(draft.pages, start=1)
            ],
        )
        save_tags(connection, document_id, draft.tags)
    return ids


def get_document(connection: Connection, document_id: str) -> DocumentRow:
    """Return the document; UnknownSubjectError when there is none."""
    row = connection.execute(select(documents).where(documents.c.id == document_id)).first()
    if row is None:
        raise UnknownSubjectError(document_id)
    return _document(row)


def list_documents(
    connection: Connection,
    *,
    states: Collection[str] | None = None,
    batch_ids: Collection[str] | None = None,
    limit: int = 1000,
    after: str | None = None,
) -> list[DocumentRow]:
    """Return documents, oldest first; `after` continues behind an id."""
    query = select(documents).order_by(documents.c.id).limit(limit)
    if states is not None:
        query = query.where(documents.c.state.in_(list(states)))
    if batch_ids is not None:
        query = query.where(documents.c.batch_id.in_(list(batch_ids)))
        query = query.order_by(None).order_by(documents.c.batch_id, documents.c.ordinal)
    if after is not None:
        query = query.where(documents.c.id > after)
    return [_document(row) for row in connection.execute(query)]


def count_documents(connection: Connection) -> dict[str, int]:
    """Return how many documents are in each state."""
    rows = connection.execute(
        select(documents.c.state, func.count()).group_by(documents.c.state)
    ).all()
    return {row[0]: row[1] for row in rows}


def list_document_pages(connection: Connection, document_id: str) -> list[DocumentPage]:
    """Return the pages of a document in order, separator sheets and blank backs among them."""
    rows = connection.execute(
        select(document_pages.c.page_id, document_pages.c.ordinal, document_pages.c.role)
        .where(document_pages.c.document_id == document_id)
        .order_by(document_pages.c.ordinal)
    )
    return [DocumentPage(page_id=row[0], ordinal=row[1], role=row[2]) for row in rows]


def find_document_of_page(connection: Connection, page_id: str) -> DocumentId | None:
    """Return the document that holds a page, once its batch was split."""
    found = connection.execute(
        select(document_pages.c.document_id).where(document_pages.c.page_id == page_id)
    ).scalar()
    return None if found is None else DocumentId(found)


def set_document_state(
    connection: Connection,
    document_id: str,
    *,
    state: DocumentState,
    reason: Reason | None = None,
) -> None:
    """Change the state of a document, with the reason for people."""
    connection.execute(
        update(documents)
        .where(documents.c.id == document_id)
        .values(state=state, revision=documents.c.revision + 1, **reason_values(reason))
    )


def set_document_findings(
    connection: Connection, document_id: str, findings: Sequence[Finding]
) -> None:
    """Exchange what a person should see about a document."""
    connection.execute(
        update(documents)
        .where(documents.c.id == document_id)
        .values(findings=to_json(FINDINGS, tuple(findings)))
    )


def record_filed(
    connection: Connection, document_id: str, *, version_id: VersionId, now: datetime
) -> None:
    """Write down that the document lies in the archive, and which version is the current one."""
    connection.execute(
        update(documents)
        .where(documents.c.id == document_id)
        .values(
            state="filed",
            current_version_id=version_id,
            filed_at=func.coalesce(documents.c.filed_at, literal(now, UtcDateTime())),
            revision=documents.c.revision + 1,
            **reason_values(None),
        )
    )


def record_alternatives(
    connection: Connection, document_id: str, alternatives: Sequence[Proposal]
) -> None:
    """Keep what else the document might be."""
    connection.execute(
        update(documents)
        .where(documents.c.id == document_id)
        .values(alternatives=to_json(PROPOSALS, tuple(alternatives)))
    )


def set_dossier(connection: Connection, document_id: str, *, dossier_code: str | None) -> None:
    """Put the document into a dossier."""
    connection.execute(
        update(documents).where(documents.c.id == document_id).values(dossier_code=dossier_code)
    )


def save_tags(connection: Connection, document_id: str, new: Sequence[Tag]) -> None:
    """Replace the tags of a document, and what is found by them."""
    before = find_owner_id_of(connection, document_id)
    connection.execute(delete(tags).where(tags.c.document_id == document_id))
    for tag in new:
        box = tag.box
        connection.execute(
            insert(tags).values(
                document_id=document_id,
                name=tag.name,
                value=tag.value,
                state=tag.state,
                confidence=tag.confidence,
                page=tag.page,
                box=None if box is None else f"{box.x0},{box.y0},{box.x1},{box.y1}",
                doubtful=tag.doubtful,
                proposed_value=tag.proposed_value,
                decided_by=tag.decided_by,
                decided_at=tag.decided_at,
            )
        )
    values = {tag.name: tag.value for tag in new}
    note_duplicate_key(connection, document_id, values=values)
    note_owner(
        connection,
        before=before,
        after=values.get("owner_id") or None,
        name=values.get("owner_name"),
    )


def load_tags(connection: Connection, document_id: str) -> tuple[Tag, ...]:
    """Return the tags of a document, by name."""
    rows = connection.execute(
        select(tags).where(tags.c.document_id == document_id).order_by(tags.c.name)
    )
    return tuple(_tag(row) for row in rows)


def load_tags_of(
    connection: Connection, document_ids: Sequence[DocumentId]
) -> dict[DocumentId, tuple[Tag, ...]]:
    """Return the tags of each of the documents, by name."""
    query = select(tags).where(tags.c.document_id.in_(document_ids)).order_by(tags.c.name)
    found: dict[DocumentId, list[Tag]] = {one: [] for one in document_ids}
    for row in connection.execute(query) if document_ids else ():
        found[row.document_id].append(_tag(row))
    return {one: tuple(some) for one, some in found.items()}


def list_documents_of_owner(connection: Connection, owner_id: str) -> list[DocumentRow]:
    """Return the filed documents whose owner tag is this personal or enterprise number."""
    rows = connection.execute(
        select(documents)
        .join(tags, tags.c.document_id == documents.c.id)
        .where(tags.c.name == "owner_id", tags.c.value == owner_id, documents.c.state == "filed")
        .order_by(documents.c.id)
    )
    return [_document(row) for row in rows]


def _document(row: Row[Any]) -> DocumentRow:
    values = dict(row._mapping)  # noqa: SLF001 - a row's documented mapping
    reason = reason_of(values)
    for column in ("reason_code", "reason_vi", "reason_en", "duplicate_key"):
        values.pop(column)
    values["findings"] = from_json(FINDINGS, values["findings"]) or ()
    values["alternatives"] = from_json(PROPOSALS, values["alternatives"]) or ()
    return DocumentRow(**values, reason=reason)


def _tag(row: Row[Any]) -> Tag:
    values = dict(row._mapping)  # noqa: SLF001 - a row's documented mapping
    values.pop("document_id")
    if values["box"] is not None:
        x0, y0, x1, y1 = (int(part) for part in values["box"].split(","))
        values["box"] = Box(x0, y0, x1, y1)
    return Tag(**values)
