"""What people see and change of their own account: password, second factor, sign-ins."""

import base64
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from documents.errors import PipelineError
from ingest.drawing_codes import draw_qr_code
from web.browsers import name_browser
from web.callers import Caller, CallerOf, ServicesOf
from web.errors import status_of
from web.pages.signing_in.leaving import TOLD_COOKIE, leave
from web.rendering import render
from workers.second_factor import (
    FactorView,
    begin_second_factor,
    confirm_second_factor,
    must_set_up,
    remove_second_factor,
    renew_recovery_codes,
    show_factor,
)
from workers.services import Services
from workers.sessions import end_other_sign_ins, end_own_sign_in, list_own_sign_ins
from workers.signing_in import change_password as set_new_password

router = APIRouter(include_in_schema=False)
_SEE_OTHER = 303
_INVALID = 422
_Password = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the page says this once: an error at one of its forms, or recovery codes."""

    form: str = ""
    error: PipelineError | None = None
    codes: tuple[str, ...] = ()


_NOTHING = _Told()


@router.get("/password", name="password_page")
def password_page(request: Request, services: ServicesOf, caller: CallerOf) -> Response:
    """Show the form for a new password, the second factor, and where one is signed in."""
    return _page(request, services, caller)


@router.get("/password/{rest:path}", name="password_again")
def password_again(rest: str) -> Response:  # noqa: ARG001 - what a form was sent to
    """Lead back to the page from where its forms go, as after a change of the language."""
    return RedirectResponse("/password", _SEE_OTHER)


@router.post("/password", name="change_password")
def change_password(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    old: _Password = "",
    new: _Password = "",
) -> Response:
    """Set a new password; the person signs in again with it."""
    try:
        set_new_password(services, caller.account.id, old=old, new=new)
    except PipelineError as error:
        return _page(request, services, caller, _Told(form="password", error=error))
    response = leave(request)
    response.set_cookie(TOLD_COOKIE, "changed", max_age=60, httponly=True, samesite="strict")
    return response


@router.post("/password/sign-ins/end-others", name="sign_ins_end_others")
def end_others(services: ServicesOf, caller: CallerOf) -> Response:
    """End all sign-ins of the person but this one."""
    end_other_sign_ins(services, caller.account.id, this_sha256=caller.sign_in or "")
    return RedirectResponse("/password#sign-ins", _SEE_OTHER)


@router.post("/password/sign-ins/{mark}/end", name="sign_in_end")
def end_one(request: Request, services: ServicesOf, caller: CallerOf, mark: str) -> Response:
    """End one sign-in of the person."""
    try:
        end_own_sign_in(services, caller.account.id, mark)
    except PipelineError as error:
        return _page(request, services, caller, _Told(form="sign-ins", error=error))
    return RedirectResponse("/password#sign-ins", _SEE_OTHER)


@router.post("/password/second/begin", name="second_begin")
def second_begin(
    request: Request, services: ServicesOf, caller: CallerOf, password: _Password = ""
) -> Response:
    """Begin with a second factor: the page then shows what the phone needs."""
    try:
        begin_second_factor(services, caller.account.id, password=password)
    except PipelineError as error:
        return _page(request, services, caller, _Told(form="second", error=error))
    # Without a place on the page: the field for the code asks for the focus, and a place wins.
    return RedirectResponse("/password", _SEE_OTHER)


@router.post("/password/second/confirm", name="second_confirm")
def second_confirm(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    code: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Put the second factor in force by its first code; show the recovery codes once."""
    try:
        codes = confirm_second_factor(services, caller.account.id, code=code)
    except PipelineError as error:
        return _page(request, services, caller, _Told(form="second", error=error))
    return _page(request, services, caller, _Told(codes=tuple(codes)))


@router.post("/password/second/codes", name="second_codes")
def second_codes(
    request: Request, services: ServicesOf, caller: CallerOf, password: _Password = ""
) -> Response:
    """Make new recovery codes and show them once."""
    try:
        codes = renew_recovery_codes(services, caller.account.id, password=password)
    except PipelineError as error:
        return _page(request, services, caller, _Told(form="second", error=error))
    return _page(request, services, caller, _Told(codes=tuple(codes)))


@router.post("/password/second/remove", name="second_remove")
def second_remove(
    request: Request, services: ServicesOf, caller: CallerOf, password: _Password = ""
) -> Response:
    """Let the password be enough again."""
    try:
        remove_second_factor(services, caller.account.id, password=password)
    except PipelineError as error:
        return _page(request, services, caller, _Told(form="second", error=error))
    return RedirectResponse("/password#second", _SEE_OTHER)


def _page(request: Request, services: Services, caller: Caller, told: _Told = _NOTHING) -> Response:
    account_id = caller.account.id
    factor = show_factor(services, account_id)
    sign_ins = list_own_sign_ins(services, account_id, this_sha256=caller.sign_in)
    return render(
        request,
        "signing_in/password.html",
        status=_status(told.error),
        told=told,
        reason=told.error.reason if told.error else None,
        factor=factor,
        picture=_picture_of(factor),
        must_set_up=must_set_up(services, caller.account),
        sign_ins=[(one, name_browser(one.agent)) for one in sign_ins],
    )


def _status(error: PipelineError | None) -> int:
    if error is None:
        return 200
    # A wrong password at a form is no reason for a browser to ask who is there.
    status = status_of(error)
    return _INVALID if status == 401 else status  # noqa: PLR2004 - a status of HTTP


def _picture_of(factor: FactorView) -> tuple[str, int] | None:
    """Return the QR code for the phone as an address that holds it, and its width in px."""
    if factor.state != "begun":
        return None
    content, width = draw_qr_code(factor.address)
    return f"data:image/png;base64,{base64.b64encode(content).decode()}", width
