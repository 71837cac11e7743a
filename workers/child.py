"""The child process: reads a job from its standard input, answers on its standard output."""

import json
import os
import resource
import signal
import struct
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

from configuration.logs import set_up_logging
from documents.errors import (
    BackEndUnavailableError,
    ConfigurationError,
    IntegrityError,
    NotFoundError,
    PipelineError,
    PolicyViolationError,
    RejectedInputError,
)
from workers.page_jobs import JOBS, adapter_of

_HEADER = struct.Struct(">I")
# Code, libraries and models are mapped but hardly resident: the address space needs more room
# than the resident memory that the parent watches (measured: 0.9 GiB mapped, 0.2 GiB resident).
_ADDRESS_SPACE_ROOM = 2 << 30
_LARGEST_FILE = 4 << 30
_FAMILIES: tuple[type[PipelineError], ...] = (
    RejectedInputError,
    PolicyViolationError,
    BackEndUnavailableError,
    IntegrityError,
    ConfigurationError,
    NotFoundError,
)


def main() -> None:
    """Serve jobs until the parent closes the pipe, and never outlive it."""
    _limit(int(sys.argv[1]))
    _step_back(int(sys.argv[2]))
    set_up_logging()
    # Libraries that print must not disturb the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    messages: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, messages), daemon=True).start()
    from workers.page_work import WORK  # noqa: PLC0415 - after the limits are set

    # The greeting: from here on a death is the job's fault.
    answers.write(_HEADER.pack(0))
    answers.flush()
    while True:
        answer = json.dumps(_answer(messages.get(), WORK)).encode()
        answers.write(_HEADER.pack(len(answer)) + answer)
        answers.flush()


def _limit(memory_bytes: int) -> None:
    most = memory_bytes + _ADDRESS_SPACE_ROOM
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))


def _step_back(niceness: int) -> None:
    """Let those whom somebody waits for go first: the server, and what is drawn for a page.

    Linux may weigh sessions against each other first (autogroups), and a child leads one: there
    only the weight of the session counts.
    """
    os.nice(niceness)
    with suppress(OSError):  # not every kernel has it, nor lets everybody
        Path("/proc/self/autogroup").write_text(str(niceness), "ascii")


def _receive(stream: BinaryIO, messages: SimpleQueue[bytes]) -> None:
    """Pass messages on; when the parent is gone, go too, with all that was started here."""
    while len(header := stream.read(_HEADER.size)) == _HEADER.size:
        messages.put(stream.read(_HEADER.unpack(header)[0]))
    os.killpg(0, signal.SIGKILL)


def _answer(message: bytes, work_of: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    content = json.loads(message)
    takes, gives = JOBS[content["job"]]
    work = work_of[content["job"]]
    try:
        result = work(adapter_of(takes).validate_python(content["request"], strict=False))
        return {"result": adapter_of(gives).dump_python(result, mode="json")}
    except PipelineError as error:
        family = next(base for base in _FAMILIES if isinstance(error, base)).__name__
        return _failure(family, code=error.reason.code, vi=error.reason.vi, en=error.reason.en)
    except MemoryError:
        return _failure("ChildDiedError", code="memory")
    except Exception as error:  # noqa: BLE001 - a job must always get an answer
        _log_without_content(error, content["job"])
        return _failure("ChildDiedError", code="unexpected")


def _failure(family: str, *, code: str, vi: str = "", en: str = "") -> dict[str, Any]:
    return {"error": {"family": family, "code": code, "vi": vi, "en": en}}


def _log_without_content(error: Exception, job: str) -> None:
    """Write where it happened, but not the message, which may hold text of a document."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = " < ".join(f"{os.path.basename(f.filename)}:{f.lineno}" for f in reversed(frames))  # noqa: PTH119 - a name for people
    sys.stderr.write(f"unexpected error in job {job}: {type(error).__name__} at {where}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
