"""Words that make no sense: one letter more, less or other, weighed with their neighbours."""

from dataclasses import replace

import numpy as np
import pytest

from documents.model import Line, Word
from ocr.language.candidates import Candidate
from ocr.language.correcting import mend_lines
from ocr.language.counting import count_documents
from ocr.language.decoding import decode
from ocr.language.distances import distances_to, lexicon_of
from ocr.language.editing import Room, edited_candidates, rooms_of, suspects_in
from ocr.language.guards import seen_beside_neighbours
from ocr.language.model import LanguageModel
from ocr.language.sources import Document
from ocr.language.tokens import UNKNOWN
from ocr.language.weights import Weights
from tests.builders import line_of
from tests.unit.ocr.language.texts import (
    EVERYTHING,
    NO_RUNS,
    SENTENCES,
    read_line,
    read_words,
    small_model,
    with_alternatives,
    word,
)


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return small_model()


def mended(model: LanguageModel, line: Line) -> str:
    return " ".join(one.text for done in mend_lines([line], model) for one in done.words)


def unsure(text: str, *, confidence: float = 0.7) -> Word:
    return replace(word(text), confidence=confidence)


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        ("trách nhiệ hướng dẫn", "trách nhiệm hướng dẫn"),
        ("được bảoo đảm", "được bảo đảm"),
        ("yêu cầuu được trả", "yêu cầu được trả"),
        ("kiểm soáx thủ tục", "kiểm soát thủ tục"),
        ("thủ tục hàmh chính", "thủ tục hành chính"),
        ("về kiêm soất thủ tục", "về kiểm soát thủ tục"),
    ],
)
def test_a_word_that_is_none_gets_one_letter_more_less_or_other(
    model: LanguageModel, read: str, wanted: str
) -> None:
    assert mended(model, read_line(read)) == wanted


def test_letters_that_run_together_are_parted(model: LanguageModel) -> None:
    assert mended(model, read_line("thủ tục hành chmh thuộc")) == "thủ tục hành chính thuộc"


def test_a_letter_that_the_eye_saw_and_one_that_is_missing_go_together(
    model: LanguageModel,
) -> None:
    line = read_words(
        word("thẩm"), word("quyền"), word("giải"), with_alternatives(word("quyữ"), 3, "ế"),
        word("hồ"), word("sơ"),
    )  # fmt: skip

    assert mended(model, line) == "thẩm quyền giải quyết hồ sơ"


def test_a_sign_for_a_slanted_letter_is_read_as_the_letter(model: LanguageModel) -> None:
    line = read_words(word("bổ"), word("sung"), word("giấy"), unsure("/ờ"), word("theo"))

    assert mended(model, line) == "bổ sung giấy tờ theo"


def test_a_stroke_for_a_first_letter_says_nothing_about_its_case(model: LanguageModel) -> None:
    assert mended(model, read_line("đề nghị Sở Iư pháp bổ sung")).split()[3] == "tư"
    assert mended(model, read_line("đề nghị Sở Hư pháp bổ sung")).split()[3] != "tư"


def test_a_real_word_gives_way_only_where_it_was_read_with_doubt(model: LanguageModel) -> None:
    sure = read_words(word("đề"), word("nghị"), word("sở"), word("tự"), word("phá"), word("bổ"))
    words = [replace(one, confidence=0.99) for one in sure.words]
    doubtful = [*words[:4], replace(words[4], confidence=0.6), words[5]]

    assert mended(model, line_of(words)).split()[4] == "phá"
    assert mended(model, line_of(doubtful)).split()[4] == "pháp"


def test_two_wrong_neighbours_are_decided_together(model: LanguageModel) -> None:
    line = read_words(unsure("quyếm"), unsure("địh"), word("công"), word("bố"), word("thủ"))

    assert mended(model, line) == "quyết định công bố thủ"


def test_the_room_of_a_word_is_measured_by_the_letters_of_its_line(
    model: LanguageModel,
) -> None:
    whole = read_line("có thẩm quyền giải quyết hồ sơ").words
    short = replace(whole[4], text="quyế", raw="quyế")
    rooms = rooms_of(line_of(whole), len(whole))

    assert mended(model, line_of([*whole[:4], short, *whole[5:]])).split()[4] == "quyết"
    assert rooms[3].unit == pytest.approx(rooms[0].unit)
    assert [room.is_at_edge for room in rooms] == [True, *[False] * (len(rooms) - 2), True]


def test_only_at_the_edge_of_a_line_may_a_narrow_box_have_lost_a_letter(
    model: LanguageModel,
) -> None:
    readings = ["trách", "nhiệ", "hướng"]
    unit = rooms_of(line_of([word("nhiệ")]), 1)[0].unit

    def cost(*, is_at_edge: bool) -> float:
        room = Room(unit, is_at_edge=is_at_edge)
        found = edited_candidates(word("nhiệ"), room, readings, 1, model, Weights())
        return next(one.cost for one in found if one.text == "nhiệm")

    assert cost(is_at_edge=True) == Weights().edited
    assert cost(is_at_edge=False) > Weights().edited


def test_a_word_that_could_be_none_costs_more_than_one_that_is_not_known(
    model: LanguageModel,
) -> None:
    strict = Weights(impossible=60.0, outside=0.0)

    def likeliest(text: str, weights: Weights) -> str:
        rows = [[Candidate("giải", 0.0)], [Candidate(text, 0.0), Candidate("quyết", 40.0)]]
        return rows[1][decode(rows, model, weights)[1]].text

    assert likeliest("quyêt", strict) == "quyết"
    assert likeliest("quyêt", Weights(impossible=0.0)) == "quyêt"
    assert likeliest("khuya", strict) == "khuya"
    assert likeliest("UBND", strict) == "UBND"


def test_suspects_are_what_neither_spelling_nor_neighbours_bear_out(model: LanguageModel) -> None:
    words = [word("thủ"), word("tụk"), unsure("bố"), word("UBND"), word("12")]

    assert suspects_in(words, [one.text for one in words], model) == [1, 2]


def test_an_unknown_neighbour_bears_nothing_out() -> None:
    texts = [Document(text, 40) for text in (*SENTENCES, "Œuvre dân Œuvre")]
    counted = count_documents(texts, judged=NO_RUNS, apart=(), limits=EVERYTHING)
    known = LanguageModel(counted.counts)

    assert known.pair_count(UNKNOWN, "dân") > 0
    assert seen_beside_neighbours([UNKNOWN, "dân", "xyzt"], 1, known) == 0
    assert seen_beside_neighbours(["xyzt", "dân", UNKNOWN], 1, known) == 0
    assert seen_beside_neighbours(["nhân", "dân", "xyzt"], 1, known) > 0


def test_two_letters_that_run_together_are_one_change(model: LanguageModel) -> None:
    lexicon = lexicon_of(model)
    at = {spelling: row for row, spelling in enumerate(lexicon.spellings)}
    places = [{letter: 0.0} for letter in "chmh"]

    assert distances_to("chmh", places, lexicon, edit=24.0)[at["chính"]] == 24.0


def test_distances_are_those_of_the_cheapest_way(model: LanguageModel) -> None:
    lexicon = lexicon_of(model)
    at = {spelling: row for row, spelling in enumerate(lexicon.spellings)}
    places = [{letter: 0.0} for letter in "hàmh"]
    places[2]["n"] = 7.0

    costs = distances_to("hàmh", places, lexicon, edit=24.0)

    assert costs[at["hành"]] == 7.0
    assert costs[at["chính"]] >= 48.0
    assert np.isinf(costs[lexicon.lengths > 5]).all()
