"""How to work here, in both languages."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from web.rendering import render

router = APIRouter(include_in_schema=False)


@router.get("/help", name="help_page")
def help_page(request: Request) -> Response:
    """Show how to work here."""
    return render(request, "help/help.html")
