"""The mathematics of a signature, by hand: digest and RSA, tolerant where others only refuse.

Some government signatures leave the NULL parameter out of the DigestInfo, against RFC 8017 §9.2;
OpenSSL refuses them, though the digest inside is right. Such a signature is odd, not forged.
"""

import hashlib
from dataclasses import dataclass
from typing import Literal

from asn1crypto import algos, cms, core, x509

Encoding = Literal["standard", "without_null", "unknown"]
_PSS = "rsassa_pss"


@dataclass(frozen=True, slots=True)
class SignatureMath:
    """Whether the document's digest is the signed one, and whether the key made the signature.

    `is_right` None means that this check does not know the algorithm.
    """

    is_intact: bool
    is_right: bool | None
    encoding: Encoding


def check_math(
    signer_info: cms.SignerInfo, certificate: x509.Certificate | None, *, signed_bytes_digest: bytes
) -> SignatureMath:
    """Check a signature over a document whose digest is given.

    Args:
        signer_info: from the signature's CMS object (RFC 5652 §5.3).
        certificate: of the signer, where it was found.
        signed_bytes_digest: digest of the byte range, by the signer's digest algorithm.
    """
    attributes = signer_info["signed_attrs"]
    is_intact = True
    if len(attributes):
        is_intact = _message_digest(attributes) == signed_bytes_digest
        signed = _as_signed(attributes)
    else:
        signed = None
    algorithm = signer_info["digest_algorithm"]["algorithm"].native
    digest = hashlib.new(algorithm, signed).digest() if signed else signed_bytes_digest
    if certificate is None:
        return SignatureMath(is_intact, None, "unknown")
    is_right, encoding = _check_rsa(signer_info, certificate, digest, algorithm)
    if signed is None and is_right is not None:
        is_intact = is_right
    return SignatureMath(is_intact, is_right, encoding)


def _message_digest(attributes: cms.CMSAttributes) -> bytes:
    for attribute in attributes:
        if attribute["type"].native == "message_digest":
            return bytes(attribute["values"][0].native)
    return b""


def _as_signed(attributes: cms.CMSAttributes) -> bytes:
    """Return the attributes as they were signed: a SET OF, not the implicit tag (RFC 5652 §5.4)."""
    content = attributes.dump()
    return b"\x31" + bytes(content[1:])


def _check_rsa(
    signer_info: cms.SignerInfo, certificate: x509.Certificate, digest: bytes, algorithm: str
) -> tuple[bool | None, Encoding]:
    key = certificate.public_key
    mechanism = signer_info["signature_algorithm"]["algorithm"].native
    if key.algorithm != "rsa" or mechanism == _PSS:
        return None, "unknown"
    parsed = key["public_key"].parsed
    modulus, exponent = parsed["modulus"].native, parsed["public_exponent"].native
    signature = int.from_bytes(signer_info["signature"].native, "big")
    size = (modulus.bit_length() + 7) // 8
    padded = pow(signature, exponent, modulus).to_bytes(size, "big")
    # EMSA-PKCS1-v1_5: 00 01 FF … FF 00 DigestInfo (RFC 8017 §9.2).
    if not padded.startswith(b"\x00\x01\xff"):
        return False, "unknown"
    filler, _, info = padded[2:].partition(b"\x00")
    if filler.strip(b"\xff"):
        return False, "unknown"
    oid = algos.DigestAlgorithmId(algorithm).dump()
    for encoding, parameters in (("standard", core.Null().dump()), ("without_null", b"")):
        if info == _digest_info(oid + parameters, digest):
            return True, encoding  # type: ignore[return-value]  # one of the two names above
    return False, "unknown"


def _digest_info(algorithm: bytes, digest: bytes) -> bytes:
    inner = _der(0x30, algorithm) + _der(0x04, digest)
    return _der(0x30, inner)


def _der(tag: int, content: bytes) -> bytes:
    assert len(content) < 128  # noqa: PLR2004, S101 - short form of the length; digests are short
    return bytes((tag, len(content))) + content
