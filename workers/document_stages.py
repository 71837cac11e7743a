"""From pages to documents with proposed or confirmed tags."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from classification.confirming import confirm_by_policy, propose_tags
from database.audit import AuditEntry, append_audit
from database.batches import (
    BatchRow,
    DeliveryRow,
    get_batch,
    list_deliveries,
    set_batch_state,
    set_delivery_state,
)
from database.connecting import Transaction
from database.pages import PageRow, forget_readings, list_pages, load_packed_readings
from database.readiness import documents_of_delivery, unreadable_ordinals
from database.records import (
    IN_PDF,
    DocumentRow,
    NewDocument,
    PageRole,
    add_documents,
    find_document_of_page,
    get_document,
    list_document_pages,
    load_tags,
    record_alternatives,
    save_tags,
    set_document_findings,
    set_document_state,
    set_dossier,
)
from database.replacements import list_replacements
from database.stage_runs import StageRun
from database.versions import MadeVersion, add_version
from documents.errors import Reason
from documents.identifiers import BatchId, DeliveryId, PageId
from documents.model import ClassifiedDocument, Finding, Tag
from ingest.errors import EmptyBatchError
from ingest.splitting import DocumentDraft, SplitPage, split_batch
from workers.errors import SecretPaperError, UnreadPagesError
from workers.missing_seals import about_seal, colour_scans
from workers.page_jobs import ClassifyJob
from workers.rescans import place_rescan
from workers.services import Services
from workers.stage_results import (
    check_unchanged,
    finishing,
    plan,
    plan_classify_when_ready,
    plan_split_when_ready,
)
from workers.told import told_tags

_SURE = 0.8
_PDF = "application/pdf"


def split(run: StageRun, services: Services) -> None:
    """Cut a closed batch into documents; each page lands in exactly one.

    A file that could be opened only after the first cut, as with a password, is cut by itself.
    """
    _cut(run, services)
    # Such a file may have come while this was at work.
    now = services.clock.now()
    with services.database.writing(batch_id=run.batch_id) as connection:
        plan_split_when_ready(connection, BatchId(run.subject), now=now)


def _cut(run: StageRun, services: Services) -> None:
    with services.database.reading() as connection:
        batch = get_batch(connection, run.subject)
        deliveries = {row.id: row for row in list_deliveries(connection, batch_id=batch.id)}
        all_pages = list_pages(connection, batch_id=batch.id)
        pages = [
            page
            for page in all_pages
            if page.state != "opened"
            and deliveries[page.delivery_id].state == "opened"
            and find_document_of_page(connection, page.id) is None
        ]
        rescans = _rescans_among(connection, pages, deliveries)
    put_in_place = {page_id for _, ids in rescans.values() for page_id in ids}
    pages = [page for page in pages if page.id not in put_in_place]
    split_pages = [
        SplitPage(
            id=page.id,
            is_blank=page.is_blank,
            separator=page.separator,
            starts_new_file=page.ordinal_in_file == 1,
            is_signed_file=deliveries[page.delivery_id].is_signed,
        )
        for page in pages
    ]
    delivery_of = {page.id: page.delivery_id for page in pages}
    try:
        drafts = split_batch(split_pages)
    except EmptyBatchError as error:
        without = [deliveries[one] for one in dict.fromkeys(delivery_of.values())]
        _set_batch_aside(run, services, batch, without, error.reason)
        return
    replaced = {page_id for page_id, _ in rescans.values()}
    counted = [page for page in all_pages if page.id not in replaced]
    findings = _count_findings(batch, counted) + _sheet_findings(services, batch, all_pages)
    new = [
        _new_document(draft, batch, deliveries[delivery_of[draft.page_ids[0]]], findings)
        for draft in drafts
    ]
    with finishing(services, run) as (connection, now):
        for document_id in add_documents(connection, batch.id, new, now=now):
            plan_classify_when_ready(connection, document_id, now=now)
        set_batch_state(connection, batch.id, state="split")
        for delivery_id, (_, page_ids) in rescans.items():
            place_rescan(connection, deliveries[delivery_id], page_ids, now=now)


def _rescans_among(
    connection: Transaction, pages: Sequence[PageRow], deliveries: Mapping[DeliveryId, DeliveryRow]
) -> dict[DeliveryId, tuple[PageId, list[PageId]]]:
    """Return the files that came for the place of a page before the cut: that page, and theirs."""
    ids = {page.id for page in pages}
    of_file = defaultdict(list)
    for page in pages:
        of_file[page.delivery_id].append(page.id)
    return {
        one.delivery_id: (one.page_id, of_file[one.delivery_id])
        for batch_id in {page.batch_id for page in pages}
        for one in list_replacements(connection, batch_id)
        if one.page_id in ids
        and of_file[one.delivery_id]
        and not deliveries[one.delivery_id].is_signed
    }


def _set_batch_aside(
    run: StageRun,
    services: Services,
    batch: BatchRow,
    deliveries: list[DeliveryRow],
    reason: Reason,
) -> None:
    with finishing(services, run) as (connection, _):
        for delivery in deliveries:
            if delivery.state == "opened":
                set_delivery_state(connection, delivery.id, state="set_aside", reason=reason)
        set_batch_state(connection, batch.id, state="split")


def _new_document(
    draft: DocumentDraft, batch: BatchRow, delivery: DeliveryRow, findings: tuple[Finding, ...]
) -> NewDocument:
    roles: dict[PageId, PageRole] = dict.fromkeys(draft.page_ids, "content")
    roles |= dict.fromkeys(draft.separators, "separator")
    roles |= dict.fromkeys(draft.dropped, "blank")
    separator = draft.separator
    return NewDocument(
        pages=tuple((page_id, roles[page_id]) for page_id in draft.all_page_ids),
        dossier_code=(separator and separator.dossier_code) or batch.dossier_code,
        received_delivery_id=delivery.id if delivery.is_signed else None,
        tags=told_tags(separator, batch),
        findings=findings + draft.findings,
    )


def _count_findings(batch: BatchRow, pages: Sequence[PageRow]) -> tuple[Finding, ...]:
    expected = batch.expected_pages
    counted = [page for page in pages if page.separator is None]
    found = sum(not page.is_blank for page in counted)
    # A blank back may have been counted or not.
    if expected is None or found <= expected <= len(counted):
        return ()
    reason = Reason(
        code="page_count_differs",
        vi=f"Đếm được {found} trang có nội dung, nhưng khai báo {expected} trang. Kiểm tra lại "
        "giấy.",
        en=f"{found} pages with content were found, but {expected} were announced. Check the "
        "paper.",
    )
    return (Finding(reason=reason, severity="problem", value=float(found)),)


def _sheet_findings(
    services: Services, batch: BatchRow, pages: Sequence[PageRow]
) -> tuple[Finding, ...]:
    """Show a batch without a separator sheet to a person where its profile expects some."""
    profile = services.profiles.get(batch.profile)
    is_expected = profile is not None and profile.expects_separators and len(pages) > 1
    if not is_expected or any(page.separator is not None for page in pages):
        return ()
    reason = Reason(
        code="no_separator_found",
        vi="Trạm này dùng tờ phân cách nhưng không thấy tờ nào trong lô. Kiểm tra các trang có "
        "thuộc cùng một tài liệu không.",
        en="This station uses separator sheets, but none was found in the batch. Check that its "
        "pages belong to one document.",
    )
    return (Finding(reason=reason, severity="problem"),)


def classify(run: StageRun, services: Services) -> None:
    """Propose what a document is; confirm it where the batch's policy says so.

    What was proposed for a document that a person changed meanwhile is dropped. Where a person
    arranged the pages, a person also confirms them.
    """
    with services.database.reading() as connection:
        document = get_document(connection, run.subject)
        batch = get_batch(connection, document.batch_id)
        told = load_tags(connection, document.id)
        unread = unreadable_ordinals(connection, document.id)
        content = [
            page.page_id
            for page in list_document_pages(connection, document.id)
            if page.role == "content"
        ]
        packed = load_packed_readings(connection, content)
        images = colour_scans(connection, content, work=services.work)
    if unread:
        raise UnreadPagesError(unread)
    with services.work.passing_folder(document.id) as folder:
        files = _write_readings(
            folder,
            [packed[page_id].packed if page_id in packed else None for page_id in content],
        )
        proposed: ClassifiedDocument = services.pool.run(
            "classify",
            ClassifyJob(
                readings=files,
                procedures=tuple(services.procedures),
                told_type=next((tag.value for tag in told if tag.name == "component_type"), None),
                images=images,
            ),
        )
    if proposed.is_secret:
        _stop_secret_paper(run, services, document, content)
        return
    tags = _joined(told, propose_tags(proposed))
    if document.arranged_by is not None:
        batch = replace(batch, confirm_policy="none")
    with finishing(services, run) as (connection, now):
        check_unchanged(connection, document)
        record_alternatives(connection, document.id, proposed.alternatives)
        save_tags(connection, document.id, tags)
        findings = about_seal(document.findings, proposed, tags)
        set_document_findings(connection, document.id, findings)
        await_or_confirm(connection, document, batch, tags, now=now)


def _write_readings(folder: Path, packed: list[bytes | None]) -> tuple[Path | None, ...]:
    files: list[Path | None] = []
    for ordinal, content in enumerate(packed, start=1):
        if content is None:
            files.append(None)
            continue
        file = folder / f"{ordinal:04d}.reading"
        file.write_bytes(content)
        files.append(file)
    return tuple(files)


def _stop_secret_paper(
    run: StageRun, services: Services, document: DocumentRow, content: list[PageId]
) -> None:
    """Set a secret paper aside and keep nothing of what was read (domain: TT 01/2023 Điều 4)."""
    with finishing(services, run) as (connection, now):
        check_unchanged(connection, document)
        forget_readings(connection, content)
        save_tags(connection, document.id, ())
        reason = SecretPaperError().reason
        set_document_state(connection, document.id, state="set_aside", reason=reason)
        entry = AuditEntry(
            actor="pipeline", role="system", action="secret_paper_stopped", document=document.id
        )
        append_audit(connection, entry, now=now)


def _joined(told: tuple[Tag, ...], proposed: tuple[Tag, ...]) -> tuple[Tag, ...]:
    """Join what a separator sheet said with what was read; disagreement is a doubt."""
    by_name = {tag.name: tag for tag in proposed}
    for tag in told:
        read = by_name.get(tag.name)
        disagrees = (
            read is not None and read.value not in (None, tag.value) and read.confidence >= _SURE
        )
        by_name[tag.name] = replace(tag, doubtful=disagrees)
    return tuple(by_name.values())


def await_or_confirm(
    connection: Transaction,
    document: DocumentRow,
    batch: BatchRow,
    tags: tuple[Tag, ...],
    *,
    now: datetime,
) -> None:
    """Confirm a document by its batch's policy, or let it wait for a person."""
    is_open_question = any(finding.severity == "problem" for finding in document.findings)
    confirmed = None
    if batch.confirm_policy != "none" and not is_open_question:
        confirmed = confirm_by_policy(
            tags, policy=batch.confirm_policy, by=batch.answerable, at=now
        )
    if confirmed is None:
        set_document_state(connection, document.id, state="awaiting_review")
        return
    entry = AuditEntry(
        actor=batch.answerable,
        role="policy",
        action="confirmed_by_policy",
        document=document.id,
        dossier=document.dossier_code,
        detail={"policy": batch.confirm_policy},
    )
    append_audit(connection, entry, now=now)
    begin_filing(connection, document, confirmed, now=now)


