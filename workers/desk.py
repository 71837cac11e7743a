"""What lies before an operator: batches with their pages, checklist, and whether paper may go."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from database.audit import AuditEntry, append_audit
from database.batches import (
    BatchRow,
    NewBatch,
    get_batch,
    list_batches_of_stations,
    set_expected_pages,
)
from database.connecting import Transaction
from database.dossiers import DossierRow, find_dossier, list_documents_of_dossier
from database.errors import BatchClosedError
from database.records import (
    DocumentRow,
    get_document,
    list_documents,
    list_documents_of_owner,
    load_tags,
)
from documents.clock import VIETNAM
from ingest.doubled import DOUBLED
from reuse.checklist import ChecklistLine, DocumentOnItsWay, check_dossier
from reuse.procedures import Procedure
from workers.access import check_batch
from workers.actors import Actor
from workers.answering import held_document
from workers.dossiers import check_facts, open_dossier
from workers.following import BatchStatus, DocumentSummary, PageStatus, follow_batch
from workers.intake import begin_batch
from workers.services import Services

Verdict = Literal["empty", "receiving", "refused", "missing", "surplus", "look", "ready"]
"""Whether the paper may be handed back, and what stands against it first."""

_SHIFT_HOURS = 12
_MOST_PLACES = 8
_TO_REVIEW = ("awaiting_review", "reading")
_ON_THE_WAY = ("reading", "awaiting_review", "filing", "waiting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Whether the paper of a batch may go back to the citizen; pages are numbered from 1.

    `count` leaves out `sheets`, which are ours, and `blanks`: a person may have counted a blank
    back or not, so that both counts fit.
    """

    verdict: Verdict
    count: int
    expected: int | None
    blanks: tuple[int, ...] = ()
    sheets: int = 0
    doubled: tuple[int, ...] = ()
    doubtful: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One batch on the desk; without a known procedure there is no checklist."""

    status: BatchStatus
    assessment: Assessment
    dossier: DossierRow | None
    procedure: Procedure | None
    checklist: tuple[ChecklistLine, ...]

    @property
    def documents(self) -> list[DocumentSummary]:
        """The documents of the batch, without those that an undone change left empty."""
        held = {page.document_id for page in self.status.pages}
        return [one for one in self.status.documents if one.state != "discarded" or one.id in held]


def station_of_desk(actor: Actor) -> str:
    """Return the station under which somebody's own desk delivers."""
    return f"{actor.name}:desk"


def list_stations(services: Services) -> list[str]:
    """Return the stations whose folders are watched."""
    inbox = services.settings.inbox_folder
    folders = {path.name for path in inbox.iterdir() if path.is_dir()} if inbox.is_dir() else set()
    return sorted(folders | set(services.settings.intake.stations))


def list_on_desk(
    services: Services, *, actor: Actor, station: str = "", put_away: Collection[str] = ()
) -> list[BatchRow]:
    """Return the batches of somebody's desk and of the watched station, newest first.

    What is open stays until it is closed; the rest until it is put away, or for a shift.
    """
    stations = [station_of_desk(actor), *([station] if station else [])]
    since = services.clock.now() - timedelta(hours=_SHIFT_HOURS)
    with services.database.reading() as connection:
        found = list_batches_of_stations(connection, stations, since=since)
    shown = [one for one in found if one.id not in put_away]
    return shown[:_MOST_PLACES]


def find_next_of_batch(services: Services, batch_id: str) -> str | None:
    """Return the document of a batch that a person reviews next.

    What waits comes first; then what is still being read, whose page waits for it.
    """
    with services.database.reading() as connection:
        rows = list_documents(connection, states=_TO_REVIEW, batch_ids=[batch_id])
    by_turn = sorted(rows, key=lambda row: _TO_REVIEW.index(row.state))
    return by_turn[0].id if by_turn else None


