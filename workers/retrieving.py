"""Finding, showing and giving out what is filed; every read is written down."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from database.audit import AuditEntry, list_audit
from database.connecting import Transaction
from database.errors import UnknownSubjectError, WrongStateError
from database.owners import find_documents_with_owner
from database.pages import find_reading, get_page, load_texts
from database.records import (
    IN_PDF,
    find_document_of_page,
    get_document,
    list_document_pages,
    load_tags,
)
from database.versions import VersionRow, list_versions
from documents.errors import Reason, RejectedInputError
from documents.identifiers import PageId
from documents.model import PdfaVerdict, SignatureVerdict, Tag
from search.search_index import SearchQuery, SearchResult
from workers.access import (
    NO_GROUNDS,
    Grounds,
    check_opening,
    demand_on,
    place_of,
)
from workers.actors import Actor
from workers.errors import ChildDiedError
from workers.following import DocumentSummary, summarise
from workers.page_jobs import PictureJob, VerifyJob, VerifyResult
from workers.recording import check_records
from workers.retaining import find_work_end, retention_of
from workers.services import Services

_CHUNK_BYTES = 1 << 20
_WIDEST_PICTURE = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document with everything that is known of it."""

    summary: DocumentSummary
    tags: tuple[Tag, ...]
    versions: list[VersionRow]
    signatures: tuple[SignatureVerdict, ...]
    pdfa: PdfaVerdict | None
    page_count: int
    text_pages: list[str]
    retention: Reason
    audit: list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """A stored file judged anew: digest, PDF/A, signatures. `ok` is false where any is wrong."""

    sha256: str
    ok: bool
    pdfa: PdfaVerdict | None
    signatures: tuple[SignatureVerdict, ...]
    reasons: tuple[Reason, ...] = ()


def show_document(
    services: Services,
    document_id: str,
    *,
    actor: Actor,
    purpose: str | None = None,
    dossier: str | None = None,
) -> DocumentView:
    """Return a document for reading; the reading is written into the audit log.

    Raises:
        PurposeRequiredError: it is a paper of a person outside the caller's area.
    """
    given = Grounds(dossier=dossier, purpose=purpose)
    with services.database.reading() as connection:
        document = get_document(connection, document_id)
        grounds = check_opening(services, connection, document, actor=actor, grounds=given)
        pages = [
            page for page in list_document_pages(connection, document_id) if page.role in IN_PDF
        ]
        versions = list_versions(connection, document_id)
        current = _current(versions, document.current_version_id)
        tags = load_tags(connection, document_id)
        view = DocumentView(
            summary=summarise(connection, document, services),
            tags=tags,
            versions=versions,
            signatures=current.signatures if current else (),
            pdfa=current.pdfa if current else None,
            page_count=len(pages),
            text_pages=load_texts(connection, [page.page_id for page in pages]),
            retention=retention_of(
                services, tags, work_ended_on=find_work_end(connection, document.dossier_code)
            ).reason,
            audit=list(list_audit(services.database, document=document_id, limit=50)),
        )
    _write_down(services, actor, "document_shown", view.summary, grounds=grounds)
    return view


def open_version(
    services: Services,
    document_id: str,
    *,
    actor: Actor,
    purpose: str | None = None,
    dossier: str | None = None,
    version_id: str | None = None,
) -> tuple[VersionRow, BinaryIO]:
    """Give out the stored bytes of the current version, or of another one.

    Raises:
        PurposeRequiredError: it is a paper of a person outside the caller's area.
        WrongStateError: nothing of the document is stored yet.
    """
    given = Grounds(dossier=dossier, purpose=purpose)
    with services.database.reading() as connection:
        document = get_document(connection, document_id)
        grounds = check_opening(services, connection, document, actor=actor, grounds=given)
        wanted = version_id or document.current_version_id
        version = _current(list_versions(connection, document_id), wanted)
        summary = summarise(connection, document, services)
    if version is None or version.state != "stored":
        raise WrongStateError(document_id, state=document.state)
    stream = services.storage.open(version.object_key)
    _write_down(services, actor, "file_given_out", summary, grounds=grounds)
    return version, stream


