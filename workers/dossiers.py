"""Dossiers: opened once, filled by what is scanned, shown with their checklist."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from database.audit import AuditEntry, append_audit, list_audit_of_dossier
from database.batches import BatchRow, get_batch
from database.connecting import Transaction
from database.dossiers import (
    DossierResult,
    DossierRow,
    DossierState,
    UnopenedDossier,
    add_dossier,
    find_dossier,
    list_batches_of_dossier,
    list_documents_of_dossier,
    list_dossier_rows,
    list_unopened_dossiers,
    record_dossier_closed,
    set_dossier_facts,
)
from database.errors import UnknownSubjectError
from database.owners import find_documents_with_owner
from database.records import DocumentRow, get_document, list_documents_of_owner, load_tags
from documents.areas import area_of_dossier
from documents.clock import VIETNAM
from documents.codes import find_procedure_code, is_dossier_code, is_tax_number, parse_personal_id
from reuse.checklist import ChecklistLine, DocumentOnItsWay, check_dossier
from reuse.errors import UnknownProcedureError
from reuse.procedures import Procedure
from workers.access import Grounds, check_change
from workers.access import check_dossier as check_access
from workers.actors import Actor
from workers.answering import held_document
from workers.errors import DossierCodeError, DossierDiffersError, OwnerNumberError
from workers.following import DocumentSummary, summarise
from workers.recording import event_of, note_change_of_dossier
from workers.services import Services

_MOST_HISTORY = 100
_ON_THE_WAY = ("reading", "awaiting_review", "filing", "waiting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A dossier as it is shown; one that was never opened has no `opened_at`."""

    code: str
    area: str | None
    procedure: str | None
    owner_id: str | None
    owner_name: str | None
    opened_at: datetime | None
    opened_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    result: DossierResult | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierView:
    """A dossier with all that stands in it; without a known procedure there is no checklist."""

    dossier: Dossier
    procedure: Procedure | None
    checklist: tuple[ChecklistLine, ...]
    documents: list[DocumentSummary]
    batches: list[BatchRow]
    history: list[Mapping[str, Any]]


def open_dossier(
    services: Services,
    *,
    code: str,
    actor: Actor,
    procedure: str | None = None,
    owner_id: str | None = None,
    owner_name: str | None = None,
) -> Dossier:
    """Open a dossier, or return the one of this code; what was not known is filled in.

    Raises:
        DossierCodeError: it is no dossier code.
        OwnerNumberError: the owner's number is none.
        UnknownProcedureError: the catalogue has no such procedure.
        DossierDiffersError: it is there with another procedure or owner.
        OutsideAreaError: it belongs to another area.
    """
    code = code.strip()
    if not is_dossier_code(code):
        raise DossierCodeError
    check_change(actor, code)
    facts = check_facts(services, procedure=procedure, owner_id=owner_id, owner_name=owner_name)
    now = services.clock.now()
    with services.database.writing() as connection:
        known = find_dossier(connection, code)
        if known is None:
            _enter(connection, code, facts, actor=actor, now=now)
        else:
            _fill_in(connection, known, facts, actor=actor, now=now)
        opened = _opened(connection, code)
        if known is None or opened != _shown(known):
            event = event_of("metadata modification", "dossier_described", actor=actor, now=now)
            note_change_of_dossier(services, connection, code, event)
    services.wake()
    return opened


def find_open_dossier(services: Services, code: str) -> Dossier | None:
    """Return the dossier, if it was ever opened."""
    with services.database.reading() as connection:
        row = find_dossier(connection, code)
    return None if row is None else _shown(row)


