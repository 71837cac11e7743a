"""Cookies that tell who somebody is: out of reach for scripts, other sites and other hosts."""

from starlette.requests import HTTPConnection
from starlette.responses import Response

SESSION_COOKIE = "sohoa_session"
SECOND_COOKIE = "sohoa_second"
_PREFIX = "__Host-"
"""What browsers take over TLS alone, from this host alone, for the whole of it (RFC 6265bis)."""

# Not "storage": there lie the files that the desk has not delivered yet, and what was typed in a
# review. They are not to be lost because somebody signs out while the line is down.
_FORGET = '"cache"'


def cookie_name(connection: HTTPConnection, name: str) -> str:
    """Return the name of a cookie on this way; what came over plain HTTP never counts over TLS."""
    return f"{_PREFIX}{name}" if _is_secure(connection) else name


def read_cookie(connection: HTTPConnection, name: str) -> str:
    """Return what a cookie of ours holds; empty without one."""
    return connection.cookies.get(cookie_name(connection, name), "")


def give_cookie(
    connection: HTTPConnection,
    response: Response,
    name: str,
    value: str,
    *,
    seconds: int | None = None,
) -> None:
    """Let the browser keep something secret; without a time until it is closed."""
    response.set_cookie(
        cookie_name(connection, name),
        value,
        max_age=seconds,
        httponly=True,
        samesite="strict",
        secure=_is_secure(connection),
    )


def take_cookie(connection: HTTPConnection, response: Response, name: str) -> None:
    """Let the browser forget a cookie of ours."""
    response.delete_cookie(
        cookie_name(connection, name),
        httponly=True,
        samesite="strict",
        secure=_is_secure(connection),
    )


def forget_pages(response: Response) -> None:
    """Let the browser forget the pictures of papers that it keeps for speed."""
    response.headers["Clear-Site-Data"] = _FORGET


def _is_secure(connection: HTTPConnection) -> bool:
    return connection.url.scheme == "https"
