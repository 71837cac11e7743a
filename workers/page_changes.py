"""What a person changes in the pages of a batch before they are confirmed, and takes back.

Only documents that are read, await a review or were set aside can be changed. Every change is one
transaction with its audit row; `list_changes` tells them and `undo` takes the newest back.
"""

from collections.abc import Sequence
from typing import BinaryIO, Literal

from database.page_changes import Placed, ids_of
from documents.identifiers import DocumentId, PageId
from documents.model import Finding, Receipt
from workers.actors import Actor
from workers.arranging import PAGES_MERGED, Arrangement, arranging, has_content
from workers.page_turns import turn
from workers.rescans import take_rescan
from workers.review_errors import ImpossibleChangeError
from workers.services import Services
from workers.undoing import PageChange, changes_of, take_back

_TURNS: dict[int, Literal[0, 90, 180, 270]] = {0: 0, 90: 90, 180: 180, 270: 270}


def rotate_page(
    services: Services, page_id: str, *, by: int, actor: Actor, revision: int | None = None
) -> None:
    """Turn a page clockwise by 90, 180 or 270 degrees as it is seen now, and read it again so.

    A person's turn wins over the one that reading finds. A page that is in no document yet can be
    turned too.

    Raises:
        ImpossibleChangeError: `by` is no quarter of a circle.
        StaleReviewError: the document was changed since the caller looked.
    """
    if by not in _TURNS or by == 0:
        raise ImpossibleChangeError(
            vi="Chỉ xoay được 90, 180 hoặc 270 độ.",
            en="A page is turned by 90, 180 or 270 degrees.",
        )
    with arranging(services, kind="page_rotated", actor=actor) as arrangement:
        turn(arrangement, page_id, by=_TURNS[by], revision=revision)


def reorder_pages(
    services: Services,
    document_id: str,
    page_ids: Sequence[str],
    *,
    actor: Actor,
    revision: int | None = None,
) -> None:
    """Give the pages of a document another order.

    Dropped pages need not be named; they then stand at the end.

    Raises:
        ImpossibleChangeError: these are not the pages of the document.
    """
    with arranging(services, kind="pages_reordered", actor=actor) as arrangement:
        taken = arrangement.take(document_id, revision=revision)
        roles = dict(arrangement.places[taken])
        named = [PageId(one) for one in page_ids]
        left = [one for one in roles if one not in named]
        is_whole = len(set(named)) == len(named) and set(named) <= set(roles)
        if not is_whole or any(roles[one] != "dropped" for one in left):
            raise ImpossibleChangeError(
                vi="Thứ tự mới phải gồm đúng các trang của tài liệu, mỗi trang một lần. "
                "Tải lại trang rồi làm lại.",
                en="The new order must name each page of the document once. "
                "Load it again and repeat.",
            )
        arrangement.places[taken] = [(one, roles[one]) for one in (*named, *left)]


def drop_page(
    services: Services, page_id: str, *, actor: Actor, revision: int | None = None
) -> None:
    """Leave a page out of its document's PDF; it stays in the catalogue and can be restored.

    A document that loses its last page with content is discarded.
    """
    with arranging(services, kind="page_dropped", actor=actor) as arrangement:
        document_id = arrangement.take_document_of(page_id, revision=revision)
        placed = arrangement.places[document_id]
        arrangement.places[document_id] = [
            (one, "dropped" if one == page_id else role) for one, role in placed
        ]


def restore_page(
    services: Services, page_id: str, *, actor: Actor, revision: int | None = None
) -> None:
    """Take a dropped page in again, at its place; a document that lost all its pages comes back.

    Raises:
        CopiesGoneError: the image of the page is gone.
    """
    with arranging(services, kind="page_restored", actor=actor) as arrangement:
        arrangement.revives = True
        document_id = arrangement.take_document_of(page_id, revision=revision)
        arrangement.places[document_id] = [
            (one, arrangement.found_role(one) if one == page_id and role == "dropped" else role)
            for one, role in arrangement.places[document_id]
        ]


def move_pages(
    services: Services,
    page_ids: Sequence[str],
    *,
    to_document: str,
    position: int | None = None,
    actor: Actor,
    revision: int | None = None,
) -> None:
    """Move pages to another document of the batch, or within theirs, in the order they are named.

    Args:
        services: the ports.
        page_ids: pages of one or several documents of the batch.
        to_document: where they go.
        position: the place of the first of them there, from 1; None means the end.
        actor: who moves them.
        revision: of the document where they go.

    Raises:
        ImpossibleChangeError: a page is named twice, or there is no such place.
    """
    with arranging(services, kind="pages_moved", actor=actor) as arrangement:
        target = arrangement.take(to_document, revision=revision)
        moved: list[Placed] = []
        for page_id in page_ids:
            source = arrangement.take_document_of(page_id)
            moved += [one for one in arrangement.places[source] if one[0] == page_id]
        _check_named_once(page_ids)
        for source, placed in arrangement.places.items():
            arrangement.places[source] = [one for one in placed if one not in moved]
        placed = arrangement.places[target]
        place = len(placed) + 1 if position is None else position
        if not 1 <= place <= len(placed) + 1:
            raise ImpossibleChangeError(
                vi=f"Vị trí phải từ 1 đến {len(placed) + 1}.",
                en=f"The place must lie between 1 and {len(placed) + 1}.",
            )
        placed[place - 1 : place - 1] = moved


