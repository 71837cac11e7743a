"""How every call of the API is answered: once for each key, and only if it has changed."""

from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, get_origin

from fastapi.routing import APIRoute
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.callers import guard
from web.conditional import to_conditional
from web.errors import InvalidRequestError
from web.idempotency import HEADER, answer_once


class ApiRoute(APIRoute):
    """A call that knows idempotency keys (POST) and conditional requests (GET).

    A parameter that it does not know, or that comes twice, is refused: a misspelt filter must not
    be left out silently.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        fields = self.dependant.query_params
        known = {field.alias for field in fields}
        known |= {one["name"] for one in (self.openapi_extra or {}).get("parameters", ())}
        lists = {one.alias for one in fields if get_origin(one.field_info.annotation) is list}

        async def answer_program(request: Request) -> Response:
            await guard(request)
            _check_parameters(request.query_params, known=known, lists=lists)
            if request.method == "POST" and HEADER in request.headers:
                return await answer_once(request, answer)
            return to_conditional(request, await answer(request))

        return answer_program


def _check_parameters(given: QueryParams, *, known: set[str], lists: set[str]) -> None:
    wrong = [
        name
        for name, times in Counter(name for name, _ in given.multi_items()).items()
        if name not in known or (times > 1 and name not in lists) or "\x00" in given[name]
    ]
    if wrong:
        raise InvalidRequestError(", ".join(f"query.{_plain(name)}" for name in sorted(wrong)[:5]))


def _plain(name: str) -> str:
    """Return the beginning of a name that a caller invented, without what could confuse."""
    return "".join(letter for letter in name[:40] if letter.isalnum() or letter in "_-.")


class HeadAnswers:
    """Answers HEAD like GET, without the content; resumable uploads have a HEAD of their own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        is_ours = path.startswith("/api/v1/") and not path.startswith("/api/v1/uploads")
        if scope["type"] != "http" or scope["method"] != "HEAD" or not is_ours:
            await self._app(scope, receive, send)
            return
        scope = {**scope, "method": "GET"}
        scope.setdefault("state", {})["is_head"] = True

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app(scope, receive, send_head)
