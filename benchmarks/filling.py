"""Fills a home with many filed documents, by copying a real one in the catalogue and the store.

Every copy has a person, number, date and text of its own; its stored file is a hard link, so that
twenty thousand documents cost the disk one.
"""

import os
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from database import tables
from database.connecting import Transaction
from database.owners import words_of_name
from documents.identifiers import (
    mint_batch_id,
    mint_delivery_id,
    mint_document_id,
    mint_owner_key,
    mint_page_id,
    mint_version_id,
)
from workers.reindexing import rebuild_index
from workers.services import Services

_AT_ONCE = 500
_FAMILIES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ",
    "Hồ", "Ngô", "Dương", "Lý",
)  # fmt: skip
_MIDDLES = (
    "Văn", "Thị", "Minh", "Đức", "Thanh", "Quốc", "Ngọc", "Hữu", "Xuân", "Hồng", "Thu", "Bảo",
)  # fmt: skip
_GIVEN = (
    "An", "Bình", "Châu", "Dũng", "Hà", "Hạnh", "Hòa", "Hùng", "Khánh", "Lan", "Linh", "Long",
    "Mai", "Nam", "Nga", "Phúc", "Quân", "Sơn",
)  # fmt: skip
_KINDS = (
    ("giay_khai_sinh", "{}/{}", "Giấy khai sinh"),
    ("trich_luc_ho_tich", "{}/TLKS-BS", "Trích lục khai sinh"),
    ("gcn_ket_hon", "{}/{}", "Giấy chứng nhận kết hôn"),
    ("quyet_dinh", "{}/QĐ-UBND", "Về việc phê duyệt hồ sơ của hộ gia đình"),
    ("gpxd", "{}/GPXD", "Giấy phép xây dựng nhà ở riêng lẻ"),
    ("gcn_dkhkd", "{}/ĐKKD", "Giấy chứng nhận đăng ký hộ kinh doanh"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """One document that is like no other."""

    component_type: str
    number: str
    title: str
    issued_on: str
    owner_name: str
    owner_id: str
    text: str


def invent(count: int, *, sentences: list[str], seed: int) -> Iterator[Invented]:
    """Yield invented documents; the same seed gives the same ones."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    for ordinal in range(count):
        kind, pattern, title = chance.choice(_KINDS)
        day = date(2005, 1, 1) + timedelta(days=chance.randrange(7800))
        name = " ".join(chance.choice(part) for part in (_FAMILIES, _MIDDLES, _GIVEN))
        # 099 is no place of registration: the number can be nobody's.
        owner_id = f"0991{day.year % 100:02d}{ordinal:06d}"
        body = " ".join(chance.sample(sentences, k=min(8, len(sentences))))
        yield Invented(
            component_type=kind,
            number=pattern.format(ordinal + 1, day.year),
            title=title,
            issued_on=day.isoformat(),
            owner_name=name,
            owner_id=owner_id,
            text=f"{title.upper()}\nSố: {ordinal + 1}\nHọ và tên: {name.upper()}\n{body}",
        )


def fill(services: Services, template_id: str, invented: Iterator[Invented]) -> list[str]:
    """Copy a filed document for each invented one; return the ids of the copies.

    Args:
        services: over the home that is filled.
        template_id: a filed document of one page, delivered by itself.
        invented: what the copies say.
    """
    with services.database.reading() as connection:
        rows = _rows_of(connection, template_id)
    objects = services.settings.archive_folder / "objects"
    made: list[str] = []
    part: list[Invented] = []
    for one in invented:
        part.append(one)
        if len(part) == _AT_ONCE:
            made += _fill_part(services, rows, part, objects)
            part = []
    made += _fill_part(services, rows, part, objects)
    rebuild_index(services)
    return made


def _enter_owners(connection: Transaction, part: list[Invented]) -> None:
    """Enter what saving tags enters for one owner after the other."""
    keys = {one.owner_id: mint_owner_key() for one in part}
    connection.execute(
        insert(tables.owners),
        [
            {"key": keys[one.owner_id], "owner_id": one.owner_id, "name": one.owner_name}
            for one in part
        ],
    )
    connection.execute(
        insert(tables.owner_words),
        [
            {"word": word, "owner_key": keys[one.owner_id]}
            for one in part
            for word in words_of_name(one.owner_name)
        ],
    )


def _rows_of(connection: Transaction, document_id: str) -> Mapping[str, list[dict[str, Any]]]:
    document = _all(connection, tables.documents, tables.documents.c.id == document_id)
    links = _all(
        connection, tables.document_pages, tables.document_pages.c.document_id == document_id
    )
    page_ids = [link["page_id"] for link in links]
    pages = _all(connection, tables.pages, tables.pages.c.id.in_(page_ids))
    batch_id = document[0]["batch_id"]
    return {
        "documents": document,
        "document_pages": links,
        "pages": pages,
        "readings": _all(connection, tables.readings, tables.readings.c.page_id.in_(page_ids)),
        "batches": _all(connection, tables.batches, tables.batches.c.id == batch_id),
        "deliveries": _all(connection, tables.deliveries, tables.deliveries.c.batch_id == batch_id),
        "tags": _all(connection, tables.tags, tables.tags.c.document_id == document_id),
        "versions": _all(connection, tables.versions, tables.versions.c.document_id == document_id),
    }


def _all(connection: Transaction, table: Any, condition: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table).where(condition)).mappings()]


def _fill_part(
    services: Services,
    rows: Mapping[str, list[dict[str, Any]]],
    part: list[Invented],
    objects: Path,
) -> list[str]:
    if not part:
        return []
    new: dict[str, list[dict[str, Any]]] = {name: [] for name in rows}
    ids = [_copy(rows, one, new, objects) for one in part]
    order = (
        tables.batches, tables.deliveries, tables.pages, tables.readings, tables.documents,
        tables.document_pages, tables.tags, tables.versions,
    )  # fmt: skip
    with services.database.writing() as connection:
        for table in order:
            connection.execute(insert(table), new[table.name])
        _enter_owners(connection, part)
    return ids


def _copy(
    rows: Mapping[str, list[dict[str, Any]]],
    one: Invented,
    new: dict[str, list[dict[str, Any]]],
    objects: Path,
) -> str:
    batch_id, delivery_id, page_id = mint_batch_id(), mint_delivery_id(), mint_page_id()
    document_id, version_id = mint_document_id(), mint_version_id()
    old = rows["versions"][0]
    key = f"documents/{document_id}/{version_id}.pdf"
    (objects / key).parent.mkdir(parents=True)
    os.link(objects / old["object_key"], objects / key)
    of_batch = {"batch_id": batch_id}
    new["batches"].append({**rows["batches"][0], "id": batch_id, "batch_key": batch_id})
    new["deliveries"].append({**rows["deliveries"][0], **of_batch, "id": delivery_id})
    new["pages"].append({**rows["pages"][0], **of_batch, "id": page_id, "delivery_id": delivery_id})
    new["readings"].append({**rows["readings"][0], "page_id": page_id, "text": one.text})
    new["documents"].append(
        {
            **rows["documents"][0],
            **of_batch,
            "id": document_id,
            "current_version_id": version_id,
            "received_delivery_id": None,
        }
    )
    new["document_pages"].append(
        {**rows["document_pages"][0], "page_id": page_id, "document_id": document_id}
    )
    new["versions"].append({**old, "id": version_id, "document_id": document_id, "object_key": key})
    values = {
        "component_type": one.component_type,
        "number": one.number,
        "title": one.title,
        "issued_on": one.issued_on,
        "owner_name": one.owner_name,
        "owner_id": one.owner_id,
    }
    example = rows["tags"][0]
    new["tags"] += [
        {**example, "document_id": document_id, "name": name, "value": value}
        for name, value in values.items()
    ]
    return document_id
