"""Starting and stopping the servers of one checkout, alone or for as long as a command runs."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from deploy.services.places import Place, checkout_of, other_places
from deploy.services.processes import (
    NotReadyError,
    Program,
    began_at,
    is_running,
    start_process,
    stop_process,
    wait_until_ready,
)
from deploy.services.servers import SERVERS
from deploy.services.tools import MissingToolError

Failures = dict[str, Exception]
"""What could not be started, and why."""


def start(place: Place, names: Sequence[str]) -> Failures:
    """Start those of the servers that do not run, wait until they answer, write their addresses."""
    with _alone(place):
        _clean_up_after_others(place)
        failures: Failures = {}
        for name in names:
            try:
                _begin(place, name)
            except (MissingToolError, OSError, subprocess.CalledProcessError) as error:
                failures[name] = error
        for name in names:
            if name not in failures:
                try:
                    _await(place, name)
                except NotReadyError as error:
                    failures[name] = error
                    _end(place, name)
                    place.forget_ports(name)
        _write_addresses(place)
    return failures


def stop(place: Place, names: Sequence[str], *, how: signal.Signals | None = None) -> None:
    """End these servers; their data and ports stay for the next start."""
    with _alone(place):
        for name in names:
            _end(place, name, how=how)
        _write_addresses(place)


def restart(place: Place, name: str, *, environment: dict[str, str] | None = None) -> None:
    """Start one server on its ports and data, with more environment than usual if wanted.

    Raises:
        NotReadyError: it does not come up.
    """
    with _alone(place):
        _begin(place, name, environment=environment or {})
        _await(place, name)
        _write_addresses(place)


def addresses(place: Place) -> dict[str, str]:
    """Return where the running servers are, as environment for the tests."""
    found: dict[str, str] = {}
    for name, server in SERVERS.items():
        if is_running(place, name):
            found.update(server.addresses(place))
    return found


def run_with_servers(place: Place, names: Sequence[str], command: Sequence[str]) -> int:
    """Run a command with the servers at hand and return its exit status.

    What ran before goes on running afterwards with its data; what was started for the command
    begins empty and leaves nothing. A server that is missing is named; where REQUIRED_SERVICES
    names it, nothing is run.
    """
    _forget_what_a_killed_run_left(place)
    missing = [name for name in names if not is_running(place, name)]
    if len(missing) == len(names):
        _note_owner(place)
    failures = start(place, names)
    for name, error in failures.items():
        print(f"{name}: {error}", file=sys.stderr)
    try:
        required = set(os.environ.get("REQUIRED_SERVICES", "").replace(",", " ").split())
        if required & set(failures):
            return 2
        return _run(command, {**os.environ, **addresses(place)})
    finally:
        stop(place, missing)
        if len(missing) == len(names):
            _forget(place)


def _run(command: Sequence[str], environment: dict[str, str]) -> int:
    with subprocess.Popen(list(command), env=environment) as process:  # noqa: S603 - the caller's own
        handlers = {
            one: signal.signal(one, lambda number, _: process.send_signal(number))
            for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        try:
            status = process.wait()
        finally:
            for one, handler in handlers.items():
                signal.signal(one, handler)
    return status if status >= 0 else 128 - status


def _begin(place: Place, name: str, *, environment: dict[str, str] | None = None) -> None:
    if is_running(place, name):
        return
    server = SERVERS[name]
    if server.companion is not None and not is_running(place, f"{name}-companion"):
        start_process(place, f"{name}-companion", server.companion(place))
    program = server.prepare(place)
    extended = Program(
        arguments=program.arguments,
        environment={**program.environment, **(environment or {})},
        as_ordinary=program.as_ordinary,
    )
    start_process(place, name, extended)


def _await(place: Place, name: str) -> None:
    server = SERVERS[name]
    wait_until_ready(place, name, lambda: server.is_ready(place), seconds=server.ready_seconds)


def _end(place: Place, name: str, *, how: signal.Signals | None = None) -> None:
    stop_process(place, name, how=how or SERVERS[name].stop_signal)
    stop_process(place, f"{name}-companion")


def _write_addresses(place: Place) -> None:
    new = place.env_file.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    lines = [f"{name}={value}\n" for name, value in addresses(place).items()]
    new.write_text("".join(lines))
    new.replace(place.env_file)


def _note_owner(place: Place) -> None:
    owner = {"pid": os.getpid(), "began": began_at(os.getpid())}
    (place.folder / "owner").write_text(json.dumps(owner))


def _has_dead_owner(place: Place) -> bool:
    file = place.folder / "owner"
    if not file.exists():
        return False
    with suppress(ValueError):
        owner = json.loads(file.read_text())
        return bool(began_at(owner["pid"]) != owner["began"])
    return True


def _forget_what_a_killed_run_left(place: Place) -> None:
    if _has_dead_owner(place):
        stop(place, list(SERVERS))
        _forget(place)


def _clean_up_after_others(place: Place) -> None:
    for other in other_places(place):
        if _has_dead_owner(other) or not checkout_of(other).exists():
            for name in SERVERS:
                _end(other, name)
            shutil.rmtree(other.folder, ignore_errors=True)


def _forget(place: Place) -> None:
    for name in SERVERS:
        shutil.rmtree(place.data(name), ignore_errors=True)
    (place.folder / "owner").unlink(missing_ok=True)


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    with Path(place.folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
