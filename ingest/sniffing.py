"""Tells what a delivered file is from its first bytes, never from its name."""

from pathlib import Path
from typing import Literal

from ingest.errors import EmptyFileError, UnsupportedFileError

FileKind = Literal["jpeg", "png", "tiff", "bmp", "gif", "webp", "heic", "pdf"]

MEDIA_TYPES: dict[FileKind, str] = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "pdf": "application/pdf",
}

# ISO 32000-1 Annex H: readers accept the header anywhere within the first 1024 bytes.
_HEAD_BYTES = 1024
_MAGIC: tuple[tuple[bytes, FileKind], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_KNOWN_OTHERS = (
    (b"PK\x03\x04", "ZIP, Word, Excel"),
    (b"\xd0\xcf\x11\xe0", "Word, Excel 97-2003"),
    (b"%!PS", "PostScript"),
    (b"{\\rtf", "RTF"),
    (b"AT&TFORM", "DjVu"),
)


def sniff_file(file: Path) -> FileKind:
    """Return what the file holds, by its content.

    Raises:
        EmptyFileError: it has no bytes.
        UnsupportedFileError: it is none of the kinds that we open.
    """
    with file.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if not head:
        raise EmptyFileError
    kind = _kind_of(head)
    if kind is None:
        raise UnsupportedFileError(
            next((name for magic, name in _KNOWN_OTHERS if head.startswith(magic)), "")
        )
    return kind


def _kind_of(head: bytes) -> FileKind | None:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "heic"
    return "pdf" if b"%PDF-" in head else None
