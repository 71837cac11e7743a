"""Storing a version for good: its bytes, what belongs to it, and its manifest."""

import gzip
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from archive.checking import digest_of_object
from archive.errors import DigestMismatchError
from archive.manifest import Manifest, StoredCompanion, VersionToArchive, write_manifest
from archive.object_storage import ObjectStorage
from documents.identifiers import Sha256, sha256_of_bytes
from documents.model import StoredVersion

_EXTENSIONS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/bmp": "bmp",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """A file to lie beside a version; `suffix` is what its key ends in ("alto.xml.gz").

    A retry must bring the same bytes: `compress_file` gives equal bytes for equal content.
    """

    suffix: str
    file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedVersion:
    """A version that is stored, was read back and compared, and has its manifest beside it."""

    version: StoredVersion
    key: str
    manifest_key: str
    companion_keys: tuple[str, ...] = ()


def key_of_version(version: VersionToArchive, *, suffix: str | None = None) -> str:
    """Return `documents/<document id>/<version id>.<suffix>`.

    Without a suffix it is the extension that fits the version's media type.
    """
    ending = suffix or _EXTENSIONS.get(version.media_type, "bin")
    return f"documents/{version.document_id}/{version.id}.{ending}"


def archive_version(
    file: Path,
    *,
    version: VersionToArchive,
    storage: ObjectStorage,
    work_folder: Path,
    companions: Sequence[Companion] = (),
) -> ArchivedVersion:
    """Store a version write-once, read it back, and complete it with its manifest.

    The manifest comes last: a version without one was not finished, and calling again with equal
    values finishes it. Calling again afterwards changes nothing.

    Args:
        file: the version's bytes, in the work folder.
        version: what the manifest says of it; `sha256` must be that of the file.
        storage: where it goes.
        work_folder: where the manifest may be written before it is stored.
        companions: further files that lie beside it under the same retention.

    Raises:
        DigestMismatchError: the file, or what the storage gave back, has other bytes.
        KeyInUseError: an earlier attempt stored other bytes.
        StorageUnavailableError: try again later.
    """
    key = key_of_version(version)
    _store_verified(file, key=key, version=version, storage=storage, expected=version.sha256)
    stored = []
    for companion in companions:
        companion_key = key_of_version(version, suffix=companion.suffix)
        digest = _store_verified(
            companion.file, key=companion_key, version=version, storage=storage
        )
        stored.append(StoredCompanion(suffix=companion.suffix, sha256=digest))
    state = storage.state(key)
    manifest = Manifest(
        key=key, size_bytes=state.size_bytes, version=version, companions=tuple(stored)
    )
    manifest_key = key_of_version(version, suffix="manifest.json")
    with tempfile.TemporaryDirectory(dir=work_folder) as folder:
        manifest_file = Path(folder) / "manifest.json"
        manifest_file.write_bytes(write_manifest(manifest))
        _store_verified(manifest_file, key=manifest_key, version=version, storage=storage)
    return ArchivedVersion(
        version=StoredVersion(
            id=version.id,
            document_id=version.document_id,
            kind=version.kind,
            sha256=version.sha256,
            size_bytes=state.size_bytes,
            media_type=version.media_type,
            stored_at=state.stored_at,
            reason=version.reason,
            level=version.level,
            pdfa=version.pdfa,
            signatures=version.signatures,
            retain_until=version.retain_until,
        ),
        key=key,
        manifest_key=manifest_key,
        companion_keys=tuple(key_of_version(version, suffix=one.suffix) for one in companions),
    )


def archive_record(
    content: bytes,
    *,
    key: str,
    document_id: str,
    retain_until: date | None,
    storage: ObjectStorage,
    work_folder: Path,
) -> None:
    """Store a description record write-once and read it back; a second time changes nothing.

    Raises:
        DigestMismatchError: the storage gave back other bytes.
        KeyInUseError: other bytes are stored under the key.
        StorageUnavailableError: try again later.
    """
    expected = sha256_of_bytes(content)
    with tempfile.TemporaryDirectory(dir=work_folder) as folder:
        file = Path(folder) / "record.json"
        file.write_bytes(content)
        storage.store(
            file,
            key=key,
            retain_until=retain_until,
            metadata={"document-id": document_id, "kind": "description_record"},
            expected=expected,
        )
    found, _ = digest_of_object(storage, key)
    if found != expected:
        raise DigestMismatchError(key, expected=expected, found=found)


def compress_file(source: Path, target: Path) -> None:
    """Write the gzip of a file, without name and time, so that equal content gives equal bytes."""
    with (
        source.open("rb") as plain,
        target.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as packed,
    ):
        shutil.copyfileobj(plain, packed)


def _store_verified(
    file: Path,
    *,
    key: str,
    version: VersionToArchive,
    storage: ObjectStorage,
    expected: Sha256 | None = None,
) -> Sha256:
    """Store a file and read it back from the storage."""
    names = {"document-id": version.document_id, "version-id": version.id, "kind": version.kind}
    if version.file_name:
        names["file-name"] = version.file_name
    digest = storage.store(
        file, key=key, retain_until=version.retain_until, metadata=names, expected=expected
    )
    found, _ = digest_of_object(storage, key)
    if found != digest:
        raise DigestMismatchError(key, expected=digest, found=found)
    return digest
