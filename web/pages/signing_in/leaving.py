"""Leaving: the cookie goes, and what the browser keeps of papers."""

from starlette.requests import Request
from starlette.responses import RedirectResponse

from web.cookies import SESSION_COOKIE, forget_pages, take_cookie

TOLD_COOKIE = "sohoa_told"
"""Says at the next page for signing in why one stands before it."""

_SEE_OTHER = 303


def leave(request: Request) -> RedirectResponse:
    """Lead to the page for signing in, without the cookie."""
    response = RedirectResponse("/sign-in", _SEE_OTHER)
    take_cookie(request, response, SESSION_COOKIE)
    forget_pages(response)
    return response
