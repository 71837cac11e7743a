"""Numbers, dates and codes that are read wrong in the same way."""

import pytest

from ocr.language.code_rules import mend_codes, mend_text
from tests.unit.ocr.language.texts import read_line


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("354/QÐ-UBND", "354/QĐ-UBND"),
        ("354/QĐĐ-UBND", "354/QĐ-UBND"),
        ("số 02/201 7/TT-VPCP", "số 02/2017/TT-VPCP"),
        ("ngày 22/1 1/2019", "ngày 22/11/2019"),
        ("năm 202 5", "năm 2025"),
        ("02/2017TT-VPCP", "02/2017/TT-VPCP"),
        ("354QĐ-UBND", "354/QĐ-UBND"),
        ("63/2010/NĐ.CP", "63/2010/NĐ-CP"),
        ("NĐ-CPngày08tháng6năm2010", "NĐ-CP ngày 08 tháng 6 năm 2010"),
        ("Só: 12", "Số: 12"),
        ("Số:420", "Số: 420"),
        ("năm 2025.của", "năm 2025. của"),
        ("tháng I2 năm", "tháng 12 năm"),
        ("22/I1/2019", "22/11/2019"),
        ("Số/77/QĐ-SXD", "Số: 77/QĐ-SXD"),
        ("Só:7f6/KH-SXD", "Số: 7f6 /KH-SXD"),
        ("15/2023/TI1-BXD", "15/2023/TT-BXD"),
        ("15/2023/TT- -BXD", "15/2023/TT-BXD"),
        ("ø) Bản chính", "g) Bản chính"),
        ("www.moj.øov.vn", "www.moj.gov.vn"),
    ],
)
def test_a_known_misreading_is_mended(read: str, printed: str) -> None:
    assert mend_text(read) == printed


@pytest.mark.parametrize(
    "text",
    [
        "Số: 12/QĐ-UBND ngày 08 tháng 6 năm 2010",
        "Điều 1. Mục I và mục II, khoản 3 Điều 12",
        "CCCD 001099012345, điện thoại 024.3825.1234",
        "từ năm 2024 đến năm 2025",
        "tháng 1 năm 2019 và 10 1 lần",
    ],
)
def test_what_is_right_stays(text: str) -> None:
    assert mend_text(text) == text


def test_words_are_joined_and_cut_with_their_places() -> None:
    line = read_line("số 02/201 7/TT-VPCPngày 08")

    words = mend_codes(line.words)

    assert [word.text for word in words] == ["số", "02/2017/TT-VPCP", "ngày", "08"]
    assert [word.raw for word in words] == ["số", "02/201 7/TT-VPCP", "ngày", "08"]
    assert [word.cause for word in words] == ["", "code", "code", ""]
    assert words[1].box.x0 == line.words[1].box.x0
    assert words[1].box.x1 <= words[2].box.x0
    assert words[2].box.x1 == line.words[2].box.x1


def test_a_line_without_misreadings_is_the_same_words() -> None:
    line = read_line("Số: 12/QĐ-UBND")

    assert mend_codes(line.words) == list(line.words)
