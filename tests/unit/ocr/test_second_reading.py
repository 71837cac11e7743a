"""A second reader settles doubts and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from documents.model import Line
from ocr.correcting import Corrector
from ocr.engine import GreyImage
from ocr.language.calibrating import load_calibration
from ocr.language.model import LanguageModel
from ocr.second_reading import SecondOpinion, settle_doubts
from tests.builders import line_of, make_word
from tests.unit.ocr.language.texts import read_line, small_model

GREY = np.full((400, 900), 255, np.uint8)


@dataclass
class ToldReader:
    """A reader that sees what it was told."""

    text: str
    confidence: float = 0.99
    shapes: list[tuple[int, ...]] = field(default_factory=list)
    name: str = "told"

    def read_words(self, pictures: Sequence[GreyImage]) -> list[SecondOpinion]:
        self.shapes += [picture.shape for picture in pictures]
        return [SecondOpinion(self.text, self.confidence) for _ in pictures]


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return small_model()


def doubtful(text: str, *, confidence: float = 0.5) -> Line:
    return line_of([make_word(text, confidence=confidence, doubtful=True)])


def settled(model: LanguageModel, line: Line, reader: ToldReader) -> Line:
    (done,) = settle_doubts([line], GREY, scale=0.5, reader=reader, model=model)
    return done


@pytest.mark.parametrize(
    ("first", "second"),
    [("J8", "18"), ("37O/0Đ-UBND", "370/QĐ-UBND"), ("quyữ", "quyết"), ("(Ú7,", "(07,")],
)
def test_a_reading_with_a_shape_takes_the_place_of_one_without(
    model: LanguageModel, first: str, second: str
) -> None:
    done = settled(model, doubtful(first), ToldReader(second.strip("(,")))

    (word,) = done.words
    assert (word.text, word.raw, word.cause) == (second, first, "second")
    assert word.doubtful


@pytest.mark.parametrize(
    ("first", "second", "confidence"),
    [
        ("J8", "J9", 0.99),  # no shape either
        ("J8", "18", 0.80),  # not sure
        ("quyền", "quyên", 0.99),  # both are syllables
        ("37/2024/TT-BYT", "37/2024/TT-BYI", 0.99),  # more than digits differ
        ("37", "57", 0.90),  # not very sure
        ("12", "", 0.99),
    ],
)
def test_otherwise_the_first_reading_stays(
    model: LanguageModel, first: str, second: str, confidence: float
) -> None:
    line = doubtful(first)

    assert settled(model, line, ToldReader(second, confidence)) == line


def test_another_digit_is_taken_only_from_a_reader_that_is_very_sure(model: LanguageModel) -> None:
    done = settled(model, doubtful("37/2024/TT-BYT"), ToldReader("57/2024/TT-BYT"))

    assert done.text == "57/2024/TT-BYT"


def test_only_doubtful_words_and_unsure_numbers_are_looked_at_again(model: LanguageModel) -> None:
    words = [
        make_word("quyền", confidence=0.99),
        make_word("định", x=300, confidence=0.5, doubtful=True),
        make_word("12", x=500, confidence=0.96),
        make_word("2025", x=600, confidence=0.999),
        make_word("–", x=700, confidence=0.1, doubtful=True),
    ]
    reader = ToldReader("")

    settled(model, line_of(words), reader)

    # 64 and 32 px wide and 30 high at half the scale, with 5 px around.
    assert reader.shapes == [(25, 42), (25, 26)]


def test_a_corrector_names_what_it_corrects_by(model: LanguageModel) -> None:
    calibration = load_calibration().name

    assert Corrector(model).name == f"language=unnamed {calibration}"
    assert Corrector(model, ToldReader("")).name == f"language=unnamed {calibration} second=told"


def test_a_corrector_asks_the_second_reader_after_the_language(model: LanguageModel) -> None:
    line = read_line("thẩm quyên giải quyêt J8")

    (done,) = Corrector(model, ToldReader("18")).correct([line], GREY, scale=1.0)

    assert done.text == "thẩm quyền giải quyết 18"
