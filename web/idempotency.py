"""The same request twice is one execution: `Idempotency-Key` on every POST of the API."""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from database.idempotency import KeptAnswer
from web.callers import find_caller, services_of
from web.errors import InvalidRequestError, KeyReusedError, RequestRunningError
from web.uploads import uploaded_file
from workers.answering_once import begin_once, give_up_once, keep_once

HEADER = "Idempotency-Key"
TAKING_FILES = frozenset({"api_deliver", "api_deliver_into_batch", "api_replace_page"})
"""Calls whose body is a file: it is compared by the digest in its receipt, not read first."""

_KEY = re.compile(r"[\x21-\x7e]{1,120}")
_KEPT_HEADERS = ("content-type", "location", "etag")
_CHUNK_BYTES = 1 << 20
_SUCCESS = range(200, 300)
_Answer = Callable[[Request], Awaitable[Response]]


async def answer_once(request: Request, answer: _Answer) -> Response:
    """Answer a request with a key: once, and from then on with what was answered then.

    What was refused is not kept, so that it can be corrected and sent again.

    Raises:
        InvalidRequestError: the key is no line of printable ASCII.
        KeyReusedError: it came before with another request.
        RequestRunningError: the first request with it has not been answered yet.
    """
    key = request.headers[HEADER]
    if _KEY.fullmatch(key) is None:
        raise InvalidRequestError(f"header.{HEADER}")
    caller, services = find_caller(request), services_of(request)
    assert caller is not None, request.url.path  # noqa: S101 - no open call takes a key
    owner = caller.account.id
    digest = await _digest_of(request)
    known = await run_in_threadpool(begin_once, services, owner, key, request_digest=digest)
    if known is not None:
        return await _given_before(request, known, digest)
    try:
        response = await answer(request)
    except BaseException:
        await run_in_threadpool(give_up_once, services, owner, key)
        raise
    if response.status_code in _SUCCESS:
        kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        await run_in_threadpool(
            keep_once,
            services,
            owner,
            key,
            status=response.status_code,
            headers=json.dumps(kept),
            answer=bytes(response.body),
        )
    else:
        await run_in_threadpool(give_up_once, services, owner, key)
    return response


async def _digest_of(request: Request) -> str:
    url = request.url
    digest = hashlib.sha256(f"{request.method} {url.path}?{url.query}\n".encode())
    if request.scope["route"].name not in TAKING_FILES:
        for name in ("upload-length", "upload-metadata", "if-match"):
            digest.update(f"{request.headers.get(name, '')}\n".encode())
        digest.update(await request.body())
    return digest.hexdigest()


async def _given_before(request: Request, known: KeptAnswer, digest: str) -> Response:
    if known.request_digest != digest:
        raise KeyReusedError
    if known.state == "running":
        raise RequestRunningError
    assert known.answer is not None  # noqa: S101 - kept together with the state
    assert known.status is not None  # noqa: S101 - kept together with the state
    content = known.answer
    if request.scope["route"].name in TAKING_FILES:
        content = await _same_receipt(request, content)
    headers = {**json.loads(known.headers or "{}"), "Idempotent-Replayed": "true"}
    return Response(content, known.status, headers)


async def _same_receipt(request: Request, content: bytes) -> bytes:
    """Return the receipt of a file that came before, if the bytes are the same."""
    receipt = json.loads(content)
    digest = hashlib.sha256()
    async with uploaded_file(request) as (stream, _):
        while chunk := await run_in_threadpool(stream.read, _CHUNK_BYTES):
            digest.update(chunk)
    if digest.hexdigest() != receipt["sha256"]:
        raise KeyReusedError
    return json.dumps({**receipt, "repeated": True}, ensure_ascii=False).encode()
