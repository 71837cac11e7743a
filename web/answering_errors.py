"""Every error as an answer: problem details for programs, a page for people.

The third of the three places that catch what nobody expected (tasks and commands have theirs).
"""

import secrets
from collections.abc import Iterable, Mapping
from urllib.parse import quote

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from documents.errors import PipelineError, Reason
from web.errors import (
    InvalidRequestError,
    NotSignedInError,
    PasswordChangeRequiredError,
    SecondFactorRequiredError,
    UnknownPageError,
    WrongMethodError,
    status_of,
)
from web.rendering import render
from workers.reactions import place_of

log = structlog.get_logger()

_TITLES = {
    401: "Chưa đăng nhập",
    403: "Không được phép",
    404: "Không tìm thấy",
    405: "Sai cách gọi",
    408: "Gửi quá chậm",
    409: "Không làm được lúc này",
    412: "Đã thay đổi từ lần đọc trước",
    413: "Quá lớn",
    415: "Sai kiểu nội dung",
    416: "Không có đoạn đó",
    422: "Nội dung chưa đúng",
    423: "Đang bận",
    429: "Gọi quá nhiều",
    460: "Sai tổng kiểm tra",
    503: "Tạm thời chưa phục vụ được",
}
_UNEXPECTED_TITLE = "Lỗi trong hệ thống"
_HEADERS_BY_STATUS = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "5"}}
_NOT_FOUND, _WRONG_METHOD = 404, 405
_REFUSALS = frozenset({403, 413, 429})


def install_error_answers(app: FastAPI) -> None:
    """Let the application answer our errors, wrong requests and unknown addresses."""

    async def on_ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, PipelineError)  # noqa: S101 - registered for that family
        return answer_error(request, error)

    async def on_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
        places = sorted({".".join(str(part) for part in one["loc"]) for one in error.errors()})
        return answer_error(request, InvalidRequestError(", ".join(places)[:300]))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        if error.status_code == _NOT_FOUND:
            return answer_error(request, UnknownPageError())
        if error.status_code == _WRONG_METHOD:
            return answer_error(request, WrongMethodError(_methods_of(request)))
        return answer_error(request, InvalidRequestError("body"))

    app.add_exception_handler(PipelineError, on_ours)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)


def _methods_of(request: Request) -> str:
    """Return all methods of an address, of which each route knows its own (RFC 9110 §10.2.1)."""
    return ", ".join(sorted(_methods_in(request.app.routes, request.scope)))


def _methods_in(routes: Iterable[BaseRoute], scope: Scope) -> set[str]:
    found: set[str] = set()
    for route in routes:
        router = getattr(route, "original_router", None)
        if router is not None:
            found |= _methods_in(router.routes, scope)
        elif isinstance(route, Route) and route.matches(scope)[0] is not Match.NONE:
            found |= route.methods or set()
    return found


def answer_error(request: Request, error: PipelineError) -> Response:
    """Return the answer to an error of ours."""
    status = status_of(error)
    _note_refusal(request, error, status=status)
    # Some errors say in headers what programs do next: when to come back, where to go on.
    headers: Mapping[str, str] = getattr(error, "headers", {})
    if _is_for_programs(request):
        return problem(request, error.reason, status=status, headers=headers)
    if isinstance(error, NotSignedInError):
        return _to_sign_in(request)
    if isinstance(error, PasswordChangeRequiredError | SecondFactorRequiredError):
        return RedirectResponse("/password", 303)
    answer = _error_page(request, error.reason, status=status)
    answer.headers.update(headers)
    return answer


def _note_refusal(request: Request, error: PipelineError, *, status: int) -> None:
    """Tell the log who was refused what, by rights, forged requests or too many (ASVS 5, V16.3)."""
    if status not in _REFUSALS:
        return
    caller = getattr(request.state, "caller", None)
    route = request.scope.get("route")
    log.warning(
        "request refused",
        code=error.reason.code,
        account=caller.account.name if caller else None,
        route=getattr(route, "name", None),
        request_id=request_id_of(request),
    )


def problem(
    request: Request, reason: Reason, *, status: int, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return problem details (RFC 9457): `title` and `detail` Vietnamese, `detail_en` English."""
    content = {
        "type": f"urn:sohoa:problem:{reason.code}",
        "title": _TITLES.get(status, _UNEXPECTED_TITLE),
        "status": status,
        "code": reason.code,
        "detail": reason.vi,
        "detail_en": reason.en,
        "instance": f"urn:sohoa:request:{request_id_of(request)}",
    }
    return JSONResponse(
        content,
        status_code=status,
        headers={**_HEADERS_BY_STATUS.get(status, {}), **(headers or {})},
        media_type="application/problem+json",
    )


def request_id_of(request: Request) -> str:
    """Return the id under which the log speaks of this request."""
    return str(getattr(request.state, "request_id", "-"))


def _is_for_programs(request: Request) -> bool:
    return request.url.path.startswith(("/api/", "/health/"))


def _to_sign_in(request: Request) -> Response:
    if request.method not in ("GET", "HEAD"):
        return RedirectResponse("/sign-in", 303)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    suffix = "" if wanted == "/" else f"?next={quote(wanted, safe='')}"
    return RedirectResponse(f"/sign-in{suffix}", 303)


def _error_page(request: Request, reason: Reason, *, status: int) -> Response:
    return render(
        request,
        "shared/error.html",
        status=status,
        reason=reason,
        request_id=request_id_of(request),
    )


class UnexpectedErrors:
    """Gives each request an id and answers what nobody expected without telling its insides."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(6)
        scope.setdefault("state", {})["request_id"] = request_id
        has_begun = False

        async def watching(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watching)
        except Exception as error:  # noqa: BLE001 - the one such place of the web layer
            log.error(  # noqa: TRY400 - without the message, which may hold content
                "request failed",
                request_id=request_id,
                error=type(error).__name__,
                where=place_of(error),
            )
            if not has_begun:
                await _unexpected(Request(scope), request_id)(scope, receive, send)


def _unexpected(request: Request, request_id: str) -> Response:
    reason = Reason(
        code="unexpected",
        vi=f"Hệ thống gặp lỗi không lường trước. Thử lại; nếu vẫn lỗi, báo mã {request_id}.",
        en=f"Something unexpected went wrong. Try again; if it persists, report {request_id}.",
    )
    if _is_for_programs(request):
        return problem(request, reason, status=500)
    return _error_page(request, reason, status=500)
