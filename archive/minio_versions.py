"""What one version of an object in an S3 store says of itself."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import cast
from urllib.parse import quote, unquote

from minio.commonconfig import COMPLIANCE
from minio.datatypes import Object

from archive.errors import DamagedObjectStateError
from archive.object_storage import ObjectState
from documents.folding import to_nfc
from documents.identifiers import Sha256

TERM_TAG = "sohoa-retain-until"
NO_TERM = "none"
_META = "x-amz-meta-"
_DIGEST = f"{_META}sohoa-sha256"
_TERM = f"{_META}sohoa-retain-until"
_LOCKED_UNTIL = "x-amz-object-lock-retain-until-date"
_NAME = re.compile(r"(?!sohoa-)[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObjectVersion:
    """The version that is the object of a key; `tag_matters` where its term may stand in a tag.

    `locked_until` is what the store enforces. A term stands in the metadata that were stored with
    the bytes; one that was set later is the end of the lock or, where a lock cannot say it (there
    was no term, or it is over already), a tag.
    """

    id: str
    size_bytes: int
    sha256: Sha256
    first_term: date | None
    locked_until: datetime | None
    on_hold: bool
    stored_at: datetime
    metadata: Mapping[str, str]

    @property
    def tag_matters(self) -> bool:
        """Whether the lock alone does not tell the term."""
        return self.first_term is None or self.locked_until is None

    def state(self, *, tagged: date | None) -> ObjectState:
        """Return what the port calls the state."""
        told = [self.first_term, tagged]
        if self.first_term is not None and self.locked_until is not None:
            told.append(self.locked_until.date())
        return ObjectState(
            size_bytes=self.size_bytes,
            sha256=self.sha256,
            retain_until=max((day for day in told if day is not None), default=None),
            on_hold=self.on_hold,
            stored_at=self.stored_at,
            metadata=self.metadata,
        )


def midnight(day: date) -> datetime:
    """Return the moment at which a lock ends that lasts until a day."""
    return datetime.combine(day, time(), UTC)


def headers_of(
    *,
    digest: Sha256,
    retain_until: date | None,
    locked_until: datetime | None,
    metadata: Mapping[str, str],
) -> dict[str, str]:
    """Return the headers that store what `read_version` reads."""
    headers = {
        "Content-Type": "application/octet-stream",
        _DIGEST: digest,
        _TERM: NO_TERM if retain_until is None else retain_until.isoformat(),
    }
    for name, value in metadata.items():
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name for metadata: {name!r}")
        # Headers are ASCII; the store may not change a value but for blanks around it.
        headers[_META + name] = quote(to_nfc(value), safe="")
    if locked_until is not None:
        headers["x-amz-object-lock-mode"] = COMPLIANCE
        headers[_LOCKED_UNTIL] = locked_until.strftime("%Y-%m-%dT%H:%M:%SZ")
    return headers


def read_version(found: Object, *, key: str) -> StoredObjectVersion:
    """Return what the answer to a HEAD says.

    Raises:
        DamagedObjectStateError: it was not stored by us, or the store computed another digest.
    """
    headers = {name.lower(): value for name, value in (found.metadata or {}).items()}
    try:
        digest = headers[_DIGEST]
        term = headers[_TERM]
        until = headers.get(_LOCKED_UNTIL)
        version = StoredObjectVersion(
            id=cast("str", found.version_id),
            size_bytes=cast("int", found.size),
            sha256=Sha256(digest),
            first_term=None if term == NO_TERM else date.fromisoformat(term),
            locked_until=None if until is None else datetime.fromisoformat(until).astimezone(UTC),
            on_hold=headers.get("x-amz-object-lock-legal-hold", "OFF").upper() == "ON",
            stored_at=cast("datetime", found.last_modified),
            metadata={
                name.removeprefix(_META): unquote(value)
                for name, value in sorted(headers.items())
                if name.startswith(_META) and not name.startswith(f"{_META}sohoa-")
            },
        )
    except (KeyError, ValueError) as error:
        raise DamagedObjectStateError(key) from error
    # That of an object that came in parts is one of the parts' checksums and says so by "-".
    checksum = headers.get("x-amz-checksum-sha256", "-")
    if "-" not in checksum and base64.b64decode(checksum).hex() != version.sha256:
        raise DamagedObjectStateError(key)
    return version
