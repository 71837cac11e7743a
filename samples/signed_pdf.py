"""Write a born-digital decision as a text PDF and sign it as some authority would.

The key, its certificate and the authority are made on the spot and thrown away; no product trusts
the authority, and the bytes differ from run to run.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, signers
from pyhanko.sign.fields import SigSeedSubFilter

from samples.pages import Page
from samples.pdf_surface import PdfSurface

_ISSUED = datetime(2026, 1, 1, tzinfo=UTC)
_PASSPHRASE = b"thu-nghiem"


def compose_pdf_lines(compose: Callable[[Page], None]) -> tuple[str, ...]:
    """Return the lines that a page has when it is set as PDF."""
    page = Page(PdfSurface())
    compose(page)
    return tuple(line for line in page.lines if line)


def write_signed_pdf(compose: Callable[[Page], None], file: Path, *, seed: int) -> None:
    """Set one page as PDF, sign it (ETSI.CAdES.detached, no visible field) and write it."""
    surface = PdfSurface()
    compose(Page(surface))
    plain = BytesIO(surface.as_pdf(title="Quyết định số 215/QĐ-UBND"))
    metadata = PdfSignatureMetadata(
        field_name="Signature1",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name="Ủy ban nhân dân tỉnh Mẫu",
        location="tỉnh Mẫu",
    )
    signer = signers.SimpleSigner.load_pkcs12_data(
        _throw_away_key(serial=seed), other_certs=[], passphrase=_PASSPHRASE
    )
    signed = signers.sign_pdf(IncrementalPdfFileWriter(plain), metadata, signer=signer)
    file.write_bytes(signed.getvalue())


def _name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _throw_away_key(*, serial: int) -> bytes:
    """Return a PKCS#12 file with a signer's key, its certificate and the authority's."""
    issuer = _name("CA THỬ NGHIỆM của mẫu", "Tổ chức giả định")
    authority_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    authority = _certificate(issuer, issuer, authority_key.public_key(), serial=serial)
    root = authority.add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    ).sign(authority_key, hashes.SHA256())
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = _name("ỦY BAN NHÂN DÂN TỈNH MẪU", "Ủy ban nhân dân tỉnh Mẫu")
    signer = _certificate(subject, issuer, key.public_key(), serial=serial + 1)
    certificate = signer.add_extension(_signing_only(), critical=True).sign(
        authority_key, hashes.SHA256()
    )
    encryption = BestAvailableEncryption(_PASSPHRASE)
    return pkcs12.serialize_key_and_certificates(b"mau", key, certificate, [root], encryption)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, *, serial: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(serial)
        .not_valid_before(_ISSUED)
        .not_valid_after(_ISSUED + timedelta(days=3650))
    )


def _signing_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
