"""People, rules, offices and titles, as somebody would say them."""

import pytest

from web import naming
from web.language import Translator
from web.naming import show_office, show_person, show_title, who

VI, EN = Translator("vi"), Translator("en")
PEOPLE = {"lan.vu": "Vũ Thị Lan"}


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("Tỉnh Mẫu UBND phường Thí Nghiệm", "Tỉnh Mẫu, UBND phường Thí Nghiệm"),
        ("ỦY BAN NHÂN DÂN XÃ AN BÌNH", "Ủy ban nhân dân xã An Bình"),
        ("UBND PHƯỜNG VÕ CƯỜNG", "UBND phường Võ Cường"),
        ("UBND TỈNH Mẫu SỞ Y TẾ", "UBND tỉnh Mẫu, Sở y tế"),
        (
            "Công An tỉnh Mẫu Công An phường Thí Nghiệm",
            "Công an tỉnh Mẫu, Công an phường Thí Nghiệm",
        ),
        (
            "UBND phường Thí Nghiệm Trung Tâm Phục Vụ Hành Chính Công",
            "UBND phường Thí Nghiệm, Trung tâm phục vụ hành chính công",
        ),
        ("", ""),
        (None, ""),
    ],
)
def test_office_is_written_as_in_a_sentence(printed: str | None, shown: str) -> None:
    assert show_office(printed) == shown


def test_office_that_is_shown_already_stays_as_it_is() -> None:
    once = show_office("Sở Y Tế tỉnh Mẫu Bệnh Viện Đa Khoa Thí Nghiệm")

    assert show_office(once) == once


@pytest.mark.parametrize(
    ("title", "type_name", "shown"),
    [
        ("GIẤY KHAI SINH", "Giấy khai sinh", ""),
        ("Quyết định Về việc cấp phép", "Quyết định", "Về việc cấp phép"),
        ("QUYET DINH: ve viec sua duong", "Quyết định", "Ve viec sua duong"),
        ("Tờ khai đăng ký khai sinh", "Tờ khai hộ tịch", "Tờ khai đăng ký khai sinh"),
        (None, "Quyết định", ""),
    ],
)
def test_title_says_what_the_type_does_not(title: str | None, type_name: str, shown: str) -> None:
    assert show_title(title, type_name) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [("TRẦN MẪU BẢO ANH", "Trần Mẫu Bảo Anh"), ("Phạm Thị Hoa", "Phạm Thị Hoa"), (None, "")],
)
def test_name_of_a_person_is_not_shouted(name: str | None, shown: str) -> None:
    assert show_person(name) == shown


@pytest.mark.parametrize(
    ("name", "vi", "en"),
    [
        ("lan.vu", "Vũ Thị Lan", "Vũ Thị Lan"),
        (
            "policy:backfile (lan.vu)",
            "quy tắc số hóa hàng loạt (Vũ Thị Lan)",
            "rule for bulk digitization (Vũ Thị Lan)",
        ),
        ("pipeline", "hệ thống", "the system"),
        ("station:quay-3", "trạm quét quay-3", "station quay-3"),
        ("ai.do", "ai.do", "ai.do"),
        (None, "", ""),
    ],
)
def test_who_decided_is_said_in_words(name: str | None, vi: str, en: str) -> None:
    assert who(VI, name, PEOPLE) == vi
    assert who(EN, name, PEOPLE) == en


@pytest.mark.parametrize(
    "action", ["document_shown", "file_given_out", "tags_corrected", "owner_detached", "x_y"]
)
def test_what_was_done_is_not_shown_as_a_code(action: str) -> None:
    assert "_" not in naming.action_words(VI, action)
    assert "_" not in naming.action_words(EN, action)


def test_role_is_said_in_words() -> None:
    assert naming.role_words(VI, "officer") == "cán bộ giải quyết"
    assert "_" not in naming.role_words(EN, "dossier_system")


def test_purpose_that_a_page_wrote_down_is_said_in_words() -> None:
    assert naming.purpose_words(VI, "download") == "tải về"
    assert naming.purpose_words(VI, "xem giúp người dân") == "xem giúp người dân"
    assert naming.purpose_words(VI, None) == ""
