"""The desk: where papers are delivered, with what has come of them so far."""

import re
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from database.batches import BatchRow, list_batches
from database.dossiers import find_dossier
from database.overview import count_in_batches, progress_of
from documents.areas import area_of_dossier, covers
from documents.errors import PipelineError
from web.answering_errors import problem
from web.callers import Caller, CallerOf, ServicesOf
from web.errors import status_of
from web.language import language_of
from web.live_pages import changes
from web.rendering import render
from web.uploads import uploaded_file
from workers.actors import Actor
from workers.desk import (
    Wanted,
    expect_pages,
    list_on_desk,
    list_stations,
    open_place,
    show_place,
)
from workers.page_changes import replace_page
from workers.services import Services
from workers.slips import SlipFacts, read_slip, understand_slip

router = APIRouter(include_in_schema=False)
_SEE_OTHER = 303
_LATEST = 12
_LOOKED_THROUGH = 60
STATION_COOKIE = "sohoa_station"
PUT_AWAY_COOKIE = "sohoa_put_away"
_BATCH_ID = re.compile(r"bat_[0-9a-zA-Z]{1,40}")
_MOST_PUT_AWAY = 60
_KEPT_SECONDS = 31_536_000
_NEW_KEY = r"^[0-9a-zA-Z-]{8,60}$"


class NewPlace(BaseModel):
    """What the form of the desk says; empty where nothing was typed."""

    model_config = ConfigDict(extra="forbid")

    batch_key: str = Field(pattern=_NEW_KEY)
    dossier_code: str = Field(default="", max_length=60)
    procedure: str = Field(default="", max_length=40)
    owner_id: str = Field(default="", max_length=40)
    owner_name: str = Field(default="", max_length=120)
    expected_pages: int | None = Field(default=None, ge=1, le=2000)


@router.get("/desk", name="desk_page")
def desk_page(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    station: Annotated[str | None, Query(max_length=120)] = None,
) -> Response:
    """Show the form, the batches that lie on the desk, and the latest others."""
    stations = list_stations(services)
    wished = request.cookies.get(STATION_COOKIE, "") if station is None else station
    chosen = wished if wished in stations else ""
    on_desk = _on_desk(request, services, caller, chosen)
    places = [show_place(services, one.id) for one in on_desk]
    latest = _latest(services, caller.actor, without={one.id for one in on_desk})
    with services.database.reading() as connection:
        shown = [one.id for one in (*latest, *on_desk)]
        counts = count_in_batches(connection, shown)
    response = render(
        request,
        "desk/desk.html",
        places=places,
        latest=latest,
        counts=counts,
        stations=stations,
        station=chosen,
        procedures=_procedures(services, language_of(request)),
    )
    if station is not None:
        response.set_cookie(
            STATION_COOKIE, chosen, samesite="strict", httponly=True, max_age=_KEPT_SECONDS
        )
    return response


@router.get("/desk/events", name="desk_stream")
def desk_stream(request: Request, services: ServicesOf, caller: CallerOf) -> Response:
    """Say whenever something on the desk or among the latest batches has moved."""
    station = request.cookies.get(STATION_COOKIE, "")

    def look() -> object:
        on_desk = _on_desk(request, services, caller, station)
        with services.database.reading() as connection:
            latest = list_batches(connection, limit=_LATEST)
            shown = sorted({one.id for one in (*on_desk, *latest)})
            return shown, progress_of(connection, shown)

    return changes(request, look)


@router.post("/desk/open", name="desk_open")
def desk_open(
    request: Request, services: ServicesOf, caller: CallerOf, wanted: NewPlace
) -> Response:
    """Open a dossier and a batch; the script of the desk asks, again and again if need be."""
    try:
        batch = open_place(services, Wanted(**wanted.model_dump()), actor=caller.actor)
    except PipelineError as error:
        return problem(request, error.reason, status=status_of(error))
    return JSONResponse({"id": batch.id})


@router.post("/desk/code", name="desk_code")
async def desk_code(request: Request, services: ServicesOf, caller: CallerOf) -> Response:
    """Say what the code of a slip or card tells: as text, or as a camera's picture (JPEG)."""
    body = await request.body()
    is_picture = request.headers.get("content-type", "").startswith("image/jpeg")
    try:
        if is_picture:
            facts = await run_in_threadpool(read_slip, services, body)
        else:
            facts = understand_slip(body.decode("utf-8", "replace"))
    except PipelineError as error:
        return problem(request, error.reason, status=status_of(error))
    return JSONResponse(await run_in_threadpool(_told, services, facts, caller.actor))


@router.post("/desk/places/{batch_id}/expected", name="desk_expect")
def desk_expect(
    services: ServicesOf,
    caller: CallerOf,
    batch_id: str,
    expected: Annotated[str, Form(max_length=6, pattern=r"^\s*[0-9]*\s*$")] = "",
) -> Response:
    """Correct how many pages there should be."""
    count = min(int(expected), 100_000) if expected.strip() else None
    expect_pages(services, batch_id, expected=count or None, actor=caller.actor)
    return RedirectResponse(f"/desk#{batch_id}", _SEE_OTHER)


@router.post("/desk/pages/{page_id}/rescan", name="desk_rescan")
async def desk_rescan(
    request: Request, services: ServicesOf, caller: CallerOf, page_id: str
) -> Response:
    """Take a file for the place of a faulty page, while the paper is still there."""
    try:
        async with uploaded_file(request) as (stream, name):
            receipt = await run_in_threadpool(
                replace_page, services, page_id, stream, file_name=name, actor=caller.actor
            )
    except PipelineError as error:
        return problem(request, error.reason, status=status_of(error))
    return JSONResponse({"id": receipt.id})


def _told(services: Services, facts: SlipFacts, actor: Actor) -> dict[str, Any]:
    """Return what a code told, completed by what is known of a dossier of the own area."""
    known = None
    if facts.dossier_code and covers(actor.area, area_of_dossier(facts.dossier_code)):
        with services.database.reading() as connection:
            known = find_dossier(connection, facts.dossier_code)
    return {
        "dossier_code": facts.dossier_code,
        "procedure": facts.procedure or (known and known.procedure),
        "owner_id": facts.owner_id or (known and known.owner_id),
        "owner_name": facts.owner_name or (known and known.owner_name),
    }


def _on_desk(request: Request, services: Services, caller: Caller, station: str) -> list[BatchRow]:
    said = request.cookies.get(PUT_AWAY_COOKIE, "").split(".")
    put_away = [one for one in said if _BATCH_ID.fullmatch(one)][-_MOST_PUT_AWAY:]
    return list_on_desk(services, actor=caller.actor, station=station, put_away=put_away)


def _latest(services: Services, actor: Actor, *, without: set[str]) -> list[BatchRow]:
    with services.database.reading() as connection:
        found = list_batches(connection, limit=_LOOKED_THROUGH)
    return [
        one
        for one in found
        if one.id not in without and covers(actor.area, area_of_dossier(one.dossier_code))
    ][:_LATEST]


def _procedures(services: Services, language: str) -> Sequence[tuple[str, str]]:
    return [
        (one.code, f"{one.name_en if language == 'en' else one.name_vi} ({one.code})")
        for one in services.procedures.values()
    ]
