"""What every key promises: raw signatures that its certificate confirms, and our own errors."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from documents.clock import SystemClock
from signing.errors import CertificateExpiredError, SigningKeyError
from signing.identity import Pkcs12Identity, SigningIdentity
from signing.local_authority import LocalAuthority
from tests.contract.backends import IDENTITIES

pytestmark = pytest.mark.xdist_group("signing-contract")
HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


@pytest.fixture(params=IDENTITIES)
def identity(request: pytest.FixtureRequest, authority: LocalAuthority) -> SigningIdentity:
    return IDENTITIES[request.param](authority, SystemClock())


def raw_signature(identity: SigningIdentity, data: bytes, digest: str) -> bytes:
    return bytes(asyncio.run(identity.signer.async_sign_raw(data, digest)))


def public_key_of(identity: SigningIdentity) -> RSAPublicKey:
    signing = identity.signer.signing_cert
    assert signing is not None
    key = x509.load_der_x509_certificate(signing.dump()).public_key()
    assert isinstance(key, RSAPublicKey)
    return key


@pytest.mark.parametrize("digest", HASHES)
def test_certificate_confirms_what_the_key_signed(identity: SigningIdentity, digest: str) -> None:
    signature = raw_signature(identity, b"giay to", digest)

    key = public_key_of(identity)
    key.verify(signature, b"giay to", PKCS1v15(), HASHES[digest])
    with pytest.raises(InvalidSignature):
        key.verify(signature, b"giay khac", PKCS1v15(), HASHES[digest])


def test_key_is_rsa(identity: SigningIdentity) -> None:
    assert public_key_of(identity).key_size >= 2048


def test_name_is_that_of_the_certificate(identity: SigningIdentity) -> None:
    assert identity.common_name == "Cán bộ số hóa (THỬ NGHIỆM)"


def test_certificates_of_the_chain_come_along(identity: SigningIdentity) -> None:
    registry = identity.signer.cert_registry

    assert registry is not None
    assert len(list(registry)) >= 1


def test_wrong_passphrase_is_said_without_telling_it(authority: LocalAuthority) -> None:
    with pytest.raises(SigningKeyError) as caught:
        Pkcs12Identity(
            authority.key_file("officer"), passphrase=b"sai-mat-khau", now=SystemClock().now()
        )

    assert "officer.p12" in caught.value.reason.vi
    assert "sai-mat-khau" not in str(caught.value)


def test_file_that_is_no_key_is_said(tmp_path: Path) -> None:
    file = tmp_path / "officer.p12"
    file.write_bytes(b"khong phai khoa")

    with pytest.raises(SigningKeyError):
        Pkcs12Identity(file, passphrase=b"", now=SystemClock().now())


def test_expired_certificate_is_refused(authority: LocalAuthority) -> None:
    later = SystemClock().now() + timedelta(days=6 * 365)

    with pytest.raises(CertificateExpiredError) as caught:
        Pkcs12Identity(authority.key_file("officer"), passphrase=authority.passphrase(), now=later)

    assert caught.value.reason.vi
