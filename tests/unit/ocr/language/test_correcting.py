"""A reading is corrected where the language is sure, and left alone where it must be."""

from itertools import product

import numpy as np
import pytest

from documents.model import Line
from ocr.language.candidates import Candidate, candidates_of
from ocr.language.correcting import correct_lines
from ocr.language.decoding import decode
from ocr.language.guards import places_in_names
from ocr.language.model import LanguageModel, tokens_cost
from ocr.language.weights import Weights
from tests.builders import make_word
from tests.unit.ocr.language.texts import (
    read_line,
    read_words,
    small_model,
    with_alternatives,
    word,
)


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return small_model()


def corrected(model: LanguageModel, *lines: str | Line) -> str:
    given = [line if isinstance(line, Line) else read_line(line) for line in lines]
    return "\n".join(line.text for line in correct_lines(given, model))


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("thuộc thẩm quyên giải quyêt hồ sơ", "thuộc thẩm quyền giải quyết hồ sơ"),
        ("ỦY BAN NHẨN DẨN TỈNH", "ỦY BAN NHÂN DÂN TỈNH"),
        ("thủ tục hành chinh.", "thủ tục hành chính."),
        ("“Quyêt định”", "“Quyết định”"),
    ],
)
def test_marks_are_set_right_by_the_neighbours(
    model: LanguageModel, read: str, printed: str
) -> None:
    assert corrected(model, read) == printed


def test_the_other_meaning_is_kept_where_the_neighbours_ask_for_it(model: LanguageModel) -> None:
    unsure = with_alternatives(word("quyền"), 3, "ê")

    line = read_words(word("đảm,"), unsure, *map(word, ["góp", "là", "việc", "tự", "nguyện"]))

    assert corrected(model, line) == "đảm, quyên góp là việc tự nguyện"


def test_letters_change_to_what_the_recogniser_saw_as_well(model: LanguageModel) -> None:
    blurred = with_alternatives(word("hành"), 3, "n")
    mistaken = with_alternatives(word("chúnh"), 2, "í")

    line = read_words(word("thủ"), word("tục"), blurred, mistaken)

    assert corrected(model, line) == "thủ tục hành chính"
    assert corrected(model, "bảo đảm, quyên góp") == "bảo đảm, quyên góp"


def test_a_word_that_is_none_may_have_a_letter_more_less_or_other(model: LanguageModel) -> None:
    assert corrected(model, "thủ tục hành chúnh") == "thủ tục hành chính"
    assert corrected(model, "Chủ tịch Ủy ban nhn dân") == "Chủ tịch Ủy ban nhân dân"
    assert corrected(model, "một lạng chúnh") == "một lạng chúnh"


@pytest.mark.parametrize(
    "text",
    ["UBND", "BGDĐT", "079/2024", "12.345", "A4", "x2y", "QĐ-UBND", "www.abc.vn", "#¿", "II"],
)
def test_digits_codes_and_abbreviations_are_not_changed_by_the_language(
    model: LanguageModel, text: str
) -> None:
    assert corrected(model, f"thủ tục {text} hành chính") == f"thủ tục {text} hành chính"


@pytest.mark.parametrize("name", ["Nguyễn Văn Phong", "Trần Thị Quyên", "Hồ Quyên", "Đỗ Thị Hanh"])
def test_personal_names_stay_as_they_were_read(model: LanguageModel, name: str) -> None:
    assert corrected(model, f"Người yêu cầu {name} được trả kết quả") == (
        f"Người yêu cầu {name} được trả kết quả"
    )


def test_a_possible_word_stays_where_no_text_bears_the_change_out(model: LanguageModel) -> None:
    assert corrected(model, "món quyên lạ lùng") == "món quyên lạ lùng"


def test_what_was_read_and_why_it_changed_is_kept(model: LanguageModel) -> None:
    (line,) = correct_lines([read_line("thẩm quyên giải quyết")], model)

    changed = line.words[1]
    assert (changed.text, changed.raw, changed.cause) == ("quyền", "quyên", "language")
    assert [one.cause for one in line.words] == ["", "language", "", ""]


def test_alternatives_have_served_and_are_left_out(model: LanguageModel) -> None:
    line = read_words(with_alternatives(word("hành"), 3, "n"), word("chính"))

    (done,) = correct_lines([line], model)

    assert [one.alternatives for one in done.words] == [(), ()]


def test_a_broken_syllable_is_joined_and_a_glued_word_split(model: LanguageModel) -> None:
    broken = read_words(word("đề"), word("ngh"), word("ị"))
    narrow = [broken.words[0], broken.words[1]]
    close = broken.words[2]
    near = close.box.x0 - 14
    moved = Line(
        words=(*narrow, make_word(close.text, x=near)), baseline=broken.baseline, size=broken.size
    )

    (joined,) = correct_lines([moved], model)
    (parted,) = correct_lines([read_line("Vănphòng có trách nhiệm")], model)

    assert joined.text == "đề nghị"
    assert (joined.words[1].raw, joined.words[1].cause) == ("ngh ị", "joined")
    assert parted.text == "Văn phòng có trách nhiệm"
    assert [one.raw for one in parted.words[:2]] == ["Văn", "phòng"]
    assert parted.words[0].box.x1 <= parted.words[1].box.x0


def test_letter_case_follows_the_texts(model: LanguageModel) -> None:
    assert corrected(model, "kết quả, bổ Sung giấy tờ") == "kết quả, bổ sung giấy tờ"
    assert corrected(model, "hồ sƠ của công dân") == "hồ sơ của công dân"


def test_the_search_finds_the_cheapest_of_all_rows(model: LanguageModel) -> None:
    weights = Weights()
    read = [word(text) for text in ["thẩm", "quyên", "giai", "quyêt", "hồ", "sơ"]]
    choices = [candidates_of(one, model, weights)[:3] for one in read]

    def cost(row: tuple[Candidate, ...]) -> float:
        tokens = [candidate.text for candidate in row]
        outside = sum(not model.knows(token) for token in tokens) * weights.outside
        seen = weights.alternative * sum(candidate.cost for candidate in row)
        return seen + outside + tokens_cost(model, tokens)

    best = min(product(*choices), key=cost)

    assert [
        options[at] for options, at in zip(choices, decode(choices, model, weights), strict=True)
    ] == list(best)


def test_an_empty_page_stays_empty(model: LanguageModel) -> None:
    assert correct_lines([], model) == ()


def test_names_are_a_family_name_and_what_follows_it() -> None:
    texts = ["Theo", "ông", "Nguyễn", "Văn", "An,", "Sở", "Tư", "pháp"]

    assert places_in_names(texts) == {2, 3, 4}


def test_costs_of_many_triples_are_those_of_each(model: LanguageModel) -> None:
    ids = np.array([model.id_of(token) for token in ["thủ", "tục", "hành", "chính", "lạ"]])

    together = model.costs(ids[:-2], ids[1:-1], ids[2:])

    single = [
        float(model.costs(ids[at : at + 1], ids[at + 1 : at + 2], ids[at + 2 : at + 3])[0])
        for at in range(3)
    ]
    assert together.tolist() == single
    assert together[0] < together[2]
