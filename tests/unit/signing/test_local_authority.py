"""The office's own test authority: made once, whole, and pointing nowhere."""

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID

from documents.identifiers import sha256_of_file
from signing.errors import CertificateExpiredError, SigningKeyError
from signing.identity import Pkcs12Identity
from signing.local_authority import LocalAuthority, ensure_local_authority
from tests.unit.signing.material import NOW, StoppedClock

pytestmark = pytest.mark.xdist_group("signing")


@pytest.fixture
def copied(authority: LocalAuthority, tmp_path: Path) -> LocalAuthority:
    """Give an authority that may be spoilt."""
    return LocalAuthority(Path(shutil.copytree(authority.folder, tmp_path / "pki")))


def certificates_of(authority: LocalAuthority) -> list[x509.Certificate]:
    found = [
        x509.load_pem_x509_certificate(file.read_bytes())
        for file in (authority.root, authority.issuing)
    ]
    for name in ("officer", "agency", "tsa"):
        loaded = pkcs12.load_pkcs12(authority.key_file(name).read_bytes(), authority.passphrase())
        assert loaded.cert is not None
        found.append(loaded.cert.certificate)
    return found


def digests_of(authority: LocalAuthority) -> dict[str, str]:
    return {file.name: sha256_of_file(file) for file in authority.folder.iterdir()}


def test_certificates_chain_to_the_root(authority: LocalAuthority) -> None:
    root, issuing, *people = certificates_of(authority)

    root.verify_directly_issued_by(root)
    issuing.verify_directly_issued_by(root)
    for certificate in people:
        certificate.verify_directly_issued_by(issuing)


def test_no_certificate_points_to_an_address(authority: LocalAuthority) -> None:
    for certificate in certificates_of(authority):
        content = certificate.tbs_certificate_bytes

        assert not re.search(rb"https?:|ldap:|localhost|127\.0\.0\.1", content)


def test_keys_are_rsa_which_keeps_pdfa_2(authority: LocalAuthority) -> None:
    for certificate in certificates_of(authority):
        key = certificate.public_key()

        assert isinstance(key, RSAPublicKey)
        assert key.key_size >= 3072  # 128 bits of strength


def test_every_name_says_that_it_is_a_test(authority: LocalAuthority) -> None:
    for certificate in certificates_of(authority):
        assert "THỬ NGHIỆM" in certificate.subject.rfc4514_string()


def test_key_for_time_stamps_is_for_nothing_else(authority: LocalAuthority) -> None:
    stamping = certificates_of(authority)[-1]

    usage = stamping.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert usage.critical
    assert list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def test_secrets_are_for_us_alone(authority: LocalAuthority) -> None:
    assert authority.folder.stat().st_mode & 0o077 == 0
    for file in authority.folder.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_authority_is_made_once(authority: LocalAuthority) -> None:
    before = digests_of(authority)

    again = ensure_local_authority(authority.folder, clock=StoppedClock())

    assert digests_of(again) == before


def test_two_who_begin_together_end_with_one_authority(tmp_path: Path) -> None:
    def begin(_number: int) -> dict[str, str]:
        return digests_of(ensure_local_authority(tmp_path / "pki", clock=StoppedClock()))

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(begin, range(2))

    assert first == second
    assert [path.name for path in tmp_path.iterdir()] == ["pki"]


def test_revocation_lists_are_made_anew_before_they_end(copied: LocalAuthority) -> None:
    later = NOW + timedelta(days=500)

    ensure_local_authority(copied.folder, clock=StoppedClock(later))

    for file in copied.revocation_lists:
        renewed = x509.load_der_x509_crl(file.read_bytes())
        assert renewed.next_update_utc is not None
        assert renewed.next_update_utc > later + timedelta(days=365)


def test_missing_key_is_a_mistake_of_the_installation(copied: LocalAuthority) -> None:
    copied.key_file("officer").unlink()

    with pytest.raises(SigningKeyError) as caught:
        Pkcs12Identity(copied.key_file("officer"), passphrase=copied.passphrase(), now=NOW)

    assert "officer.p12" in caught.value.reason.vi


def test_missing_passphrase_is_a_mistake_of_the_installation(copied: LocalAuthority) -> None:
    (copied.folder / "passphrase").unlink()

    with pytest.raises(SigningKeyError):
        copied.passphrase()


@pytest.mark.parametrize("days", [-1, 5 * 365 + 2])
def test_certificate_that_is_not_valid_now_is_refused(authority: LocalAuthority, days: int) -> None:
    with pytest.raises(CertificateExpiredError):
        Pkcs12Identity(
            authority.key_file("officer"),
            passphrase=authority.passphrase(),
            now=NOW + timedelta(days=days),
        )
