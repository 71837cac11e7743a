"""PDF files: the scan inside as it is, a picture where there is more, text where it is true."""

import io
from collections import Counter
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from documents.limits import PageLimits
from documents.model import OpenedDelivery
from ingest.decoding import load_pixels
from ingest.errors import DamagedFileError, PageTooLargeError, PasswordNeededError
from ingest.opening import open_delivery
from tests.unit.ingest.material import A4_AT_200, given, make_text_page

LIMITS = PageLimits()


def make_scan_pdf(file: Path, page: Image.Image, *, rotate: int = 0, overlay: bytes = b"") -> bytes:
    """Write a PDF with one scan that fills an A4 page; return the JPEG in it."""
    stream = io.BytesIO()
    page.save(stream, format="JPEG", quality=90)
    pdf = pikepdf.new()
    image = pikepdf.Stream(pdf, stream.getvalue())
    image.update(
        pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=page.width,
            Height=page.height,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    pdf.add_blank_page(page_size=(595.44, 842.04))
    pdf.pages[0].Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(Im0=image), Font=pikepdf.Dictionary(F1=font)
    )
    pdf.pages[0].Contents = pikepdf.Stream(pdf, b"q 595.44 0 0 842.04 0 0 cm /Im0 Do Q " + overlay)
    if rotate:
        pdf.pages[0].Rotate = rotate
    pdf.save(file)
    return stream.getvalue()


def open_pdf(file: Path, tmp_path: Path, password: str | None = None) -> OpenedDelivery:
    return open_delivery(file, out=tmp_path / "out", limits=LIMITS, password=password)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_jpeg_of_a_scan_comes_out_byte_for_byte(tmp_path: Path, rotate: int) -> None:
    file = tmp_path / "scan.pdf"
    jpeg = make_scan_pdf(file, make_text_page(), rotate=rotate)

    (page,) = open_pdf(file, tmp_path).pages

    assert page.image.file.read_bytes() == jpeg
    assert (page.origin, page.own_lines, page.image.turn) == ("scan", (), rotate)
    assert page.image.dpi == pytest.approx(200, abs=0.2)


