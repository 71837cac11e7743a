"""How often one caller may ask: a bucket of tokens for each, filled as time goes by."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import RateLimitedError

_SECONDS = 60
_MOST_CALLERS = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller may still ask for; told in the fields of draft-ietf-httpapi-ratelimit-headers.

    `reset_seconds` is when the whole limit will be there again.
    """

    limit: int
    remaining: int
    reset_seconds: int


class TokenBuckets:
    """One bucket for each caller; it holds what may be asked in a minute.

    It belongs to one event loop, so it needs no lock.
    """

    def __init__(self, per_minute: int, now: Callable[[], datetime]) -> None:
        self._limit = per_minute
        self._now = now
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, caller: str) -> Allowance:
        """Take one token out of a caller's bucket.

        Raises:
            RateLimitedError: it is empty.
        """
        now = self._now().timestamp()
        content = self._content(caller, now)
        if content < 1:
            raise RateLimitedError(
                limit=self._limit,
                retry_after_seconds=math.ceil((1 - content) * _SECONDS / self._limit),
            )
        if len(self._buckets) >= _MOST_CALLERS:
            self._forget_full_ones(now)
        self._buckets[caller] = (content - 1, now)
        missing = self._limit - (content - 1)
        reset_seconds = math.ceil(missing * _SECONDS / self._limit)
        return Allowance(self._limit, int(content - 1), reset_seconds)

    def _content(self, caller: str, now: float) -> float:
        content, since = self._buckets.get(caller, (float(self._limit), now))
        # A clock that was set back must not empty the bucket.
        passed = max(0.0, now - since)
        return min(float(self._limit), content + passed * self._limit / _SECONDS)

    def _forget_full_ones(self, now: float) -> None:
        full = [name for name in self._buckets if self._content(name, now) >= self._limit]
        for name in full:
            del self._buckets[name]


class RateLimits:
    """The buckets of one application: accounts for the API, addresses for signing in."""

    def __init__(
        self, *, requests_per_minute: int, sign_ins_per_minute: int, now: Callable[[], datetime]
    ) -> None:
        self.requests = TokenBuckets(requests_per_minute, now)
        self.sign_ins = TokenBuckets(sign_ins_per_minute, now)


class RateLimitHeaders:
    """Tells every caller whose requests are counted how many are left."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            allowance: Allowance | None = scope.get("state", {}).get("allowance")
            if message["type"] == "http.response.start" and allowance is not None:
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Limit"] = str(allowance.limit)
                headers["RateLimit-Remaining"] = str(allowance.remaining)
                headers["RateLimit-Reset"] = str(allowance.reset_seconds)
            await send(message)

        await self._app(scope, receive, send_with_headers)
