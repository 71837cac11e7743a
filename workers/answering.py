"""The once-only answer: for this person and this procedure, what do we hold?"""

from collections.abc import Sequence

from database.audit import AuditEntry
from database.connecting import Transaction
from database.records import DocumentRow, list_documents_of_owner, load_tags, load_tags_of
from documents.clock import VIETNAM
from documents.model import Tag
from reuse.answering import Answer, HeldDocument, answer_once_only
from reuse.errors import UnknownProcedureError
from workers.access import Grounds, check_question
from workers.actors import Actor
from workers.services import Services


def answer(
    services: Services, *, owner_id: str, procedure: str, actor: Actor, dossier: str, purpose: str
) -> Answer:
    """Say for each component of a procedure whether it is held and valid today.

    Dossier and purpose are written into the audit log with the caller; whose papers were asked
    for is kept as the documents that were named in the answer.

    Raises:
        UnknownProcedureError: the catalogue has no such procedure.
        PurposeRequiredError: the dossier lies outside the caller's area, and no purpose is given.
    """
    known = services.procedures.get(procedure)
    if known is None:
        raise UnknownProcedureError(procedure)
    check_question(actor, grounds=Grounds(dossier=dossier, purpose=purpose))
    now = services.clock.now()
    with services.database.reading() as connection:
        rows = list_documents_of_owner(connection, owner_id)
        tags = load_tags_of(connection, [row.id for row in rows])
    held = [_held(row, tags[row.id]) for row in rows]
    given = answer_once_only(known, held, today=now.astimezone(VIETNAM).date())
    entry = AuditEntry(
        actor=actor.name,
        role=actor.role,
        action="once_only_asked",
        subject=procedure,
        dossier=dossier,
        purpose=purpose,
        detail={"documents": sorted(str(one.document_id) for one in held)},
    )
    services.audit.add(entry, now=now)
    return given


def held_document(connection: Transaction, document: DocumentRow) -> HeldDocument:
    """Return what a filed document is to the once-only answer."""
    return _held(document, load_tags(connection, document.id))


def _held(document: DocumentRow, tags: Sequence[Tag]) -> HeldDocument:
    by_name = {tag.name: tag for tag in tags}
    values = {name: tag.value for name, tag in by_name.items()}
    kind = by_name.get("component_type")
    return HeldDocument(
        document_id=document.id,
        component_type=values.get("component_type") or "khac",
        issued_on=values.get("issued_on"),
        valid_until=values.get("valid_until"),
        number=values.get("number"),
        issuer=values.get("issuer"),
        filed_at=document.filed_at or document.created_at,
        is_confirmed=kind is not None and kind.state == "confirmed",
    )
