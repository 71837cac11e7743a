"""What a person does with a proposal: look, accept, correct, try again, discard."""

from dataclasses import dataclass, replace

from classification.confirming import CONFIRM_REASON, Decision, confirm_tags
from database.audit import AuditEntry, append_audit
from database.batches import (
    ConfirmPolicy,
    get_batch,
    get_delivery,
    set_confirm_policy,
    set_delivery_state,
)
from database.connecting import Transaction
from database.errors import UnknownSubjectError, WrongStateError
from database.pages import PageRow, find_reading, get_page, set_page_state
from database.records import (
    IN_PDF,
    DocumentPage,
    DocumentRow,
    PageRole,
    find_document_of_page,
    get_document,
    list_document_pages,
    list_documents,
    load_tags,
    set_document_state,
    set_dossier,
)
from database.reservations import Reservation, find_reservation, forget_reservation
from database.stage_runs import forget_stages, reset_stages
from documents.model import (
    Box,
    Finding,
    PageImage,
    Proposal,
    RecognizedPage,
    SignatureVerdict,
    Tag,
    Turn,
)
from documents.turning import stored_box, turned_box
from workers.access import check_batch, check_change
from workers.actors import Actor
from workers.discarding import discard_delivery, discard_document
from workers.document_stages import await_or_confirm, begin_filing
from workers.errors import StaleReviewError
from workers.following import DocumentSummary, first_delivery, summarise, summary_of
from workers.reservations import require_free
from workers.services import Services

