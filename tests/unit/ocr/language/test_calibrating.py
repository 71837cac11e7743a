"""The probability that a word is right, from what the recogniser saw and what else is known."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.model import Line, Word
from ocr.errors import DamagedLanguageModelError
from ocr.language.calibrating import (
    FEATURES,
    calibration_of,
    features_of,
    load_calibration,
)
from ocr.language.model import LanguageModel, load_model
from ocr.language.words import LANGUAGE
from tests.builders import line_of, make_line, make_word
from tests.unit.ocr.language.texts import small_model

SENTENCE = "Chủ tịch Ủy ban nhân dân huyện có thẩm quyền giải quyết hồ sơ"


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return load_model()


def chances(model: LanguageModel, *lines: Line) -> list[float]:
    features, _ = features_of(lines, model)
    return [float(chance) for chance in load_calibration().chances(features)]


def test_a_plain_word_that_was_seen_well_is_almost_certain(model: LanguageModel) -> None:
    assert min(chances(model, make_line(SENTENCE, confidence=0.96))) > 0.99


def test_a_word_is_less_likely_where_it_was_hardly_seen(model: LanguageModel) -> None:
    words = make_line(SENTENCE, confidence=0.96).words
    unsure = line_of([*words[:5], replace(words[5], confidence=0.4), *words[6:]])

    found = chances(model, unsure)

    assert found[5] == min(found)
    assert found[5] < chances(model, line_of(words))[5] - 0.005


def test_a_word_that_no_neighbour_bears_out_is_less_likely(model: LanguageModel) -> None:
    said = make_line("giải quyết hồ sơ của công dân", confidence=0.8)
    odd = make_line("giải quyết hồ sơ của cống dân", confidence=0.8)

    assert chances(model, odd)[5] < chances(model, said)[5]


def test_what_was_changed_is_less_likely_than_what_was_read_so(model: LanguageModel) -> None:
    read = make_line(SENTENCE, confidence=0.7).words
    changed = replace(read[8], raw="thâm", cause=LANGUAGE)

    assert (
        chances(model, line_of([*read[:8], changed, *read[9:]]))[8]
        < chances(model, line_of(read))[8]
    )


def test_what_has_no_shape_is_less_likely_than_what_has_one(model: LanguageModel) -> None:
    number, odd = make_word("12/QĐ-UBND"), make_word("1Z/QĐ-U8ND")

    assert chances(model, line_of([odd]))[0] < chances(model, line_of([number]))[0]


def test_a_page_without_words_has_no_chances(model: LanguageModel) -> None:
    assert chances(model) == []


def test_bare_signs_are_of_no_kind() -> None:
    _, kinds = features_of([make_line("– Điều 3 …")], small_model())

    assert [bool(kind) for kind in kinds] == [False, True, True, False]


def test_a_feature_that_is_not_named_counts_nothing() -> None:
    calibration = calibration_of({"always": 0.0}, name="level")
    features, _ = features_of([make_line(SENTENCE)], small_model())

    assert calibration.chances(features) == pytest.approx(0.5)


def test_the_calibration_that_we_ship_names_every_feature() -> None:
    calibration = load_calibration()

    assert calibration.name.startswith("calibration=")
    assert len(calibration.coefficients) == len(FEATURES)


@pytest.mark.parametrize("content", ["{", "[1, 2]", '{"always": "much"}'])
def test_a_damaged_calibration_is_named(content: str, tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    file.write_text(content)

    with pytest.raises(DamagedLanguageModelError):
        load_calibration(file)


words = st.builds(
    Word,
    text=st.sampled_from(["Ủy", "ban", "12/2024", "7", "đươc", "Nguyễn", "QĐ-UBND,", "x#1"]),
    raw=st.just("ban"),
    box=st.just(make_word("ban").box),
    confidence=st.floats(0, 1),
    cause=st.sampled_from(["", LANGUAGE]),
)


@given(st.lists(words, min_size=1, max_size=6), st.floats(0, 1))
def test_the_better_a_word_was_seen_the_likelier_it_is(read: list[Word], more: float) -> None:
    model = small_model_once()
    first = replace(read[0], confidence=min(1.0, read[0].confidence + more))

    before = chances(model, line_of(read))[0]
    after = chances(model, line_of([first, *read[1:]]))[0]

    assert after >= before - 1e-9


def small_model_once(made: list[LanguageModel] = []) -> LanguageModel:  # noqa: B006 - kept on purpose
    if not made:
        made.append(small_model())
    return made[0]
