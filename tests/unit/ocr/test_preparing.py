"""The reading copy, and by how much a page is skewed."""

from pathlib import Path

import numpy as np
import pytest

from documents.model import Box
from ocr.copy_files import read_copy, write_copy
from ocr.preparing import READING_DPI, measure_skew, prepare_reading_copy, turn_by
from tests.unit.ocr.drawn import draw_page, pixels_of

SMALL = (827, 1170)


def test_a_page_of_high_resolution_is_read_at_200_dpi() -> None:
    copy = prepare_reading_copy(np.full((3508, 2480), 255, np.uint8), dpi=300.0)

    assert copy.dpi == pytest.approx(READING_DPI)
    assert copy.grey.shape == (2339, 1653)


def test_a_page_of_low_resolution_is_never_blown_up() -> None:
    copy = prepare_reading_copy(np.full((1170, 827), 255, np.uint8), dpi=100.0)

    assert (copy.dpi, copy.grey.shape) == (100.0, (1170, 827))


def test_a_red_seal_and_a_blue_pen_fade_and_black_print_stays() -> None:
    page = np.full((600, 400, 3), 255, np.uint8)
    page[100:160, 100:160] = (215, 40, 40)
    page[300:340, 100:160] = (40, 60, 205)
    page[400:440, 100:160] = (20, 20, 24)

    grey = prepare_reading_copy(page, dpi=200.0).grey

    assert grey.ndim == 2
    assert grey[130, 130] >= 205
    assert grey[320, 130] >= 195
    assert grey[420, 130] < 40


def test_the_chroma_noise_of_a_scanner_changes_nothing() -> None:
    page = np.full((600, 400, 3), 200, np.uint8)
    page[300, 200] = (220, 60, 60)

    grey = prepare_reading_copy(page, dpi=200.0).grey

    assert grey[300, 200] < 150


@pytest.mark.parametrize("skew", [-6.0, -2.5, -0.7, 0.0, 1.3, 4.0, 9.0])
def test_the_skew_of_a_page_is_measured_clockwise(skew: float) -> None:
    page = pixels_of(draw_page(size=SMALL, skew=skew))

    assert measure_skew(page) == pytest.approx(skew, abs=0.4)


@pytest.mark.parametrize("shade", [0, 255])
def test_a_page_without_lines_is_straight(shade: int) -> None:
    assert abs(measure_skew(np.full((1170, 827), shade, np.uint8))) <= 15.0
    assert measure_skew(np.full((1170, 827), 255, np.uint8)) == 0.0


def test_a_page_that_was_turned_back_is_straight() -> None:
    page = pixels_of(draw_page(size=SMALL, skew=5.0))

    level = turn_by(page, -measure_skew(page))

    assert level.shape == page.shape
    assert abs(measure_skew(np.asarray(level, np.uint8))) <= 0.3


def test_window_lies_around_the_papers_on_a_dark_glass() -> None:
    glass = np.full((2339, 1654), 40, np.uint8)
    glass[100:1300, 60:900] = 250
    outline = ((60, 100), (900, 100), (900, 1300), (60, 1300))

    copy = prepare_reading_copy(glass, dpi=300.0, papers=(outline,))

    assert copy.grey.shape == (1559, 1103)
    assert copy.window == Box(40, 66, 600, 867)


def test_papers_that_fill_the_glass_are_read_without_a_window() -> None:
    page = np.full((2339, 1654), 250, np.uint8)
    outline = ((10, 10), (1640, 10), (1640, 2330), (10, 2330))

    assert prepare_reading_copy(page, dpi=200.0, papers=(outline,)).window is None
    assert prepare_reading_copy(page, dpi=200.0).window is None


@pytest.mark.parametrize("window", [None, Box(3, 0, 20, 17)])
def test_copy_is_read_from_disk_as_it_was_written(tmp_path: Path, window: Box | None) -> None:
    grey = np.random.default_rng(1).integers(0, 256, (31, 23)).astype(np.uint8)

    write_copy(grey, tmp_path / "a.pgm", window=window)
    again, part = read_copy(tmp_path / "a.pgm")

    assert (again == grey).all()
    assert part == window


def test_missing_copy_is_no_empty_page(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"a\.pgm"):
        read_copy(tmp_path / "a.pgm")
