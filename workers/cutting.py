"""Cutting a page in parts: an image that shows several papers becomes several pages.

The parts are regions of the same image, whose bytes stay as they are. They stand where the page
stood, which becomes dropped, so that nothing is lost and `undo` brings it back.
"""

from collections.abc import Sequence
from dataclasses import replace

from database.pages import PageRow, find_reading, get_page
from database.regions import add_regions
from documents.identifiers import PageId
from documents.model import Box, PageImage, Turn
from documents.turning import stored_box
from workers.actors import Actor
from workers.arranging import arranging
from workers.rescans import place_instead
from workers.review_errors import ImpossibleChangeError
from workers.services import Services
from workers.stage_results import plan

SEVERAL_PAPERS = "several_papers"
_MOST_PARTS = 8
_SMALLEST_PX = 60


def cut_page(
    services: Services,
    page_id: str,
    *,
    parts: Sequence[Box] = (),
    actor: Actor,
    revision: int | None = None,
) -> tuple[PageId, ...]:
    """Cut a page into pages of its document, in reading order; they are looked at and read anew.

    Args:
        services: the ports.
        page_id: the page.
        parts: in px of the page as it is seen now; none takes those that looking at it proposed.
        actor: who cuts it.
        revision: of the document that the caller saw.

    Raises:
        ImpossibleChangeError: nothing was proposed, or these are no parts of a scanned page.
        StaleReviewError: the document was changed since the caller looked.
    """
    with arranging(services, kind="page_cut", actor=actor) as arrangement:
        connection = arrangement.connection
        arrangement.take_document_of(page_id, revision=revision)
        page = get_page(connection, page_id)
        reading = find_reading(connection, page_id)
        wanted = _stored(page, parts, seen=reading.turn if reading else page.image.turn)
        _check(page, wanted)
        images = [_region(page.image, box) for box in wanted]
        made, new = add_regions(connection, page, images)
        for one in made:
            if one not in new:
                arrangement.take_document_of(one)
        arrangement.add_pages(new)
        place_instead(arrangement, page.id, [get_page(connection, one) for one in made])
        for one in new:
            plan(connection, one, stage="inspect", batch_id=page.batch_id, now=arrangement.now)
    return tuple(made)


def _stored(page: PageRow, parts: Sequence[Box], *, seen: Turn) -> list[Box]:
    """Return the parts in px as the page is stored."""
    if parts:
        return [stored_box(part, replace(page.image, turn=seen)) for part in parts]
    proposed = (one for one in page.findings if one.reason.code == SEVERAL_PAPERS)
    return [stored_box(part, page.image) for finding in proposed for part in finding.parts]


def _check(page: PageRow, wanted: Sequence[Box]) -> None:
    if page.origin != "scan":
        raise ImpossibleChangeError(
            vi="Trang này không phải ảnh quét nên không cắt được. Tách tài liệu nếu cần.",
            en="This page is no scan and cannot be cut. Cut the document in two if needed.",
        )
    are_parts = all(
        0 <= box.x0 <= box.x1 - _SMALLEST_PX
        and 0 <= box.y0 <= box.y1 - _SMALLEST_PX
        and box.x1 <= page.image.width
        and box.y1 <= page.image.height
        for box in wanted
    )
    if not are_parts or not 1 < len(set(wanted)) == len(wanted) <= _MOST_PARTS:
        raise ImpossibleChangeError(
            vi="Chưa rõ cắt ở đâu. Chọn từ 2 đến 8 phần nằm trong trang, mỗi phần một lần.",
            en="It is not clear where to cut. Name 2 to 8 parts within the page, each once.",
        )


def _region(image: PageImage, box: Box) -> PageImage:
    left, top = (image.region.x0, image.region.y0) if image.region else (0, 0)
    return replace(
        image,
        width=box.x1 - box.x0,
        height=box.y1 - box.y0,
        region=Box(left + box.x0, top + box.y0, left + box.x1, top + box.y1),
    )
