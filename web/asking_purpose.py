"""Asking why, before papers of a person are opened; afterwards one is where one wanted to go."""

from starlette.requests import Request
from starlette.responses import Response

from web.rendering import render
from workers.errors import PurposeRequiredError


def ask_purpose(
    request: Request,
    error: PurposeRequiredError,
    *,
    action: str,
    wanted: str,
    typed: tuple[str, str] | None = None,
) -> Response:
    """Return the form that asks for purpose and dossier.

    Args:
        request: what was asked.
        error: says what is missing.
        action: where the form goes.
        wanted: where the person goes on afterwards.
        typed: dossier and purpose that did not do.
    """
    dossier, purpose = typed or ("", "")
    return render(
        request,
        "shared/purpose.html",
        reason=error.reason,
        action=action,
        wanted=wanted,
        dossier=dossier,
        purpose=purpose,
        is_repeated=typed is not None,
    )


def address_of(request: Request) -> str:
    """Return the address that a person asked for, to go on to it later."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def is_under(wanted: str, page: str) -> bool:
    """Say whether an address is a page of ours or a place on it, so that nobody is led away."""
    return wanted == page or wanted.startswith((f"{page}?", f"{page}#", f"{page}/"))
