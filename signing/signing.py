"""Signing an assembled PDF/A: the officer first, then the agency, each with a time-stamp.

PAdES baseline (ETSI EN 319 142-1): B-T at once; with the office's own authority the chain and the
revocation lists go in as well (B-LT). Both fields are made before the first signature, all later
writing is incremental, and nothing rewrites the file afterwards.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from asn1crypto import x509
from cryptography import x509 as pyca_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator import ValidationContext

from documents.clock import Clock
from documents.identifiers import Sha256, sha256_of_file
from documents.model import SignatureVerdict
from signing.errors import (
    AlreadySignedError,
    InvalidSignatureError,
    TimestampUnavailableError,
    UnreadableSignedFileError,
)
from signing.identity import Pkcs12Identity, SigningIdentity
from signing.local_authority import LocalAuthority
from signing.stamp_font import stamp_font
from signing.stamps import PageSize, Stamp, agency_stamp, officer_stamp
from signing.timestamps import LocalTimestampAuthority, TimestampSource
from signing.validating import validate_signatures

OFFICER_FIELD, AGENCY_FIELD = "SoHoa_CaNhan", "SoHoa_CoQuan"
LEVEL = "LT"
_REASON = "Số hóa từ bản giấy"
# Room for the signature with its time-stamp and chain, so that no dry run is needed: 12 KB used.
_BYTES_RESERVED = 32768
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningRequest:
    """Who signs, by which authority, and what the stamps say.

    `timestamps` None means the office's own time-stamps.
    """

    authority: LocalAuthority
    officer: str
    agency: str
    font_folder: Path
    clock: Clock
    timestamps: TimestampSource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPdf:
    """A signed file that was checked right after it was made."""

    file: Path
    sha256: Sha256
    size_bytes: int
    level: str
    signatures: tuple[SignatureVerdict, ...]


@dataclass(frozen=True, slots=True)
class _Keys:
    officer: SigningIdentity
    agency: SigningIdentity
    timestamps: TimestampSource
    context: Mapping[str, Any]


def sign_pdf(file: Path, *, out: Path, request: SigningRequest) -> SignedPdf:
    """Sign a PDF/A that we built; the result appears whole, and checked, or not at all.

    Raises:
        AlreadySignedError: it holds signatures already.
        TimestampUnavailableError: no time-stamp came; try again later.
        InvalidSignatureError: what was made does not hold.
        SigningKeyError, CertificateExpiredError: the keys cannot be used.
        UnreadableSignedFileError: the file is no readable PDF.
    """
    keys = _keys(request.authority, request.clock)
    if request.timestamps is not None:
        keys = replace(keys, timestamps=request.timestamps)
    part = out.with_name(f"{out.name}.part")
    try:
        # All is appended to a copy in place: a document of 200 pages is 300 MB, and would
        # otherwise be held in memory several times.
        shutil.copyfile(file, part)
        _sign_in_place(part, request, keys)
        verdicts = validate_signatures(
            part, trust_roots=(request.authority.root,), checked_at=request.clock.now()
        )
        _check(verdicts)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return SignedPdf(
        file=out,
        sha256=sha256_of_file(out),
        size_bytes=out.stat().st_size,
        level=LEVEL,
        signatures=verdicts,
    )


def _sign_in_place(file: Path, request: SigningRequest, keys: _Keys) -> None:
    font = stamp_font(request.font_folder)
    with file.open("r+b") as stream:
        page = _first_page(stream)
        now = request.clock.now()
        officer = officer_stamp(request.officer, now, page=page, font=font)
        agency = agency_stamp(request.agency, now, page=page, font=font)
        _add_fields(stream, {OFFICER_FIELD: officer, AGENCY_FIELD: agency})
        _sign(stream, OFFICER_FIELD, keys.officer, keys=keys, stamp=officer)
        _sign(stream, AGENCY_FIELD, keys.agency, keys=keys, stamp=agency)
        stream.flush()
        os.fsync(stream.fileno())


@lru_cache(maxsize=2)
def _keys(authority: LocalAuthority, clock: Clock) -> _Keys:
    """Open the keys once for a process."""
    now, passphrase = clock.now(), authority.passphrase()
    officer, agency, tsa = (
        Pkcs12Identity(authority.key_file(name), passphrase=passphrase, now=now)
        for name in ("officer", "agency", "tsa")
    )
    root, issuing = (_certificate(file) for file in (authority.root, authority.issuing))
    context = {
        "trust_roots": [root],
        "other_certs": [issuing],
        "crls": [file.read_bytes() for file in authority.revocation_lists],
        "allow_fetching": False,
        "revocation_mode": "hard-fail",
    }
    return _Keys(officer, agency, LocalTimestampAuthority(tsa, clock=clock), context)


def _certificate(file: Path) -> x509.Certificate:
    certificate = pyca_x509.load_pem_x509_certificate(file.read_bytes())
    return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _first_page(stream: BinaryIO) -> PageSize:
    try:
        reader = PdfFileReader(stream)
        if reader.embedded_signatures:
            raise AlreadySignedError
        page = reader.root["/Pages"]["/Kids"][0]
        while "/Kids" in page:
            page = page["/Kids"][0]
        x0, y0, x1, y1 = (float(value) for value in page["/MediaBox"])
    except (PdfError, KeyError, ValueError, IndexError) as error:
        raise UnreadableSignedFileError from error
    return PageSize(x0, y0, x1 - x0, y1 - y0)


def _add_fields(stream: BinaryIO, stamps: Mapping[str, Stamp]) -> None:
    """Add both fields before the first signature: a later new field would break it."""
    writer = IncrementalPdfFileWriter(stream)
    for name, stamp in stamps.items():
        fields.append_signature_field(writer, fields.SigFieldSpec(name, on_page=0, box=stamp.box))
    writer.write_in_place()


def _sign(
    stream: BinaryIO, field_name: str, identity: SigningIdentity, *, keys: _Keys, stamp: Stamp
) -> None:
    metadata = signers.PdfSignatureMetadata(
        field_name=field_name,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=_REASON,
        name=identity.common_name,
        embed_validation_info=True,
        validation_context=ValidationContext(**keys.context),
        dss_settings=DSSContentSettings(include_vri=False),
    )
    signer = signers.PdfSigner(
        metadata, signer=identity.signer, timestamper=keys.timestamps, stamp_style=stamp.style
    )
    try:
        signer.sign_pdf(
            IncrementalPdfFileWriter(stream),
            existing_fields_only=True,
            in_place=True,
            chunk_size=_CHUNK,
            bytes_reserved=_BYTES_RESERVED,
            appearance_text_params={"shown": stamp.text},
        )
    except TimestampRequestError as error:
        raise TimestampUnavailableError(type(error).__name__) from error
    except SigningError as error:
        raise InvalidSignatureError(field_name) from error


def _check(verdicts: tuple[SignatureVerdict, ...]) -> None:
    """Verify after signing, every time."""
    by_field = {verdict.field_name: verdict for verdict in verdicts}
    for name in (OFFICER_FIELD, AGENCY_FIELD):
        verdict = by_field.get(name)
        if verdict is None or verdict.conclusion != "valid" or verdict.level != LEVEL:
            raise InvalidSignatureError(name)
