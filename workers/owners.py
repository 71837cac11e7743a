"""Owners: what is held about a person or organisation, and finding them by name or number."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from database.audit import AuditEntry
from database.connecting import Transaction
from database.errors import UnknownSubjectError
from database.owners import (
    OwnerRow,
    count_filed_of_owner,
    dossiers_of_owners,
    find_owner,
    search_owners_by_name,
)
from database.records import DocumentRow, list_documents_of_owner
from documents.catalogue import ComponentType
from documents.clock import VIETNAM
from documents.codes import mask_number, parse_personal_id
from documents.errors import Reason
from documents.identifiers import DocumentId, OwnerKey
from reuse.answering import AnswerState, HeldDocument, judge_by_type
from reuse.superseding import superseded_by
from workers.access import Grounds, check_person, demand_on, place_of
from workers.actors import Actor
from workers.answering import held_document
from workers.services import Services

PaperState = Literal["valid", "to_check", "expired", "superseded", "doubtful", "not_reusable"]
_STATES: dict[AnswerState, PaperState] = {
    "held_valid": "valid",
    "held_to_check": "to_check",
    "expired": "expired",
    "unconfirmed": "doubtful",
    "not_reusable": "not_reusable",
    "only_shown": "not_reusable",
}
_REPLACEABLE = ("held_valid", "held_to_check", "expired", "only_shown")
_NUMBER = re.compile(r"[\d\s.-]{6,}")
_MOST_FOUND = 50
# Whoever is bound to an area looks through so many of a name; more words narrow it down.
_MOST_LOOKED_AT = 2_000
_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerPaper:
    """A filed document of an owner; `until` is the last day on which it is valid."""

    document_id: DocumentId
    state: PaperState
    reason: Reason
    number: str | None
    issuer: str | None
    issued_on: str | None
    until: date | None
    dossier_code: str | None
    superseded_by: DocumentId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerType:
    """The documents of one component type, newest first."""

    component_type: str
    name_vi: str
    name_en: str
    papers: tuple[OwnerPaper, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerView:
    """What is held about one owner; the number itself is never shown."""

    key: OwnerKey
    masked_id: str
    name: str | None
    is_person: bool
    types: tuple[OwnerType, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerFound:
    """An owner that was looked for; `key` leads on to what is held."""

    key: OwnerKey
    masked_id: str
    name: str | None
    documents: int


def show_owner(
    services: Services,
    owner: str,
    *,
    actor: Actor,
    purpose: str | None = None,
    dossier: str | None = None,
) -> OwnerView:
    """Return what is held about a person or organisation; the look is written down.

    Args:
        services: the ports.
        owner: the number, or the key that a search gave.
        actor: who looks.
        purpose: why; who works for a dossier of their own area may name it instead.
        dossier: for which dossier.

    Raises:
        PurposeRequiredError: what the role must name is missing.
        UnknownSubjectError: nothing is held.
    """
    grounds = Grounds(dossier=dossier, purpose=purpose)
    with services.database.reading() as connection:
        known = _find(connection, owner)
        number = known.owner_id if known else _bare(owner)
        check_person(connection, number, actor=actor, grounds=grounds)
        if known is None:
            raise UnknownSubjectError(mask_number(owner))
        papers = [
            (row, held_document(connection, row))
            for row in list_documents_of_owner(connection, known.owner_id)
        ]
    today = services.clock.now().astimezone(VIETNAM).date()
    _write_down_look(services, known, [row.id for row, _ in papers], actor, grounds)
    return OwnerView(
        key=known.key,
        masked_id=mask_number(known.owner_id),
        name=known.name,
        is_person=parse_personal_id(known.owner_id) is not None,
        types=_types(services, papers, today),
    )


def key_of_owner(services: Services, owner: str) -> str:
    """Return the key under which looks at an owner are written down; what is unknown stays."""
    with services.database.reading() as connection:
        known = _find(connection, owner)
    return known.key if known else owner


def search_owners(
    services: Services, text: str, *, actor: Actor, limit: int = 20
) -> list[OwnerFound]:
    """Return owners by their number, or by words of their name, with or without marks.

    By name nobody is found whose papers all lie outside the caller's area; by number everybody is.
    """
    is_number = _NUMBER.fullmatch(text.strip()) is not None
    with services.database.reading() as connection:
        if is_number:
            one = _find(connection, text.strip())
            rows = [one] if one else []
        else:
            rows = _named(connection, text, actor)
        found = [
            OwnerFound(
                key=row.key,
                masked_id=mask_number(row.owner_id),
                name=row.name,
                documents=count_filed_of_owner(connection, row.owner_id),
            )
            for row in rows
        ]
    shown = [one for one in found if one.documents][:limit]
    entry = AuditEntry(
        actor=actor.name,
        role=actor.role,
        action="owners_searched",
        detail={"hits": len(shown), "query_sha256": hashlib.sha256(text.encode()).hexdigest()},
    )
    services.audit.add(entry, now=services.clock.now())
    return shown


def _find(connection: Transaction, owner: str) -> OwnerRow | None:
    return find_owner(connection, owner) or find_owner(connection, _bare(owner))


def _bare(number: str) -> str:
    return re.sub(r"[\s.]", "", number)


def _named(connection: Transaction, text: str, actor: Actor) -> list[OwnerRow]:
    if demand_on(actor, "other") == "nothing":
        return search_owners_by_name(connection, text, limit=_MOST_FOUND)
    inside: list[OwnerRow] = []
    candidates = search_owners_by_name(connection, text, limit=_MOST_LOOKED_AT)
    for start in range(0, len(candidates), _AT_ONCE):
        chunk = candidates[start : start + _AT_ONCE]
        codes = dossiers_of_owners(connection, [row.owner_id for row in chunk])
        inside += [
            row
            for row in chunk
            if any(place_of(actor, code) == "own" for code in codes.get(row.owner_id, ()))
        ]
        if len(inside) >= _MOST_FOUND:
            break
    return inside[:_MOST_FOUND]


def _types(
    services: Services, papers: Sequence[tuple[DocumentRow, HeldDocument]], today: date
) -> tuple[OwnerType, ...]:
    replaced = superseded_by([held for _, held in papers])
    by_type: dict[str, list[OwnerPaper]] = {}
    newest_first = sorted(
        papers, key=lambda one: (one[1].issued_on or "", one[1].filed_at), reverse=True
    )
    for row, held in newest_first:
        paper = _paper(row, held, replaced.get(held.document_id), today)
        by_type.setdefault(held.component_type, []).append(paper)
    kinds: list[ComponentType] = [services.component_types[one] for one in by_type]
    return tuple(
        OwnerType(
            component_type=kind.id,
            name_vi=kind.name_vi,
            name_en=kind.name_en,
            papers=tuple(by_type[kind.id]),
        )
        for kind in sorted(kinds, key=lambda one: one.rank)
    )


def _paper(
    row: DocumentRow, held: HeldDocument, newer: DocumentId | None, today: date
) -> OwnerPaper:
    judged = judge_by_type(held, today=today)
    is_replaced = newer is not None and judged.state in _REPLACEABLE
    return OwnerPaper(
        document_id=row.id,
        state="superseded" if is_replaced else _STATES[judged.state],
        reason=_SUPERSEDED if is_replaced else judged.reason,
        number=held.number,
        issuer=held.issuer,
        issued_on=held.issued_on,
        until=judged.until,
        dossier_code=row.dossier_code,
        superseded_by=newer,
    )


def _write_down_look(
    services: Services,
    known: OwnerRow,
    documents: Sequence[DocumentId],
    actor: Actor,
    grounds: Grounds,
) -> None:
    entry = AuditEntry(
        actor=actor.name,
        role=actor.role,
        action="owner_shown",
        subject=known.key,
        dossier=grounds.dossier,
        purpose=grounds.purpose,
        detail={"documents": sorted(documents)},
    )
    services.audit.add(entry, now=services.clock.now())


_SUPERSEDED = Reason(
    code="superseded",
    vi="Đã được thay bằng giấy mới hơn; dùng giấy mới.",
    en="Replaced by a newer paper; use that one.",
)
