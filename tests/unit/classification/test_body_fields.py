"""Fields of the body: whose the paper is, codes, validity, who signed."""

from collections.abc import Sequence

import pytest

from classification.body_fields import body_fields, procedure_on
from classification.page_lines import lines_of
from documents.model import Line, Proposal
from tests.builders import make_line, make_page
from tests.unit.classification.papers import body


def read(lines: Sequence[Line]) -> dict[str, Proposal]:
    return {one.name: one for one in body_fields(lines_of(make_page(*lines), 1))}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Số định danh cá nhân: 099093000012", "099093000012"),
        ("Số CCCD: 0990 9300 0012", "099093000012"),
        ("Căn cước số 099093000012 cấp ngày 01/02/2022", "099093000012"),
    ],
)
def test_a_personal_number_is_taken_where_a_label_announces_it(line: str, value: str) -> None:
    assert read(body(line))["owner_id"].value == value


def test_a_label_on_the_line_above_announces_too() -> None:
    fields = read(body("Số định danh cá nhân:", "099093000012"))

    assert fields["owner_id"].value == "099093000012"


@pytest.mark.parametrize(
    "line",
    [
        "Số tài khoản: 099093000012",
        "Số định danh cá nhân: 0990930000123",
        "Số định danh cá nhân: 09909300001",
    ],
)
def test_other_numbers_are_no_owner(line: str) -> None:
    assert "owner_id" not in read(body(line))


def test_the_owners_name_follows_its_label_up_to_the_next_one() -> None:
    fields = read(body("Họ và tên: Nguyễn Thị Mẫu An Giới tính: Nữ"))

    assert fields["owner_name"].value == "Nguyễn Thị Mẫu An"


def test_a_parents_name_is_not_the_owners() -> None:
    assert "owner_name" not in read(body("Họ và tên mẹ: Nguyễn Thị Mẫu An"))


def test_a_tax_number_with_a_wrong_check_digit_is_doubtful() -> None:
    right = read(body("Mã số doanh nghiệp: 0100233488"))["enterprise_number"]
    wrong = read(body("Mã số doanh nghiệp: 0100233489"))["enterprise_number"]

    assert not right.doubtful
    assert wrong.doubtful
    assert wrong.confidence < right.confidence


def test_a_dossier_code_whose_day_does_not_exist_is_not_proposed() -> None:
    good = read(body("Mã hồ sơ: H99.12.03-260316-0007"))
    bad = read(body("Mã hồ sơ: H99.12.03-261316-0007"))

    assert good["dossier_code"].value == "H99.12.03-260316-0007"
    assert "dossier_code" not in bad


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Có giá trị đến: 31/12/2027", "2027-12-31"),
        ("Giấy này có giá trị đến ngày 05 tháng 6 năm 2028.", "2028-06-05"),
        ("Cấp 01/02/2020, có giá trị đến 01/02/2030", "2030-02-01"),
    ],
)
def test_the_last_day_of_validity_follows_its_label(line: str, value: str) -> None:
    assert read(body(line))["valid_until"].value == value


def test_the_signer_is_the_name_under_the_office_on_the_lower_right() -> None:
    signature = [
        make_line("KT. CHỦ TỊCH", x=1000, y=1600),
        make_line("PHÓ CHỦ TỊCH", x=1000, y=1650),
        make_line("Lê Văn Thử Nghiệm", x=1000, y=1900),
    ]

    fields = read([*body("Điều 1. Công bố."), *signature])

    assert fields["signer"].value == "Lê Văn Thử Nghiệm"


def test_a_name_without_an_office_above_it_signs_nothing() -> None:
    assert "signer" not in read([make_line("Lê Văn Thử Nghiệm", x=1000, y=1900)])


def test_a_field_is_given_once_however_often_it_stands_there() -> None:
    lines = body("Số định danh cá nhân: 099093000012", "Số định danh cá nhân: 099195000011")

    names = [one.name for one in body_fields(lines_of(make_page(*lines), 1))]

    assert names == ["owner_id"]


def test_a_printed_procedure_code_is_brought_into_its_national_form() -> None:
    lines = lines_of(make_page(*body("Thủ tục 1.012507. H05")), 2)

    proposal = procedure_on(lines)

    assert proposal is not None
    assert (proposal.value, proposal.page) == ("1.012507", 2)
