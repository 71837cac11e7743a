"""The web application over a home of its own, called in this process."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI

from database.accounts import NewAccount, Role, add_account
from tests.end_to_end.stepping import ShiftedClock
from web.application import build_application
from web.cookies import SESSION_COOKIE
from web.events import OpenStreams
from workers.services import Services
from workers.sessions import SignedIn
from workers.signing_in import make_token, sign_in

PASSWORD = "mat-khau-du-dai-2026"  # noqa: S105 - of accounts that live for one run of tests
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Client:
    """Calls the application in this process; follows no redirects."""

    def __init__(self, runner: asyncio.Runner, application: FastAPI, **arguments: Any) -> None:
        transport = httpx.ASGITransport(application, raise_app_exceptions=False)
        settings = {"base_url": "http://sohoa.example", **arguments}
        self._runner = runner
        self._client = httpx.AsyncClient(transport=transport, **settings)
        self.cookies = self._client.cookies

    def request(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Call an address."""
        return self._runner.run(self._client.request(method, path, **arguments))

    async def call_at_once(
        self, times: int, method: str, path: str, **arguments: Any
    ) -> list[httpx.Response]:
        """Call an address several times at once."""
        calls = (self._client.request(method, path, **arguments) for _ in range(times))
        return await asyncio.gather(*calls)

    async def ask(self, path: str, *, accept: str) -> httpx.Response:
        """Ask for something while other things go on."""
        return await self._client.get(path, headers={"Accept": accept})

    def get(self, path: str, **arguments: Any) -> httpx.Response:
        """Ask for something."""
        return self.request("GET", path, **arguments)

    def post(self, path: str, **arguments: Any) -> httpx.Response:
        """Change something."""
        return self.request("POST", path, **arguments)

    def close(self) -> None:
        """End the client."""
        self._runner.run(self._client.aclose())


class Site:
    """The application, its accounts, and clients that are signed in."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.application = build_application(services)
        self.clients: list[Client] = []
        self.runner = asyncio.Runner()

    def client(self, **arguments: Any) -> Client:
        """Return a browser that is not signed in."""
        made = Client(self.runner, self.application, **arguments)
        self.clients.append(made)
        return made

    def add_person(
        self, name: str, role: Role, *, has_changed: bool = True, area: str = ""
    ) -> None:
        """Make an account that has `PASSWORD`, given or chosen."""
        new = NewAccount(
            name=name,
            display_name=name,
            role=role,
            kind="person",
            secret_hash=_CHEAP.hash(PASSWORD),
            must_change=not has_changed,
            area=area,
        )
        with self.services.database.writing() as connection:
            add_account(connection, new, now=self.services.clock.now())

    def browser_of(self, name: str, password: str = PASSWORD) -> "Browser":
        """Return a browser in which this person is signed in."""
        signed_in = sign_in(self.services, name=name, password=password)
        return Browser(self.client(), signed_in)

    def program(
        self, name: str, *, role: Role = "dossier_system", days: int = 365, area: str = ""
    ) -> Client:
        """Return a client that sends the token of a new program."""
        token = make_token(
            self.services, name=name, display_name=name, role=role, days=days, area=area
        )
        return self.client(headers={"Authorization": f"Bearer {token}"})

    def at_once(self, times: int, method: str, path: str, **arguments: Any) -> list[httpx.Response]:
        """Call an address several times at once."""
        client = self.client()
        return self.runner.run(client.call_at_once(times, method, path, **arguments))

    def follow(self, browser: "Browser", path: str, *, then: Callable[[], object]) -> str:
        """Return what a stream of events said until it ended; `then` happens when it is open."""

        async def both() -> str:
            asked = asyncio.ensure_future(browser.client.ask(path, accept="text/event-stream"))
            async with asyncio.timeout(20):
                while not self.streams.is_open and not asked.done():  # noqa: ASYNC110 - it tells nobody
                    await asyncio.sleep(0.01)
                await asyncio.to_thread(then)
                return (await asked).text

        return self.runner.run(both())

    @property
    def streams(self) -> OpenStreams:
        """The streams that are open."""
        streams: OpenStreams = self.application.state.open_streams
        return streams

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        clock = self.services.clock
        assert isinstance(clock, ShiftedClock)
        clock.advance(seconds)

    def close(self) -> None:
        """Close all clients."""
        for client in self.clients:
            client.close()
        self.runner.close()


class Browser:
    """A client with a session, which sends the session's token with what it changes."""

    def __init__(self, client: Client, signed_in: SignedIn) -> None:
        self.client = client
        self.csrf = signed_in.csrf
        client.cookies.set(SESSION_COOKIE, signed_in.token)

    def get(self, path: str, **arguments: Any) -> httpx.Response:
        """Ask for something."""
        return self.client.get(path, **arguments)

    def post(self, path: str, **arguments: Any) -> httpx.Response:
        """Change something."""
        headers = {"X-CSRF-Token": self.csrf, **arguments.pop("headers", {})}
        return self.client.post(path, headers=headers, **arguments)

    def request(self, method: str, path: str) -> httpx.Response:
        """Ask for, or change, something without saying more."""
        headers = {} if method in ("GET", "HEAD") else {"X-CSRF-Token": self.csrf}
        return self.client.request(method, path, headers=headers)
