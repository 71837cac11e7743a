"""Accounts and tokens, for the administrator."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from database.accounts import ROLES, Role, list_accounts
from web.callers import ServicesOf
from web.rendering import render
from workers.errors import NameTakenError
from workers.services import Services
from workers.signing_in import make_account, make_token, reset_account

router = APIRouter(include_in_schema=False)
_Name = Annotated[str, Form(min_length=2, max_length=60, pattern=r"^[\w.\-]+$")]


@router.get("/accounts", name="accounts_page")
def accounts_page(request: Request, services: ServicesOf) -> Response:
    """Show all accounts."""
    return _page(request, services)


@router.post("/accounts", name="accounts_add")
def accounts_add(
    request: Request,
    services: ServicesOf,
    name: _Name,
    role: Annotated[Role, Form()],
    display_name: Annotated[str, Form(max_length=120)] = "",
) -> Response:
    """Make an account and show its first password once."""
    try:
        secret = make_account(services, name=name, display_name=display_name or name, role=role)
    except NameTakenError as error:
        return _page(request, services, error=error)
    return _page(request, services, name=name, secret=secret)


@router.post("/accounts/{name}/reset", name="accounts_reset")
def accounts_reset(request: Request, services: ServicesOf, name: str) -> Response:
    """Give an account a new first password and show it once."""
    return _page(request, services, name=name, secret=reset_account(services, name))


@router.post("/accounts/tokens", name="accounts_token")
def accounts_token(request: Request, services: ServicesOf, name: _Name) -> Response:
    """Make a token for a program and show it once."""
    try:
        secret = make_token(services, name=name, display_name=name)
    except NameTakenError as error:
        return _page(request, services, error=error)
    return _page(request, services, name=name, secret=secret)


def _page(
    request: Request,
    services: Services,
    *,
    name: str | None = None,
    secret: str | None = None,
    error: NameTakenError | None = None,
) -> Response:
    with services.database.reading() as connection:
        found = list_accounts(connection)
    return render(
        request,
        "accounts/accounts.html",
        status=409 if error else 200,
        accounts=found,
        roles=ROLES,
        name=name,
        secret=secret,
        error=error.reason if error else None,
    )
