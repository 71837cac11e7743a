"""Fields of the letterhead."""

import pytest

from classification.classifying import classify_document
from classification.header_fields import normal_issuer
from documents.catalogue import load_component_types
from documents.model import ClassifiedDocument, Line, Proposal
from tests.builders import make_line, make_page
from tests.unit.classification.papers import body, head, place_date, title


def classify(*lines: Line) -> ClassifiedDocument:
    return classify_document([make_page(*lines)], component_types=load_component_types())


def read(name: str, *lines: Line) -> Proposal | None:
    return next((one for one in classify(*lines).fields if one.name == name), None)


@pytest.mark.parametrize("label", ["Số:", "SỐ:", "So:", "Sô:", "Sổ:", "S6:", "Số"])
def test_the_number_follows_its_label_as_recognisers_spell_it(label: str) -> None:
    proposal = read("number", *head(number=f"{label} 57/QĐ-UBND"))

    assert proposal is not None
    assert proposal.value == "57/QĐ-UBND"


def test_a_number_that_is_quoted_is_never_the_papers_own() -> None:
    lines = [*head(number=None), *body("Căn cứ Quyết định số 12/QĐ-UBND của tỉnh;", y=500)]

    assert read("number", *lines) is None


def test_an_empty_number_gives_no_value_but_says_what_the_paper_is() -> None:
    classified = classify(*head(number="Số: /QĐ-UBND"), *body("Điều 1. Công bố danh mục."))

    assert classified.component_type is not None
    assert classified.component_type.value == "quyet_dinh"
    assert "number" not in {one.name for one in classified.fields}


def test_civil_status_papers_carry_a_number_without_notation() -> None:
    proposal = read("number", *head(number="Số: 15/2026"))

    assert proposal is not None
    assert proposal.value == "15/2026"


def test_one_badly_read_word_makes_a_number_doubtful() -> None:
    line = make_line("Số: 120/QĐ-UBND", y=230, confidence=0.79)

    proposal = read("number", line)

    assert proposal is not None
    assert proposal.doubtful


def test_the_date_is_that_of_the_place_date_line_not_the_first_one() -> None:
    quoted = make_line("Căn cứ Luật ngày 01 tháng 01 năm 2020", y=200)

    proposal = read("issued_on", *head(), quoted, place_date())

    assert proposal is not None
    assert proposal.value == "2025-02-18"


def test_a_day_that_was_left_open_stays_open() -> None:
    proposal = read("issued_on", *head(), place_date("Mẫu, ngày ... tháng 02 năm 2025"))

    assert proposal is not None
    assert proposal.value == "2025-02"


def test_a_certificates_date_stands_above_its_signature() -> None:
    line = make_line("Ngày cấp: 12/03/2026", y=1500)

    proposal = read("issued_on", *head(number=None), line)

    assert proposal is not None
    assert proposal.value == "2026-03-12"


def test_a_day_that_the_calendar_lacks_is_never_proposed() -> None:
    proposal = read("issued_on", *head(), place_date("Mẫu, ngày 31 tháng 02 năm 2025"))

    assert proposal is None or not proposal.value.startswith("2025-02-")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ỦY BAN NHÂN DÂN TỈNH MẪU", "UBND tỉnh Mẫu"),
        ("HỘI ĐỒNG NHÂN DÂN XÃ THÍ NGHIỆM", "HĐND xã Thí Nghiệm"),
        ("UBND PHƯỜNG THÍ NGHIỆM", "UBND phường Thí Nghiệm"),
        ("TỈNH MẪU UBND PHƯỜNG THÍ NGHIỆM", "Tỉnh Mẫu UBND phường Thí Nghiệm"),
        ("SỞ XÂY DỰNG", "Sở Xây Dựng"),
        ("Bệnh viện Đa khoa Thí Nghiệm.", "Bệnh viện Đa khoa Thí Nghiệm"),
    ],
)
def test_an_agencys_name_is_brought_into_its_usual_form(text: str, name: str) -> None:
    assert normal_issuer(text) == name


def test_the_issuer_stands_on_the_left_above_the_number() -> None:
    proposal = read("issuer", *head(issuer="SỞ XÂY DỰNG"))

    assert proposal is not None
    assert proposal.value == "Sở Xây Dựng"


@pytest.mark.parametrize(
    "name", ["SỐ ĐẾN", "ĐƠN ĐỀ NGHỊ", "TỜ KHAI ĐĂNG KÝ KHAI SINH", "GIẤY KHAI SINH"]
)
def test_the_title_of_a_paper_without_letterhead_is_no_issuer(name: str) -> None:
    assert read("issuer", make_line(name, x=500, y=300)) is None


def test_the_title_is_what_stands_under_the_types_name() -> None:
    lines = title("QUYẾT ĐỊNH", "Về việc giao đất", "tại xã Thí Nghiệm")

    proposal = read("title", *head(), *lines, *body("Điều 1. Giao đất."))

    assert proposal is not None
    assert proposal.value == "Giao đất tại xã Thí Nghiệm"


def test_a_letters_title_follows_its_mark() -> None:
    line = make_line("V/v trả lời đơn của công dân", y=290)

    proposal = read("title", *head(number="Số: 50/UBND-KSTT"), line)

    assert proposal is not None
    assert proposal.value == "Trả lời đơn của công dân"


@pytest.mark.parametrize(
    "line", ["Họ, chữ đệm, tên: TRẦN MẪU BẢO ANH", "2. Số định danh cá nhân: 099093000012"]
)
def test_a_form_has_its_own_title_and_never_its_lines(line: str) -> None:
    lines = title("GIẤY KHAI SINH", line)

    proposal = read("title", *head(number=None), *lines)

    assert proposal is not None
    assert proposal.value == "Giấy khai sinh"
