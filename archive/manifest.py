"""The manifest beside each stored version: enough to rebuild the catalogue from the storage."""

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import TypeAdapter, ValidationError

from archive.canonical_json import places_of, to_canonical_json
from archive.errors import UnusableManifestError
from documents.identifiers import BatchId, DocumentId, PageId, Sha256, VersionId
from documents.model import PdfaVerdict, SignatureVerdict, Tag, VersionKind

_SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionToArchive:
    """One version of a document as it is about to be stored; all of it goes into the manifest.

    A retry must bring equal values (`created_at` is when the version came to be, not when it is
    stored), or it would meet other bytes under the manifest's key. `sha256` is what the file must
    have. `level` is the signature level; `reason` says why this version exists.
    """

    id: VersionId
    document_id: DocumentId
    kind: VersionKind
    sha256: Sha256
    media_type: str
    created_at: datetime
    reason: str
    retain_until: date | None
    component_type: str | None = None
    procedure: str | None = None
    dossier_code: str | None = None
    batch_id: BatchId | None = None
    page_ids: tuple[PageId, ...] = ()
    page_count: int = 0
    file_name: str = ""
    level: str | None = None
    pdfa: PdfaVerdict | None = None
    signatures: tuple[SignatureVerdict, ...] = ()
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCompanion:
    """A file that belongs to a version (such as its ALTO text), as it is stored."""

    suffix: str
    sha256: Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a manifest object says; `key` is where the version's bytes lie."""

    key: str
    size_bytes: int
    version: VersionToArchive
    companions: tuple[StoredCompanion, ...] = ()
    schema: int = _SCHEMA


_MANIFEST = TypeAdapter(Manifest)


def write_manifest(manifest: Manifest) -> bytes:
    """Return the manifest as canonical JSON: sorted names, no blanks, UTF-8, equal for equal."""
    content = _MANIFEST.dump_python(manifest, mode="json")
    return to_canonical_json(content)


def read_manifest(content: bytes) -> Manifest:
    """Return what `write_manifest` wrote.

    Raises:
        UnusableManifestError: it is none, or of a later schema.
    """
    try:
        manifest = _MANIFEST.validate_json(content)
    except ValidationError as error:
        raise UnusableManifestError(places_of(error)) from error
    if manifest.schema != _SCHEMA:
        raise UnusableManifestError(f"schema {manifest.schema}")
    return manifest