def _check_named_once(page_ids: Sequence[str]) -> None:
    if not page_ids or len(set(page_ids)) != len(page_ids):
        raise ImpossibleChangeError(
            vi="Chọn ít nhất một trang, mỗi trang một lần.",
            en="Choose at least one page, each once.",
        )


def split_document(
    services: Services,
    document_id: str,
    *,
    before_page: str,
    actor: Actor,
    revision: int | None = None,
) -> DocumentId:
    """Cut a document in two before a page; return the new one, which stands behind the first.

    Raises:
        ImpossibleChangeError: one of the parts would have no page with content.
    """
    with arranging(services, kind="document_split", actor=actor) as arrangement:
        first = arrangement.take(document_id, revision=revision)
        placed = arrangement.places[first]
        ids = ids_of(placed)
        place = ids.index(PageId(before_page)) if before_page in ids else 0
        if not has_content(placed[:place]) or not has_content(placed[place:]):
            raise ImpossibleChangeError(
                vi="Cả hai phần phải có trang nội dung. Chọn trang đầu của tài liệu thứ hai.",
                en="Both parts need a page with content. Choose the first page of the second one.",
            )
        made = arrangement.create_behind(first)
        arrangement.places[first], arrangement.places[made] = placed[:place], placed[place:]
    return made


def merge_documents(
    services: Services, *, into: str, other: str, actor: Actor, revision: int | None = None
) -> None:
    """Put the pages of another document of the batch behind those of the first.

    The other one is discarded; what was found about both, and a dossier, stays with the first.

    Raises:
        ImpossibleChangeError: both are the same document, or of different batches.
    """
    if into == other:
        raise ImpossibleChangeError(
            vi="Chọn hai tài liệu khác nhau để gộp.", en="Choose two different documents to merge."
        )
    with arranging(services, kind="documents_merged", actor=actor) as arrangement:
        arrangement.emptied_reason = PAGES_MERGED
        first = arrangement.take(into, revision=revision)
        second = arrangement.take(other)
        _join(arrangement, first, second)


def _join(arrangement: Arrangement, first: DocumentId, second: DocumentId) -> None:
    arrangement.places[first] += arrangement.places[second]
    arrangement.places[second] = []
    rows = arrangement.row(first), arrangement.row(second)
    findings: dict[str, Finding] = {}
    for one in (*rows[0].findings, *rows[1].findings):
        findings.setdefault(one.reason.code, one)
    arrangement.give(
        first,
        findings=tuple(findings.values()),
        dossier_code=rows[0].dossier_code or rows[1].dossier_code,
    )


def replace_page(
    services: Services,
    page_id: str,
    stream: BinaryIO,
    *,
    file_name: str,
    actor: Actor,
    revision: int | None = None,
) -> Receipt:
    """Take a rescan: a new file, whose pages take the place of a page once it has been opened.

    The file goes into the same batch, also when that is closed. The old page becomes dropped. A
    file that arrives signed, or after the document was confirmed, becomes a document of its own.

    Raises:
        SameScanError: the batch has these bytes already.
        WrongStateError: the document is confirmed or discarded.
        FileTooLargeError: it is longer than the settings allow.
        DiskFullError: there is no room; nothing was taken.
    """
    return take_rescan(
        services, page_id, stream, file_name=file_name, actor=actor, revision=revision
    )


def list_changes(services: Services, batch_id: str) -> list[PageChange]:
    """Return the changes of a batch, newest first, and which of them `undo` would take back."""
    return changes_of(services, batch_id)


def undo(
    services: Services, batch_id: str, *, actor: Actor, change: int | None = None
) -> PageChange:
    """Take the last change of a batch back; called again, the one before it.

    Changes of documents that were confirmed or discarded since stand and are passed over.

    Args:
        services: the ports.
        batch_id: the batch.
        actor: who takes it back.
        change: the change that the caller expects to be the next; None takes any.

    Raises:
        NothingToUndoError: there is none.
        StaleReviewError: another change is the next one.
        AlreadyReservedError: somebody else has one of its documents before them.
    """
    return take_back(services, batch_id, actor=actor, expected=change)
