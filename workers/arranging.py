"""What every change of pages has in common: checked, written down, and what follows from it.

All of it is one transaction. Every page is in exactly one document before and after; documents
that a change touched are classified anew, and one without a page with content is discarded.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from database.audit import AuditEntry, append_audit
from database.batches import BatchRow, get_delivery, lock_batch
from database.connecting import Transaction
from database.converting import FINDINGS, to_json
from database.errors import WrongStateError
from database.page_changes import (
    EMPTIED,
    Before,
    DocumentBefore,
    PageBefore,
    Placed,
    add_change,
    ids_of,
    mark_arranged,
)
from database.pages import PageRow, get_page
from database.placing import add_document_behind, save_places
from database.readiness import deliveries_of_document
from database.records import (
    DocumentRow,
    PageRole,
    find_document_of_page,
    get_document,
    list_document_pages,
    load_tags,
    record_alternatives,
    save_tags,
    set_document_state,
)
from database.reservations import forget_reservation
from database.stage_runs import forget_stages
from documents.errors import Reason
from documents.identifiers import BatchId, DocumentId, PageId
from documents.model import Finding
from workers.access import check_change
from workers.actors import Actor
from workers.errors import SecretPaperError, StaleReviewError
from workers.reservations import UNCONFIRMED, require_free
from workers.review_errors import CopiesGoneError, ImpossibleChangeError, SignedFileKeptError
from workers.services import Services
from workers.stage_results import plan_classify_when_ready
from workers.told import sheet_before, told_tags

NO_PAGES_LEFT = Reason(
    code="no_pages_left",
    vi="Mọi trang của tài liệu đã bị bỏ hoặc chuyển đi. Hoàn tác nếu nhầm.",
    en="Every page of the document was dropped or moved away. Undo it if that was a mistake.",
)
PAGES_MERGED = Reason(
    code="pages_merged",
    vi="Các trang đã được gộp vào tài liệu khác. Hoàn tác nếu nhầm.",
    en="Its pages were joined to another document. Undo it if that was a mistake.",
)
CHANGE_UNDONE = Reason(
    code="change_undone",
    vi="Thay đổi đưa trang vào tài liệu này đã được hoàn tác.",
    en="The change that gave this document its pages was undone.",
)


class Arrangement:
    """The documents and pages of one batch while a change is made to them.

    `places` is changed by whoever makes the change; `finish` writes it and all that follows.
    """

    def __init__(self, connection: Transaction, *, kind: str, actor: Actor, now: datetime) -> None:
        self.connection = connection
        self.actor = actor
        self.now = now
        self.places: dict[DocumentId, list[Placed]] = {}
        self.emptied_reason = NO_PAGES_LEFT
        self.heeds_reservations = True
        self.revives = False
        self._kind = kind
        self._batch: BatchRow | None = None
        self._rows: dict[DocumentId, DocumentRow] = {}
        self._before: dict[DocumentId, DocumentBefore] = {}
        self._created: list[DocumentId] = []
        self._turned: list[PageBefore] = []
        self._given: dict[DocumentId, tuple[tuple[Finding, ...], str | None]] = {}
        self._added: list[PageId] = []
        self._read_anew: set[DocumentId] = set()

    @property
    def batch_id(self) -> BatchId:
        """The batch in which all of the change happens."""
        assert self._batch is not None  # noqa: S101 - set by whatever is taken first
        return self._batch.id

    def row(self, document_id: DocumentId) -> DocumentRow:
        """Return a document that was taken, as it stood before."""
        return self._rows[document_id]

    def take(self, document_id: str, *, revision: int | None = None) -> DocumentId:
        """Let a document take part in the change.

        Raises:
            WrongStateError: it is confirmed or discarded.
            StaleReviewError: it was changed since the caller looked.
            AlreadyReservedError: somebody else has it before them.
            OutsideAreaError: it belongs to another area.
            SecretPaperError: a secret paper is not worked on here.
            SignedFileKeptError: it arrived signed.
            ImpossibleChangeError: it is of another batch than what was taken before.
            CopiesGoneError: it was discarded, and the images of its pages went with it.
        """
        document = get_document(self.connection, document_id)
        if document.id in self.places:
            return document.id
        self.take_batch(document.batch_id)
        document = get_document(self.connection, document_id)
        if revision is not None and revision != document.revision:
            raise StaleReviewError
        self._check(document)
        pages = list_document_pages(self.connection, document.id)
        placed = tuple((page.page_id, page.role) for page in pages)
        self._rows[document.id] = document
        self.places[document.id] = list(placed)
        self._before[document.id] = DocumentBefore(
            id=document.id,
            pages=placed,
            dossier_code=document.dossier_code,
            findings=document.findings,
        )
        return document.id

    def take_batch(self, batch_id: BatchId) -> None:
        """Let only this batch take part; others who change it wait until the end."""
        batch = lock_batch(self.connection, batch_id)
        if self._batch is not None and self._batch.id != batch.id:
            raise ImpossibleChangeError(
                vi="Các trang thuộc hai lô quét khác nhau. Chỉ sắp xếp trong cùng một lô.",
                en="The pages belong to different batches. Arrange pages within one batch.",
            )
        self._batch = batch

    def take_document_of(self, page_id: str, *, revision: int | None = None) -> DocumentId:
        """Let the document of a page take part; refused where the page is in none yet."""
        page = get_page(self.connection, page_id)
        document_id = find_document_of_page(self.connection, page_id)
        if document_id is None:
            raise WrongStateError(page_id, state=page.state)
        return self.take(document_id, revision=revision)

    def _check(self, document: DocumentRow) -> None:
        is_emptied = document.state == "discarded"
        if not is_open(self.connection, document) or (is_emptied and not self.revives):
            if document.reason is not None and document.reason.code == SecretPaperError.code:
                raise SecretPaperError
            raise WrongStateError(document.id, state=document.state)
        if document.received_delivery_id is not None:
            raise SignedFileKeptError
        check_change(self.actor, document.dossier_code)
        if self.heeds_reservations:
            require_free(self.connection, document.id, actor=self.actor, now=self.now)
        files = deliveries_of_document(self.connection, document.id) if is_emptied else ()
        if any(get_delivery(self.connection, one).state != "opened" for one in files):
            raise CopiesGoneError

    def create_behind(self, document_id: DocumentId) -> DocumentId:
        """Make a document behind another one, for pages that are given to it."""
        made = add_document_behind(self.connection, self._rows[document_id], now=self.now)
        self._rows[made] = get_document(self.connection, made)
        self._created.append(made)
        self.places[made] = []
        return made

    def add_pages(self, page_ids: Collection[PageId]) -> None:
        """Announce pages that were in no document before."""
        self._added += page_ids

    def note_turned(self, page: PageBefore, document_id: DocumentId | None) -> None:
        """Announce a page that was turned; its document is read anew."""
        self._turned.append(page)
        if document_id is not None:
            self._read_anew.add(document_id)

    def read_anew(self, page_id: PageId) -> None:
        """Let the document that was taken with this page be classified anew."""
        for document_id, placed in self.places.items():
            if page_id in ids_of(placed):
                self._read_anew.add(document_id)

    def found_role(self, page_id: PageId) -> PageRole:
        """Return what a page is there for, by what looking at it found."""
        return role_of(get_page(self.connection, page_id))

    def give(
        self,
        document_id: DocumentId,
        *,
        findings: tuple[Finding, ...],
        dossier_code: str | None,
    ) -> None:
        """Give a document other findings and another dossier, as a merge or an undo does."""
        self._given[document_id] = (findings, dossier_code)

    def finish(self) -> int | None:
        """Write the change and all that follows; return its id, None where nothing changed."""
        changed = self.settle()
        if not changed and not self._turned:
            return None
        before = Before(
            documents=tuple(self._before[one] for one in changed if one in self._before),
            created=tuple(self._created),
            turned=tuple(self._turned),
        )
        change_id = add_change(
            self.connection,
            self.batch_id,
            kind=self._kind,
            before=before,
            actor=self.actor.name,
            role=self.actor.role,
            now=self.now,
        )
        self.write_down(self._kind, changed, change_id=change_id)
        return change_id

    def settle(self) -> list[DocumentId]:
        """Write the places of pages and what follows for documents; return those that changed."""
        self._check_nothing_is_lost()
        changed = [
            one
            for one, placed in self.places.items()
            if one in self._read_anew
            or one not in self._before
            or tuple(placed) != self._before[one].pages
        ]
        save_places(self.connection, {one: self.places[one] for one in changed})
        for document_id in changed:
            self._settle_document(document_id)
        return changed

    def _check_nothing_is_lost(self) -> None:
        before = Counter(self._added)
        for document in self._before.values():
            before.update(ids_of(document.pages))
        after: Counter[PageId] = Counter()
        for placed in self.places.values():
            after.update(ids_of(placed))
        assert before == after, self._kind  # noqa: S101 - no page is ever lost or doubled

    def _settle_document(self, document_id: DocumentId) -> None:
        row, placed = self._rows[document_id], self.places[document_id]
        findings, dossier_code = self._given.get(document_id, (row.findings, row.dossier_code))
        mark_arranged(
            self.connection,
            document_id,
            by=self.actor.name,
            findings=to_json(FINDINGS, findings),
            dossier_code=dossier_code,
        )
        forget_stages(self.connection, document_id, stages=("classify",))
        if not has_content(placed):
            set_document_state(
                self.connection, document_id, state="discarded", reason=self.emptied_reason
            )
            forget_reservation(self.connection, document_id)
            return
        assert self._batch is not None  # noqa: S101 - set by whatever is taken first
        sheet = sheet_before(self.connection, placed)
        save_tags(self.connection, document_id, told_tags(sheet, self._batch))
        record_alternatives(self.connection, document_id, ())
        set_document_state(self.connection, document_id, state="reading")
        plan_classify_when_ready(self.connection, document_id, now=self.now)

    def write_down(self, action: str, documents: Collection[DocumentId], *, change_id: int) -> None:
        """Write into the audit log who changed which documents."""
        detail = {
            "change": change_id,
            "documents": list(documents),
            "pages": [page.id for page in self._turned],
        }
        entry = AuditEntry(
            actor=self.actor.name,
            role=self.actor.role,
            action=action,
            subject=self.batch_id,
            document=next(iter(documents), None),
            detail=detail,
        )
        append_audit(self.connection, entry, now=self.now)


@contextmanager
def arranging(services: Services, *, kind: str, actor: Actor) -> Iterator[Arrangement]:
    """Give an arrangement whose change is written as a whole when the block ends, or not at all."""
    with services.database.writing() as connection:
        arrangement = Arrangement(connection, kind=kind, actor=actor, now=services.clock.now())
        yield arrangement
        arrangement.finish()
    services.wake()


def is_open(connection: Transaction, document: DocumentRow) -> bool:
    """Say whether a document may be changed, or was emptied by a change that can be taken back.

    A secret paper is not worked on here, and what was confirmed stands.
    """
    code = document.reason.code if document.reason else None
    if document.state == "discarded":
        return code in EMPTIED
    if document.state not in UNCONFIRMED or code == SecretPaperError.code:
        return False
    return not any(tag.state == "confirmed" for tag in load_tags(connection, document.id))


def has_content(placed: Collection[Placed]) -> bool:
    """Say whether there is a page with content."""
    return any(role == "content" for _, role in placed)


def role_of(page: PageRow) -> PageRole:
    """Return what a page is there for, by what looking at it found."""
    if page.separator is not None:
        return "separator"
    return "blank" if page.is_blank else "content"
