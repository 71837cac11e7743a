"""Signing in and out, the first password, the first page."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from documents.errors import PipelineError
from web.callers import SESSION_COOKIE, CallerOf, ServicesOf, find_caller
from web.rendering import render
from workers.errors import SignInRefusedError, WeakPasswordError
from workers.signing_in import change_password as set_new_password
from workers.signing_in import sign_in as check_and_sign_in
from workers.signing_in import sign_out as end_session

router = APIRouter(include_in_schema=False)
_SEE_OTHER = 303
_TOLD_COOKIE = "sohoa_told"


@router.get("/sign-in", name="sign_in_page")
def sign_in_page(request: Request, services: ServicesOf) -> Response:
    """Show the form; say why the person stands before it again."""
    told = request.cookies.get(_TOLD_COOKIE)
    # A browser that still has a cookie was signed in until it was idle for too long.
    has_ended = SESSION_COOKIE in request.cookies and find_caller(request) is None
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
        response.delete_cookie(_TOLD_COOKIE)
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
        signed_in = check_and_sign_in(services, name=name, password=password)
    except SignInRefusedError as error:
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
    response = RedirectResponse(_own_path(wanted), _SEE_OTHER)
    response.set_cookie(
        SESSION_COOKIE,
        signed_in.token,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


def _own_path(wanted: str | None) -> str:
    """Return a path of ours; never an address elsewhere."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return "/"
    return wanted if wanted.isprintable() else "/"


@router.post("/sign-out", name="sign_out")
def sign_out(request: Request, services: ServicesOf) -> Response:
    """End the session."""
    end_session(services, request.cookies.get(SESSION_COOKIE, ""))
    response = RedirectResponse("/sign-in", _SEE_OTHER)
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/password", name="password_page")
def password_page(request: Request) -> Response:
    """Show the form for a new password."""
    return render(request, "signing_in/password.html", error=None)


@router.post("/password", name="change_password")
def change_password(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    old: Annotated[str, Form(max_length=200)] = "",
    new: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Set a new password; the person signs in again with it."""
    try:
        set_new_password(services, caller.account.id, old=old, new=new)
    except (SignInRefusedError, WeakPasswordError) as error:
        return _refused(request, error)
    response = RedirectResponse("/sign-in", _SEE_OTHER)
    response.delete_cookie(SESSION_COOKIE)
    response.set_cookie(_TOLD_COOKIE, "changed", max_age=60, httponly=True, samesite="strict")
    return response


def _refused(request: Request, error: PipelineError) -> Response:
    return render(request, "signing_in/password.html", status=422, error=error.reason)


@router.get("/", name="home")
def home(caller: CallerOf) -> Response:
    """Go to the page where this role works."""
    start = {"operator": "/desk", "administrator": "/accounts"}.get(caller.account.role, "/search")
    return RedirectResponse(start, _SEE_OTHER)