def close_dossier(services: Services, code: str, *, result: DossierResult, actor: Actor) -> Dossier:
    """Write down that the work on a dossier has ended; a second time changes nothing.

    Raises:
        UnknownSubjectError: it was never opened, and no document stands in it.
        DossierDiffersError: it was closed with another result.
        OutsideAreaError: it belongs to another area.
    """
    check_change(actor, code)
    now = services.clock.now()
    with services.database.writing() as connection:
        known = find_dossier(connection, code)
        if known is None:
            if not _stands_somewhere(connection, code):
                raise UnknownSubjectError(code)
            _enter(connection, code, {}, actor=actor, now=now)
        elif known.closed_at is not None:
            if known.result != result:
                raise DossierDiffersError(code, what="result")
            return _shown(known)
        record_dossier_closed(connection, code, result=result, by=actor.name, now=now)
        append_audit(connection, _entry(actor, "dossier_closed", code, result=result), now=now)
        # From now on the terms of its documents can be counted.
        event = event_of("policy assignment", "dossier_closed", actor=actor, now=now)
        note_change_of_dossier(services, connection, code, event)
        closed = _opened(connection, code)
    services.wake()
    return closed


def show_dossier(
    services: Services, code: str, *, actor: Actor, purpose: str | None = None
) -> DossierView:
    """Return a dossier with checklist, documents, batches and history; the look is written down.

    One that was never opened is shown all the same where documents or batches name it.

    Raises:
        UnknownSubjectError: nothing names it.
        PurposeRequiredError: it is a person's, of another area, and no purpose is given.
    """
    with services.database.reading() as connection:
        dossier, rows = _found(connection, code)
        is_named = dossier.owner_id is not None or dossier.owner_name is not None
        of_persons = find_documents_with_owner(connection, [row.id for row in rows])
        check_access(
            actor,
            code,
            has_owner=is_named or bool(of_persons),
            grounds=Grounds(dossier=code, purpose=purpose),
        )
        procedure = services.procedures.get(dossier.procedure or "")
        view = DossierView(
            dossier=dossier,
            procedure=procedure,
            checklist=_checklist(services, connection, dossier, rows, procedure),
            documents=[summarise(connection, row, services) for row in rows],
            batches=[
                get_batch(connection, one) for one in list_batches_of_dossier(connection, code)
            ],
            history=list_audit_of_dossier(connection, code, limit=_MOST_HISTORY),
        )
    entry = replace(_entry(actor, "dossier_shown", code), purpose=purpose)
    services.audit.add(entry, now=services.clock.now())
    return view


def list_dossiers(
    services: Services,
    *,
    actor: Actor,
    state: DossierState = "all",
    limit: int = 50,
    after: str | None = None,
) -> list[Dossier]:
    """Return the dossiers that were opened, newest first; `after` continues behind a code.

    `state` keeps those that are still worked on, or those that have ended. Whoever is bound to an
    area sees those of it.
    """
    with services.database.reading() as connection:
        rows = list_dossier_rows(connection, area=actor.area, state=state, limit=limit, after=after)
    return [_shown(row) for row in rows]


def list_unopened(services: Services, *, actor: Actor) -> list[UnopenedDossier]:
    """Return the dossiers that only the newest papers name, of the area of whoever asks."""
    with services.database.reading() as connection:
        return list_unopened_dossiers(connection, area=actor.area)


def check_facts(
    services: Services, *, procedure: str | None, owner_id: str | None, owner_name: str | None
) -> dict[str, str]:
    """Return what was told of a dossier, checked and in its normal form."""
    facts = {}
    if procedure and procedure.strip():
        found = find_procedure_code(procedure)
        if found is None or found.national not in services.procedures:
            raise UnknownProcedureError(procedure)
        facts["procedure"] = found.national
    if owner_id and owner_id.strip():
        person = parse_personal_id(owner_id)
        if person is None and not is_tax_number(owner_id):
            raise OwnerNumberError
        facts["owner_id"] = person.text if person else owner_id.replace(" ", "")
    if owner_name and owner_name.strip():
        facts["owner_name"] = owner_name.strip()
    return facts


def _enter(
    connection: Transaction, code: str, facts: Mapping[str, str], *, actor: Actor, now: datetime
) -> None:
    new = DossierRow(
        code=code,
        procedure=facts.get("procedure"),
        owner_id=facts.get("owner_id"),
        owner_name=facts.get("owner_name"),
        area=area_of_dossier(code) or "",
        opened_at=now,
        opened_by=actor.name,
    )
    add_dossier(connection, new)
    told = {"procedure": new.procedure} if new.procedure else {}
    append_audit(connection, _entry(actor, "dossier_opened", code, **told), now=now)


