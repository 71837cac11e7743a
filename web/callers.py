"""Who calls, and whether they may: sign-in, forged requests, roles. Runs before every route."""

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request

from database.accounts import Account
from web.cookies import SESSION_COOKIE, read_cookie
from web.errors import (
    ForbiddenError,
    ForgedRequestError,
    InsufficientScopeError,
    NotSignedInError,
    PasswordChangeRequiredError,
    SecondFactorRequiredError,
)
from web.rate_limits import RateLimits
from web.rights import RIGHTS, WITH_FIRST_PASSWORD, WITHOUT_SECOND_FACTOR, is_allowed
from web.scopes import missing_scope
from workers.actors import Actor
from workers.api_tokens import is_token_open, whose_token
from workers.second_factor import must_set_up
from workers.services import Services
from workers.sessions import is_session_open, whose_session

CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_SIGNING_IN = frozenset({"sign_in", "second_step"})
_PRESENCE = "still_here"
_EVENTS = "text/event-stream"
_OWN_SITES = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The account behind a request; `csrf` is None for a program with a token.

    `scopes` are those of the token; None: all that the role may. `sign_in` is the digest of the
    session, `token_id` names the token: one of them is there.
    """

    account: Account
    csrf: str | None
    scopes: frozenset[str] | None = None
    sign_in: str | None = None
    token_id: str | None = None

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
        SecondFactorRequiredError: the role must have a second factor, and none is in force.
        ForgedRequestError: a changing request does not carry the session's token.
        ForbiddenError: the role does not give the right.
        InsufficientScopeError: the token is limited to other things.
        RateLimitedError: the account, or at sign-in the address, asked too often.
    """
    if getattr(request.state, "is_guarded", False):
        return
    route: str = request.scope["route"].name
    limits: RateLimits = request.app.state.rate_limits
    if route in _SIGNING_IN:
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
    is_person = caller.sign_in is not None
    if is_person and route not in WITHOUT_SECOND_FACTOR:
        services = services_of(request)
        if await run_in_threadpool(must_set_up, services, caller.account):
            raise SecondFactorRequiredError
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
        return Caller(account=known[0], csrf=None, scopes=known[1].scopes, token_id=known[1].id)
    session = read_cookie(request, SESSION_COOKIE)
    found = whose_session(services, session, is_use=_is_by_person(request)) if session else None
    if found is None:
        return None
    return Caller(account=found[0], csrf=found[1].csrf, sign_in=found[1].token_sha256)


def _is_by_person(request: Request) -> bool:
    """Say whether a person did something: went somewhere, sent a form, or is told to be here.

    Streams, renewed parts of pages, their pictures and reservations that are kept up go on by
    themselves beside a desk that everybody has left.
    """
    if request.scope["route"].name == _PRESENCE:
        return True
    # Programs and old browsers do not say how they ask.
    is_stream = _EVENTS in request.headers.get("accept", "")
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate" and not is_stream


def is_still_open(services: Services, caller: Caller) -> bool:
    """Say whether the sign-in or token of a caller has not ended; asking is no use of it."""
    if caller.sign_in is not None:
        return is_session_open(services, caller.sign_in)
    return caller.token_id is not None and is_token_open(services, caller.token_id)


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
