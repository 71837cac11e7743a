"""Signing in, in one step or two, and out; the first page."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from documents.errors import PipelineError
from web.callers import CallerOf, ServicesOf, find_caller
from web.cookies import (
    SECOND_COOKIE,
    SESSION_COOKIE,
    forget_pages,
    give_cookie,
    read_cookie,
    take_cookie,
)
from web.pages.signing_in.leaving import TOLD_COOKIE, leave
from web.rendering import render
from workers.account_errors import CodeNeededError, SecondStepExpiredError, WrongCodeError
from workers.errors import SignInRefusedError
from workers.services import Services
from workers.sessions import SignedIn
from workers.sessions import sign_out as end_session
from workers.signing_in import sign_in as check_and_sign_in
from workers.signing_in import sign_in_by_code

router = APIRouter(include_in_schema=False)
_SEE_OTHER, _NO_CONTENT = 303, 204
_SECOND_STEP_SECONDS = 300


@router.get("/sign-in", name="sign_in_page")
def sign_in_page(request: Request, services: ServicesOf) -> Response:
    """Show the form; say why the person stands before it again."""
    told = request.cookies.get(TOLD_COOKIE)
    # A browser that still has a cookie was signed in until it was idle for too long.
    has_ended = bool(read_cookie(request, SESSION_COOKIE)) and find_caller(request) is None
    response = render(
        request,
        "signing_in/sign_in.html",
        next=_own_path(request.query_params.get("next")),
        error=None,
        name="",
        told="changed" if told == "changed" else "ended" if has_ended else "",
        idle_minutes=services.settings.web.idle_minutes,
    )
    if told:
        response.delete_cookie(TOLD_COOKIE)
    if has_ended:
        forget_pages(response)
    return response


@router.post("/sign-in", name="sign_in")
def sign_in(
    request: Request,
    services: ServicesOf,
    name: Annotated[str, Form(max_length=60)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    wanted: Annotated[str, Form(alias="next", max_length=500)] = "/",
) -> Response:
    """Check name and password and set the session's cookie."""
    try:
        signed_in = check_and_sign_in(
            services, name=name, password=password, agent=request.headers.get("User-Agent", "")
        )
    except CodeNeededError as needed:
        target = quote(_own_path(wanted), safe="")
        second = RedirectResponse(f"/sign-in/code?next={target}", _SEE_OTHER)
        give_cookie(request, second, SECOND_COOKIE, needed.ticket, seconds=_SECOND_STEP_SECONDS)
        return second
    except SignInRefusedError as error:
        return _refused(request, services, error, name=name, wanted=wanted)
    return _let_in(request, services, signed_in, wanted)


def _refused(
    request: Request, services: Services, error: PipelineError, *, name: str, wanted: str
) -> Response:
    return render(
        request,
        "signing_in/sign_in.html",
        status=403,
        next=_own_path(wanted),
        error=error.reason,
        name=name,
        told="",
        idle_minutes=services.settings.web.idle_minutes,
    )


def _let_in(
    request: Request, services: Services, signed_in: SignedIn, wanted: str
) -> RedirectResponse:
    # Who sat here before is out: a cookie that somebody else knows must open nothing any more.
    end_session(services, read_cookie(request, SESSION_COOKIE))
    response = RedirectResponse(_own_path(wanted), _SEE_OTHER)
    give_cookie(request, response, SESSION_COOKIE, signed_in.token)
    return response


@router.get("/sign-in/code", name="second_page")
def second_page(request: Request) -> Response:
    """Ask for the code of the second factor; who has not typed the password begins there."""
    if not read_cookie(request, SECOND_COOKIE):
        return RedirectResponse("/sign-in", _SEE_OTHER)
    wanted = _own_path(request.query_params.get("next"))
    return render(request, "signing_in/second_step.html", next=wanted, error=None)


@router.post("/sign-in/code", name="second_step")
def second_step(
    request: Request,
    services: ServicesOf,
    code: Annotated[str, Form(max_length=40)] = "",
    wanted: Annotated[str, Form(alias="next", max_length=500)] = "/",
) -> Response:
    """Check the code and set the session's cookie."""
    ticket, agent = read_cookie(request, SECOND_COOKIE), request.headers.get("User-Agent", "")
    try:
        signed_in = sign_in_by_code(services, ticket, code=code, agent=agent)
    except WrongCodeError as error:
        return render(
            request,
            "signing_in/second_step.html",
            status=403,
            next=_own_path(wanted),
            error=error.reason,
        )
    except SecondStepExpiredError as error:
        response = _refused(request, services, error, name="", wanted=wanted)
    else:
        response = _let_in(request, services, signed_in, wanted)
    take_cookie(request, response, SECOND_COOKIE)
    return response


def _own_path(wanted: str | None) -> str:
    """Return a path of ours; never an address elsewhere."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return "/"
    return wanted if wanted.isprintable() else "/"


@router.post("/sign-out", name="sign_out")
def sign_out(request: Request, services: ServicesOf) -> Response:
    """End the session."""
    end_session(services, read_cookie(request, SESSION_COOKIE))
    return leave(request)


@router.post("/still-here", name="still_here")
def still_here() -> Response:
    """Hear that somebody typed or clicked on a page; that they were let in counts as use."""
    return Response(status_code=_NO_CONTENT)


@router.get("/", name="home")
def home(caller: CallerOf) -> Response:
    """Go to the page where this role works."""
    start = {"operator": "/desk", "administrator": "/accounts"}.get(caller.account.role, "/search")
    return RedirectResponse(start, _SEE_OTHER)
