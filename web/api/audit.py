"""`/api/v1/audit`: the audit log, for inspectors."""

import json
import re
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BeforeValidator

from database.audit import AuditQuery
from web.api.records import AuditList
from web.api.routing import ApiRoute
from web.callers import CallerOf, ServicesOf
from web.paging import CursorOf, make_cursor, offset_of
from workers.auditing import read_audit

router = APIRouter(prefix="/api/v1", tags=["audit"], route_class=ApiRoute)
_MOST = 1 << 53
_NUMBER = re.compile(r"[-+]?[\d.]+")


def _told_as_text(value: object) -> object:
    """Refuse bare numbers: the description promises a date and time, not seconds since 1970."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        raise ValueError(value)
    return value


_Moment = Annotated[
    AwareDatetime | None,
    BeforeValidator(_told_as_text),
    Query(description="có múi giờ / with its zone"),
]
_Words = Annotated[str | None, Query(max_length=120)]


@router.get(
    "/audit",
    name="api_audit",
    summary="Nhật ký / the audit log",
    response_model=AuditList,
)
def audit(  # noqa: PLR0913, PLR0917 - the filters of a list
    services: ServicesOf,
    caller: CallerOf,
    actor: _Words = None,
    action: _Words = None,
    document: _Words = None,
    dossier: _Words = None,
    subject: _Words = None,
    since: _Moment = None,
    until: _Moment = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: CursorOf = None,
) -> dict[str, Any]:
    """List what was done and read, newest first; `next` continues. Asking is audited, too."""
    before = offset_of("audit", cursor, most=_MOST) or None
    query = AuditQuery(
        actor=actor,
        action=action,
        document=document,
        dossier=dossier,
        subject=subject,
        since=since,
        until=until,
        before=before,
    )
    found = read_audit(services, query, limit=limit + 1, actor=caller.actor)
    piece = found[:limit]
    return {
        "items": [_record(row) for row in piece],
        "next": make_cursor("audit", piece[-1]["seq"]) if len(found) > limit else None,
    }


def _record(row: Any) -> dict[str, Any]:
    return {
        **{name: row[name] for name in row if name != "previous_hash"},
        "at": row["at"].isoformat(),
        "detail": json.loads(row["detail"]),
    }
