"""Comparing stored bytes with the digests that they should have; nothing is ever repaired here."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from archive.errors import DigestMismatchError, MissingObjectError, StorageUnavailableError
from archive.object_storage import ObjectStorage
from documents.errors import Reason
from documents.identifiers import Sha256

_CHUNK_BYTES = 1 << 20
# One bad sector is a finding about one object; this many in a row are a storage that is down.
_UNREADABLE_IN_A_ROW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FixityFinding:
    """One object that is not as it should be; `found` is its digest where it could be read."""

    key: str
    problem: Literal["missing", "changed", "unreadable"]
    reason: Reason
    expected: Sha256
    found: Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FixityReport:
    """What a fixity check read, and what it found."""

    checked_objects: int
    read_bytes: int
    findings: tuple[FixityFinding, ...]

    @property
    def is_clean(self) -> bool:
        """Whether every object was there with the right bytes."""
        return not self.findings


def digest_of_object(storage: ObjectStorage, key: str) -> tuple[Sha256, int]:
    """Read the object and return the SHA-256 of its bytes and how many there are.

    Raises:
        MissingObjectError: there is none.
        StorageUnavailableError: it cannot be read.
    """
    digest = hashlib.sha256()
    size = 0
    with storage.open(key) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return Sha256(digest.hexdigest()), size


def check_fixity(storage: ObjectStorage, expected: Iterable[tuple[str, Sha256]]) -> FixityReport:
    """Read every object and compare it with the digest that it should have.

    Args:
        storage: where the objects lie.
        expected: key and digest of each object, from the catalogue.

    Raises:
        StorageUnavailableError: five objects in a row could not be read.
    """
    findings: list[FixityFinding] = []
    checked = read = unreadable_in_a_row = 0
    for key, digest in expected:
        checked += 1
        try:
            found, size = digest_of_object(storage, key)
        except MissingObjectError as error:
            findings.append(_finding(key, "missing", error.reason, digest))
            continue
        except StorageUnavailableError as error:
            unreadable_in_a_row += 1
            if unreadable_in_a_row == _UNREADABLE_IN_A_ROW:
                raise
            findings.append(_finding(key, "unreadable", error.reason, digest))
            continue
        unreadable_in_a_row = 0
        read += size
        if found != digest:
            mismatch = DigestMismatchError(key, expected=digest, found=found)
            findings.append(_finding(key, "changed", mismatch.reason, digest, found))
    return FixityReport(checked_objects=checked, read_bytes=read, findings=tuple(findings))


def _finding(
    key: str,
    problem: Literal["missing", "changed", "unreadable"],
    reason: Reason,
    expected: Sha256,
    found: Sha256 | None = None,
) -> FixityFinding:
    return FixityFinding(key=key, problem=problem, reason=reason, expected=expected, found=found)
