"""What was set aside and what waits, grouped by reason, with trying again for a whole group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Literal

from database.audit import AuditEntry, append_audit
from database.batches import BatchRow, get_batch, get_delivery, set_batch_state
from database.connecting import Transaction
from database.overview import WaitingStage, list_batches_aside, list_waiting
from database.pages import get_page
from database.records import get_document
from database.stage_runs import reset_stages
from documents.areas import area_of_dossier, covers
from documents.errors import PipelineError, Reason
from workers.access import check_batch
from workers.actors import Actor
from workers.following import first_delivery, list_set_aside
from workers.reviewing import try_again
from workers.services import Services

Kind = Literal["file", "document", "page", "batch"]
_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that was set aside or waits; `name` is the file that it came in.

    `until` is when it is tried again by itself; None where a person has to act.
    """

    subject: str
    kind: Kind
    name: str
    batch: BatchRow
    document_id: str | None
    reason: Reason
    since: datetime
    stage: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleGroup:
    """Everything with one reason, oldest first."""

    code: str
    items: tuple[Trouble, ...]

    @property
    def reason(self) -> Reason:
        """The reason of the oldest."""
        return self.items[0].reason

    @property
    def next_try(self) -> datetime | None:
        """When the first of them is tried again by itself."""
        moments = [one.until for one in self.items if one.until is not None]
        return min(moments, default=None)


def list_troubles(services: Services, *, actor: Actor) -> list[TroubleGroup]:
    """Return what was set aside in the actor's area; groups and items oldest first."""
    found = [
        (one.subject, one.source, one.document_id, one.batch_id, one.reason, one.since)
        for one in list_set_aside(services, limit=_MOST)
    ]
    troubles: list[Trouble] = []
    with services.database.reading() as connection:
        for subject, source, document_id, batch_id, reason, since in found:
            batch = get_batch(connection, batch_id)
            code = _code_of(connection, document_id) or batch.dossier_code
            if not covers(actor.area, area_of_dossier(code)):
                continue
            troubles.append(
                Trouble(
                    subject=subject,
                    kind="document" if document_id else "file",
                    name=PurePosixPath(source).name,
                    batch=batch,
                    document_id=document_id,
                    reason=reason,
                    since=since,
                )
            )
        for run in list_batches_aside(connection):
            one = _of_stage(connection, run, actor)
            troubles += [one] if one else []
    return _grouped(troubles)


def list_waiting_groups(services: Services, *, actor: Actor) -> list[TroubleGroup]:
    """Return what waits for a back end or a free child in the actor's area, until when."""
    with services.database.reading() as connection:
        found = [
            one
            for run in list_waiting(connection, limit=_MOST)
            if (one := _of_stage(connection, run, actor))
        ]
    return _grouped(found)


def try_group_again(services: Services, code: str, *, actor: Actor) -> int:
    """Arm all that was set aside for one reason once more; return how many things."""
    group = _find(list_troubles(services, actor=actor), code)
    done = 0
    for one in group:
        try:
            try_subject_again(services, one.subject, actor=actor)
        except PipelineError:  # somebody else dealt with it meanwhile
            continue
        done += 1
    return done


def try_subject_again(services: Services, subject: str, *, actor: Actor) -> None:
    """Arm one thing once more: a file, a page, a document, or the cutting of a batch."""
    if not subject.startswith("bat_"):
        try_again(services, subject, actor=actor)
        return
    now = services.clock.now()
    with services.database.writing() as connection:
        check_batch(connection, actor, get_batch(connection, subject))
        if reset_stages(connection, subject, stages=("split",), now=now):
            set_batch_state(connection, subject, state="closed")
        entry = AuditEntry(actor=actor.name, role=actor.role, action="tried_again", subject=subject)
        append_audit(connection, entry, now=now)
    services.wake()


def hurry_group(services: Services, code: str, *, actor: Actor) -> int:
    """Try what waits for one reason now instead of later; return how many stages."""
    group = _find(list_waiting_groups(services, actor=actor), code)
    now = services.clock.now()
    with services.database.writing() as connection:
        armed = sum(
            reset_stages(connection, one.subject, stages=(one.stage or "",), now=now)
            for one in group
        )
        entry = AuditEntry(
            actor=actor.name,
            role=actor.role,
            action="tried_again",
            subject=code,
            detail={"stages": armed},
        )
        append_audit(connection, entry, now=now)
    services.wake()
    return armed


def _find(groups: Iterable[TroubleGroup], code: str) -> Sequence[Trouble]:
    return next((group.items for group in groups if group.code == code), ())


def _grouped(troubles: Sequence[Trouble]) -> list[TroubleGroup]:
    by_code: dict[str, list[Trouble]] = {}
    for one in sorted(troubles, key=lambda trouble: trouble.since):
        by_code.setdefault(one.reason.code, []).append(one)
    return [TroubleGroup(code=code, items=tuple(items)) for code, items in by_code.items()]


def _of_stage(connection: Transaction, run: WaitingStage, actor: Actor) -> Trouble | None:
    batch = get_batch(connection, run.batch_id)
    kind, name, document_id = _named(connection, run.subject, batch)
    code = _code_of(connection, document_id) or batch.dossier_code
    if not covers(actor.area, area_of_dossier(code)):
        return None
    return Trouble(
        subject=run.subject,
        kind=kind,
        name=name,
        batch=batch,
        document_id=document_id,
        reason=run.reason or _TO_BE_DONE,
        since=run.created_at,
        stage=run.stage,
        until=run.not_before,
    )


def _named(connection: Transaction, subject: str, batch: BatchRow) -> tuple[Kind, str, str | None]:
    """Return what a subject is, the file that it came in, and the document."""
    if subject.startswith("dlv_"):
        return "file", get_delivery(connection, subject).file_name, None
    if subject.startswith("pag_"):
        page = get_page(connection, subject)
        return "page", get_delivery(connection, page.delivery_id).file_name, None
    if subject.startswith("doc_"):
        document = get_document(connection, subject)
        return "document", first_delivery(connection, document).file_name, subject
    return "batch", batch.dossier_code or batch.station, None


def _code_of(connection: Transaction, document_id: str | None) -> str | None:
    return get_document(connection, document_id).dossier_code if document_id else None


_TO_BE_DONE = Reason(
    code="put_off",
    vi="Sẽ được làm tiếp trong giây lát.",
    en="It goes on in a moment.",
)
