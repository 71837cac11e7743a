"""How the installation is doing, in plain words."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from web.callers import ServicesOf
from web.rendering import render
from workers.following import system_state

router = APIRouter(include_in_schema=False)


@router.get("/system", name="system_page")
def system_page(request: Request, services: ServicesOf) -> Response:
    """Show how the installation is doing."""
    return render(request, "system/system.html", state=system_state(services))