def test_hidden_text_over_a_scan_is_not_trusted(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    jpeg = make_scan_pdf(
        file, make_text_page(), overlay=b"BT /F1 20 Tf 3 Tr 100 500 Td (wrong words) Tj ET"
    )

    (page,) = open_pdf(file, tmp_path).pages

    assert page.image.file.read_bytes() == jpeg
    assert page.own_lines == ()
    assert [line.text for line in page.hidden_lines] == ["wrong words"]


def test_hidden_text_stands_where_it_lies_over_the_scan(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    make_scan_pdf(file, make_text_page(), overlay=b"BT /F1 20 Tf 3 Tr 72 720 Td (Hon) Tj ET")

    (page,) = open_pdf(file, tmp_path).pages

    ((word,),) = (line.words for line in page.hidden_lines)
    # 72 points from the left are 200 px; the base line is 122 points below the upper edge.
    assert word.box.x0 == pytest.approx(200, abs=8)
    assert word.box.y1 == pytest.approx(339, abs=4)


def test_hyphen_at_the_end_of_a_line_stays_in_a_number(tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        text = (
            b"BT /F1 12 Tf 16 TL 72 700 Td (Can cu so 197/SKHCN-) Tj T* (VP ngay 5 thang 3) Tj ET"
        )
        pdf.pages[0].Contents = pikepdf.Stream(pdf, text)
        pdf.save(file)

    (page,) = open_pdf(file, tmp_path).pages

    assert [line.text for line in page.own_lines] == ["Can cu so 197/SKHCN-", "VP ngay 5 thang 3"]


def test_visible_stamp_over_a_scan_is_in_the_picture(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    original = make_text_page()
    make_scan_pdf(file, original, overlay=b"BT /F1 40 Tf 100 780 Td (DA KY) Tj ET")

    (page,) = open_pdf(file, tmp_path).pages

    assert page.origin == "scan"
    assert page.image.dpi == pytest.approx(200, abs=0.5)
    stamped = load_pixels(page.image)[50:200, 250:900]
    assert stamped.min() < 80 < np.asarray(original)[50:180, 250:900].min()


def test_bilevel_scans_come_out_without_loss(tmp_path: Path) -> None:
    opened = open_pdf(given("ocr-generic/ocrmypdf/jbig2.pdf"), tmp_path)

    (page,) = opened.pages
    assert (page.image.media_type, page.image.mode) == ("image/tiff", "bilevel")
    assert (page.image.width, page.image.height, page.image.dpi) == (2550, 3300, 300.0)


def test_images_turned_by_their_matrix_stand_upright(tmp_path: Path) -> None:
    opened = open_pdf(given("ocr-generic/ocrmypdf/cardinal.pdf"), tmp_path)

    assert [page.image.turn for page in opened.pages] == [0, 90, 180, 270]


@pytest.mark.parametrize("name", ["ninhbinh-119", "btp-86", "baclieu-221", "hcm-631"])
def test_words_of_a_born_digital_page_are_all_there_with_stamps(tmp_path: Path, name: str) -> None:
    truth = Counter(given(f"vn-page-images/{name}.p1.gt.txt").read_text(encoding="utf-8").split())

    page = open_pdf(given(f"vn-signed-pdf/{name}.pdf"), tmp_path).pages[0]

    words = [word for line in page.own_lines for word in line.words]
    assert Counter(word.text for word in words) == truth
    assert all(0 <= word.box.x0 < word.box.x1 <= page.image.width for word in words)
    assert page.origin == "born_digital"


def test_boxes_of_own_words_lie_on_ink(tmp_path: Path) -> None:
    page = open_pdf(given("vn-signed-pdf/baclieu-221.pdf"), tmp_path).pages[0]
    pixels = load_pixels(page.image)

    boxes = [word.box for line in page.own_lines for word in line.words]

    darkest = [pixels[box.y0 : box.y1, box.x0 : box.x1].min() for box in boxes]
    assert np.mean(np.array(darkest) < 128) == 1.0


def test_letter_head_is_read_column_by_column(tmp_path: Path) -> None:
    page = open_pdf(given("vn-signed-pdf/ninhbinh-119.pdf"), tmp_path).pages[0]

    texts = [line.text for line in page.own_lines[:6]]

    assert texts[:3] == ["ỦY BAN NHÂN DÂN", "TỈNH NINH BÌNH", "Số: 119 /QĐ-UBND"]
    assert texts[3] == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


def test_text_behind_glyphs_without_names_is_not_trusted(tmp_path: Path) -> None:
    page = open_pdf(given("ocr-generic/ocrmypdf/type3_font_nomapping.pdf"), tmp_path).pages[0]

    assert page.own_lines == ()


@pytest.mark.parametrize(
    ("name", "is_signed"),
    [
        ("vn-scanned-pdf/baclieu-209.pdf", True),
        ("vn-scanned-pdf/tt-148-2020.pdf", False),
        ("vn-signed-pdf/thanhhoa-500.pdf", True),
        ("signatures-synthetic/empty-a4.pdf", False),
        ("signatures-synthetic/minimal-signed-twice-both-created.pdf", True),
    ],
)
def test_signed_files_are_recognised(tmp_path: Path, name: str, is_signed: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert open_pdf(given(name), tmp_path).is_signed is is_signed


def test_encrypted_file_asks_for_its_password(tmp_path: Path) -> None:
    file = given("malformed/paperless-password-is-test.pdf")

    with pytest.raises(PasswordNeededError) as without:
        open_pdf(file, tmp_path)
    with pytest.raises(PasswordNeededError) as wrong:
        open_pdf(file, tmp_path, password="guess")  # noqa: S106 - a wrong one
    opened = open_pdf(file, tmp_path, password="test")  # noqa: S106 - published with the file

    assert (without.value.was_given, wrong.value.was_given) == (False, True)
    assert len(opened.pages) == 1


def test_password_does_not_close_an_open_file(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    make_scan_pdf(file, make_text_page())

    assert len(open_pdf(file, tmp_path, password="of another file").pages) == 1  # noqa: S106 - no secret


def test_junk_before_the_header_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    make_scan_pdf(file, make_text_page())
    file.write_bytes(b"\r\nHTTP header\r\n" + file.read_bytes())

    assert len(open_pdf(file, tmp_path).pages) == 1


def test_repaired_file_carries_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    make_scan_pdf(file, make_text_page())
    whole = file.read_bytes()
    file.write_bytes(whole[: whole.rindex(b"startxref")])

    opened = open_pdf(file, tmp_path)

    assert [finding.reason.code for finding in opened.findings] == ["pdf_repaired"]


def test_beyond_repair_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(b"%PDF-1.7\nnothing else")

    with pytest.raises(DamagedFileError):
        open_pdf(file, tmp_path)


def test_absurdly_large_page_is_refused(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(14_000, 14_000))
    pdf.save(tmp_path / "wall.pdf")

    with pytest.raises(PageTooLargeError):
        open_pdf(tmp_path / "wall.pdf", tmp_path)


def test_large_plan_is_drawn_within_the_limits(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(1684, 2384))
    pdf.save(tmp_path / "plan.pdf")
    limits = PageLimits(pixels=8_000_000)

    (page,) = open_delivery(tmp_path / "plan.pdf", out=tmp_path / "out", limits=limits).pages

    assert page.image.width * page.image.height <= limits.pixels
    assert page.image.width / page.image.dpi * 25.4 == pytest.approx(594, abs=1)


def test_opening_again_gives_the_same_files(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    make_scan_pdf(file, make_text_page(A4_AT_200))

    assert open_pdf(file, tmp_path) == open_pdf(file, tmp_path)
