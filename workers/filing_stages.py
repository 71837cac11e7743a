"""From a confirmed document to the archive and the index: PDF/A, then signatures, then the lock.

The order cannot be broken: what is signed is what was validated, what is stored is what was
signed, and nothing rewrites a file afterwards.
"""

import os
import secrets
from dataclasses import replace
from pathlib import Path

from archive.archiving import Companion, archive_version
from archive.manifest import VersionToArchive
from database.audit import AuditEntry, append_audit
from database.batches import get_delivery
from database.converting import changed_words_of_packed_reading
from database.pages import PackedReading, get_page, load_packed_readings, load_texts
from database.readiness import deliveries_of_document
from database.records import (
    IN_PDF,
    DocumentRow,
    get_document,
    list_document_pages,
    load_tags,
    record_filed,
)
from database.regions import has_other_region
from database.stage_runs import StageRun
from database.versions import MadeVersion, VersionRow, add_version, list_versions, record_stored
from documents.folding import fold
from documents.model import AssembledPdf, PdfaVerdict, Tag
from search.indexing import index_document
from search.search_index import IndexedDocument
from workers.actors import PIPELINE
from workers.errors import NotArchivalError
from workers.page_jobs import (
    AssembleJob,
    ExportJob,
    PageForPdf,
    SignJob,
    SignResult,
    ValidateJob,
)
from workers.reading_stages import patience_for
from workers.recording import event_of, note_change
from workers.retaining import retention_of
from workers.services import Services
from workers.stage_results import finishing, plan
from workers.tidying import tidy_document
from workers.validity import last_valid_day

_PDF = "application/pdf"


def assemble(run: StageRun, services: Services) -> None:
    """Build the PDF/A-2u of a confirmed document and keep the validator's verdict with it."""
    with services.database.reading() as connection:
        document = get_document(connection, run.subject)
        tags = load_tags(connection, document.id)
        kept = [
            page for page in list_document_pages(connection, document.id) if page.role in IN_PDF
        ]
        rows = [get_page(connection, page.page_id) for page in kept]
        ids = [row.id for row in rows]
        packed = load_packed_readings(connection, ids)
        apart = {row.id for row in rows if has_other_region(connection, row, beside=ids)}
    folder = services.work.document_folder(document.id)
    folder.mkdir(parents=True, exist_ok=True)
    pages = []
    for ordinal, row in enumerate(rows, start=1):
        reading = folder / f"{ordinal:04d}.reading"
        if row.id in packed:
            reading.write_bytes(packed[row.id].packed)
        image = replace(row.image, file=services.work.absolute(row.image.file))
        read = reading if row.id in packed else None
        pages.append(PageForPdf(image=image, reading=read, stands_apart=row.id in apart))
    assembled: AssembledPdf = services.pool.run(
        "assemble",
        AssembleJob(
            pages=tuple(pages),
            title=_title(tags),
            created_at=document.created_at,
            out=folder / "assembled.pdf",
            codec=services.settings.ocr.codec,
        ),
        patience=patience_for(len(pages)),
    )
    if not assembled.verdict.passed:
        raise NotArchivalError(assembled.verdict.findings)
    with finishing(services, run) as (connection, now):
        plan(connection, document.id, stage="sign", batch_id=document.batch_id, now=now)


def sign(run: StageRun, services: Services) -> None:
    """Sign what was assembled, once: what a first attempt saved is what goes on."""
    with services.database.reading() as connection:
        document = get_document(connection, run.subject)
        versions = list_versions(connection, document.id)
    if not any(version.kind == "signed" for version in versions):
        _sign_and_keep(run, services, document)
        return
    with finishing(services, run) as (connection, now):
        plan(connection, document.id, stage="archive", batch_id=document.batch_id, now=now)


def _sign_and_keep(run: StageRun, services: Services, document: DocumentRow) -> None:
    folder = services.work.document_folder(document.id)
    # A worker that lost its lease may still be signing: two signatures differ, so it must not
    # write over the file that another worker has recorded.
    out = folder / f"signed-{secrets.token_hex(4)}.pdf"
    signed: SignResult = services.pool.run(
        "sign",
        SignJob(
            file=folder / "assembled.pdf",
            out=out,
            pki=services.settings.pki_folder,
            cache=services.settings.cache_folder,
            officer=services.settings.office.officer,
            agency=services.settings.office.name,
            now=services.clock.now(),
        ),
    )
    # Signing has checked its own signatures already; they are not judged a second time here.
    verdict: PdfaVerdict = services.pool.run(
        "validate", ValidateJob(file=signed.file), patience=3.0
    )
    if not verdict.passed:
        raise NotArchivalError(verdict.findings)
    _make_durable(signed.file)
    made = MadeVersion(
        document_id=document.id,
        kind="signed",
        work_file=str(services.work.relative(signed.file)),
        sha256=signed.sha256,
        size_bytes=signed.size_bytes,
        media_type=_PDF,
        reason="digitized from paper, signed by officer and agency",
        level=signed.level,
        pdfa=verdict,
        signatures=signed.signatures,
    )
    with finishing(services, run) as (connection, now):
        add_version(connection, made, now=now)
        plan(connection, document.id, stage="archive", batch_id=document.batch_id, now=now)


