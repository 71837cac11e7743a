"""Write-once storage in a folder of the machine."""

import errno
import fcntl
import hashlib
import io
import json
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO

from archive.errors import (
    DamagedObjectStateError,
    DigestMismatchError,
    KeyInUseError,
    LegalHoldError,
    MissingObjectError,
    RetentionLockError,
    StorageUnavailableError,
)
from archive.object_storage import ObjectState, check_key
from documents.folding import to_nfc
from documents.identifiers import Sha256, sha256_of_file

_CHUNK_BYTES = 1 << 20
_READ_ONLY = 0o440
_LOCK_FILES = 256


class FolderStorage:
    """Keeps each object as a read-only file, created by `os.link`, which never replaces.

    In the folder: `objects/<key>` are the bytes, `state/<key>.json` retention, hold and digest,
    `incoming/` what is being written, `locks/` locks between processes. An object exists from the
    moment that its link does; its state was written before. The read-only mode protects against
    mistakes, not against the owner of the folder or root: it is not a lock by law.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._objects = folder / "objects"
        self._states = folder / "state"
        self._incoming = folder / "incoming"
        self._locks = folder / "locks"

    def store(
        self,
        file: Path,
        *,
        key: str,
        retain_until: date | None,
        metadata: Mapping[str, str],
        expected: Sha256 | None = None,
    ) -> Sha256:
        target = self._objects / check_key(key)
        with (
            file.open("rb") as source,
            _translated_errors("store", key),
            self._temporary(".part") as temporary,
        ):
            digest = _copy_durably(source, temporary)
            if (written := sha256_of_file(temporary)) != digest:
                raise DigestMismatchError(key, expected=digest, found=written)
            if expected is not None and digest != expected:
                raise DigestMismatchError(key, expected=expected, found=digest)
            copied = temporary.stat()
            state = ObjectState(
                size_bytes=copied.st_size,
                sha256=digest,
                retain_until=retain_until,
                on_hold=False,
                # The file system's time, since no clock is ours to ask here.
                stored_at=datetime.fromtimestamp(copied.st_mtime, UTC),
                metadata={name: to_nfc(value) for name, value in sorted(metadata.items())},
            )
            with self._locked(key):
                self._link_once(temporary, target, key=key, state=state)
        return digest

    def open(self, key: str) -> BinaryIO:
        path = self._objects / check_key(key)
        with _translated_errors("open", key):
            try:
                return io.BufferedReader(_ObjectFile(path, key), buffer_size=_CHUNK_BYTES)
            except FileNotFoundError as error:
                raise MissingObjectError(key) from error

    def state(self, key: str) -> ObjectState:
        path = self._objects / check_key(key)
        with _translated_errors("read the state of", key):
            try:
                size = path.stat().st_size
            except FileNotFoundError as error:
                raise MissingObjectError(key) from error
            return replace(self._read_state(key), size_bytes=size)

    def extend(self, key: str, *, retain_until: date) -> None:
        with _translated_errors("extend", check_key(key)), self._locked(key):
            state = self.state(key)
            if state.retain_until is not None and retain_until < state.retain_until:
                raise RetentionLockError(key, retain_until=state.retain_until)
            self._write_state(key, replace(state, retain_until=retain_until))

    def hold(self, key: str, *, on: bool) -> None:
        with _translated_errors("hold", check_key(key)), self._locked(key):
            self._write_state(key, replace(self.state(key), on_hold=on))

    def delete(self, key: str, *, today: date) -> None:
        path = self._objects / check_key(key)
        with _translated_errors("delete", key), self._locked(key):
            state = self.state(key)
            if state.on_hold:
                raise LegalHoldError(key)
            if state.retain_until is None or today < state.retain_until:
                raise RetentionLockError(key, retain_until=state.retain_until)
            path.unlink()
            _sync_folder(path.parent)
            # Last, so that a kill in between leaves a state without object, which is swept.
            self._state_file(key).unlink(missing_ok=True)

    def keys(self, prefix: str = "") -> Iterator[str]:
        with _translated_errors("list", prefix or "*"):
            yield from _walk(self._objects, "", prefix)

    def sweep_leftovers(self, *, older_than: datetime) -> int:
        """Remove what killed writers left behind before `older_than`; return how many files.

        Objects and their states are never touched.
        """
        with _translated_errors("sweep", "incoming"):
            swept = 0
            if self._incoming.is_dir():
                for path in self._incoming.iterdir():
                    swept += _unlink_if_older(path, older_than)
            for state_key in _walk(self._states, "", ""):
                key = state_key.removesuffix(".json")
                with self._locked(key):
                    if not (self._objects / key).exists():
                        swept += _unlink_if_older(self._states / state_key, older_than)
        return swept

    def sweep_abandoned(self) -> int:
        with _translated_errors("sweep", "incoming"):
            if not self._incoming.is_dir():
                return 0
            with _held(self._incoming, fcntl.LOCK_EX | fcntl.LOCK_NB) as nobody_writes:
                paths = list(self._incoming.iterdir()) if nobody_writes else []
                for path in paths:
                    path.unlink(missing_ok=True)
                return len(paths)

    def prepare(self) -> None:
        with _translated_errors("prepare", "*"):
            _make_folders(self._folder)
        self.check()

    def check(self) -> None:
        if not os.access(self._folder, os.R_OK | os.W_OK | os.X_OK):
            raise StorageUnavailableError("write", "*", cause="EACCES")

    def location_of(self, key: str) -> str:
        return str(self._objects / key)

    def renew_locks(self) -> int:
        return 0  # a state without a term stays locked by itself

    @contextmanager
    def _temporary(self, suffix: str) -> Iterator[Path]:
        """Yield the path of a file to be in `incoming/`, and remove it if it is still there."""
        self._incoming.mkdir(parents=True, exist_ok=True)
        path = self._incoming / f"{secrets.token_hex(12)}{suffix}"
        with _held(self._incoming, fcntl.LOCK_SH):
            try:
                yield path
            finally:
                path.unlink(missing_ok=True)

    def _link_once(self, temporary: Path, target: Path, *, key: str, state: ObjectState) -> None:
        if not target.exists():
            _make_folders(target.parent)
            self._write_state(key, state)
            try:
                os.link(temporary, target)
            except FileExistsError as error:
                # Someone who does not honour our locks came first; theirs stays.
                raise KeyInUseError(key) from error
        elif self._read_state(key).sha256 != state.sha256:
            raise KeyInUseError(key)
        # Also when it was there before: the one who linked it may have died before this.
        _sync_folder(target.parent)

    def _state_file(self, key: str) -> Path:
        return self._states / f"{key}.json"

    def _read_state(self, key: str) -> ObjectState:
        try:
            fields = json.loads(self._state_file(key).read_bytes())
            until = fields["retain_until"]
            return ObjectState(
                size_bytes=int(fields["size_bytes"]),
                sha256=Sha256(fields["sha256"]),
                retain_until=None if until is None else date.fromisoformat(until),
                on_hold=bool(fields["on_hold"]),
                stored_at=datetime.fromisoformat(fields["stored_at"]),
                metadata=dict(fields["metadata"]),
            )
        except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
            raise DamagedObjectStateError(key) from error

    def _write_state(self, key: str, state: ObjectState) -> None:
        fields = {
            "size_bytes": state.size_bytes,
            "sha256": state.sha256,
            "retain_until": None if state.retain_until is None else state.retain_until.isoformat(),
            "on_hold": state.on_hold,
            "stored_at": state.stored_at.isoformat(),
            "metadata": dict(state.metadata),
        }
        target = self._state_file(key)
        _make_folders(target.parent)
        with self._temporary(".state") as temporary:
            with temporary.open("xb") as stream:
                stream.write(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode())
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(target)
        _sync_folder(target.parent)

    @contextmanager
    def _locked(self, key: str) -> Iterator[None]:
        """Hold the key against other threads and processes; a lock dies with its holder."""
        self._locks.mkdir(parents=True, exist_ok=True)
        number = int(hashlib.sha256(key.encode()).hexdigest(), 16) % _LOCK_FILES
        with (self._locks / f"{number:03d}").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class _ObjectFile(io.FileIO):
    """The bytes of one object; what goes wrong while reading is an error of ours."""

    def __init__(self, path: Path, key: str) -> None:
        super().__init__(path, "rb")
        self._key = key

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]  # narrower
        with _translated_errors("read", self._key):
            return super().readinto(buffer)

    def readall(self) -> bytes:
        with _translated_errors("read", self._key):
            return super().readall()


@contextmanager
def _translated_errors(verb: str, key: str) -> Iterator[None]:
    """Turn what the operating system says into errors of ours."""
    try:
        yield
    except OSError as error:
        cause = errno.errorcode.get(error.errno or 0, "unknown")
        raise StorageUnavailableError(verb, key, cause=cause) from error


def _walk(folder: Path, path: str, prefix: str) -> Iterator[str]:
    """Yield files below, as `/`-joined paths that begin with `prefix`, in ASCII order."""
    try:
        entries = [(entry.name, entry.is_dir()) for entry in os.scandir(folder / path)]
    except FileNotFoundError:
        return
    for name, is_folder in sorted((name + "/" * is_dir, is_dir) for name, is_dir in entries):
        below = path + name
        if is_folder and (below.startswith(prefix) or prefix.startswith(below)):
            yield from _walk(folder, below, prefix)
        elif not is_folder and below.startswith(prefix):
            yield below


def _make_folders(folder: Path) -> None:
    """Make the folder and its parents durably."""
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _copy_durably(source: BinaryIO, target: Path) -> Sha256:
    """Copy to a new read-only file that is on the disk when this returns; return its digest."""
    digest = hashlib.sha256()
    with target.open("xb") as copy:
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fchmod(copy.fileno(), _READ_ONLY)
        os.fsync(copy.fileno())
    return Sha256(digest.hexdigest())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _held(folder: Path, kind: int) -> Iterator[bool]:
    """Hold a folder against other processes; say whether that was possible without waiting."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, kind)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _unlink_if_older(path: Path, older_than: datetime) -> int:
    """Remove a file that was last written before; its writer may remove it first."""
    with suppress(FileNotFoundError):
        found = path.stat()
        if stat.S_ISREG(found.st_mode) and found.st_mtime < older_than.timestamp():
            path.unlink()
            return 1
    return 0
