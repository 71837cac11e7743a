"""Judging a PDF's claim to be PDF/A."""

from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from ocr.assembling import PageToAssemble, assemble_pdf
from ocr.errors import UnreadablePdfError
from ocr.validating import validate_pdfa
from tests.builders import make_line, make_page
from tests.unit.ocr.drawn import draw_page, save_page

AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    image = save_page(draw_page(size=(827, 1170)), tmp_path / "page.jpg", dpi=100.0)
    page = make_page(make_line("Tờ khai", x=60), size=(827, 1170), dpi=100.0)
    return assemble_pdf(
        [PageToAssemble(image=image, reading=page)],
        title="Tờ khai",
        created_at=AT,
        out=tmp_path / "good.pdf",
    ).file


def test_what_we_build_passes(good: Path) -> None:
    verdict = validate_pdfa(good)

    assert (verdict.claim, verdict.passed, verdict.findings) == ("PDF/A-2u", True, ())
    assert "pikepdf" in verdict.validator


def test_a_file_without_a_claim_has_not_passed(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "plain.pdf")

    verdict = validate_pdfa(tmp_path / "plain.pdf")

    assert (verdict.claim, verdict.passed) == (None, False)


def test_an_empty_claim_is_found_out(good: Path, tmp_path: Path) -> None:
    with pikepdf.open(good) as pdf:
        del pdf.Root.OutputIntents
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        pdf.save(tmp_path / "false.pdf")

    verdict = validate_pdfa(tmp_path / "false.pdf")

    assert (verdict.claim, verdict.passed) == ("PDF/A-2u", False)
    assert verdict.findings


def test_a_font_without_meaning_breaks_level_u(good: Path, tmp_path: Path) -> None:
    with pikepdf.open(good) as pdf:
        del pdf.pages[0].Resources.Font.F0.ToUnicode
        pdf.save(tmp_path / "mute.pdf")

    verdict = validate_pdfa(tmp_path / "mute.pdf")

    assert not verdict.passed
    assert any("ToUnicode" in finding for finding in verdict.findings)


def test_an_unknown_part_has_not_passed(good: Path, tmp_path: Path) -> None:
    with pikepdf.open(good) as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata["pdfaid:part"] = "9"
        pdf.save(tmp_path / "nine.pdf")

    verdict = validate_pdfa(tmp_path / "nine.pdf")

    assert (verdict.claim, verdict.passed) == ("PDF/A-9u", False)


def test_a_stamp_is_judged_as_drawn_on_its_page(good: Path, tmp_path: Path) -> None:
    with pikepdf.open(good) as pdf:
        stamp = pdf.make_indirect(
            Stream(pdf, b"0 0 10 10 re f", Subtype=Name.Form, BBox=Array([0, 0, 10, 10]))
        )
        widget = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=pikepdf.String("SoHoa_CoQuan"),
            Rect=Array([100, 100, 200, 150]),
            F=4,
            AP=Dictionary(N=stamp),
        )
        field = pdf.make_indirect(widget)
        pdf.pages[0].Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
        pdf.save(tmp_path / "stamped.pdf")

    assert validate_pdfa(tmp_path / "stamped.pdf").passed


def test_an_encrypted_file_has_not_passed(good: Path, tmp_path: Path) -> None:
    with pikepdf.open(good) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))

    verdict = validate_pdfa(tmp_path / "locked.pdf")

    assert (verdict.passed, verdict.findings) == (False, ("encrypted",))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"\x00" * 500])
def test_what_is_no_pdf_cannot_be_judged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.pdf").write_bytes(content)

    with pytest.raises(UnreadablePdfError):
        validate_pdfa(tmp_path / "broken.pdf")


def test_judging_changes_nothing(good: Path) -> None:
    before = good.read_bytes()

    validate_pdfa(good)

    assert good.read_bytes() == before
