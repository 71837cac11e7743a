"""A test authority of one office: certificates for officer, agency and time-stamps, with CRLs.

It gives documents their form from the first day. Its certificates name themselves THỬ NGHIỆM; for
legal effect they are replaced by those of a state authority. No certificate points to an address:
chain and revocation lists are put into each file when it is signed.
"""

import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from documents.clock import Clock
from signing.errors import ExposedSecretError, SigningKeyError

# RSA alone keeps PDF/A-2: for elliptic curves the signing library raises the PDF version to 2.0.
_BITS_OF_AUTHORITIES, _BITS_OF_SIGNERS = 3072, 3072
_YEARS_OF_AUTHORITIES, _YEARS_OF_SIGNERS, _YEARS_OF_TSA = 20, 5, 10
# A revocation list must outlast the time in which a file is checked without a network; the
# list is made anew when half of its time is over.
_DAYS_OF_CRL = 800
_BACKDATED = timedelta(minutes=5)
_DAYS_A_YEAR = 365
_SECRETS = ("passphrase", "*.key", "*.p12")
_ORGANISATION = "Cơ quan thử nghiệm"


@dataclass(frozen=True, slots=True)
class LocalAuthority:
    """Where the authority's things lie; signers load what they need."""

    folder: Path

    @property
    def root(self) -> Path:
        """The root certificate (PEM), to be trusted."""
        return self.folder / "root.pem"

    @property
    def issuing(self) -> Path:
        """The issuing authority's certificate (PEM)."""
        return self.folder / "ca.pem"

    @property
    def revocation_lists(self) -> tuple[Path, Path]:
        """The lists of root and issuing authority (DER)."""
        return self.folder / "root.crl", self.folder / "ca.crl"

    def key_file(self, name: str) -> Path:
        """Return the PKCS#12 file of `officer`, `agency` or `tsa`."""
        return self.folder / f"{name}.p12"

    def passphrase(self) -> bytes:
        """Return the passphrase of the PKCS#12 files.

        Raises:
            SigningKeyError: there is none.
            ExposedSecretError: others can open it, or a key.
        """
        self._check_secrets()
        try:
            return (self.folder / "passphrase").read_bytes()
        except OSError as error:
            raise SigningKeyError("passphrase") from error

    def _check_secrets(self) -> None:
        # A folder that only we may enter is not enough: copies and restores loosen both together.
        secrets_here = (one for kind in _SECRETS for one in self.folder.glob(kind))
        for file in sorted(secrets_here):
            if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise ExposedSecretError(file.name)


def ensure_local_authority(folder: Path, *, clock: Clock) -> LocalAuthority:
    """Return the authority of this folder, made if there is none; whole or not at all.

    Two processes that make it at once end with the same one: a folder is renamed into place, and
    the second finds it taken.
    """
    authority = LocalAuthority(folder)
    if not authority.root.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            _make(made, now=clock.now())
            made.rename(folder)
        except OSError:
            if not authority.root.exists():
                raise
        finally:
            shutil.rmtree(made, ignore_errors=True)
    _refresh_lists(authority, now=clock.now())
    return authority


def _make(folder: Path, *, now: datetime) -> None:
    folder.chmod(0o700)
    root_key, root = _authority("CA gốc THỬ NGHIỆM Số Hóa", issuer=None, now=now)
    ca_key, ca = _authority("CA cấp phát THỬ NGHIỆM Số Hóa", issuer=(root_key, root), now=now)
    passphrase = secrets.token_urlsafe(24).encode()
    _write(folder / "passphrase", passphrase)
    for name, key, certificate in (("root", root_key, root), ("ca", ca_key, ca)):
        _write(folder / f"{name}.key", _pem_of_key(key))
        _write(folder / f"{name}.pem", certificate.public_bytes(serialization.Encoding.PEM))
        _write(folder / f"{name}.crl", _revocation_list(key, certificate, number=1, now=now))
    people = {
        "officer": "Cán bộ số hóa (THỬ NGHIỆM)",
        "agency": "Cơ quan số hóa (THỬ NGHIỆM)",
        "tsa": "Dịch vụ cấp dấu thời gian (THỬ NGHIỆM)",
    }
    for name, common_name in people.items():
        key, certificate = _end_entity(
            common_name, issuer=(ca_key, ca), is_tsa=name == "tsa", now=now
        )
        content = pkcs12.serialize_key_and_certificates(
            name.encode(),
            key,
            certificate,
            [ca, root],
            serialization.BestAvailableEncryption(passphrase),
        )
        _write(folder / f"{name}.p12", content)