def _fill_in(
    connection: Transaction,
    known: DossierRow,
    facts: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    for name in ("procedure", "owner_id"):
        before = getattr(known, name)
        if name in facts and before not in (None, facts[name]):
            raise DossierDiffersError(known.code, what=name)
    fresh = {name: value for name, value in facts.items() if getattr(known, name) is None}
    if fresh:
        set_dossier_facts(connection, known.code, facts=fresh)
        entry = _entry(actor, "dossier_filled_in", known.code, set=sorted(fresh))
        append_audit(connection, entry, now=now)


def _opened(connection: Transaction, code: str) -> Dossier:
    row = find_dossier(connection, code)
    if row is None:
        raise UnknownSubjectError(code)
    return _shown(row)


def _found(connection: Transaction, code: str) -> tuple[Dossier, list[DocumentRow]]:
    row = find_dossier(connection, code)
    ids = list_documents_of_dossier(connection, code)
    documents = [get_document(connection, one) for one in ids]
    batches = [get_batch(connection, one) for one in list_batches_of_dossier(connection, code)]
    if row is None and not documents and not batches:
        raise UnknownSubjectError(code)
    shown = _shown(row) if row else _never_opened(code)
    told: dict[str, str | None] = {}
    for document in documents:
        for tag in load_tags(connection, document.id):
            if tag.state == "confirmed":
                told.setdefault(tag.name, tag.value)
    of_batches = next((one.procedure for one in batches if one.procedure), None)
    completed = replace(
        shown,
        procedure=shown.procedure or told.get("procedure") or of_batches,
        owner_id=shown.owner_id or told.get("owner_id"),
        owner_name=shown.owner_name or told.get("owner_name"),
    )
    return completed, documents


def _never_opened(code: str) -> Dossier:
    return Dossier(
        code=code,
        area=area_of_dossier(code),
        procedure=None,
        owner_id=None,
        owner_name=None,
        opened_at=None,
        opened_by=None,
        closed_at=None,
        closed_by=None,
        result=None,
    )


def _stands_somewhere(connection: Transaction, code: str) -> bool:
    return bool(
        list_documents_of_dossier(connection, code, limit=1)
        or list_batches_of_dossier(connection, code, limit=1)
    )


def _checklist(
    services: Services,
    connection: Transaction,
    dossier: Dossier,
    rows: list[DocumentRow],
    procedure: Procedure | None,
) -> tuple[ChecklistLine, ...]:
    if procedure is None:
        return ()
    here = [held_document(connection, row) for row in rows if row.state == "filed"]
    of_owner = list_documents_of_owner(connection, dossier.owner_id) if dossier.owner_id else []
    elsewhere = [
        held_document(connection, row) for row in of_owner if row.dossier_code != dossier.code
    ]
    on_the_way = [
        DocumentOnItsWay(document_id=row.id, component_type=_type_of(connection, row.id))
        for row in rows
        if row.state in _ON_THE_WAY
    ]
    return check_dossier(
        procedure,
        here=here,
        elsewhere=elsewhere,
        on_the_way=on_the_way,
        today=services.clock.now().astimezone(VIETNAM).date(),
    )


def _type_of(connection: Transaction, document_id: str) -> str | None:
    return next(
        (tag.value for tag in load_tags(connection, document_id) if tag.name == "component_type"),
        None,
    )


def _shown(row: DossierRow) -> Dossier:
    return Dossier(
        code=row.code,
        area=row.area or None,
        procedure=row.procedure,
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        result=row.result,
    )


def _entry(actor: Actor, action: str, code: str, **detail: object) -> AuditEntry:
    return AuditEntry(
        actor=actor.name,
        role=actor.role,
        action=action,
        subject=code,
        dossier=code,
        detail=detail,
    )
