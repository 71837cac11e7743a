"""The port to write-once storage, and what a stored object's state is."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from archive.errors import UnusableKeyError
from documents.identifiers import Sha256

# Folders carry no dot and files carry one, so a key can never be the folder of another key.
_KEY = re.compile(
    r"(?:[A-Za-z0-9][A-Za-z0-9_-]{0,99}/){0,8}[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\.[A-Za-z0-9]{1,16}){1,4}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectState:
    """What the storage knows of one object.

    `sha256` is the digest recorded when it was stored; a fixity check reads the bytes instead.
    `retain_until` is the first day on which deletion is allowed; None means *not disposable*.
    `metadata` is what was given to `store`, in NFC.
    """

    size_bytes: int
    sha256: Sha256
    retain_until: date | None
    on_hold: bool
    stored_at: datetime
    metadata: Mapping[str, str]


class ObjectStorage(Protocol):
    """Write-once storage for archived files.

    Keys are ASCII identifiers joined by `/`, the last with an extension; anything else raises
    `UnusableKeyError`. Guarantees that the contract tests check for every back end:

    - after `store` returns, `open` yields exactly the bytes of the file, durably;
    - `store` of the same bytes under the same key is a no-op (also for retention and metadata);
    - `store` of other bytes under a key in use raises `KeyInUseError` and changes nothing;
    - `store` of bytes that are not `expected` raises `DigestMismatchError` and stores nothing;
    - a writer that is killed, or meets a full disk, leaves the whole object or none;
    - `open`, `state`, `extend`, `hold` and `delete` of a key that holds nothing raise
      `MissingObjectError`;
    - `extend` never shortens: an earlier day raises `RetentionLockError`; an object whose day is
      not known yet (None) may be given one;
    - `delete` before `retain_until`, or where that is None, raises `RetentionLockError`, and under
      a hold `LegalHoldError`, whatever else is true;
    - the stream that `open` gives can be read from any place (`seek`);
    - what cannot be reached or written raises `StorageUnavailableError`, also while the stream
      that `open` gave is read.
    """

    def store(
        self,
        file: Path,
        *,
        key: str,
        retain_until: date | None,
        metadata: Mapping[str, str],
        expected: Sha256 | None = None,
    ) -> Sha256: ...

    def open(self, key: str) -> BinaryIO: ...

    def state(self, key: str) -> ObjectState: ...

    def extend(self, key: str, *, retain_until: date) -> None: ...

    def hold(self, key: str, *, on: bool) -> None: ...

    def delete(self, key: str, *, today: date) -> None: ...


class ObjectListing(Protocol):
    """Lists what a storage holds, for checks and for rebuilding the catalogue."""

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Yield the keys that begin with `prefix`, in ASCII order; unfinished objects never."""
        ...


class StorageSweeping(Protocol):
    """Removes what writers that were killed left behind."""

    def sweep_abandoned(self) -> int:
        """Remove unfinished writes if nobody is writing; return how many. Never an object."""
        ...


class StorageCare(Protocol):
    """Looks after a storage as a whole."""

    def prepare(self) -> None:
        """Make what is missing of it, and try out that it keeps its promises.

        Raises:
            UnusableBucketError: it does not lock what is stored in it.
            StorageUnavailableError: it cannot be reached or written.
        """
        ...

    def check(self) -> None:
        """Raise what `prepare` raises, without making or writing anything."""
        ...

    def location_of(self, key: str) -> str:
        """Say where an object lies, for people."""
        ...

    def renew_locks(self) -> int:
        """Lengthen the locks of what has no term, long before they end; return how many."""
        ...


class ListedStorage(ObjectStorage, ObjectListing, StorageSweeping, StorageCare, Protocol):
    """A storage that can also say what it holds, and be looked after."""


def check_key(key: str) -> str:
    """Return the key if it is made of ASCII identifiers and stays inside its storage.

    Raises:
        UnusableKeyError: it does not.
    """
    if not is_key(key):
        raise UnusableKeyError
    return key


def is_key(name: str) -> bool:
    """Whether something could be stored under this name."""
    return _KEY.fullmatch(name) is not None
