"""Pages that are parts of another page's image: two papers that were scanned at once."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from database.converting import PAGE_IMAGE, to_json
from database.pages import PageRow, list_pages
from database.tables import pages
from documents.identifiers import PageId, mint_page_id
from documents.model import PageImage

FIRST_REGION = 100_000
"""From here on the ordinals in a file are those of parts of pages; files have fewer pages."""


def add_regions(
    connection: Connection, page: PageRow, images: Sequence[PageImage]
) -> tuple[list[PageId], list[PageId]]:
    """Enter parts of a page as pages at its place; return them all, and those that are new.

    A part that was cut before is found again. The page itself stays.
    """
    base = page.ordinal_in_file % FIRST_REGION
    known = {
        row.image.region: row.id
        for row in list_pages(connection, delivery_id=page.delivery_id)
        if row.ordinal_in_file > FIRST_REGION and row.ordinal_in_file % FIRST_REGION == base
    }
    found, new = list[PageId](), list[PageId]()
    for image in images:
        if image.region in known:
            found.append(known[image.region])
            continue
        known[image.region] = mint_page_id()
        found.append(known[image.region])
        new.append(known[image.region])
        connection.execute(
            insert(pages).values(
                id=known[image.region],
                batch_id=page.batch_id,
                delivery_id=page.delivery_id,
                ordinal_in_file=FIRST_REGION * len(known) + base,
                position=page.position,
                state="opened",
                origin=page.origin,
                image=to_json(PAGE_IMAGE, image),
                is_blank=False,
            )
        )
    return found, new


def has_other_region(connection: Connection, page: PageRow, *, beside: Sequence[str]) -> bool:
    """Say whether parts of a page's image are pages elsewhere than among these."""
    if page.image.region is None:
        return False
    base = page.ordinal_in_file % FIRST_REGION
    others = connection.execute(
        select(pages.c.id, pages.c.ordinal_in_file).where(
            pages.c.delivery_id == page.delivery_id, pages.c.ordinal_in_file > FIRST_REGION
        )
    )
    return any(
        other.id not in beside for other in others if other.ordinal_in_file % FIRST_REGION == base
    )
