"""Dossiers (hồ sơ TTHC): one case each, entered when it is opened at a desk or over the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, exists, func, insert, or_, select, tuple_, update

from database.tables import batches, documents, dossiers

DossierResult = Literal["issued", "refused", "withdrawn", "stopped"]
"""Đã cấp kết quả; từ chối; công dân rút; dừng giải quyết."""

DossierState = Literal["open", "closed", "all"]
"""Đang giải quyết; đã kết thúc; tất cả."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierRow:
    """A dossier; `area` is empty where its code names no agency."""

    code: str
    procedure: str | None
    owner_id: str | None
    owner_name: str | None
    area: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None = None
    closed_by: str | None = None
    result: DossierResult | None = None


def add_dossier(connection: Connection, new: DossierRow) -> None:
    """Enter a dossier; its code must be free."""
    connection.execute(
        insert(dossiers).values(
            code=new.code,
            procedure=new.procedure,
            owner_id=new.owner_id,
            owner_name=new.owner_name,
            area=new.area,
            opened_at=new.opened_at,
            opened_by=new.opened_by,
        )
    )


def find_dossier(connection: Connection, code: str) -> DossierRow | None:
    """Return the dossier, if it was ever opened."""
    row = connection.execute(select(dossiers).where(dossiers.c.code == code)).first()
    return None if row is None else _dossier(row)


def set_dossier_facts(connection: Connection, code: str, *, facts: Mapping[str, str]) -> None:
    """Fill in procedure, owner_id or owner_name."""
    connection.execute(update(dossiers).where(dossiers.c.code == code).values(dict(facts)))


def record_dossier_closed(
    connection: Connection, code: str, *, result: DossierResult, by: str, now: datetime
) -> None:
    """Write down that the work on a dossier has ended, and how."""
    connection.execute(
        update(dossiers)
        .where(dossiers.c.code == code)
        .values(closed_at=now, closed_by=by, result=result)
    )


def list_dossier_rows(
    connection: Connection,
    *,
    area: str = "",
    state: DossierState = "all",
    limit: int = 50,
    after: str | None = None,
) -> list[DossierRow]:
    """Return dossiers, newest first, of an area and of none; `after` continues behind a code."""
    query = select(dossiers).order_by(dossiers.c.opened_at.desc(), dossiers.c.code.desc())
    if state != "all":
        is_open = dossiers.c.closed_at.is_(None)
        query = query.where(is_open if state == "open" else ~is_open)
    if area:
        query = query.where(
            or_(
                dossiers.c.area == "",
                dossiers.c.area == area,
                dossiers.c.area.startswith(f"{area}.", autoescape=True),
            )
        )
    if after is not None:
        last = select(dossiers.c.opened_at, dossiers.c.code).where(dossiers.c.code == after)
        moment = select(dossiers.c.opened_at).where(dossiers.c.code == after).scalar_subquery()
        query = query.where(
            dossiers.c.opened_at <= moment,  # where the index begins
            tuple_(dossiers.c.opened_at, dossiers.c.code) < last.scalar_subquery(),
        )
    return [_dossier(row) for row in connection.execute(query.limit(limit))]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnopenedDossier:
    """A dossier that nobody opened: papers name it; `documents` counts the newest ones."""

    code: str
    documents: int


def list_unopened_dossiers(
    connection: Connection, *, area: str = "", among: int = 500, limit: int = 50
) -> list[UnopenedDossier]:
    """Return the dossiers that only papers name, the newest papers first, of an area or of all.

    Args:
        connection: to the catalogue.
        area: beginning of their codes; empty for all.
        among: of so many newest documents, so that the answer costs the same in a large archive.
        limit: of the dossiers.
    """
    newest = (
        select(documents.c.id, documents.c.dossier_code)
        .where(documents.c.dossier_code.is_not(None), documents.c.state != "discarded")
        .order_by(documents.c.id.desc())
        .limit(among)
        .subquery()
    )
    query = (
        select(newest.c.dossier_code, func.count())
        .where(~exists().where(dossiers.c.code == newest.c.dossier_code))
        .group_by(newest.c.dossier_code)
        .order_by(func.max(newest.c.id).desc())
        .limit(limit)
    )
    if area:
        query = query.where(
            or_(
                *(newest.c.dossier_code.startswith(f"{area}{end}", autoescape=True) for end in ".-")
            )
        )
    return [
        UnopenedDossier(code=code, documents=count) for code, count in connection.execute(query)
    ]


def list_documents_of_dossier(connection: Connection, code: str, *, limit: int = 500) -> list[str]:
    """Return the ids of the documents that stand in a dossier, oldest first."""
    query = (
        select(documents.c.id)
        .where(documents.c.dossier_code == code, documents.c.state != "discarded")
        .order_by(documents.c.id)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def list_batches_of_dossier(connection: Connection, code: str, *, limit: int = 200) -> list[str]:
    """Return the ids of the batches that were scanned for a dossier, or hold papers of it."""
    named = select(batches.c.id).where(batches.c.dossier_code == code)
    holding = select(documents.c.batch_id).where(documents.c.dossier_code == code)
    query = select(batches.c.id).where(or_(batches.c.id.in_(named), batches.c.id.in_(holding)))
    return list(connection.execute(query.order_by(batches.c.id).limit(limit)).scalars())


def _dossier(row: Row[Any]) -> DossierRow:
    return DossierRow(**row._mapping)  # noqa: SLF001 - a row's documented mapping
