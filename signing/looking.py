"""Gathering the evidence on one signature: digest, mathematics, chain, later changes."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from documents.model import SignatureVerdict
from signing import findings
from signing.cms_check import SignatureMath, check_math
from signing.judging import VERIFIER, Evidence

ODD = (
    PdfError,
    SignatureValidationError,
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
_CHANGES_THAT_ARE_FINE = (
    ModificationLevel.NONE,
    ModificationLevel.LTA_UPDATES,
    ModificationLevel.FORM_FILLING,
)


async def look_at_signature(
    reader: PdfFileReader,
    signature: EmbeddedPdfSignature,
    roots: Sequence[x509.Certificate],
    *,
    has_tail: bool,
) -> Evidence:
    """Return everything that can be found out about a signature, without judging it."""
    signed_at = _timestamp(signature)
    coverage = _coverage(signature)
    is_trusted, is_revoked, bottom_line = await _chain(reader, signature, roots, signed_at)
    return Evidence(
        field_name=str(signature.field_name),
        certificate=_certificate(signature),
        math=_math(signature),
        is_trusted=is_trusted,
        is_revoked=is_revoked,
        has_roots=bool(roots),
        bottom_line=bottom_line,
        covers_file=coverage is SignatureCoverageLevel.ENTIRE_FILE,
        covers_revision=coverage
        in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION),
        changed_afterwards=_changed(signature, coverage),
        has_tail=has_tail,
        subfilter=str(signature.sig_object.get("/SubFilter", "")).lstrip("/"),
        digest_algorithm=_digest_algorithm(signature),
        claimed_at=_claimed(signature),
        timestamped_at=signed_at,
        has_revocation_data="/DSS" in reader.root,
    )


def unreadable_fields(names: Iterable[str], *, checked_at: datetime) -> Iterator[SignatureVerdict]:
    """Yield verdicts for signatures that no parser here understands."""
    for name in names:
        yield SignatureVerdict(
            field_name=name,
            conclusion="undetermined",
            reasons=(findings.UNREADABLE,),
            checked_at=checked_at,
            verifier=VERIFIER,
        )


def _certificate(signature: EmbeddedPdfSignature) -> x509.Certificate | None:
    try:
        return signature.signer_cert
    except ODD:
        return None


def _math(signature: EmbeddedPdfSignature) -> SignatureMath | None:
    try:
        return check_math(
            signature.signer_info,
            _certificate(signature),
            signed_bytes_digest=signature.compute_digest(),
        )
    except ODD:
        return None


def _timestamp(signature: EmbeddedPdfSignature) -> datetime | None:
    """Return the time in the signature's time-stamp token (RFC 3161), if it has one."""
    try:
        for attribute in signature.signer_info["unsigned_attrs"]:
            if attribute["type"].native == "signature_time_stamp_token":
                token = attribute["values"][0]["content"]
                info = token["encap_content_info"]["content"].parsed
                moment: datetime = info["gen_time"].native
                return moment
    except ODD:
        return None
    return None


def _coverage(signature: EmbeddedPdfSignature) -> SignatureCoverageLevel | None:
    try:
        level: SignatureCoverageLevel = signature.evaluate_signature_coverage()
    except ODD:
        return None
    return level


def _changed(
    signature: EmbeddedPdfSignature, coverage: SignatureCoverageLevel | None
) -> bool | None:
    """Say whether later revisions change more than signatures and validation data."""
    if coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return False
    try:
        signature.compute_integrity_info()
        result = signature.diff_result
        level = getattr(result, "modification_level", None)
    except ODD:
        return None
    if level is None:
        return True
    return level not in _CHANGES_THAT_ARE_FINE


async def _chain(
    reader: PdfFileReader,
    signature: EmbeddedPdfSignature,
    roots: Sequence[x509.Certificate],
    signed_at: datetime | None,
) -> tuple[bool | None, bool, bool | None]:
    """Return whether the chain leads to a root, whether it was revoked, and the library's word."""
    if not roots:
        return False, False, None
    try:
        context = _context(reader, roots, signed_at)
        status = await async_validate_pdf_signature(
            signature, signer_validation_context=context, ts_validation_context=context
        )
    except ODD:
        return None, False, None
    return bool(status.trusted), bool(status.revoked), bool(status.bottom_line)


def _context(
    reader: PdfFileReader, roots: Sequence[x509.Certificate], signed_at: datetime | None
) -> ValidationContext:
    """Return what the library needs to know, with what the file itself brings along."""
    settings = {"trust_roots": list(roots), **_settings(signed_at)}
    if "/DSS" not in reader.root:
        return ValidationContext(**settings)
    return DocumentSecurityStore.read_dss(reader).as_validation_context(settings)


def _settings(signed_at: datetime | None) -> dict[str, Any]:
    """Judge at the time-stamped moment where there is one, without asking any network."""
    settings: dict[str, Any] = {"allow_fetching": False, "revocation_mode": "soft-fail"}
    if signed_at is not None:
        settings |= {"moment": signed_at, "retroactive_revinfo": True}
    return settings


def _digest_algorithm(signature: EmbeddedPdfSignature) -> str | None:
    try:
        return str(signature.signer_info["digest_algorithm"]["algorithm"].native)
    except ODD:
        return None


def _claimed(signature: EmbeddedPdfSignature) -> datetime | None:
    try:
        moment: datetime | None = signature.self_reported_timestamp
    except ODD:
        return None
    return moment if moment is None or moment.tzinfo else None
