"""What a person does with a proposal: look, accept, correct, try again, discard."""

from dataclasses import dataclass

from classification.confirming import Decision, confirm_tags
from database.audit import AuditEntry, append_audit
from database.batches import (
    ConfirmPolicy,
    get_batch,
    list_deliveries,
    set_confirm_policy,
    set_delivery_state,
)
from database.connecting import Transaction
from database.errors import WrongStateError
from database.pages import PageRow, get_page, set_page_state
from database.readiness import deliveries_of_document
from database.records import (
    DocumentPage,
    DocumentRow,
    PageRole,
    get_document,
    list_document_pages,
    list_documents,
    load_tags,
    set_document_state,
    set_dossier,
)
from database.stage_runs import forget_stages, reset_stages
from documents.errors import Reason
from documents.model import Finding, Proposal, SignatureVerdict, Tag, Turn
from workers.actors import Actor
from workers.document_stages import await_or_confirm, begin_filing
from workers.errors import StaleReviewError
from workers.following import DocumentSummary, summarise, summary_of
from workers.services import Services
from workers.tidying import tidy_document

_DOCUMENT_STAGES = ("classify", "assemble", "sign", "archive", "index")
_PAGE_STAGES = ("inspect", "read")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """One page of a document under review; sizes in px of the upright page."""

    page_id: str
    ordinal: int
    role: PageRole
    width: int
    height: int
    turn: Turn
    findings: tuple[Finding, ...]
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a person needs to decide on a document; `revision` guards against deciding twice."""

    summary: DocumentSummary
    tags: tuple[Tag, ...]
    alternatives: tuple[Proposal, ...]
    pages: list[ReviewPage]
    findings: tuple[Finding, ...]
    revision: int
    signatures: tuple[SignatureVerdict, ...]


def get_review(services: Services, document_id: str) -> Review:
    """Return a document as it stands before a person."""
    with services.database.reading() as connection:
        document = get_document(connection, document_id)
        deliveries = {
            row.id: row for row in list_deliveries(connection, batch_id=document.batch_id)
        }
        first = deliveries[deliveries_of_document(connection, document_id)[0]]  # type: ignore[index]  # ids as they are kept
        return Review(
            summary=summarise(connection, document, services),
            tags=load_tags(connection, document_id),
            alternatives=document.alternatives,
            pages=[
                _review_page(get_page(connection, page.page_id), page)
                for page in list_document_pages(connection, document_id)
            ],
            findings=document.findings,
            revision=document.revision,
            signatures=first.signatures,
        )


def _review_page(row: PageRow, page: DocumentPage) -> ReviewPage:
    turn = row.image.turn
    sides = (row.image.width, row.image.height)
    width, height = sides if turn in (0, 180) else sides[::-1]
    return ReviewPage(
        page_id=row.id,
        ordinal=page.ordinal,
        role=page.role,
        width=width,
        height=height,
        turn=turn,
        findings=row.findings,
        state=row.state,
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
    """
    now = services.clock.now()
    with services.database.writing() as connection:
        document = get_document(connection, document_id)
        if revision is not None and revision != document.revision:
            raise StaleReviewError
        if document.state != "awaiting_review":
            raise WrongStateError(document_id, state=document.state)
        before = load_tags(connection, document_id)
        tags = confirm_tags(before, decision=decision, by=actor.name, at=now)
        dossier = decision.values.get("dossier_code")
        if dossier:
            set_dossier(connection, document_id, dossier_code=dossier)
        corrected = sorted(
            tag.name for tag in tags if tag.state == "confirmed" and tag.value != tag.proposed_value
        )
        entry = AuditEntry(
            actor=actor.name,
            role=actor.role,
            action="document_confirmed",
            document=document_id,
            dossier=dossier or document.dossier_code,
            detail={"corrected": corrected},
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
            armed = reset_stages(connection, subject, stages=("open",), now=now)
            if armed:
                set_delivery_state(connection, subject, state="received")
        elif subject.startswith("pag_"):
            armed = _try_page_again(connection, subject, services)
        else:
            armed = _try_document_again(connection, get_document(connection, subject), services)
        entry = AuditEntry(actor=actor.name, role=actor.role, action="tried_again", subject=subject)
        append_audit(connection, entry, now=now)
    services.wake()
    return armed


def _try_page_again(connection: Transaction, page_id: str, services: Services) -> int:
    page = get_page(connection, page_id)
    armed = reset_stages(connection, page_id, stages=_PAGE_STAGES, now=services.clock.now())
    if armed:
        state = "opened" if page.fingerprint is None else "inspected"
        set_page_state(connection, page_id, state=state)
    return armed


def _try_document_again(connection: Transaction, document: DocumentRow, services: Services) -> int:
    if document.state != "set_aside":
        raise WrongStateError(document.id, state=document.state)
    now = services.clock.now()
    pages = list_document_pages(connection, document.id)
    unread = sum(_try_page_again(connection, page.page_id, services) for page in pages)
    if unread:
        # Its pages are read again first; that plans the classification anew.
        forget_stages(connection, document.id, stages=("classify",))
        set_document_state(connection, document.id, state="reading")
        return unread
    armed = reset_stages(connection, document.id, stages=_DOCUMENT_STAGES, now=now)
    is_confirmed = any(tag.state == "confirmed" for tag in load_tags(connection, document.id))
    state = "filing" if is_confirmed else "reading"
    set_document_state(connection, document.id, state=state)  # type: ignore[arg-type]  # one of two states
    return armed


def discard(services: Services, document_id: str, *, reason: str, actor: Actor) -> None:
    """Take a document out of the pipeline before it is filed; its working copies go.

    Raises:
        WrongStateError: it is filed already: then only disposal by rule removes it.
    """
    now = services.clock.now()
    with services.database.writing() as connection:
        document = get_document(connection, document_id)
        if document.state not in ("awaiting_review", "set_aside"):
            raise WrongStateError(document_id, state=document.state)
        why = Reason(code="discarded", vi=reason, en=reason)
        set_document_state(connection, document_id, state="discarded", reason=why)
        entry = AuditEntry(
            actor=actor.name,
            role=actor.role,
            action="document_discarded",
            document=document_id,
            dossier=document.dossier_code,
        )
        append_audit(connection, entry, now=now)
    tidy_document(services, document_id)