def search_documents(
    services: Services,
    text: str,
    *,
    actor: Actor,
    filters: Mapping[str, Any] | None = None,
    limit: int = 20,
    offset: int = 0,
) -> SearchResult:
    """Find filed documents; what was asked is not written down, only that it was.

    Of a person's paper that the caller could not open without a purpose, only type, number,
    date and office are told.

    Args:
        services: the ports.
        text: what the person typed.
        actor: who asks.
        filters: names of `SearchQuery` other than text, limit and offset; empty values count not.
        limit: at most so many hits.
        offset: hits to leave out.
    """
    wanted: dict[str, Any] = {name: value for name, value in (filters or {}).items() if value}
    if "year" in wanted:
        wanted["year"] = int(wanted["year"]) if str(wanted["year"]).isdigit() else None
    result = services.index.search(SearchQuery(text=text, limit=limit, offset=offset, **wanted))
    with services.database.reading() as connection:
        result = _withhold(connection, result, actor=actor)
    entry = AuditEntry(
        actor=actor.name,
        role=actor.role,
        action="searched",
        detail={
            "hits": result.total,
            "query_sha256": hashlib.sha256(text.encode()).hexdigest(),
        },
    )
    services.audit.add(entry, now=services.clock.now())
    return result


def _withhold(connection: Transaction, result: SearchResult, *, actor: Actor) -> SearchResult:
    outside = [
        hit.id
        for hit in result.hits
        if place_of(actor, hit.dossier_code) == "other" and demand_on(actor, "other") != "nothing"
    ]
    withheld = find_documents_with_owner(connection, outside) if outside else set()
    hits = tuple(hit.withheld() if hit.id in withheld else hit for hit in result.hits)
    return replace(result, hits=hits)


def verify_document(
    services: Services,
    document_id: str,
    *,
    actor: Actor,
    purpose: str | None = None,
    dossier: str | None = None,
) -> Verification:
    """Read the stored bytes again and judge digest, PDF/A claim and signatures anew.

    The description records beside them are compared with their digests, too.
    """
    version, stream = open_version(
        services, document_id, actor=actor, purpose=purpose or "verify", dossier=dossier
    )
    file = _cached_copy(services, version, stream)
    try:
        found = verify_file(services, file)
    finally:
        file.unlink(missing_ok=True)
    wrong = check_records(services, document_id)
    if found.sha256 != version.sha256:
        wrong.insert(0, _DIGEST_DIFFERS)
    return replace(found, ok=found.ok and not wrong, reasons=(*wrong, *found.reasons))


def verify_file(services: Services, file: Path) -> Verification:
    """Judge any PDF: its claim to be PDF/A and its signatures.

    A signature that cannot be traced to an authority we trust does not make the file wrong; a
    broken one does, and so does a PDF/A claim that does not hold, or a file that is no PDF.
    """
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    job = VerifyJob(file=file, trust_roots=services.trust_roots, now=services.clock.now())
    try:
        result: VerifyResult = services.desk_pool.run("verify", job, patience=3.0)
    except (RejectedInputError, ChildDiedError) as error:
        return Verification(
            sha256=digest.hexdigest(), ok=False, pdfa=None, signatures=(), reasons=(error.reason,)
        )
    claims_too_much = (
        result.pdfa is not None and result.pdfa.claim is not None and not result.pdfa.passed
    )
    is_broken = any(verdict.conclusion == "invalid" for verdict in result.signatures)
    return Verification(
        sha256=digest.hexdigest(),
        ok=not (claims_too_much or is_broken),
        pdfa=result.pdfa,
        signatures=result.signatures,
    )


def page_picture(
    services: Services,
    page_id: str,
    *,
    width: int,
    actor: Actor,
    grounds: Grounds = NO_GROUNDS,
) -> bytes:
    """Return a page as a JPEG for the screen: from the work folder, or from what was filed.

    Raises:
        PurposeRequiredError: it is a person's, outside the actor's area, and was not opened.
        UnknownSubjectError: it was discarded, and its image is no longer kept.
    """
    place, is_stored = None, False
    with services.database.reading() as connection:
        page = get_page(connection, page_id)
        reading = find_reading(connection, page_id)
        document_id = find_document_of_page(connection, page_id)
        if document_id is not None:
            document = get_document(connection, document_id)
            check_opening(services, connection, document, actor=actor, grounds=grounds)
            place = _place_in_pdf(connection, document_id, page_id)
            version = _current(list_versions(connection, document_id), document.current_version_id)
            is_stored = version is not None and version.state == "stored"
    if not services.work.absolute(page.image.file).exists():
        if document_id is None or place is None or not is_stored:
            raise UnknownSubjectError(page_id)
        return document_picture(
            services, document_id, page=place, width=width, actor=actor, grounds=grounds
        )
    image = replace(page.image, file=services.work.absolute(page.image.file))
    turn = reading.turn if reading else page.image.turn
    part = page.image.region
    which = "" if part is None else f"-{part.x0}.{part.y0}.{part.x1}.{part.y1}"
    name = f"{page.image.sha256}{which}-{turn}-{_width(width)}.jpg"
    job = PictureJob(width=_width(width), out=_picture_file(services, name), image=image, turn=turn)
    return _picture(services, job)


