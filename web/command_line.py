"""The entry point `sohoa`: all commands, and `serve`, which needs the pages."""

import fcntl
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from configuration.logs import set_up_logging
from configuration.settings import Settings, load_settings
from workers import cli
from workers.at_work import stages_at_work
from workers.cli_output import emit_json, say
from workers.cli_settings import services_of_this_command
from workers.errors import AlreadyServedError
from workers.services import Services
from workers.watching import StationWatcher


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Địa chỉ / address")] = None,
    port: Annotated[int | None, typer.Option(help="Cổng / port; 0: tự chọn")] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="Chứng thư TLS / certificate")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Khóa TLS / key")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> int:
    """Phục vụ trang web và API. / Serve the pages and the API."""
    from web.serving import check_address, serve_application  # noqa: PLC0415 - only here

    settings = load_settings()
    web = settings.web
    address = (host or web.host, web.port if port is None else port)
    certificate = (tls_cert or web.tls_cert, tls_key or web.tls_key)
    check_address(address[0], tls_cert=certificate[0], tls_key=certificate[1])

    def announce(url: str, lock: Path) -> None:
        lock.write_text(url)
        if as_json:
            emit_json({"url": url, "pid": os.getpid()})
        else:
            say(f"Đang phục vụ tại {url} (Ctrl-C để dừng)", f"Serving at {url}")

    try:
        with (
            serving_alone(settings) as lock,
            _services_of_the_server() as services,
            stages_at_work(services),
        ):
            services.desk_pool.keep_warm()
            watcher = StationWatcher(services)
            watcher.start()
            try:
                serve_application(
                    services,
                    address=address,
                    certificate=certificate,
                    on_ready=lambda url: announce(url, lock),
                )
            finally:
                watcher.stop()
    except AlreadyServedError as error:
        if as_json:
            emit_json({"url": error.address, "pid": None})
        else:
            say(error.reason.vi, error.reason.en)
    return 0


@contextmanager
def _services_of_the_server() -> Iterator[Services]:
    """Give the services, and let the log speak: to people in a terminal, else to programs."""
    with services_of_this_command() as services:
        set_up_logging(as_json=not sys.stderr.isatty(), level=logging.WARNING)
        yield services


@contextmanager
def serving_alone(settings: Settings) -> Iterator[Path]:
    """Hold the right to serve this home; give the file that says at which address.

    Raises:
        AlreadyServedError: another process holds it.
    """
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = settings.home / "serving"
    with lock.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyServedError(lock.read_text() or "?") from error
        lock.write_text("")
        yield lock


cli.app.command()(serve)


def main() -> None:
    """Run the command line and end with its exit code."""
    cli.main()