def begin_filing(
    connection: Transaction, document: DocumentRow, tags: tuple[Tag, ...], *, now: datetime
) -> None:
    """Let a confirmed document go on to the archive, with its tags, in one transaction."""
    save_tags(connection, document.id, tags)
    read_dossier = next((tag.value for tag in tags if tag.name == "dossier_code"), None)
    if document.dossier_code is None and read_dossier is not None:
        set_dossier(connection, document.id, dossier_code=read_dossier)
    set_document_state(connection, document.id, state="filing")
    source = _received_file(connection, document)
    if source is not None:
        _keep_as_received(connection, document, source, now=now)
    stage = "archive" if document.received_delivery_id is not None else "assemble"
    plan(connection, document.id, stage=stage, batch_id=document.batch_id, now=now)


def _received_file(connection: Transaction, document: DocumentRow) -> DeliveryRow | None:
    """Return the PDF whose bytes are kept for ever: it arrived signed, or was born digital.

    The latter only where the document is that file and no page was added, moved or left out.
    """
    kept = [
        page.page_id for page in list_document_pages(connection, document.id) if page.role in IN_PDF
    ]
    for delivery in list_deliveries(connection, batch_id=document.batch_id):
        if delivery.id == document.received_delivery_id:
            return delivery
        if delivery.is_born_digital and delivery.media_type == _PDF:
            holders = documents_of_delivery(connection, delivery.id)
            pages = list_pages(connection, delivery_id=delivery.id)
            own = [page.id for page in pages if page.separator is None]
            if set(holders) == {document.id} and kept == own:
                return delivery
    return None


def _keep_as_received(
    connection: Transaction, document: DocumentRow, delivery: DeliveryRow, *, now: datetime
) -> None:
    reason = (
        "arrived signed: never rewritten" if delivery.is_signed else "born digital, as received"
    )
    made = MadeVersion(
        document_id=document.id,
        kind="received",
        work_file=f"deliveries/{delivery.id}",
        sha256=delivery.sha256,
        size_bytes=delivery.size_bytes,
        media_type=delivery.media_type or _PDF,
        reason=reason,
        signatures=delivery.signatures,
    )
    add_version(connection, made, now=now)
