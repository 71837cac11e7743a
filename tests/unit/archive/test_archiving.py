"""Archiving a version: stored, read back, described, and harmless to repeat."""

import gzip
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.archiving import Companion, archive_version, compress_file, key_of_version
from archive.errors import DigestMismatchError, KeyInUseError, UnusableManifestError
from archive.folder_storage import FolderStorage
from archive.manifest import (
    Manifest,
    StoredCompanion,
    VersionToArchive,
    read_manifest,
    write_manifest,
)
from documents.errors import Reason
from documents.identifiers import DocumentId, VersionId, sha256_of_bytes
from documents.model import Box, PdfaVerdict, SignatureVerdict, Tag

CONTENT = b"%PDF-2.0 genuine"
THEN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
VERSION = VersionToArchive(
    id=VersionId("ver_1"),
    document_id=DocumentId("doc_1"),
    kind="signed",
    sha256=sha256_of_bytes(CONTENT),
    media_type="application/pdf",
    created_at=THEN,
    reason="ký số",
    retain_until=date(2047, 1, 1),
    component_type="quyet_dinh",
    procedure="2.001035",
    dossier_code="H42.21-261124-0001",
    page_count=2,
    file_name="Quyết định 120.pdf",
    pdfa=PdfaVerdict(claim="2u", passed=True),
    signatures=(
        SignatureVerdict(
            field_name="SoHoa_CoQuan",
            conclusion="valid",
            reasons=(Reason(code="ok", vi="hợp lệ", en="valid"),),
            checked_at=THEN,
            verifier="pyHanko",
        ),
    ),
    tags=(
        Tag(
            name="number",
            value="120/QĐ-UBND",
            state="confirmed",
            confidence=0.93,
            page=1,
            box=Box(1, 2, 3, 4),
            decided_by="acc_1",
            decided_at=THEN,
        ),
    ),
)


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "archive")


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    file = tmp_path / "document.pdf"
    file.write_bytes(CONTENT)
    return file


@pytest.fixture
def alto(tmp_path: Path) -> Companion:
    plain = tmp_path / "alto.xml"
    plain.write_text("<alto/>", encoding="utf-8")
    packed = tmp_path / "alto.xml.gz"
    compress_file(plain, packed)
    return Companion(suffix="alto.xml.gz", file=packed)


def test_version_companion_and_manifest_lie_side_by_side(
    storage: FolderStorage, pdf: Path, alto: Companion, tmp_path: Path
) -> None:
    archived = archive_version(
        pdf, version=VERSION, storage=storage, work_folder=tmp_path, companions=[alto]
    )

    assert list(storage.keys()) == [
        "documents/doc_1/ver_1.alto.xml.gz",
        "documents/doc_1/ver_1.manifest.json",
        "documents/doc_1/ver_1.pdf",
    ]
    assert archived.version.sha256 == VERSION.sha256
    assert archived.version.size_bytes == len(CONTENT)
    assert {storage.state(key).retain_until for key in storage.keys()} == {date(2047, 1, 1)}  # noqa: SIM118 - no mapping


def test_manifest_is_enough_to_know_the_version_again(
    storage: FolderStorage, pdf: Path, alto: Companion, tmp_path: Path
) -> None:
    archived = archive_version(
        pdf, version=VERSION, storage=storage, work_folder=tmp_path, companions=[alto]
    )

    with storage.open(archived.manifest_key) as stream:
        manifest = read_manifest(stream.read())

    assert manifest == Manifest(
        key=archived.key,
        size_bytes=len(CONTENT),
        version=VERSION,
        companions=(
            StoredCompanion(suffix="alto.xml.gz", sha256=sha256_of_bytes(alto.file.read_bytes())),
        ),
    )


def test_archiving_again_changes_nothing(
    storage: FolderStorage, pdf: Path, alto: Companion, tmp_path: Path
) -> None:
    first = archive_version(
        pdf, version=VERSION, storage=storage, work_folder=tmp_path, companions=[alto]
    )

    second = archive_version(
        pdf, version=VERSION, storage=storage, work_folder=tmp_path, companions=[alto]
    )

    assert second == first


def test_an_attempt_that_died_half_way_is_finished(
    storage: FolderStorage, pdf: Path, tmp_path: Path
) -> None:
    storage.store(pdf, key=key_of_version(VERSION), retain_until=date(2047, 1, 1), metadata={})

    archived = archive_version(pdf, version=VERSION, storage=storage, work_folder=tmp_path)

    assert archived.manifest_key in list(storage.keys())


def test_other_bytes_than_promised_are_not_archived(
    storage: FolderStorage, pdf: Path, tmp_path: Path
) -> None:
    pdf.write_bytes(b"%PDF-2.0 damaged on the way")

    with pytest.raises(DigestMismatchError):
        archive_version(pdf, version=VERSION, storage=storage, work_folder=tmp_path)

    assert list(storage.keys()) == []


def test_a_version_whose_stored_bytes_went_bad_is_noticed(
    storage: FolderStorage, pdf: Path, tmp_path: Path
) -> None:
    archived = archive_version(pdf, version=VERSION, storage=storage, work_folder=tmp_path)
    stored = tmp_path / "archive" / "objects" / archived.key
    stored.chmod(0o640)
    stored.write_bytes(bytes([CONTENT[0] ^ 1]) + CONTENT[1:])

    with pytest.raises(DigestMismatchError):
        archive_version(pdf, version=VERSION, storage=storage, work_folder=tmp_path)


def test_other_tags_under_the_same_version_are_refused(
    storage: FolderStorage, pdf: Path, tmp_path: Path
) -> None:
    archive_version(pdf, version=VERSION, storage=storage, work_folder=tmp_path)

    with pytest.raises(KeyInUseError, match="manifest"):
        archive_version(
            pdf,
            version=replace(VERSION, procedure="1.001193"),
            storage=storage,
            work_folder=tmp_path,
        )


def test_compressing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    source = tmp_path / "a.xml"
    source.write_bytes(b"<alto/>" * 100)

    compress_file(source, tmp_path / "1.gz")
    compress_file(source, tmp_path / "2.gz")

    assert (tmp_path / "1.gz").read_bytes() == (tmp_path / "2.gz").read_bytes()
    assert gzip.decompress((tmp_path / "1.gz").read_bytes()) == source.read_bytes()


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts, texts, st.floats(0, 1), st.one_of(st.none(), st.dates()))
def test_every_manifest_reads_back_as_it_was_written(
    name: str, value: str, confidence: float, until: date | None
) -> None:
    tag = Tag(name=name, value=value, state="proposed", confidence=confidence)
    manifest = Manifest(
        key="documents/doc_1/ver_1.pdf",
        size_bytes=1,
        version=replace(VERSION, tags=(tag,), retain_until=until),
    )

    assert read_manifest(write_manifest(manifest)) == manifest


@given(st.binary())
def test_no_bytes_make_the_manifest_reader_raise_anything_else(content: bytes) -> None:
    with pytest.raises(UnusableManifestError):
        read_manifest(content)


def test_manifest_of_a_later_schema_is_refused() -> None:
    manifest = Manifest(key="k.pdf", size_bytes=1, version=VERSION, schema=2)

    with pytest.raises(UnusableManifestError, match="schema 2"):
        read_manifest(write_manifest(manifest))
