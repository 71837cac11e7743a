"""Copying a whole storage into another one, byte for byte and verified."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal

from archive.checking import digest_of_object
from archive.errors import DigestMismatchError, KeyInUseError, MissingObjectError
from archive.object_storage import ListedStorage, ObjectState
from documents.errors import BackEndUnavailableError, PipelineError, Reason

_CHUNK_BYTES = 1 << 20
_KEYS_AHEAD = 64

Outcome = Literal["copied", "there"]


@dataclass(frozen=True, slots=True)
class Uncopied:
    """An object that is not in the other storage as it should be, and why."""

    key: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyReport:
    """How many objects were copied, how many were there already, and which could not be."""

    copied: int
    there: int
    problems: tuple[Uncopied, ...]


def copy_storage(
    source: ListedStorage,
    target: ListedStorage,
    *,
    work_folder: Path,
    at_once: int = 4,
    verify: bool = False,
    progress: Callable[[int], None] = lambda _count: None,
) -> CopyReport:
    """Copy every object that the target lacks, with its term, hold and metadata.

    Both may be in use meanwhile. What is there with the same digest is not copied again, so a copy
    that was broken off goes on when it is started again; its term and hold are brought in step,
    never shortened and never lifted.

    Args:
        source: what is copied; nothing in it is changed.
        target: where it goes.
        work_folder: where each object lies while it is copied.
        at_once: how many objects are copied at the same time.
        verify: read and compare also what is there already.
        progress: is told from time to time how many objects were looked at.

    Raises:
        StorageUnavailableError: one of the storages cannot be reached; start again later.
    """

    def copy(key: str) -> Outcome | Uncopied | None:
        return _copy_reporting(source, target, key, work_folder=work_folder, verify=verify)

    counts = {"copied": 0, "there": 0}
    problems: list[Uncopied] = []
    with ThreadPoolExecutor(max_workers=at_once) as threads:
        for number, outcome in enumerate(_in_order(threads, copy, source.keys()), start=1):
            if isinstance(outcome, Uncopied):
                problems.append(outcome)
            elif outcome is not None:
                counts[outcome] += 1
            if number % _KEYS_AHEAD == 0:
                progress(number)
    return CopyReport(copied=counts["copied"], there=counts["there"], problems=tuple(problems))


def _in_order(
    threads: ThreadPoolExecutor,
    copy: Callable[[str], Outcome | Uncopied | None],
    keys: Iterable[str],
) -> Iterator[Outcome | Uncopied | None]:
    """Yield the outcomes in the order of the keys, never many keys ahead."""
    left = iter(keys)
    waiting: list[Future[Outcome | Uncopied | None]] = []
    try:
        waiting = [threads.submit(copy, key) for key in islice(left, _KEYS_AHEAD)]
        while waiting:
            yield waiting.pop(0).result()
            waiting += [threads.submit(copy, key) for key in islice(left, 1)]
    finally:
        for one in waiting:
            one.cancel()


def _copy_reporting(
    source: ListedStorage, target: ListedStorage, key: str, *, work_folder: Path, verify: bool
) -> Outcome | Uncopied | None:
    """Copy an object; say what is wrong with it, where the fault is not the storage's."""
    try:
        return _copy(source, target, key, work_folder=work_folder, verify=verify)
    except BackEndUnavailableError:
        raise
    except PipelineError as error:
        if isinstance(error, MissingObjectError) and not _has(source, key):
            return None  # disposed of since it was listed
        return Uncopied(key, error.reason)


def _copy(
    source: ListedStorage, target: ListedStorage, key: str, *, work_folder: Path, verify: bool
) -> Outcome:
    wanted = source.state(key)
    found = _find_state(target, key)
    outcome: Outcome = "there"
    if found is None:
        with NamedTemporaryFile(dir=work_folder, suffix=".copy") as file:
            with source.open(key) as stream:
                shutil.copyfileobj(stream, file, _CHUNK_BYTES)
            file.flush()
            target.store(
                Path(file.name),
                key=key,
                retain_until=wanted.retain_until,
                metadata=wanted.metadata,
                expected=wanted.sha256,
            )
        outcome, found = "copied", target.state(key)
    if found.sha256 != wanted.sha256:
        raise KeyInUseError(key)
    if outcome == "copied" or verify:
        stored, _ = digest_of_object(target, key)
        if stored != wanted.sha256:
            raise DigestMismatchError(key, expected=wanted.sha256, found=stored)
    _bring_in_step(target, key, found, wanted)
    return outcome


def _bring_in_step(
    target: ListedStorage, key: str, found: ObjectState, wanted: ObjectState
) -> None:
    until = wanted.retain_until
    if until is not None and (found.retain_until is None or found.retain_until < until):
        target.extend(key, retain_until=until)
    if wanted.on_hold and not found.on_hold:
        target.hold(key, on=True)


def _find_state(storage: ListedStorage, key: str) -> ObjectState | None:
    try:
        return storage.state(key)
    except MissingObjectError:
        return None


def _has(storage: ListedStorage, key: str) -> bool:
    return _find_state(storage, key) is not None
