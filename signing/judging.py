"""From evidence to a conclusion: valid only when everything holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from asn1crypto import x509

from documents.errors import Reason
from documents.model import SignatureConclusion, SignatureVerdict
from signing import findings
from signing.cms_check import SignatureMath

VERIFIER = f"sohoa 1, pyHanko {version('pyhanko')}"
_WEAK = frozenset({"sha1", "md5", "md2"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found out about one signature; None where it could not be."""

    field_name: str
    certificate: x509.Certificate | None
    math: SignatureMath | None
    is_trusted: bool | None
    is_revoked: bool
    has_roots: bool
    bottom_line: bool | None
    covers_file: bool
    covers_revision: bool
    changed_afterwards: bool | None
    has_tail: bool
    subfilter: str
    digest_algorithm: str | None
    claimed_at: datetime | None
    timestamped_at: datetime | None
    has_revocation_data: bool


def judge(
    evidence: Evidence, *, is_last: bool, later: Sequence[Evidence], checked_at: datetime
) -> SignatureVerdict:
    """Return the verdict on a signature (ETSI EN 319 102-1 §5.1.3, in three words).

    Args:
        evidence: on this signature.
        is_last: no signature follows it.
        later: evidence on those that follow.
        checked_at: the present moment.
    """
    failures = _failures(evidence, is_last=is_last, later=later)
    doubts = _doubts(evidence, later=later)
    conclusion: SignatureConclusion = "valid"
    if failures:
        conclusion = "invalid"
    elif doubts:
        conclusion = "undetermined"
    reasons = (*failures, *doubts, *(() if failures or doubts else (findings.VALID,)))
    certificate = evidence.certificate
    subject = _names(certificate.subject) if certificate else {}
    return SignatureVerdict(
        field_name=evidence.field_name,
        conclusion=conclusion,
        reasons=(*reasons, *_notes(evidence)),
        checked_at=checked_at,
        verifier=VERIFIER,
        signer=_text(subject.get("common_name")),
        organisation=_text(subject.get("organization_name")),
        issuer=_text(_names(certificate.issuer).get("common_name")) if certificate else None,
        serial=format(certificate.serial_number, "x") if certificate else None,
        not_before=certificate.not_valid_before if certificate else None,
        not_after=certificate.not_valid_after if certificate else None,
        digest_algorithm=evidence.digest_algorithm,
        subfilter=evidence.subfilter,
        level=_level(evidence),
        claimed_at=evidence.claimed_at,
        timestamped_at=evidence.timestamped_at,
        is_intact=evidence.math.is_intact if evidence.math else None,
        is_trusted=evidence.is_trusted,
        covers_whole_file=evidence.covers_file,
        changed_afterwards=evidence.changed_afterwards,
    )


def _failures(
    evidence: Evidence, *, is_last: bool, later: Sequence[Evidence]
) -> tuple[Reason, ...]:
    found = []
    math = evidence.math
    if math is not None and not math.is_intact:
        found.append(findings.DIGEST_DIFFERS)
    elif math is not None and math.is_right is False:
        found.append(findings.WRONG_SIGNATURE)
    if not evidence.covers_revision:
        found.append(findings.ODD_RANGE)
    if is_last and evidence.has_tail:
        found.append(findings.TRAILING_BYTES)
    if evidence.changed_afterwards and not _is_covered(later):
        found.append(findings.CHANGED_AFTERWARDS)
    if evidence.is_revoked:
        found.append(findings.REVOKED)
    return tuple(found)


def _doubts(evidence: Evidence, *, later: Sequence[Evidence]) -> tuple[Reason, ...]:
    found = []
    math = evidence.math
    if math is None:
        found.append(findings.UNREADABLE)
    elif math.is_right is None and evidence.bottom_line is not True:
        is_nameless = evidence.certificate is None
        found.append(findings.NO_CERTIFICATE if is_nameless else findings.UNKNOWN_ALGORITHM)
    elif math.encoding == "without_null":
        found.append(findings.ODD_ENCODING)
    if evidence.changed_afterwards and _is_covered(later):
        found.append(findings.CHANGED_BUT_COVERED)
    if not evidence.is_trusted:
        found.append(findings.UNTRUSTED)
    elif evidence.bottom_line is False and not found:
        found.append(findings.CHAIN_FAILS)
    return tuple(found)


def _is_covered(later: Sequence[Evidence]) -> bool:
    """Say whether an intact later signature stands behind what was changed."""
    return any(one.math is not None and one.math.is_intact for one in later)


def _notes(evidence: Evidence) -> tuple[Reason, ...]:
    notes = []
    if evidence.digest_algorithm in _WEAK:
        notes.append(findings.WEAK_ALGORITHM)
    if evidence.timestamped_at is None:
        notes.append(findings.NO_TIMESTAMP)
    return tuple(notes)


def _level(evidence: Evidence) -> str:
    """Return the PAdES level that the parts make: B, T or LT (ETSI EN 319 142-1 §6)."""
    if evidence.timestamped_at is None:
        return "B"
    return "LT" if evidence.has_revocation_data else "T"


def _names(name: x509.Name) -> dict[str, Any]:
    try:
        return dict(name.native)
    except (ValueError, TypeError):
        return {}


def _text(value: object) -> str | None:
    """Return a name's part as text; a part that occurs several times is joined."""
    if value is None:
        return None
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
