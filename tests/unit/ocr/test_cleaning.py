"""What is taken out of a page before it is read, and that clean pages stay as they are."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.cleaning import has_specks, whiten_around, with_even_light, without_show_through
from ocr.engine import GreyImage
from ocr.preparing import measure_skew, prepare_reading_copy, turn_by
from ocr.tesseract import TesserocrEngine, find_tessdata
from tests.unit.ocr.drawn import LINES, WORDS, draw_page, pixels_of

SIZE_AT_200 = (1400, 1300)


def print_page(*, dpi: int = 200, seed: int = 1) -> GreyImage:
    """Return a page as a good scanner gives it: a little soft and noisy."""
    scale = dpi / 200
    size = (round(SIZE_AT_200[0] * scale), round(SIZE_AT_200[1] * scale))
    half = pixels_of(draw_page(LINES * 3, size=size))
    drawn = np.minimum(half, np.roll(half, round(600 * scale), axis=1)).astype(np.float32)
    soft = cv2.GaussianBlur(drawn * 0.92 + 18, (0, 0), 0.7 * scale)
    noise = np.random.default_rng(seed).normal(0, 3, soft.shape)
    return np.asarray(np.clip(soft + noise, 0, 255), np.uint8)


def add_specks(page: GreyImage, *, share: float) -> GreyImage:
    chance = np.random.default_rng(2).random(page.shape)
    damaged = page.copy()
    damaged[chance < share / 2] = 0
    damaged[chance > 1 - share / 2] = 255
    return damaged


def add_shadow(page: GreyImage, *, depth: float) -> GreyImage:
    """Darken the left side, as the fold of a book does."""
    along = np.linspace(0, 1, page.shape[1])[None]
    dark = 1 - depth * np.exp(-((along - 0.05) ** 2) / 0.08)
    return (page * dark).astype(np.uint8)


def add_show_through(page: GreyImage, *, strength: float) -> GreyImage:
    back = cv2.GaussianBlur(np.roll(page[:, ::-1], 13, axis=0), (0, 0), 1.6).astype(np.float32)
    shown = page.astype(np.float32) - (250 - back) * strength * (page > 150)
    return np.clip(shown, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def engine() -> TesserocrEngine:
    return TesserocrEngine(find_tessdata(), language="vie")


def count_found(engine: TesserocrEngine, page: NDArray[np.uint8], *, dpi: float = 200.0) -> int:
    """Return how many of the words on six times the drawn lines are read right."""
    copy = prepare_reading_copy(page, dpi=dpi)
    found = [word.text for line in engine.read(copy.grey, dpi=copy.dpi) for word in line.words]
    return sum(min(found.count(word), 6 * WORDS.count(word)) for word in set(WORDS))


@pytest.mark.parametrize("dpi", [200, 300])
def test_a_clean_page_is_only_made_smaller(dpi: int) -> None:
    page = print_page(dpi=dpi)

    copy = prepare_reading_copy(page, dpi=float(dpi)).grey

    plain = page
    if dpi > 200:
        plain = np.asarray(
            cv2.resize(page, copy.shape[::-1], interpolation=cv2.INTER_AREA), np.uint8
        )
    assert np.array_equal(copy, plain)


DAMAGES: dict[str, Callable[[GreyImage], GreyImage]] = {
    "clean": lambda page: page,
    "salt and pepper": lambda page: add_specks(page, share=0.03),
    "shadow of a fold": lambda page: add_shadow(page, depth=0.5),
    "show-through": lambda page: add_show_through(page, strength=0.65),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_words_of_a_damaged_page_are_read_as_those_of_a_clean_one(
    engine: TesserocrEngine, damage: str
) -> None:
    page = DAMAGES[damage](print_page())

    found = count_found(engine, page)

    assert found >= 0.965 * 6 * len(WORDS)


def test_only_salt_and_pepper_counts_as_specks() -> None:
    page = print_page()

    assert not has_specks(page)
    assert not has_specks(add_specks(page, share=0.0005))
    assert has_specks(add_specks(page, share=0.005))


def test_light_that_costs_no_words_is_left_alone() -> None:
    page = print_page()

    assert with_even_light(add_shadow(page, depth=0.1)).min() == add_shadow(page, depth=0.1).min()
    levelled = with_even_light(add_shadow(page, depth=0.5))
    assert float(levelled[:, 60].mean()) > 230


def test_faint_print_of_this_side_is_no_show_through() -> None:
    page = print_page()
    faint = page.copy()
    faint[300:] = (235 - (235 - page[300:].astype(np.float32)) * 0.3).astype(np.uint8)

    assert np.array_equal(without_show_through(faint), faint)
    shown = add_show_through(page, strength=0.5)
    assert not np.array_equal(without_show_through(shown), shown)


def test_print_in_blue_is_read_and_no_pen() -> None:
    page = print_page().astype(np.float32) / 255
    blue = np.stack([page * 165 + 85, page * 160 + 90, page * 80 + 170], axis=2).astype(np.uint8)

    grey = prepare_reading_copy(blue, dpi=200.0).grey

    assert np.percentile(grey, 1) < 140


def test_a_dark_lid_becomes_as_light_as_the_paper() -> None:
    glass = np.full((1200, 900), 25, np.uint8)
    glass[100:700, 200:600] = 240
    corners = ((400, 200), (1200, 200), (1200, 1400), (400, 1400))

    white = whiten_around(glass, [corners], scale=0.5, dpi=100.0)

    assert white.min() == 240


@pytest.mark.parametrize(
    ("text_height", "dpi", "read_at"),
    [(None, 300.0, 200.0), (30.0, 300.0, 200.0), (22.0, 300.0, 300.0), (30.0, 600.0, 300.0)],
)
def test_small_print_is_read_at_higher_resolution(
    text_height: float | None, dpi: float, read_at: float
) -> None:
    page = np.full((round(4 * dpi), round(3 * dpi)), 255, np.uint8)

    copy = prepare_reading_copy(page, dpi=dpi, text_height=text_height)

    assert copy.dpi == pytest.approx(read_at)


def test_skew_is_measured_to_a_tenth_of_a_degree_up_to_fifteen() -> None:
    page = pixels_of(draw_page(LINES * 3, size=(1654, 2339)))
    angles = [*np.linspace(-15, 15, 13), *np.random.default_rng(5).uniform(-15, 15, 12)]

    errors = [
        abs(measure_skew(np.asarray(turn_by(page, float(angle)), np.uint8)) - angle)
        for angle in angles
    ]

    assert max(errors) <= 0.1
