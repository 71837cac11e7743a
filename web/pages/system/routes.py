"""How the installation is doing, in plain words."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from database.overview import count_queue, trouble_marks
from web.callers import ServicesOf
from web.live_pages import changes
from web.rendering import render
from workers.looking_after import look_after

router = APIRouter(include_in_schema=False)


@router.get("/system", name="system_page")
def system_page(request: Request, services: ServicesOf) -> Response:
    """Show how the installation is doing."""
    return render(request, "system/system.html", state=look_after(services))


@router.get("/system/events", name="system_stream")
def system_stream(request: Request, services: ServicesOf) -> Response:
    """Say whenever the queue or what is held has changed."""

    def look() -> object:
        with services.database.reading() as connection:
            return count_queue(connection), trouble_marks(connection)

    return changes(request, look)
