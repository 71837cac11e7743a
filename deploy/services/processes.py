"""Starting and ending one server: its process is written down, with what tells it from others."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.services.places import Place, ordinary_user

_PAUSE_SECONDS = 0.1
_GRACE_SECONDS = 20.0
# Servers outlive us on purpose; kept, so that nobody warns of it.
_STARTED: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What is run: `as_ordinary` where the server refuses root."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    as_ordinary: bool = False


class NotReadyError(Exception):
    """A server ended, or did not answer in time; the message names its log."""


def start_process(place: Place, server: str, program: Program) -> int:
    """Start a server in a session of its own and write its process down; return its id.

    It outlives whoever started it; the next start or stop finds it by what is written down.
    """
    user = ordinary_user() if program.as_ordinary else None
    log = place.logs / f"{server}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own list of programs
            list(program.arguments),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=place.folder,
            env={**_clean_environment(), **program.environment},
            start_new_session=True,
            user=None if user is None else user.pw_uid,
            group=None if user is None else user.pw_gid,
            extra_groups=None if user is None else [],
        )
    _STARTED.append(process)
    # The moment of its start tells it from another process that gets the same id later.
    noted = {"pid": process.pid, "began": began_at(process.pid), "session": process.pid}
    file = place.process_file(server)
    file.with_suffix(".new").write_text(json.dumps(noted))
    file.with_suffix(".new").replace(file)
    return process.pid


def is_running(place: Place, server: str) -> bool:
    """Say whether the server that was written down is still there."""
    noted = _noted(place, server)
    return noted is not None and began_at(noted["pid"]) == noted["began"]


def stop_process(place: Place, server: str, *, how: signal.Signals = signal.SIGTERM) -> bool:
    """End a server and all that it started; say whether it was there.

    Whatever is left of its session after a while is killed.
    """
    noted = _noted(place, server)
    if noted is None:
        return False
    was_there = began_at(noted["pid"]) == noted["began"]
    if was_there:
        os.kill(noted["pid"], how)
        wait_until(lambda: not is_running(place, server), seconds=_GRACE_SECONDS)
    if was_there or not _is_taken_over(noted):
        _end_session(noted["session"])
    for process in _STARTED:  # one that was never asked for still has its number, PostgreSQL sees
        process.poll()
    place.process_file(server).unlink(missing_ok=True)
    return was_there


def wait_until(is_true: Callable[[], bool], *, seconds: float) -> bool:
    """Ask again and again until something is true or the time is over; say whether it is."""
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            return False
        time.sleep(_PAUSE_SECONDS)
    return True


def wait_until_ready(
    place: Place, server: str, is_ready: Callable[[], bool], *, seconds: float
) -> None:
    """Wait until a server answers.

    Raises:
        NotReadyError: it ended or did not answer in time.
    """
    settled = wait_until(lambda: is_ready() or not is_running(place, server), seconds=seconds)
    if not settled or not is_running(place, server):
        what = "does not answer" if settled is False else "ended at once"
        log = place.logs / f"{server}.log"
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise NotReadyError(f"{server} {what}; its log {log} ends so:\n{tail}")


def _noted(place: Place, server: str) -> dict[str, int] | None:
    file = place.process_file(server)
    try:
        found: dict[str, int] = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return found


def _fields(process_id: int) -> list[str] | None:
    """Return the fields of /proc/ID/stat behind the name; None where there is no such process."""
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields


def began_at(process_id: int) -> int | None:
    """Return when a process began, in ticks since the machine did; None where it has ended."""
    fields = _fields(process_id)
    return None if fields is None else int(fields[19])


def _is_taken_over(noted: Mapping[str, int]) -> bool:
    """Say whether the session's number now belongs to a process that is none of ours."""
    began = began_at(noted["session"])
    return began is not None and began != noted["began"]


def _end_session(session: int) -> None:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            fields = _fields(int(folder.name))
            if fields is not None and int(fields[3]) == session:
                _kill(int(folder.name))


def _kill(process_id: int) -> None:
    try:
        os.kill(process_id, signal.SIGKILL)
    except ProcessLookupError:
        return


def _clean_environment() -> dict[str, str]:
    kept = ("PATH", "TMPDIR", "TZ", "LD_PRELOAD", "LD_LIBRARY_PATH")
    return {"LANG": "C.UTF-8", **{name: os.environ[name] for name in kept if name in os.environ}}