def _refresh_lists(authority: LocalAuthority, *, now: datetime) -> None:
    for file, name in zip(authority.revocation_lists, ("root", "ca"), strict=True):
        current = x509.load_der_x509_crl(file.read_bytes())
        if now - current.last_update_utc < timedelta(days=_DAYS_OF_CRL / 2):
            continue
        key = serialization.load_pem_private_key(
            (authority.folder / f"{name}.key").read_bytes(), password=None
        )
        certificate = x509.load_pem_x509_certificate(
            (authority.folder / f"{name}.pem").read_bytes()
        )
        if not isinstance(key, rsa.RSAPrivateKey):
            raise SigningKeyError(f"{name}.key")
        part = file.with_name(f"{file.name}.{os.getpid()}.part")
        number = int(now.timestamp())
        _write(part, _revocation_list(key, certificate, number=number, now=now))
        part.replace(file)


def _authority(
    common_name: str,
    *,
    issuer: tuple[rsa.RSAPrivateKey, x509.Certificate] | None,
    now: datetime,
) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(65537, _BITS_OF_AUTHORITIES)
    builder = _builder(common_name, key, issuer, now=now, years=_YEARS_OF_AUTHORITIES)
    builder = builder.add_extension(
        x509.BasicConstraints(ca=True, path_length=None if issuer is None else 0), critical=True
    ).add_extension(_key_usage("digital_signature", "key_cert_sign", "crl_sign"), critical=True)
    return key, builder.sign(issuer[0] if issuer else key, hashes.SHA256())


def _end_entity(
    common_name: str,
    *,
    issuer: tuple[rsa.RSAPrivateKey, x509.Certificate],
    is_tsa: bool,
    now: datetime,
) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(65537, _BITS_OF_SIGNERS)
    years = _YEARS_OF_TSA if is_tsa else _YEARS_OF_SIGNERS
    builder = _builder(common_name, key, issuer, now=now, years=years)
    builder = builder.add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    )
    if is_tsa:
        # RFC 3161 §2.3: critical, and no other purpose.
        builder = builder.add_extension(
            _key_usage("digital_signature"), critical=True
        ).add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    else:
        builder = builder.add_extension(
            _key_usage("digital_signature", "content_commitment"), critical=True
        )
    return key, builder.sign(issuer[0], hashes.SHA256())


def _builder(
    common_name: str,
    key: rsa.RSAPrivateKey,
    issuer: tuple[rsa.RSAPrivateKey, x509.Certificate] | None,
    *,
    now: datetime,
    years: int,
) -> x509.CertificateBuilder:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
    issuer_key = issuer[0] if issuer else key
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer[1].subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + timedelta(days=_DAYS_A_YEAR * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )


def _key_usage(*wanted: str) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    values: Mapping[str, bool] = {name: name in wanted for name in names}
    return x509.KeyUsage(**values)


def _revocation_list(
    key: rsa.RSAPrivateKey, certificate: x509.Certificate, *, number: int, now: datetime
) -> bytes:
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(certificate.subject)
        .last_update(now - _BACKDATED)
        .next_update(now + timedelta(days=_DAYS_OF_CRL))
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
        )
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


def _pem_of_key(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(file: Path, content: bytes) -> None:
    """Write a file that only we may read, through to the disk."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
