"""The desk: delivering files, and the latest batches."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from database.batches import list_batches
from web.callers import ServicesOf
from web.rendering import render

router = APIRouter(include_in_schema=False)


@router.get("/desk", name="desk_page")
def desk_page(request: Request, services: ServicesOf) -> Response:
    """Show where files are dropped, and the latest batches."""
    with services.database.reading() as connection:
        latest = list_batches(connection, limit=12)
    return render(request, "desk/desk.html", batches=latest)
