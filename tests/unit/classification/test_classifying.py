"""What a document is proposed to be, and from where on the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classification.classifying import classify_document
from documents.catalogue import load_component_types
from documents.model import Box, ClassifiedDocument, Proposal, RecognizedPage
from tests.builders import make_line, make_page
from tests.unit.classification.papers import body, decision, head, place_date, title

TYPES = load_component_types()


def classify(*pages: RecognizedPage, procedures: tuple[str, ...] = ()) -> ClassifiedDocument:
    return classify_document(pages, component_types=TYPES, procedures=procedures)


def type_of(*pages: RecognizedPage) -> str | None:
    kind = classify(*pages).component_type
    return None if kind is None else kind.value


def fields_of(classified: ClassifiedDocument) -> dict[str, Proposal]:
    return {one.name: one for one in classified.fields}


def test_a_decision_is_known_by_title_and_notation_without_doubt() -> None:
    classified = classify(decision())

    assert classified.component_type is not None
    assert classified.component_type.value == "quyet_dinh"
    assert classified.component_type.confidence > 0.9
    assert not classified.component_type.doubtful


def test_the_head_gives_number_date_issuer_and_title() -> None:
    fields = fields_of(classify(decision()))

    assert fields["number"].value == "120/QĐ-UBND"
    assert fields["issued_on"].value == "2025-02-18"
    assert fields["issuer"].value == "UBND tỉnh Mẫu"
    assert fields["title"].value == "Công bố danh mục thủ tục hành chính"


def test_a_value_comes_with_its_page_and_the_box_of_its_words() -> None:
    page = decision()

    number = fields_of(classify(page))["number"]

    word = next(word for word in page.words if word.text == "120/QĐ-UBND")
    assert (number.page, number.box) == (1, word.box)


def test_a_value_of_a_later_page_names_that_page() -> None:
    second = make_page(*body("Số định danh cá nhân: 099093000012"))

    owner = fields_of(classify(decision(), second))["owner_id"]

    assert (owner.value, owner.page) == ("099093000012", 2)


def test_nothing_is_proposed_where_nothing_speaks() -> None:
    page = make_page("Trời hôm nay đẹp, chúng tôi đi chợ mua rau.", "Ngày mai cũng vậy.")

    classified = classify(page)

    assert classified.component_type is None
    assert classified.fields == ()
    assert not classified.is_secret


@pytest.mark.parametrize("pages", [[], [make_page()], [make_page(), make_page()]])
def test_empty_pages_are_not_determined(pages: list[RecognizedPage]) -> None:
    assert classify(*pages) == ClassifiedDocument(component_type=None)


def test_the_first_page_with_text_speaks_where_the_first_is_blank() -> None:
    assert type_of(make_page(), decision()) == "quyet_dinh"


@pytest.mark.parametrize(
    "line",
    [
        "Theo giấy khai sinh số 12 ngày 01/02/2020 đã cấp, ông bà đề nghị xem xét.",
        "CĂN CỨ GIẤY KHAI SINH",
        "GIẤY KHAI SINH KÈM THEO HỒ SƠ",
    ],
)
def test_a_paper_that_is_mentioned_is_not_the_paper(line: str) -> None:
    page = make_page(*head(number="Số: 15/UBND-TP"), place_date(), make_line(line, y=400))

    assert type_of(page) != "giay_khai_sinh"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("GIẤY KHAI SINH", "giay_khai_sinh"),
        ("GIẤY CHỨNG NHẬN KẾT HÔN", "gcn_ket_hon"),
        ("GIẤY CHỨNG SINH", "giay_chung_sinh"),
        ("TRÍCH LỤC KHAI TỬ", "trich_luc_ho_tich"),
        ("TỜ KHAI ĐĂNG KÝ KHAI SINH", "to_khai_ht"),
        ("GIẤY PHÉP XÂY DỰNG", "gpxd"),
        ("GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH", "gcn_dkhkd"),
        ("GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN", "xn_tthn"),
        ("THÔNG BÁO", "thong_bao"),
    ],
)
def test_a_title_in_capitals_says_what_a_paper_is(name: str, kind: str) -> None:
    assert type_of(make_page(*head(number=None), *title(name))) == kind


@pytest.mark.parametrize("ward", ["PHƯỜNG AN LẠC", "PHƯỜNG AN PHÚ ĐÔNG"])
def test_a_ward_in_the_letterhead_is_no_scheme(ward: str) -> None:
    page = make_page(
        make_line("ỦY BAN NHÂN DÂN", x=160, y=120),
        make_line(ward, x=160, y=170),
        make_line("Số: 12/QĐ-UBND", x=160, y=230),
        place_date(),
        *title("QUYẾT ĐỊNH", "Về việc công nhận kết quả"),
    )

    assert type_of(page) == "quyet_dinh"
    assert type_of(make_page(*title("PHƯƠNG ÁN", "Phòng cháy, chữa cháy"))) == "phuong_an"


def test_a_title_is_known_however_its_marks_are_stored() -> None:
    page = make_page(*head(number=None), *title("GIẤY KHAI SINH".replace("Ấ", "Â\u0301")))

    assert type_of(page) == "giay_khai_sinh"


def test_the_specific_type_goes_before_the_general_one() -> None:
    page = make_page(*head(number=None), *title("ĐƠN ĐỀ NGHỊ CẤP GIẤY PHÉP XÂY DỰNG"))

    assert type_of(page) == "don_gpxd"


def test_a_notation_alone_is_a_weaker_witness_than_title_and_notation() -> None:
    bare = make_page(*head(), place_date(), *body("Điều 1. Công bố danh mục."))

    weak, strong = classify(bare).component_type, classify(decision()).component_type

    assert weak is not None
    assert strong is not None
    assert weak.value == strong.value == "quyet_dinh"
    assert weak.confidence < strong.confidence


def test_badly_read_words_make_every_value_doubtful() -> None:
    lines = [
        make_line(line.text, x=line.words[0].box.x0, y=line.words[0].box.y0, confidence=0.5)
        for line in decision().lines
    ]

    classified = classify(make_page(*lines))

    assert classified.component_type is not None
    assert classified.component_type.doubtful
    assert all(one.doubtful for one in classified.fields)


def test_an_identity_card_is_one_only_in_its_size() -> None:
    lines = [make_line("CĂN CƯỚC CÔNG DÂN", x=200, y=100), make_line("IDVNM0930000123", y=300)]

    on_card = type_of(make_page(*lines, size=(680, 430), dpi=200.0))
    on_sheet = type_of(make_page(*lines))

    assert on_card == "cccd"
    assert on_sheet != "cccd"


def test_a_procedure_is_proposed_only_if_it_is_known() -> None:
    page = make_page(*head(), *body("Mã thủ tục: 1.004884.000.00.00.H05"))

    known = classify(page, procedures=("1.004884",)).procedure
    unknown = classify(page, procedures=("1.001193",)).procedure

    assert known is not None
    assert known.value == "1.004884"
    assert unknown is None


@pytest.mark.parametrize("stamp", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
def test_a_secrecy_stamp_stops_all_and_nothing_is_proposed(stamp: str) -> None:
    page = make_page(*head(), make_line(stamp, x=200, y=300), place_date(), *title("QUYẾT ĐỊNH"))

    assert classify(page) == ClassifiedDocument(component_type=None, is_secret=True)


def test_a_secrecy_stamp_on_a_later_page_stops_all_too() -> None:
    assert classify(decision(), make_page(make_line("TỐI MẬT", y=200))).is_secret


def test_a_stamp_that_was_joined_to_its_neighbour_is_found() -> None:
    line = make_line("MẬT", x=200, y=300)
    beside = make_line("Mẫu, ngày 18 tháng 02 năm 2025", x=900, y=300)
    joined = make_line("x", y=300)

    page = make_page(*head(), type(joined)(
        words=(*line.words, *beside.words), baseline=line.baseline, size=line.size
    ))  # fmt: skip

    assert classify(page).is_secret


@pytest.mark.parametrize(
    "sentence",
    ["Danh mục bí mật nhà nước độ MẬT, TỐI MẬT", "GIỮ BÍ MẬT", "Mật ong rừng", "MẬT ĐỘ DÂN SỐ"],
)
def test_a_word_of_a_sentence_is_no_secrecy_stamp(sentence: str) -> None:
    assert not classify(make_page(*head(), make_line(sentence, y=300))).is_secret


def test_a_stamp_is_looked_for_in_the_upper_part_only() -> None:
    assert not classify(make_page(*head(), make_line("MẬT", y=1800))).is_secret


words = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=12
)
lines = st.lists(words, min_size=1, max_size=8).map(" ".join)


@given(st.lists(st.lists(lines, max_size=6), max_size=3))
def test_every_proposal_lies_on_a_page_and_is_between_none_and_full_confidence(
    pages: list[list[str]],
) -> None:
    classified = classify(*(make_page(*texts) for texts in pages))

    proposals = [one for one in (classified.component_type, *classified.fields) if one is not None]
    for one in proposals:
        assert 0.0 <= one.confidence <= 1.0
        assert one.page is not None
        assert 1 <= one.page <= len(pages)
        assert isinstance(one.box, Box)
