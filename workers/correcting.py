"""Correcting what is known of a filed document: with history; what is stored never changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from classification.confirming import Decision, confirm_tags
from database.audit import AuditEntry, append_audit
from database.connecting import Transaction
from database.corrections import (
    Notice,
    TagChange,
    add_notice,
    add_tag_changes,
    count_up_revision,
    list_notices,
    list_tag_changes,
)
from database.errors import WrongStateError
from database.owners import OWNER_TAGS
from database.records import DocumentRow, get_document, load_tags, save_tags, set_dossier
from database.stage_runs import forget_stages
from documents.codes import mask_number
from documents.model import Tag
from workers.access import Grounds, check_change, check_opening
from workers.actors import Actor
from workers.errors import ReasonMissingError, StaleReviewError
from workers.following import DocumentSummary, summary_of
from workers.recording import event_of, note_change
from workers.services import Services
from workers.stage_results import plan

_SHORTEST_REASON = 5
OWNER_DETACHED = "owner_detached"


def correct_tags(
    services: Services,
    document_id: str,
    decision: Decision,
    *,
    reason: str,
    actor: Actor,
    revision: int | None = None,
) -> DocumentSummary:
    """Correct tags of a filed document; it is indexed again, its stored versions stay.

    Only what the decision names is decided; other tags stay as they are, also where they were
    never confirmed. A decision that changes nothing leaves no trace.

    Raises:
        WrongStateError: it is not filed: then it is corrected in its review.
        StaleReviewError: it was changed since the caller looked.
        InvalidDecisionError: a value is not what it should be.
        ReasonMissingError: the reason is too short.
        OutsideAreaError: it belongs to another area.
    """
    now = services.clock.now()
    with services.database.writing() as connection:
        document = _correctable(connection, document_id, reason=reason, actor=actor)
        if revision is not None and revision != document.revision:
            raise StaleReviewError
        before = load_tags(connection, document_id)
        after = _decided(before, decision, actor=actor, now=now)
        dossier = decision.values.get("dossier_code")
        if dossier is not None:
            check_change(actor, dossier or None)
        changed = _save(connection, document, before, after, (reason, actor), now=now)
        if changed and dossier is not None:
            set_dossier(connection, document_id, dossier_code=dossier.strip() or None)
        if changed:
            _write_down(services, connection, document, "tags_corrected", actor, changed)
    services.wake()
    return summary_of(services, document_id)


def detach_owner(
    services: Services, document_id: str, *, reason: str, actor: Actor
) -> DocumentSummary:
    """Take the owner off a filed document and leave a notice for the inspector.

    Where there is none, nothing happens.

    Raises:
        WrongStateError: it is not filed: then it is corrected in its review.
        ReasonMissingError: the reason is too short.
        OutsideAreaError: it belongs to another area.
    """
    now = services.clock.now()
    with services.database.writing() as connection:
        document = _correctable(connection, document_id, reason=reason, actor=actor)
        before = load_tags(connection, document_id)
        after = [_emptied(tag, actor, now) if tag.name in OWNER_TAGS else tag for tag in before]
        changed = _save(connection, document, before, after, (reason, actor), now=now)
        if changed:
            add_notice(
                connection,
                kind=OWNER_DETACHED,
                document_id=document_id,
                reason=reason.strip(),
                by=actor.name,
                now=now,
            )
            _write_down(services, connection, document, OWNER_DETACHED, actor, changed)
    services.wake()
    return summary_of(services, document_id)


def history_of(
    services: Services,
    document_id: str,
    *,
    actor: Actor,
    purpose: str | None = None,
    dossier: str | None = None,
) -> list[TagChange]:
    """Return what was corrected after filing, oldest first; owners' numbers are masked.

    Raises:
        PurposeRequiredError: it is a paper of a person outside the caller's area.
    """
    given = Grounds(dossier=dossier, purpose=purpose)
    with services.database.reading() as connection:
        document = get_document(connection, document_id)
        grounds = check_opening(services, connection, document, actor=actor, grounds=given)
        changes = [_masked(one) for one in list_tag_changes(connection, document_id)]
    entry = AuditEntry(
        actor=actor.name,
        role=actor.role,
        action="history_shown",
        document=document_id,
        dossier=grounds.dossier or document.dossier_code,
        purpose=grounds.purpose,
    )
    with services.database.writing() as connection:
        append_audit(connection, entry, now=services.clock.now())
    return changes


def notices_for_inspector(
    services: Services, *, limit: int = 50, before: int | None = None
) -> list[Notice]:
    """Return what an inspector should look at, newest first; `before` continues."""
    with services.database.reading() as connection:
        return list_notices(connection, limit=limit, before=before)


def _correctable(
    connection: Transaction, document_id: str, *, reason: str, actor: Actor
) -> DocumentRow:
    document = get_document(connection, document_id)
    check_change(actor, document.dossier_code)
    if document.state != "filed":
        raise WrongStateError(document_id, state=document.state)
    if len(reason.strip()) < _SHORTEST_REASON:
        raise ReasonMissingError
    return document


def _decided(
    before: Sequence[Tag], decision: Decision, *, actor: Actor, now: datetime
) -> list[Tag]:
    """Return the tags after a decision; who decided earlier stays where nothing changes."""
    known = {tag.name: tag for tag in before}
    named = {*decision.values, "component_type"}
    decided = []
    for tag in confirm_tags(before, decision=decision, by=actor.name, at=now):
        old = known.get(tag.name)
        is_same = old is not None and (old.value, old.state) == (tag.value, tag.state)
        decided.append(old if old is not None and (is_same or tag.name not in named) else tag)
    names = {tag.name for tag in decided}
    return decided + [tag for tag in before if tag.name not in names and tag.name not in named]


def _save(
    connection: Transaction,
    document: DocumentRow,
    before: Sequence[Tag],
    after: Sequence[Tag],
    why: tuple[str, Actor],
    *,
    now: datetime,
) -> list[TagChange]:
    """Save tags with their history and plan the index anew; return what changed."""
    reason, actor = why
    old = {tag.name: tag for tag in before}
    new = {tag.name: tag for tag in after}
    changed = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    if not changed:
        return []
    save_tags(connection, document.id, after)
    revision = count_up_revision(connection, document.id)
    changes = [
        TagChange(
            document_id=document.id,
            revision=revision,
            name=name,
            old=old[name].value if name in old else None,
            new=new[name].value if name in new else None,
            changed_by=actor.name,
            changed_at=now,
            reason=reason.strip(),
        )
        for name in changed
    ]
    add_tag_changes(connection, changes)
    # A stage stands once for its subject: the one that is done gives way to a new one.
    forget_stages(connection, document.id, stages=("index",))
    plan(connection, document.id, stage="index", batch_id=document.batch_id, now=now)
    return changes


def _emptied(tag: Tag, actor: Actor, now: datetime) -> Tag:
    if tag.value is None:
        return tag
    return replace(
        tag,
        value=None,
        state="confirmed",
        doubtful=False,
        page=None,
        box=None,
        decided_by=actor.name,
        decided_at=now,
    )


def _masked(change: TagChange) -> TagChange:
    if change.name != "owner_id":
        return change
    return replace(
        change,
        old=mask_number(change.old) if change.old else None,
        new=mask_number(change.new) if change.new else None,
    )


def _write_down(
    services: Services,
    connection: Transaction,
    document: DocumentRow,
    action: str,
    actor: Actor,
    changes: Sequence[TagChange],
) -> None:
    """Tell the audit log, and the record that is to lie beside the stored versions."""
    now, reason = changes[0].changed_at, changes[0].reason
    entry = AuditEntry(
        actor=actor.name,
        role=actor.role,
        action=action,
        document=document.id,
        dossier=document.dossier_code,
        detail={"corrected": [one.name for one in changes]},
    )
    append_audit(connection, entry, now=now)
    event = event_of(
        "metadata modification", action, actor=actor, now=now, reason=reason, changes=changes
    )
    note_change(services, connection, document.id, event)
