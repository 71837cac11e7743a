"""Reading the storage alone: which documents it holds, and what is known of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from archive.description import Description
from archive.description_records import DescriptionRecord, key_of_record, read_chain
from archive.errors import BrokenRecordChainError, DigestMismatchError
from archive.manifest import Manifest, read_manifest
from archive.object_storage import ListedStorage
from documents.identifiers import DocumentId, sha256_of_bytes

_FOLDER = "documents/"
_MANIFEST = ".manifest.json"
_RECORDS = "/records/"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document as its objects tell of it; `contents` are the bytes of its records."""

    id: DocumentId
    manifests: tuple[Manifest, ...]
    records: tuple[DescriptionRecord, ...]
    contents: tuple[bytes, ...]

    @property
    def description(self) -> Description | None:
        """What the last record says; None where there is only a manifest."""
        return self.records[-1].description if self.records else None


def list_stored_documents(storage: ListedStorage) -> Iterator[tuple[DocumentId, list[str]]]:
    """Yield each document's id with the keys of its objects."""
    keys = storage.keys(_FOLDER)
    for name, own in groupby(keys, key=lambda key: key.removeprefix(_FOLDER).partition("/")[0]):
        yield DocumentId(name), list(own)


def read_stored_document(
    storage: ListedStorage, document_id: DocumentId, keys: list[str]
) -> StoredDocument:
    """Return what a document's manifests and records say, each compared with its digest.

    Raises:
        BrokenRecordChainError: a record is missing or does not follow the one before.
        UnusableRecordError: a record cannot be read.
        UnusableManifestError: a manifest cannot be read.
        DigestMismatchError: an object's bytes are not those that were stored.
        StorageUnavailableError: try again later.
    """
    manifests = [read_manifest(_content(storage, key)) for key in keys if key.endswith(_MANIFEST)]
    numbered = [key for key in keys if _RECORDS in key]
    expected = [key_of_record(document_id, place) for place in range(1, len(numbered) + 1)]
    missing = [key for key in expected if key not in numbered]
    if missing:
        raise BrokenRecordChainError(missing[0])
    contents = tuple(_content(storage, key) for key in expected)
    return StoredDocument(
        id=document_id,
        manifests=tuple(manifests),
        records=read_chain(document_id, contents),
        contents=contents,
    )


def extend_document(storage: ListedStorage, document_id: str, *, retain_until: date) -> None:
    """Let the lock of all objects of a document last until this day; no lock is shortened."""
    for key in storage.keys(f"{_FOLDER}{document_id}/"):
        locked = storage.state(key).retain_until
        if locked is None or locked < retain_until:
            storage.extend(key, retain_until=retain_until)


def _content(storage: ListedStorage, key: str) -> bytes:
    with storage.open(key) as stream:
        content = stream.read()
    expected, found = storage.state(key).sha256, sha256_of_bytes(content)
    if found != expected:
        raise DigestMismatchError(key, expected=expected, found=found)
    return content
