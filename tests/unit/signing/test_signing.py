"""Signing: two signatures with time-stamps, never over others, whole or not at all."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest

from documents.identifiers import sha256_of_file
from ocr.validating import validate_pdfa
from signing.errors import (
    AlreadySignedError,
    CertificateExpiredError,
    TimestampUnavailableError,
    UnreadableSignedFileError,
)
from signing.local_authority import LocalAuthority
from signing.signing import SignedPdf
from signing.timestamps import HttpTimestampAuthority
from tests.contract.timestamp_server import TimestampServer
from tests.unit.signing.material import NOW, StoppedClock, sign

pytestmark = pytest.mark.xdist_group("signing")


@pytest.fixture
def broken_server() -> Iterator[TimestampServer]:
    with TimestampServer(lambda _request: None) as server:
        yield server


def test_officer_signs_first_and_then_the_agency(signed: SignedPdf) -> None:
    assert [one.field_name for one in signed.signatures] == ["SoHoa_CaNhan", "SoHoa_CoQuan"]
    assert [one.conclusion for one in signed.signatures] == ["valid", "valid"]
    assert signed.signatures[1].covers_whole_file or signed.level == "LT"


def test_no_signature_is_without_a_time_stamp(signed: SignedPdf) -> None:
    assert {one.subfilter for one in signed.signatures} == {"ETSI.CAdES.detached"}
    assert {one.level for one in signed.signatures} == {"LT"}
    assert {one.timestamped_at for one in signed.signatures} == {NOW}


def test_result_tells_digest_and_size_of_the_file(signed: SignedPdf) -> None:
    assert signed.sha256 == sha256_of_file(signed.file)
    assert signed.size_bytes == signed.file.stat().st_size


def test_what_was_assembled_is_the_beginning_of_what_was_signed(
    signed: SignedPdf, pdfa: Path
) -> None:
    assert signed.file.read_bytes().startswith(pdfa.read_bytes())


def test_signed_file_is_still_pdfa(signed: SignedPdf) -> None:
    verdict = validate_pdfa(signed.file)

    assert verdict is not None
    assert (verdict.claim, verdict.passed) == ("PDF/A-2u", True), verdict.findings


def test_stamps_stand_top_left_and_top_right_of_the_first_page(signed: SignedPdf) -> None:
    with pikepdf.open(signed.file) as pdf:
        width, height = (float(value) for value in pdf.pages[0].MediaBox[2:])
        boxes = {
            str(field.T): [float(value) for value in field.Rect]
            for field in pdf.Root.AcroForm.Fields
        }

    officer, agency = boxes["SoHoa_CaNhan"], boxes["SoHoa_CoQuan"]
    assert officer[2] < width / 2 < agency[0]
    assert min(officer[1], agency[1]) > height / 2


def test_file_that_holds_signatures_is_not_signed_over(
    signed: SignedPdf, authority: LocalAuthority, tmp_path: Path
) -> None:
    with pytest.raises(AlreadySignedError):
        sign(signed.file, authority, out=tmp_path / "out.pdf")

    assert list(tmp_path.iterdir()) == []


def test_file_that_is_no_pdf_is_not_signed(authority: LocalAuthority, tmp_path: Path) -> None:
    file = tmp_path / "giay.pdf"
    file.write_bytes(b"khong phai pdf")

    with pytest.raises(UnreadableSignedFileError):
        sign(file, authority)

    assert [path.name for path in tmp_path.iterdir()] == ["giay.pdf"]


def test_without_a_time_stamp_nothing_is_written(
    authority: LocalAuthority, pdfa: Path, tmp_path: Path, broken_server: TimestampServer
) -> None:
    timestamps = HttpTimestampAuthority(broken_server.url)

    with pytest.raises(TimestampUnavailableError):
        sign(pdfa, authority, out=tmp_path / "out.pdf", timestamps=timestamps)

    assert list(tmp_path.iterdir()) == []


def test_expired_certificate_does_not_sign(
    authority: LocalAuthority, pdfa: Path, tmp_path: Path
) -> None:
    clock = StoppedClock(NOW + timedelta(days=6 * 365))

    with pytest.raises(CertificateExpiredError):
        sign(pdfa, authority, out=tmp_path / "out.pdf", clock=clock)

    assert list(tmp_path.iterdir()) == []
