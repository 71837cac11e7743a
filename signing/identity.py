"""Who signs: a key and its certificates, behind a port that tokens and remote services fit."""

from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.errors import CertificateExpiredError, SigningKeyError

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


class SigningIdentity(Protocol):
    """A person or an agency that can sign now.

    `signer` is what the signing library asks for raw signatures: a key in this process, a token
    (PKCS#11), or a remote service. Keys are RSA: elliptic curves would break PDF/A-2.
    """

    @property
    def signer(self) -> Signer: ...

    @property
    def common_name(self) -> str: ...


class WarmSigner(SimpleSigner):
    """Signs with a key that was parsed once; parsing it each time costs more than signing."""

    def __init__(self, key: RSAPrivateKey, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._warm_key = key

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """Return the raw RSASSA-PKCS1-v1_5 signature of the data (RFC 8017 §8.2)."""
        return self._warm_key.sign(data, PKCS1v15(), _HASHES[digest_algorithm])


class Pkcs12Identity:
    """A key in a PKCS#12 file, opened once for a process."""

    def __init__(self, file: Path, *, passphrase: bytes, now: datetime) -> None:
        """Open the file.

        Raises:
            SigningKeyError: no such file, another format, or a wrong passphrase.
            CertificateExpiredError: the certificate is not valid now.
        """
        try:
            loaded = pkcs12.load_pkcs12(file.read_bytes(), passphrase)
        except (OSError, ValueError) as error:
            raise SigningKeyError(file.name) from error
        if loaded.cert is None or not isinstance(loaded.key, RSAPrivateKey):
            raise SigningKeyError(file.name)
        certificate = loaded.cert.certificate
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            raise CertificateExpiredError(file.stem)
        self.key = loaded.key
        self.certificate = _asn1(certificate.public_bytes(serialization.Encoding.DER))
        self.chain = [
            _asn1(one.certificate.public_bytes(serialization.Encoding.DER))
            for one in loaded.additional_certs
        ]
        self._signer = WarmSigner(
            self.key,
            signing_cert=self.certificate,
            signing_key=self.key_info,
            cert_registry=SimpleCertificateStore.from_certs(self.chain),
        )

    @property
    def key_info(self) -> asn1_keys.PrivateKeyInfo:
        """The key as the signing library wants it."""
        content = self.key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return asn1_keys.PrivateKeyInfo.load(content)

    @property
    def signer(self) -> Signer:
        """What the signing library asks for raw signatures."""
        return self._signer

    @property
    def common_name(self) -> str:
        """The name that the certificate gives the signer."""
        return str(self.certificate.subject.native.get("common_name", ""))


def _asn1(content: bytes) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(content)