def document_picture(
    services: Services,
    document_id: str,
    *,
    page: int,
    width: int,
    actor: Actor,
    grounds: Grounds = NO_GROUNDS,
) -> bytes:
    """Return page `page` (from 1) of a document: of the stored PDF, or of its images before.

    Raises:
        PurposeRequiredError: it is a person's, outside the actor's area, and was not opened.
    """
    with services.database.reading() as connection:
        document = get_document(connection, document_id)
        check_opening(services, connection, document, actor=actor, grounds=grounds)
        pages = [one for one in list_document_pages(connection, document_id) if one.role in IN_PDF]
        version = _current(list_versions(connection, document_id), document.current_version_id)
    if version is None or version.state != "stored":
        if not 1 <= page <= len(pages):
            raise WrongStateError(f"{document_id}/{page}", state=document.state)
        page_id = pages[page - 1].page_id
        return page_picture(services, page_id, width=width, actor=actor, grounds=grounds)
    out = _picture_file(services, f"{version.sha256}-{page}-{_width(width)}.jpg")
    if out.exists():
        return out.read_bytes()
    copy = _cached_copy(services, version, services.storage.open(version.object_key))
    try:
        job = PictureJob(width=_width(width), out=out, pdf=copy, page=page)
        return _picture(services, job)
    finally:
        copy.unlink(missing_ok=True)


def _place_in_pdf(connection: Transaction, document_id: str, page_id: str) -> int | None:
    """Return which page of the PDF a page became, from 1; sheets and dropped pages: none."""
    ids = [
        page.page_id for page in list_document_pages(connection, document_id) if page.role in IN_PDF
    ]
    return ids.index(PageId(page_id)) + 1 if page_id in ids else None


def _picture(services: Services, job: PictureJob) -> bytes:
    if not job.out.exists():
        job.out.parent.mkdir(parents=True, exist_ok=True)
        services.desk_pool.run("picture", job)
    return job.out.read_bytes()


def _picture_file(services: Services, name: str) -> Path:
    return services.settings.cache_folder / "pictures" / name[:2] / name


def _width(width: int) -> int:
    return max(16, min(width, _WIDEST_PICTURE))


def _cached_copy(services: Services, version: VersionRow, stream: BinaryIO) -> Path:
    """Write stored bytes where a child can read them; the caller removes the file."""
    folder = services.settings.cache_folder / "copies"
    folder.mkdir(parents=True, exist_ok=True)
    unique = f"{version.id}-{services.clock.now().timestamp():.6f}.pdf"
    file = folder / unique
    with stream, file.open("xb") as target:
        while chunk := stream.read(_CHUNK_BYTES):
            target.write(chunk)
    return file


def _current(versions: list[VersionRow], version_id: str | None) -> VersionRow | None:
    return next((version for version in versions if version.id == version_id), None)


def _write_down(
    services: Services,
    actor: Actor,
    action: str,
    summary: DocumentSummary,
    *,
    grounds: Grounds,
) -> None:
    entry = AuditEntry(
        actor=actor.name,
        role=actor.role,
        action=action,
        dossier=grounds.dossier or summary.dossier_code,
        purpose=grounds.purpose,
        document=summary.id,
        digest=summary.sha256,
    )
    services.audit.add(entry, now=services.clock.now())


_DIGEST_DIFFERS = Reason(
    code="digest_differs",
    vi="Nội dung lưu trữ khác với giá trị băm đã ghi. Báo ngay cho người quản lý lưu trữ.",
    en="The stored bytes differ from the recorded digest. Tell the archivist at once.",
)
