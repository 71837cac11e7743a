"""Judging every signature of a PDF, whoever made it; each ends in a verdict with its reasons."""

import asyncio
import zlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from asn1crypto import x509
from cryptography import x509 as pyca_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from documents.model import SignatureVerdict
from signing.errors import UnreadableSignedFileError
from signing.file_views import LeanReader, skip_start, tail_length
from signing.judging import Evidence, judge
from signing.looking import look_at_signature, unreadable_fields

_HEADER = b"%PDF-"
_HEADER_WITHIN = 1024
_LARGEST_TAIL = 2
# What the parsers below raise on hostile or odd material.
PARSER_ERRORS = (
    PdfError,
    zlib.error,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    NotImplementedError,
    RecursionError,
    OverflowError,
    AssertionError,
)


def validate_signatures(
    file: Path, *, trust_roots: Sequence[Path], checked_at: datetime
) -> tuple[SignatureVerdict, ...]:
    """Return a verdict for each signature of a PDF, in the order of signing; no network is used.

    Args:
        file: any PDF; bytes before its header are allowed.
        trust_roots: root certificates (PEM) of authorities that are trusted.
        checked_at: the present moment, written into the verdicts.

    Raises:
        UnreadableSignedFileError: the file is no PDF that can be read.
    """
    roots = tuple(_certificate(root) for root in trust_roots)
    # Read where it lies: a document of 600 pages is nearly 1 GB.
    with file.open("rb") as stream, _from_header(stream) as content:
        try:
            reader = LeanReader(content, strict=False)
            signatures, broken = _embedded(reader)
        except PARSER_ERRORS as error:
            raise UnreadableSignedFileError from error
        has_tail = bool(signatures) and tail_length(stream) > _LARGEST_TAIL
        evidence = asyncio.run(_look_at_all(reader, signatures, roots, has_tail=has_tail))
    verdicts = [
        judge(one, is_last=one is evidence[-1], later=evidence[place + 1 :], checked_at=checked_at)
        for place, one in enumerate(evidence)
    ]
    return (*verdicts, *(unreadable_fields(broken, checked_at=checked_at)))


def _embedded(reader: PdfFileReader) -> tuple[list[EmbeddedPdfSignature], list[str]]:
    """Return the signatures that can be opened, and the names of fields whose cannot."""
    try:
        return list(reader.embedded_signatures), []
    except PARSER_ERRORS:
        return _embedded_one_by_one(reader)


def _embedded_one_by_one(
    reader: PdfFileReader,
) -> tuple[list[EmbeddedPdfSignature], list[str]]:
    """Open the fields one at a time, so that one odd signature does not hide the others."""
    from pyhanko.sign.fields import enumerate_sig_fields  # noqa: PLC0415 - rarely needed

    opened, broken = [], []
    for name, _, field in enumerate_sig_fields(reader, filled_status=True):
        try:
            opened.append(EmbeddedPdfSignature(reader, field.get_object(), name))
        except PARSER_ERRORS:
            broken.append(str(name))
    opened.sort(key=lambda one: one.signed_revision)
    return opened, broken


async def _look_at_all(
    reader: PdfFileReader,
    signatures: Sequence[EmbeddedPdfSignature],
    roots: Sequence[x509.Certificate],
    *,
    has_tail: bool,
) -> list[Evidence]:
    return [
        await look_at_signature(reader, one, roots, has_tail=has_tail)
        for one in signatures
        if str(one.sig_object_type) != "/DocTimeStamp"
    ]


def _from_header(stream: BinaryIO) -> BinaryIO:
    """Leave out what some portals write before the header; offsets in the file count from it."""
    start = stream.read(_HEADER_WITHIN).find(_HEADER)
    if start < 0:
        raise UnreadableSignedFileError
    stream.seek(0)
    return skip_start(stream, start) if start else stream


def _certificate(file: Path) -> x509.Certificate:
    loaded: Any = pyca_x509.load_pem_x509_certificate(file.read_bytes())
    return x509.Certificate.load(loaded.public_bytes(serialization.Encoding.DER))