def archive(run: StageRun, services: Services) -> None:
    """Lock every made version into the store, read back and compared; then let copies go."""
    with services.database.reading() as connection:
        document = get_document(connection, run.subject)
        tags = load_tags(connection, document.id)
        versions = list_versions(connection, document.id)
    alto = _write_alto(services, document)
    # Counted without the dossier's end, so that every attempt stores the same manifest; its
    # record, which follows, lets the lock last as it must.
    retain_until = retention_of(services, tags).retain_until
    for version in versions:
        if version.state == "made":
            _store(services, document, version, tags=tags, alto=alto)
    current = next((v for v in reversed(versions) if v.kind == "signed"), versions[-1])
    with finishing(services, run) as (connection, now):
        for version in versions:
            if version.state == "made":
                record_stored(connection, version.id, retain_until=retain_until, now=now)
        record_filed(connection, document.id, version_id=current.id, now=now)
        entry = AuditEntry(
            actor=PIPELINE.name,
            role=PIPELINE.role,
            action="document_filed",
            document=document.id,
            dossier=document.dossier_code,
            digest=current.sha256,
        )
        append_audit(connection, entry, now=now)
        event = event_of("ingestion", "document_filed", actor=PIPELINE, now=now)
        note_change(services, connection, document.id, event)
        plan(connection, document.id, stage="index", batch_id=document.batch_id, now=now)
    tidy_document(services, document.id)


def index(run: StageRun, services: Services) -> None:
    """Make a filed document findable; the index never holds archiving up."""
    with services.database.reading() as connection:
        entry = indexed_document(services, get_document(connection, run.subject))
    index_document(entry, index=services.index)
    with finishing(services, run):
        pass


def indexed_document(services: Services, document: DocumentRow) -> IndexedDocument:
    """Return what the index is told of a document, all of it from the catalogue."""
    with services.database.reading() as connection:
        tags = {tag.name: tag.value for tag in load_tags(connection, document.id)}
        content = [
            page.page_id
            for page in list_document_pages(connection, document.id)
            if page.role in IN_PDF
        ]
        texts = load_texts(connection, content)
        packed = load_packed_readings(connection, content)
        source = get_delivery(
            connection, deliveries_of_document(connection, document.id)[0]
        ).file_name
    return IndexedDocument(
        id=document.id,
        version=document.revision,
        component_type=tags.get("component_type"),
        procedure=tags.get("procedure"),
        number=tags.get("number"),
        issued_on=tags.get("issued_on"),
        issuer=tags.get("issuer"),
        title=tags.get("title"),
        owner_name=tags.get("owner_name"),
        owner_id=tags.get("owner_id"),
        dossier_code=document.dossier_code,
        source=source,
        valid_until=last_valid_day(
            services.component_types.get(tags.get("component_type") or ""), tags
        ),
        filed_at=document.filed_at or document.created_at,
        pages=tuple(
            _with_words_as_read(text, packed.get(page_id))
            for page_id, text in zip(content, texts, strict=True)
        ),
    )


def _with_words_as_read(text: str, reading: PackedReading | None) -> str:
    """Return a page's text, and below it what was read otherwise before it was corrected.

    A misspelling that stands in the paper is found by it, and by what it should have been.
    """
    changed = changed_words_of_packed_reading(reading.packed) if reading else []
    folded = fold(text)
    added = [word for word in dict.fromkeys(changed) if fold(word) not in folded]
    return f"{text}\n\n{' '.join(added)}" if added else text


def _write_alto(services: Services, document: DocumentRow) -> Path | None:
    """Write the words and their places as ALTO beside the version; the same bytes each time."""
    folder = services.work.document_folder(document.id)
    folder.mkdir(parents=True, exist_ok=True)
    with services.database.reading() as connection:
        pages = list_document_pages(connection, document.id)
        ids = [page.page_id for page in pages if page.role != "dropped"]
        packed = load_packed_readings(connection, ids)
    files = []
    for ordinal, page_id in enumerate((one for one in ids if one in packed), start=1):
        files.append(folder / f"{ordinal:04d}.reading")
        files[-1].write_bytes(packed[page_id].packed)
    if not files:
        return None
    out = folder / "alto.xml.gz"
    services.pool.run(
        "export",
        ExportJob(readings=tuple(files), source=document.id, format="alto", out=out),
        patience=patience_for(len(files)),
    )
    return out


def _store(
    services: Services,
    document: DocumentRow,
    version: VersionRow,
    *,
    tags: tuple[Tag, ...],
    alto: Path | None,
) -> None:
    values = {tag.name: tag.value for tag in tags}
    with services.database.reading() as connection:
        pages = list_document_pages(connection, document.id)
        delivery = get_delivery(connection, deliveries_of_document(connection, document.id)[0])
    assert version.work_file is not None  # noqa: S101 - a made version has one
    archive_version(
        services.work.absolute(version.work_file),
        version=VersionToArchive(
            id=version.id,
            document_id=document.id,
            kind=version.kind,
            sha256=version.sha256,
            media_type=version.media_type,
            created_at=version.made_at,
            reason=version.reason,
            retain_until=retention_of(services, tags).retain_until,
            component_type=values.get("component_type"),
            procedure=values.get("procedure"),
            dossier_code=document.dossier_code,
            batch_id=document.batch_id,
            page_ids=tuple(page.page_id for page in pages),
            page_count=sum(1 for page in pages if page.role in IN_PDF),
            file_name=delivery.file_name,
            level=version.level,
            pdfa=version.pdfa,
            signatures=version.signatures,
            tags=tags,
        ),
        storage=services.storage,
        work_folder=services.work.document_folder(document.id),
        companions=() if alto is None else (Companion(suffix="alto.xml.gz", file=alto),),
    )


def _title(tags: tuple[Tag, ...]) -> str:
    values = {tag.name: tag.value for tag in tags}
    parts = (values.get("component_type"), values.get("number"), values.get("title"))
    return " - ".join(part for part in parts if part) or "Tài liệu số hóa"


def _make_durable(file: Path) -> None:
    for path, flags in ((file, os.O_RDONLY), (file.parent, os.O_RDONLY | os.O_DIRECTORY)):
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
