"""Who calls, and whether they may: sign-in, forged requests, roles. Runs before every route."""

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request

from database.accounts import Account
from web.errors import (
    ForbiddenError,
    ForgedRequestError,
    InsufficientScopeError,
    NotSignedInError,
    PasswordChangeRequiredError,
)
from web.rate_limits import RateLimits
from web.rights import RIGHTS, WITH_FIRST_PASSWORD, is_allowed
from web.scopes import missing_scope
from workers.actors import Actor
from workers.api_tokens import whose_token
from workers.services import Services
from workers.signing_in import whose_session

SESSION_COOKIE = "sohoa_session"
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_OWN_SITES = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The account behind a request; `csrf` is None for a program with a token.

    `scopes` are those of the token; None: all that the role may.
    """

    account: Account
    csrf: str | None
    scopes: frozenset[str] | None = None

    @property
    def actor(self) -> Actor:
        """The caller as the audit log names them."""
        return Actor(self.account.name, self.account.role, self.account.area)


def services_of(connection: HTTPConnection) -> Services:
    """Return the ports of the application that answers."""
    services: Services = connection.app.state.services
    return services


async def _services(request: Request) -> Services:
    return services_of(request)


async def _caller(request: Request) -> Caller:
    caller = find_caller(request)
    if caller is None:
        raise NotSignedInError
    return caller


def find_caller(request: Request) -> Caller | None:
    """Return who calls; None where nobody is signed in or the guard has not been passed."""
    caller: Caller | None = getattr(request.state, "caller", None)
    return caller


ServicesOf = Annotated[Services, Depends(_services)]
CallerOf = Annotated[Caller, Depends(_caller)]


async def guard(request: Request) -> None:
    """Let only those pass who may use the route.

    Raises:
        NotSignedInError: nobody is signed in.
        PasswordChangeRequiredError: the first password has not been changed.
        ForgedRequestError: a changing request does not carry the session's token.
        ForbiddenError: the role does not give the right.
        InsufficientScopeError: the token is limited to other things.
        RateLimitedError: the account, or at sign-in the address, asked too often.
    """
    if getattr(request.state, "is_guarded", False):
        return
    route: str = request.scope["route"].name
    limits: RateLimits = request.app.state.rate_limits
    if route == "sign_in":
        limits.sign_ins.take(request.client.host if request.client else "")
        _check_site(request)
    caller = await run_in_threadpool(_identify, request)
    request.state.caller = caller
    if RIGHTS[route] is not None:
        if caller is None:
            raise NotSignedInError
        if request.url.path.startswith("/api/"):
            request.state.allowance = limits.requests.take(caller.account.id)
        await _check(request, caller, route)
    request.state.is_guarded = True


async def _check(request: Request, caller: Caller, route: str) -> None:
    if caller.csrf is not None and request.method not in _SAFE_METHODS:
        await _check_origin(request, caller.csrf)
    if caller.account.must_change and route not in WITH_FIRST_PASSWORD:
        raise PasswordChangeRequiredError
    if not is_allowed(route, caller.account.role):
        raise ForbiddenError
    missing = missing_scope(route, caller.scopes)
    if missing is not None:
        raise InsufficientScopeError(missing)


def _identify(request: Request) -> Caller | None:
    """Return the program of a token (API only), else the person of a session."""
    services = services_of(request)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and request.url.path.startswith("/api/"):
        known = whose_token(services, token.strip())
        if known is None:
            return None
        return Caller(account=known[0], csrf=None, scopes=known[1].scopes)
    session = request.cookies.get(SESSION_COOKIE)
    found = whose_session(services, session) if session else None
    return None if found is None else Caller(account=found[0], csrf=found[1].csrf)


def _check_site(request: Request) -> None:
    """Refuse what another site makes a browser send; programs do not say where they stand."""
    if request.headers.get("Sec-Fetch-Site", "none") not in _OWN_SITES:
        raise ForgedRequestError


async def _check_origin(request: Request, expected: str) -> None:
    """Compare the token of the form or header; browsers also tell which site a request is from."""
    _check_site(request)
    given = request.headers.get(CSRF_HEADER)
    if given is None and request.headers.get("Content-Type", "").startswith(_FORMS):
        field = (await request.form()).get(CSRF_FIELD)
        given = field if isinstance(field, str) else None
    if not hmac.compare_digest((given or "").encode(), expected.encode()):
        raise ForgedRequestError
