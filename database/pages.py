"""Pages, what looking at them found, and what was read from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from database.converting import (
    CODES,
    FINDINGS,
    PAGE_IMAGE,
    SEPARATOR,
    from_json,
    reason_of,
    reason_values,
    size_of_packed_reading,
    to_json,
    unpack_reading,
)
from database.errors import UnknownSubjectError
from database.tables import former_readings, pages, readings
from documents.errors import Reason
from documents.identifiers import BatchId, DeliveryId, PageId, mint_page_id
from documents.model import (
    Finding,
    InspectedPage,
    OpenedPage,
    PageImage,
    RecognizedPage,
    Separator,
)

_POSITIONS_IN_FILE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """A page as the catalogue knows it; files are relative to the work folder."""

    id: PageId
    batch_id: BatchId
    delivery_id: DeliveryId
    ordinal_in_file: int
    position: int
    state: str
    origin: str
    image: PageImage
    is_blank: bool
    separator: Separator | None
    findings: tuple[Finding, ...]
    codes: tuple[str, ...]
    fingerprint: str | None
    reading_copy: str | None
    turned_by: str | None
    reason: Reason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedReading:
    """A reading as it is kept: packed (`converting.pack_reading`), its plain text, its engine.

    Where two readings have the same recipe, the second is a copy of the first.
    """

    packed: bytes
    text: str
    engine: str
    recipe: str | None = None


def add_pages(
    connection: Connection,
    opened: Sequence[OpenedPage],
    *,
    batch_id: BatchId,
    delivery_id: DeliveryId,
    delivery_ordinal: int,
) -> list[PageId]:
    """Enter the pages of an opened file; a repeat finds the ids that were minted before."""
    known: dict[int, PageId] = {
        row.ordinal_in_file: row.id
        for row in connection.execute(
            select(pages.c.ordinal_in_file, pages.c.id).where(pages.c.delivery_id == delivery_id)
        )
    }
    for page in opened:
        if page.ordinal in known:
            continue
        known[page.ordinal] = mint_page_id()
        connection.execute(
            insert(pages).values(
                id=known[page.ordinal],
                batch_id=batch_id,
                delivery_id=delivery_id,
                ordinal_in_file=page.ordinal,
                position=delivery_ordinal * _POSITIONS_IN_FILE + page.ordinal,
                state="opened",
                origin=page.origin,
                image=to_json(PAGE_IMAGE, page.image),
                is_blank=False,
            )
        )
    return [known[page.ordinal] for page in opened]


def get_page(connection: Connection, page_id: str) -> PageRow:
    """Return the page; UnknownSubjectError when there is none."""
    row = connection.execute(select(pages).where(pages.c.id == page_id)).first()
    if row is None:
        raise UnknownSubjectError(page_id)
    return _page(row)


def list_pages(
    connection: Connection, *, batch_id: str | None = None, delivery_id: str | None = None
) -> list[PageRow]:
    """Return pages in scanning order, of one batch or of one delivered file."""
    query = select(pages).order_by(pages.c.position, pages.c.ordinal_in_file)
    if batch_id is not None:
        query = query.where(pages.c.batch_id == batch_id)
    if delivery_id is not None:
        query = query.where(pages.c.delivery_id == delivery_id)
    return [_page(row) for row in connection.execute(query)]


def record_inspected(connection: Connection, page_id: str, inspected: InspectedPage) -> None:
    """Write down what looking at a page found."""
    copy = inspected.reading_copy
    connection.execute(
        update(pages)
        .where(pages.c.id == page_id)
        .values(
            state="inspected",
            image=to_json(PAGE_IMAGE, inspected.image),
            is_blank=inspected.is_blank,
            separator=to_json(SEPARATOR, inspected.separator),
            findings=to_json(FINDINGS, inspected.findings),
            codes=to_json(CODES, inspected.codes),
            fingerprint=inspected.fingerprint,
            reading_copy=None if copy is None else str(copy),
            **reason_values(None),
        )
    )


def record_reading(
    connection: Connection, page_id: str, reading: PackedReading, *, now: datetime
) -> None:
    """Keep the text of a page; a page is read once, a second reading replaces the first."""
    connection.execute(delete(readings).where(readings.c.page_id == page_id))
    connection.execute(
        insert(readings).values(
            page_id=page_id,
            reading=reading.packed,
            text=reading.text,
            engine=reading.engine,
            read_at=now,
            recipe=reading.recipe,
        )
    )


def set_page_state(
    connection: Connection, page_id: str, *, state: str, reason: Reason | None = None
) -> None:
    """Change the state of a page, with the reason for people."""
    connection.execute(
        update(pages).where(pages.c.id == page_id).values(state=state, **reason_values(reason))
    )


def set_page_findings(connection: Connection, page_id: str, findings: Sequence[Finding]) -> None:
    """Exchange what a person should see about a page."""
    connection.execute(
        update(pages)
        .where(pages.c.id == page_id)
        .values(findings=to_json(FINDINGS, tuple(findings)))
    )


def has_reading(connection: Connection, page_id: str) -> bool:
    """Say whether the text of a page is known."""
    query = select(readings.c.page_id).where(readings.c.page_id == page_id)
    return connection.execute(query).first() is not None


def find_reading(connection: Connection, page_id: str) -> RecognizedPage | None:
    """Return what was read from a page, if it was read."""
    packed = connection.execute(
        select(readings.c.reading).where(readings.c.page_id == page_id)
    ).scalar()
    return None if packed is None else unpack_reading(packed)


def find_reading_by_recipe(connection: Connection, recipe: str) -> PackedReading | None:
    """Return what was read from any page by the same recipe, if it is still kept."""
    row = connection.execute(select(readings).where(readings.c.recipe == recipe).limit(1)).first()
    return None if row is None else _packed(row)


def find_reading_size(connection: Connection, page_id: str) -> tuple[int, int] | None:
    """Return width and height of a page as it was read (upright, px), if it was read."""
    packed = connection.execute(
        select(readings.c.reading).where(readings.c.page_id == page_id)
    ).scalar()
    return None if packed is None else size_of_packed_reading(packed)


def load_packed_readings(
    connection: Connection, page_ids: Sequence[str]
) -> Mapping[str, PackedReading]:
    """Return the readings of these pages by page id; pages without one are absent."""
    found: dict[str, PackedReading] = {}
    for page_id in page_ids:
        row = connection.execute(select(readings).where(readings.c.page_id == page_id)).first()
        if row is not None:
            found[page_id] = _packed(row)
    return found


def load_texts(connection: Connection, page_ids: Sequence[str]) -> list[str]:
    """Return the plain text of these pages, in their order; empty where nothing was read."""
    texts: list[str] = []
    for page_id in page_ids:
        query = select(readings.c.text).where(readings.c.page_id == page_id)
        texts.append(connection.execute(query).scalar() or "")
    return texts


def forget_readings(connection: Connection, page_ids: Sequence[str]) -> None:
    """Remove what was read, now and before a change; of secret papers no text is kept."""
    connection.execute(delete(readings).where(readings.c.page_id.in_(list(page_ids))))
    connection.execute(delete(former_readings).where(former_readings.c.page_id.in_(list(page_ids))))


def previous_fingerprint(connection: Connection, page: PageRow) -> str | None:
    """Return the fingerprint of the page scanned just before this one, if it is known yet."""
    fingerprint: str | None = connection.execute(
        select(pages.c.fingerprint)
        .where(pages.c.batch_id == page.batch_id, pages.c.position < page.position)
        .order_by(pages.c.position.desc())
        .limit(1)
    ).scalar()
    return fingerprint


def neighbours_of(connection: Connection, page: PageRow) -> tuple[PageRow | None, PageRow | None]:
    """Return the pages that were scanned just before and just after a page."""
    before = (
        select(pages)
        .where(pages.c.batch_id == page.batch_id, pages.c.position < page.position)
        .order_by(pages.c.position.desc())
        .limit(1)
    )
    after = (
        select(pages)
        .where(pages.c.batch_id == page.batch_id, pages.c.position > page.position)
        .order_by(pages.c.position)
        .limit(1)
    )
    first, second = (connection.execute(query).first() for query in (before, after))
    return (_page(first) if first else None, _page(second) if second else None)


def _packed(row: Row[Any]) -> PackedReading:
    return PackedReading(packed=row.reading, text=row.text, engine=row.engine, recipe=row.recipe)


def _page(row: Row[Any]) -> PageRow:
    values = dict(row._mapping)  # noqa: SLF001 - a row's documented mapping
    reason = reason_of(values)
    for column in ("reason_code", "reason_vi", "reason_en"):
        values.pop(column)
    values["image"] = PAGE_IMAGE.validate_json(values["image"])
    values["separator"] = from_json(SEPARATOR, values["separator"])
    values["findings"] = from_json(FINDINGS, values["findings"]) or ()
    values["codes"] = from_json(CODES, values["codes"]) or ()
    return PageRow(**values, reason=reason)