def is_from_desk(services: Services, batch_id: str, *, actor: Actor) -> bool:
    """Say whether a batch was opened at somebody's own desk."""
    with services.database.reading() as connection:
        return get_batch(connection, batch_id).station == station_of_desk(actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an operator says when opening a batch; `batch_key` makes a second try harmless."""

    batch_key: str
    dossier_code: str = ""
    procedure: str = ""
    owner_id: str = ""
    owner_name: str = ""
    expected_pages: int | None = None


def open_place(services: Services, wanted: Wanted, *, actor: Actor) -> BatchRow:
    """Open the dossier, where one is named, and a batch for its papers.

    Raises:
        DossierCodeError: the code is none.
        OwnerNumberError: the owner's number is none.
        UnknownProcedureError: the catalogue has no such procedure.
        DossierDiffersError: the dossier is there with another procedure or owner.
        OutsideAreaError: it belongs to another area.
    """
    facts = check_facts(
        services,
        procedure=wanted.procedure,
        owner_id=wanted.owner_id,
        owner_name=wanted.owner_name,
    )
    if wanted.dossier_code.strip():
        opened = open_dossier(services, code=wanted.dossier_code, actor=actor, **facts)
        told = {"procedure": opened.procedure, "owner_id": opened.owner_id}
        facts = {name: value for name, value in told.items() if value}
    station = station_of_desk(actor)
    new = NewBatch(
        station=station,
        profile=services.profile_of("desk").name,
        batch_key=wanted.batch_key,
        answerable=actor.name,
        dossier_code=wanted.dossier_code.strip() or None,
        procedure=facts.get("procedure"),
        owner_id=facts.get("owner_id"),
        expected_pages=wanted.expected_pages,
    )
    return begin_batch(services, new, actor=actor)


def show_place(services: Services, batch_id: str) -> Place:
    """Return a batch as it lies on the desk."""
    status = follow_batch(services, batch_id)
    batch = status.batch
    with services.database.reading() as connection:
        dossier = find_dossier(connection, batch.dossier_code) if batch.dossier_code else None
        code = (dossier and dossier.procedure) or batch.procedure or ""
        procedure = services.procedures.get(code)
        checklist = _checklist(services, connection, status, dossier, procedure)
    return Place(
        status=status,
        assessment=assess(status),
        dossier=dossier,
        procedure=procedure,
        checklist=checklist,
    )


def assess(status: BatchStatus) -> Assessment:
    """Say whether the paper of a batch may go back: all is here, counted and fit to be read."""
    pages = [page for page in status.pages if _counts(page, status)]
    blanks = tuple(page.ordinal for page in pages if page.is_blank)
    doubled = tuple(
        page.ordinal
        for page in pages
        if page.replaces is None and any(one.reason.code == DOUBLED for one in page.findings)
    )
    doubtful = tuple(
        page.ordinal
        for page in pages
        if page.state == "set_aside"
        or any(one.severity != "note" and one.reason.code != DOUBLED for one in page.findings)
    )
    needs_look = bool(doubled or doubtful) or len(blanks) == len(pages)
    return Assessment(
        verdict=_verdict(status, pages, blanks=len(blanks), needs_look=needs_look),
        count=len(pages) - len(blanks),
        expected=status.batch.expected_pages,
        blanks=blanks,
        sheets=sum(page.separator is not None for page in status.pages),
        doubled=doubled,
        doubtful=doubtful,
    )


def _counts(page: PageStatus, status: BatchStatus) -> bool:
    """Say whether a page is one of those that a person counts: no sheet of ours, not taken out."""
    gone = {one.id for one in status.deliveries if one.state == "discarded"}
    was_dropped = status.batch.state == "split" and page.document_id is None
    is_gone = page.delivery_id in gone or was_dropped or page.role == "dropped"
    return page.separator is None and not is_gone


def _verdict(
    status: BatchStatus, pages: list[PageStatus], *, blanks: int, needs_look: bool
) -> Verdict:
    expected, count = status.batch.expected_pages, len(pages) - blanks
    if all(one.state == "discarded" for one in status.deliveries):
        return "empty"
    if any(one.state == "set_aside" for one in status.deliveries):
        return "refused"
    is_on_its_way = any(one.state == "received" for one in status.deliveries)
    if is_on_its_way or any(page.state == "opened" for page in pages):
        return "receiving"
    if expected is not None and not count <= expected <= count + blanks:
        return "missing" if count < expected else "surplus"
    # A page with a few faint words may pass for blank: who counted it looks at it.
    is_met_by_blanks = expected is not None and count < expected
    return "look" if needs_look or is_met_by_blanks else "ready"


def expect_pages(services: Services, batch_id: str, *, expected: int | None, actor: Actor) -> None:
    """Correct how many pages an open batch should have.

    Raises:
        BatchClosedError: it was cut into documents with the old count.
        OutsideAreaError: it belongs to another area.
    """
    now = services.clock.now()
    with services.database.writing() as connection:
        batch = get_batch(connection, batch_id)
        check_batch(connection, actor, batch)
        if batch.state != "open":
            raise BatchClosedError(batch_id)
        set_expected_pages(connection, batch_id, expected=expected)
        entry = AuditEntry(
            actor=actor.name,
            role=actor.role,
            action="pages_expected",
            subject=batch_id,
            dossier=batch.dossier_code,
            detail={"expected": expected},
        )
        append_audit(connection, entry, now=now)


def _checklist(
    services: Services,
    connection: Transaction,
    status: BatchStatus,
    dossier: DossierRow | None,
    procedure: Procedure | None,
) -> tuple[ChecklistLine, ...]:
    """Return the checklist with what this batch brought, whether it names a dossier or not."""
    if procedure is None:
        return ()
    code = status.batch.dossier_code
    ids = {one.id for one in status.documents}
    if code:
        ids |= set(list_documents_of_dossier(connection, code))
    rows = [get_document(connection, one) for one in sorted(ids)]
    owner_id = (dossier and dossier.owner_id) or status.batch.owner_id
    of_owner = list_documents_of_owner(connection, owner_id) if owner_id else []
    return check_dossier(
        procedure,
        here=[held_document(connection, row) for row in rows if row.state == "filed"],
        elsewhere=[held_document(connection, row) for row in of_owner if row.id not in ids],
        on_the_way=[
            DocumentOnItsWay(document_id=row.id, component_type=_type_of(connection, row))
            for row in rows
            if row.state in _ON_THE_WAY
        ],
        today=services.clock.now().astimezone(VIETNAM).date(),
    )


def _type_of(connection: Transaction, document: DocumentRow) -> str | None:
    tags = load_tags(connection, document.id)
    return next((tag.value for tag in tags if tag.name == "component_type"), None)
