"""Records beside the stored versions: one for each change of what is known of a document.

A stored object is never rewritten, so a correction adds a record: who changed what, when and why
(an event and its agent in the words of PREMIS), and the whole description afterwards. Each names
the digest of the one before; the last one tells how things stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from archive.canonical_json import places_of, to_canonical_json
from archive.description import Description
from archive.errors import BrokenRecordChainError, UnusableRecordError
from documents.identifiers import DocumentId, Sha256, sha256_of_bytes

_SCHEMA = 1

EventType = Literal["ingestion", "metadata modification", "policy assignment"]
"""Terms of the Library of Congress' vocabulary of preservation events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Who acted: an account's name, what it is, and in which role."""

    name: str
    type: Literal["person", "software"]
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueChange:
    """One value of the description that an event changed."""

    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEvent:
    """What happened to the description; `detail` says it in the audit log's words."""

    type: EventType
    detail: str
    at: datetime
    agent: Agent
    reason: str = ""
    changes: tuple[ValueChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHead:
    """The last row of the audit log when a record was written, to compare a log with later."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptionRecord:
    """One record of a document; `number` counts from 1, the first has no `previous_sha256`."""

    number: int
    document_id: DocumentId
    previous_sha256: Sha256 | None
    event: RecordEvent
    description: Description
    audit_head: AuditHead | None = None
    schema: int = _SCHEMA


_RECORD = TypeAdapter(DescriptionRecord)


def key_of_record(document_id: str, number: int) -> str:
    """Return `documents/<document id>/records/<number in four digits>.json`."""
    return f"documents/{document_id}/records/{number:04d}.json"


def write_record(record: DescriptionRecord) -> bytes:
    """Return the record as canonical JSON: sorted names, no blanks, UTF-8, equal for equal."""
    content = _RECORD.dump_python(record, mode="json")
    return to_canonical_json(content)


def read_record(content: bytes) -> DescriptionRecord:
    """Return what `write_record` wrote.

    Raises:
        UnusableRecordError: it is none, or of a later schema.
    """
    try:
        record = _RECORD.validate_json(content)
    except ValidationError as error:
        raise UnusableRecordError(places_of(error)) from error
    if record.schema != _SCHEMA:
        raise UnusableRecordError(f"schema {record.schema}")
    return record


def read_chain(document_id: str, contents: Sequence[bytes]) -> tuple[DescriptionRecord, ...]:
    """Return a document's records, first to last, once each is found to follow the one before.

    Raises:
        BrokenRecordChainError: one is missing, out of its place, or of another document.
        UnusableRecordError: one cannot be read.
    """
    chain: list[DescriptionRecord] = []
    previous: Sha256 | None = None
    for number, content in enumerate(contents, start=1):
        record = read_record(content)
        found = (record.number, record.document_id, record.previous_sha256)
        if found != (number, document_id, previous):
            raise BrokenRecordChainError(key_of_record(document_id, number))
        chain.append(record)
        previous = sha256_of_bytes(content)
    return tuple(chain)
