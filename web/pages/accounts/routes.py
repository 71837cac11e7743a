"""Accounts of people and tokens of programs, for the administrator."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from database.accounts import ROLES, Role, list_accounts
from database.second_factors import accounts_with_factor
from documents.errors import PipelineError, Reason
from web.callers import CallerOf, ServicesOf
from web.errors import status_of
from web.rendering import render
from workers.api_tokens import SCOPES, Scope, list_shown_tokens, revoke, rotate_token
from workers.closing_accounts import set_closed
from workers.second_factor import clear_second_factor
from workers.services import Services
from workers.signing_in import make_account, make_token, reset_account, set_area

router = APIRouter(include_in_schema=False)
_SEE_OTHER = 303
_Name = Annotated[str, Form(min_length=2, max_length=60, pattern=r"^[\w.\-]+$")]
_Area = Annotated[str, Form(max_length=40)]
_Days = Annotated[int, Form(ge=1, le=3650)]
_OVERLAPS = (0, 1, 7, 30)
_LIFETIMES = (30, 90, 180, 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page shows besides the lists: a secret, this once, or an error with what was typed."""

    form: str = ""
    name: str = ""
    secret: str = ""
    error: Reason | None = None
    display_name: str = ""
    role: str = "operator"
    area: str = ""
    scopes: tuple[str, ...] = ()


_NOTHING = Shown()


@router.get("/accounts", name="accounts_page")
def accounts_page(request: Request, services: ServicesOf) -> Response:
    """Show all accounts and tokens."""
    return _page(request, services)


@router.post("/accounts", name="accounts_add")
def accounts_add(
    request: Request,
    services: ServicesOf,
    name: _Name,
    role: Annotated[Role, Form()],
    display_name: Annotated[str, Form(max_length=120)] = "",
    area: _Area = "",
) -> Response:
    """Make an account and show its first password once."""
    try:
        secret = make_account(
            services,
            name=name,
            display_name=display_name.strip() or name,
            role=role,
            area=area.strip(),
        )
    except PipelineError as error:
        shown = Shown(
            form="person",
            name=name,
            error=error.reason,
            display_name=display_name,
            role=role,
            area=area,
        )
        return _page(request, services, shown, status=status_of(error))
    return _page(request, services, Shown(form="password", name=name, secret=secret))


@router.post("/accounts/{name}/reset", name="accounts_reset")
def accounts_reset(request: Request, services: ServicesOf, name: str) -> Response:
    """Give an account a new first password and show it once."""
    secret = reset_account(services, name)
    return _page(request, services, Shown(form="password", name=name, secret=secret))


@router.post("/accounts/{name}/second", name="accounts_second")
def accounts_second(
    request: Request, services: ServicesOf, caller: CallerOf, name: str
) -> Response:
    """Take the second factor of somebody away who has lost the phone."""
    try:
        clear_second_factor(services, name, actor=caller.actor)
    except PipelineError as error:
        return _page(request, services, Shown(error=error.reason), status=status_of(error))
    return RedirectResponse("/accounts", _SEE_OTHER)


@router.post("/accounts/{name}/closed", name="accounts_close")
def accounts_close(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    name: str,
    closed: Annotated[bool, Form()],
) -> Response:
    """Close an account, or open it again."""
    try:
        set_closed(services, name, is_closed=closed, actor=caller.actor)
    except PipelineError as error:
        return _page(request, services, Shown(error=error.reason), status=status_of(error))
    return RedirectResponse("/accounts", _SEE_OTHER)


@router.post("/accounts/{name}/area", name="accounts_area")
def accounts_area(
    request: Request, services: ServicesOf, caller: CallerOf, name: str, area: _Area = ""
) -> Response:
    """Bind an account to an area."""
    try:
        set_area(services, name, area.strip(), actor=caller.actor)
    except PipelineError as error:
        return _page(request, services, Shown(error=error.reason), status=status_of(error))
    return RedirectResponse("/accounts", _SEE_OTHER)


@router.post("/accounts/tokens", name="accounts_token")
def accounts_token(
    request: Request,
    services: ServicesOf,
    name: _Name,
    area: _Area = "",
    days: _Days = 365,
    scopes: Annotated[tuple[Scope, ...], Form()] = (),
) -> Response:
    """Make a token for a program and show it once."""
    try:
        secret = make_token(
            services,
            name=name,
            display_name=name,
            days=days,
            scopes=scopes or None,
            area=area.strip(),
        )
    except PipelineError as error:
        shown = Shown(form="program", name=name, error=error.reason, area=area, scopes=scopes)
        return _page(request, services, shown, status=status_of(error))
    return _page(request, services, Shown(form="token", name=name, secret=secret))


@router.post("/accounts/tokens/{name}/rotate", name="accounts_rotate")
def accounts_rotate(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    name: str,
    days: _Days = 365,
    overlap: Annotated[int, Form(ge=0, le=90)] = 7,
) -> Response:
    """Make a new token beside the old one, which ends after the overlap; show it once."""
    secret = rotate_token(services, name, actor=caller.actor, days=days, overlap_days=overlap)
    return _page(request, services, Shown(form="token", name=name, secret=secret))


@router.post("/accounts/tokens/{token_id}/revoke", name="accounts_revoke")
def accounts_revoke(services: ServicesOf, caller: CallerOf, token_id: str) -> Response:
    """End a token at once."""
    revoke(services, token_id, actor=caller.actor)
    return RedirectResponse("/accounts#programs", _SEE_OTHER)


def _page(
    request: Request, services: Services, shown: Shown = _NOTHING, *, status: int = 200
) -> Response:
    with services.database.reading() as connection:
        found = list_accounts(connection)
        with_factor = accounts_with_factor(connection)
    now = services.clock.now()
    tokens = list_shown_tokens(services)
    people = [one for one in found if one.kind == "person"]
    programs = [
        (one, [t.token for t in tokens if t.account == one.name])
        for one in found
        if one.kind == "client"
    ]
    return render(
        request,
        "accounts/accounts.html",
        status=status,
        people=people,
        programs=programs,
        with_factor=with_factor,
        roles=[role for role in ROLES if role != "dossier_system"],
        scopes=cast("tuple[str, ...]", SCOPES),
        lifetimes=_LIFETIMES,
        overlaps=_OVERLAPS,
        shown=shown,
        now=now,
    )
