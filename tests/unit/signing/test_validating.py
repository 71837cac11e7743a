"""Verdicts: valid only when everything holds, and reasons that a person understands."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.errors import PipelineError
from documents.model import SignatureVerdict
from signing.errors import UnreadableSignedFileError
from signing.local_authority import LocalAuthority, ensure_local_authority
from signing.signing import SignedPdf
from signing.validating import validate_signatures
from tests.unit.signing.material import NOW, StoppedClock, sign

pytestmark = pytest.mark.xdist_group("signing")


def judge(
    content: bytes, folder: Path, *, root: Path | None = None, days_later: int = 0
) -> tuple[SignatureVerdict, ...]:
    file = folder / "judged.pdf"
    file.write_bytes(content)
    roots = () if root is None else (root,)
    return validate_signatures(file, trust_roots=roots, checked_at=NOW + timedelta(days=days_later))


def codes_of(verdict: SignatureVerdict) -> set[str]:
    return {reason.code for reason in verdict.reasons}


def test_untouched_file_is_valid(
    signed: SignedPdf, authority: LocalAuthority, tmp_path: Path
) -> None:
    verdicts = judge(signed.file.read_bytes(), tmp_path, root=authority.root)

    assert [one.conclusion for one in verdicts] == ["valid", "valid"]
    assert [codes_of(one) for one in verdicts] == [{"valid"}, {"valid"}]


def test_verdict_names_signer_issuer_and_moment(signed: SignedPdf) -> None:
    officer = signed.signatures[0]

    assert officer.signer is not None
    assert officer.signer.startswith("Cán bộ số hóa")
    assert officer.issuer == "CA cấp phát THỬ NGHIỆM Số Hóa"
    assert (officer.is_intact, officer.is_trusted) == (True, True)
    assert (officer.timestamped_at, officer.digest_algorithm) == (NOW, "sha256")


def test_flipped_bit_in_the_page_is_found(
    signed: SignedPdf, pdfa: Path, authority: LocalAuthority, tmp_path: Path
) -> None:
    content = bytearray(signed.file.read_bytes())
    content[pdfa.stat().st_size // 3] ^= 1

    verdicts = judge(bytes(content), tmp_path, root=authority.root)

    assert [one.conclusion for one in verdicts] == ["invalid", "invalid"]
    assert all("digest_differs" in codes_of(one) for one in verdicts)
    assert all("thay đổi" in one.reasons[0].vi for one in verdicts)


def test_change_before_the_second_signature_breaks_it_too(
    signed: SignedPdf, authority: LocalAuthority, tmp_path: Path
) -> None:
    content = signed.file.read_bytes()
    spoilt = content.replace(b"/Reason", b"/Rexson", 1)
    assert spoilt != content

    verdicts = judge(spoilt, tmp_path, root=authority.root)

    assert "invalid" in {one.conclusion for one in verdicts}


def test_appended_bytes_are_found(
    signed: SignedPdf, authority: LocalAuthority, tmp_path: Path
) -> None:
    content = signed.file.read_bytes() + b"\nthem vao\n"

    verdicts = judge(content, tmp_path, root=authority.root)

    assert verdicts[-1].conclusion == "invalid"
    assert "trailing_bytes" in codes_of(verdicts[-1])


def test_without_a_root_the_signer_is_not_confirmed(signed: SignedPdf, tmp_path: Path) -> None:
    verdicts = judge(signed.file.read_bytes(), tmp_path)

    assert [one.conclusion for one in verdicts] == ["undetermined", "undetermined"]
    assert all("untrusted_issuer" in codes_of(one) for one in verdicts)
    assert all(one.is_intact for one in verdicts)


def test_root_of_somebody_else_confirms_nothing(signed: SignedPdf, tmp_path: Path) -> None:
    stranger = ensure_local_authority(tmp_path / "khac", clock=StoppedClock())

    verdicts = judge(signed.file.read_bytes(), tmp_path, root=stranger.root)

    assert [one.conclusion for one in verdicts] == ["undetermined", "undetermined"]


def test_signature_stays_valid_after_its_certificate_has_ended(
    signed: SignedPdf, authority: LocalAuthority, tmp_path: Path
) -> None:
    verdicts = judge(signed.file.read_bytes(), tmp_path, root=authority.root, days_later=6 * 365)

    assert [one.conclusion for one in verdicts] == ["valid", "valid"]


def test_bytes_before_the_header_are_allowed(
    signed: SignedPdf, authority: LocalAuthority, tmp_path: Path
) -> None:
    content = b"\xef\xbb\xbf\r\n" + signed.file.read_bytes()

    verdicts = judge(content, tmp_path, root=authority.root)

    assert [one.conclusion for one in verdicts] == ["valid", "valid"]


def test_unsigned_file_has_no_verdicts(pdfa: Path, tmp_path: Path) -> None:
    assert judge(pdfa.read_bytes(), tmp_path) == ()


@pytest.mark.parametrize("content", [b"", b"khong phai pdf", b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF"])
def test_file_that_cannot_be_read_is_said_so(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadableSignedFileError) as caught:
        judge(content, tmp_path)

    assert caught.value.reason.vi


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(place=st.floats(0, 0.999), bit=st.integers(0, 7))
def test_every_flipped_bit_ends_in_a_verdict_with_reasons(
    signed: SignedPdf, authority: LocalAuthority, tmp_path: Path, *, place: float, bit: int
) -> None:
    content = bytearray(signed.file.read_bytes())
    content[int(place * len(content))] ^= 1 << bit

    try:
        verdicts = judge(bytes(content), tmp_path, root=authority.root)
    except PipelineError:
        return

    assert all(one.reasons for one in verdicts)


@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(place=st.floats(0, 0.999), bit=st.integers(0, 7))
def test_no_flipped_bit_of_the_page_leaves_a_valid_signature(
    signed: SignedPdf, pdfa: Path, authority: LocalAuthority, tmp_path: Path, **flipped: float
) -> None:
    content = bytearray(signed.file.read_bytes())
    content[int(flipped["place"] * pdfa.stat().st_size)] ^= 1 << int(flipped["bit"])

    try:
        verdicts = judge(bytes(content), tmp_path, root=authority.root)
    except PipelineError:
        return

    assert [one.conclusion for one in verdicts].count("valid") == 0


@pytest.mark.parametrize("place", [0.02, 0.1, 0.3, 0.6, 0.9])
def test_change_inside_the_first_signature_is_found_by_the_second(
    signed: SignedPdf, authority: LocalAuthority, tmp_path: Path, place: float
) -> None:
    content = bytearray(signed.file.read_bytes())
    start = content.index(b"/Contents <") + len(b"/Contents <")
    end = content.index(b">", start)
    used = content[start:end].rstrip(b"0")
    spot = start + int(len(used) * place)
    content[spot] = ord("1") if content[spot] != ord("1") else ord("2")

    officer, agency = judge(bytes(content), tmp_path, root=authority.root)

    assert officer.reasons
    assert agency.conclusion == "invalid"


def test_second_signing_of_the_same_file_gives_other_bytes(
    signed: SignedPdf, authority: LocalAuthority, pdfa: Path, tmp_path: Path
) -> None:
    again = sign(pdfa, authority, out=tmp_path / "again.pdf")

    assert again.sha256 != signed.sha256
