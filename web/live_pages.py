"""Pages that keep up: a stream that says when something has changed, and nothing else.

The page then fetches itself (`shared/live.js`), so that what it shows has one source only.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from web.events import counted_stream

_LOOK_SECONDS = 0.7
_SILENCE_SECONDS = 15.0
# The browser comes back by itself; so a stream of somebody who was signed out does not live on.
_LOOKS = int(300 / _LOOK_SECONDS)
_EVENTS = "text/event-stream"


def changes(request: Request, look: Callable[[], object]) -> Response:
    """Stream an event whenever what `look` returns has another representation than before.

    Who does not ask for a stream of events gets the present one alone.

    Raises:
        TooManyStreamsError: the account has as many streams as it may.
    """
    follows = _EVENTS in request.headers.get("accept", "")
    return counted_stream(request, _events(request, look, looks=_LOOKS if follows else 1))


async def _events(
    request: Request, look: Callable[[], object], *, looks: int
) -> AsyncIterator[bytes]:
    seen = request.headers.get("last-event-id", "")
    silent = 0.0
    yield b"retry: 2000\n\n"
    for number in range(looks):
        if number:
            await asyncio.sleep(_LOOK_SECONDS)
            silent += _LOOK_SECONDS
        if await request.is_disconnected():
            return
        content = repr(await run_in_threadpool(look))
        digest = hashlib.sha256(content.encode()).hexdigest()[:16]
        if digest != seen:
            seen, silent = digest, 0.0
            yield f"id: {digest}\ndata: {digest}\n\n".encode()
        elif silent >= _SILENCE_SECONDS:
            silent = 0.0
            yield b": still here\n\n"