_DOCUMENT_STAGES = ("classify", "assemble", "sign", "archive", "record", "index")
_PAGE_STAGES = ("inspect", "read")
_LOW_RESOLUTION = "low_resolution"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """One page of a document under review; sizes in px of the upright page.

    `open_questions` are those of its findings that a person should answer before confirming.
    """

    page_id: str
    ordinal: int
    role: PageRole
    width: int
    height: int
    turn: Turn
    findings: tuple[Finding, ...]
    state: str
    open_questions: tuple[Finding, ...]
    turned_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a person needs to decide on a document; `revision` guards against deciding twice.

    `open_questions` are those of the document's own findings that a person should answer;
    `needs_reason` is true where a page's resolution is too low, to be confirmed with a reason.
    `reservation` tells who has it before them now.
    """

    summary: DocumentSummary
    tags: tuple[Tag, ...]
    alternatives: tuple[Proposal, ...]
    pages: list[ReviewPage]
    findings: tuple[Finding, ...]
    revision: int
    signatures: tuple[SignatureVerdict, ...]
    open_questions: tuple[Finding, ...]
    needs_reason: bool
    reservation: Reservation | None


def get_review(services: Services, document_id: str) -> Review:
    """Return a document as it stands before a person."""
    with services.database.reading() as connection:
        document = get_document(connection, document_id)
        first = first_delivery(connection, document)
        pages = [
            _review_page(
                get_page(connection, page.page_id), page, find_reading(connection, page.page_id)
            )
            for page in list_document_pages(connection, document_id)
        ]
        return Review(
            summary=summarise(connection, document, services),
            tags=load_tags(connection, document_id),
            alternatives=document.alternatives,
            pages=pages,
            findings=document.findings,
            revision=document.revision,
            signatures=first.signatures,
            open_questions=_open_questions(document.findings),
            needs_reason=any(
                finding.reason.code == _LOW_RESOLUTION
                for page in pages
                for finding in page.open_questions
            ),
            reservation=find_reservation(connection, document_id, now=services.clock.now()),
        )


def open_review(services: Services, document_id: str, *, actor: Actor) -> Review:
    """Return a document as it stands before a person; the look is written down.

    Raises:
        OutsideAreaError: it belongs to another area.
    """
    review = get_review(services, document_id)
    check_change(actor, review.summary.dossier_code)
    entry = AuditEntry(
        actor=actor.name,
        role=actor.role,
        action="review_opened",
        document=document_id,
        dossier=review.summary.dossier_code,
    )
    with services.database.writing() as connection:
        append_audit(connection, entry, now=services.clock.now())
    return review


def require_page(services: Services, document_id: str, page_id: str) -> None:
    """Let only a page pass that is in the document.

    Raises:
        UnknownSubjectError: there is no such page in it.
    """
    with services.database.reading() as connection:
        get_document(connection, document_id)
        if find_document_of_page(connection, page_id) != document_id:
            raise UnknownSubjectError(page_id)


def _open_questions(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity != "note")


def _review_page(row: PageRow, page: DocumentPage, reading: RecognizedPage | None) -> ReviewPage:
    turn = reading.turn if reading else row.image.turn
    sides = (row.image.width, row.image.height)
    width, height = sides if turn in (0, 180) else sides[::-1]
    findings = tuple(_as_seen(one, row.image, turn) for one in row.findings)
    return ReviewPage(
        page_id=row.id,
        ordinal=page.ordinal,
        role=page.role,
        width=width,
        height=height,
        turn=turn,
        findings=findings,
        state=row.state,
        open_questions=_open_questions(findings) if page.role in IN_PDF else (),
        turned_by=row.turned_by,
    )


def _as_seen(finding: Finding, image: PageImage, turn: Turn) -> Finding:
    """Return a finding with its places in px of the page as reading turned it."""
    if turn == image.turn:
        return finding

    def seen(box: Box) -> Box:
        stored = stored_box(box, image)
        return turned_box(stored, width=image.width, height=image.height, turn=turn)

    return replace(
        finding,
        box=finding.box and seen(finding.box),
        parts=tuple(seen(part) for part in finding.parts),
    )


def confirm(
    services: Services,
    document_id: str,
    decision: Decision,
    *,
    actor: Actor,
    revision: int | None = None,
) -> DocumentSummary:
    """Accept or correct the tags of a document and let it go on to the archive.

    Raises:
        WrongStateError: it does not await a review.
        StaleReviewError: it was changed since the caller looked.
        InvalidDecisionError: a value is not what it should be.
        AlreadyReservedError: somebody else has it before them.
        OutsideAreaError: it belongs to another area.
    """
    now = services.clock.now()
    with services.database.writing() as connection:
        document = get_document(connection, document_id)
        if revision is not None and revision != document.revision:
            raise StaleReviewError
        if document.state != "awaiting_review":
            raise WrongStateError(document_id, state=document.state)
        check_change(actor, document.dossier_code)
        require_free(connection, document_id, actor=actor, now=now)
        forget_reservation(connection, document_id)
        before = load_tags(connection, document_id)
        tags = confirm_tags(before, decision=decision, by=actor.name, at=now)
        dossier = decision.values.get("dossier_code")
        if dossier:
            set_dossier(connection, document_id, dossier_code=dossier)
        corrected = sorted(
            tag.name
            for tag in tags
            if tag.state == "confirmed"
            and tag.value != tag.proposed_value
            and tag.name != CONFIRM_REASON
        )
        reason = next((tag.value for tag in tags if tag.name == CONFIRM_REASON), None)
        entry = AuditEntry(
            actor=actor.name,
            role=actor.role,
            action="document_confirmed",
            document=document_id,
            dossier=dossier or document.dossier_code,
            detail={"corrected": corrected, **({"reason": reason} if reason else {})},
        )
        append_audit(connection, entry, now=now)
        begin_filing(connection, get_document(connection, document_id), tags, now=now)
    services.wake()
    return summary_of(services, document_id)


def confirm_batch_by_policy(
    services: Services, batch_id: str, *, policy: ConfirmPolicy, actor: Actor
) -> None:
    """Let a policy confirm what awaits a review in a batch; its actor answers for it."""
    now = services.clock.now()
    with services.database.writing() as connection:
        set_confirm_policy(connection, batch_id, policy=policy, answerable=actor.name)
        batch = get_batch(connection, batch_id)
        for document in list_documents(connection, batch_ids=(batch_id,)):
            if document.state == "awaiting_review":
                tags = load_tags(connection, document.id)
                await_or_confirm(connection, document, batch, tags, now=now)
    services.wake()


def try_again(services: Services, subject: str, *, actor: Actor) -> int:
    """Arm what was set aside once more; return how many stages will run again."""
    now = services.clock.now()
    with services.database.writing() as connection:
        if subject.startswith("dlv_"):
            delivery = get_delivery(connection, subject)
            check_batch(connection, actor, get_batch(connection, delivery.batch_id))
            armed = reset_stages(connection, subject, stages=("open",), now=now)
            if armed:
                set_delivery_state(connection, subject, state="received")
        elif subject.startswith("pag_"):
            page = get_page(connection, subject)
            check_batch(connection, actor, get_batch(connection, page.batch_id))
            armed = _try_page_again(connection, page, services)
        else:
            document = get_document(connection, subject)
            check_change(actor, document.dossier_code)
            armed = _try_document_again(connection, document, services)
        entry = AuditEntry(actor=actor.name, role=actor.role, action="tried_again", subject=subject)
        append_audit(connection, entry, now=now)
    services.wake()
    return armed


def _try_page_again(connection: Transaction, page: PageRow, services: Services) -> int:
    armed = reset_stages(connection, page.id, stages=_PAGE_STAGES, now=services.clock.now())
    if armed:
        state = "opened" if page.fingerprint is None else "inspected"
        set_page_state(connection, page.id, state=state)
    return armed


def _try_document_again(connection: Transaction, document: DocumentRow, services: Services) -> int:
    if document.state != "set_aside":
        raise WrongStateError(document.id, state=document.state)
    now = services.clock.now()
    pages = list_document_pages(connection, document.id)
    unread = sum(
        _try_page_again(connection, get_page(connection, page.page_id), services) for page in pages
    )
    if unread:
        # Its pages are read again first; that plans the classification anew.
        forget_stages(connection, document.id, stages=("classify",))
        set_document_state(connection, document.id, state="reading")
        return unread
    armed = reset_stages(connection, document.id, stages=_DOCUMENT_STAGES, now=now)
    if not armed:  # as a secret paper: there is nothing that would move it on
        raise WrongStateError(document.id, state=document.state)
    is_confirmed = any(tag.state == "confirmed" for tag in load_tags(connection, document.id))
    state = "filing" if is_confirmed else "reading"
    if document.filed_at is not None:  # only what follows the filing failed
        state = "filed"
    set_document_state(connection, document.id, state=state)  # type: ignore[arg-type]  # one of three states
    return armed


def discard(services: Services, subject: str, *, reason: str, actor: Actor) -> None:
    """Take a document, or a file that was set aside, out of the pipeline before it is filed.

    Raises:
        WrongStateError: it is filed already: then only disposal by rule removes it.
        AlreadyReservedError: somebody else has it before them.
    """
    if subject.startswith("dlv_"):
        discard_delivery(services, subject, reason=reason, actor=actor)
    else:
        discard_document(services, subject, reason=reason, actor=actor)
