"""Compression that print and seals survive, and no stronger."""

import io

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr.jpeg_quality import QUALITIES, choose_quality, compressed, likeness, sample_print
from tests.unit.ocr.drawn import LINES, draw_page, pixels_of

Pixels = NDArray[np.uint8]
_RED = (205, 35, 50)


def scanned(page: Image.Image, *, blur: float, noise: float) -> Image.Image:
    pixels = cv2.GaussianBlur(pixels_of(page).astype(np.float32), (0, 0), blur)
    pixels = pixels + np.random.default_rng(1).normal(0, noise, pixels.shape)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def sealed_page() -> Image.Image:
    page = draw_page(LINES * 3).convert("RGB")
    drawing = ImageDraw.Draw(page)
    drawing.ellipse((700, 1300, 1100, 1700), outline=_RED, width=9)
    drawing.ellipse((760, 1360, 1040, 1640), outline=_RED, width=4)
    return scanned(page, blur=0.8, noise=4)


def size_at(page: Image.Image, quality: int) -> int:
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=quality, subsampling="4:2:0")
    return len(buffer.getvalue())


def test_likeness_falls_with_the_quality_and_is_one_for_the_same_page() -> None:
    page = sample_print(scanned(draw_page(LINES * 3), blur=0.8, noise=6))

    found = [likeness(page, compressed(page, quality)) for quality in (20, *QUALITIES)]

    assert found == sorted(found)
    assert found[-1] - found[0] > 0.001
    assert likeness(page, page) == pytest.approx(1.0)


def test_a_page_of_clear_print_is_compressed_more_than_a_faint_noisy_one() -> None:
    clear = scanned(draw_page(LINES * 3), blur=1.0, noise=3)
    faint = Image.eval(draw_page(LINES * 3), lambda value: 215 + value * 40 // 255)

    assert choose_quality(clear) < choose_quality(scanned(faint, blur=1.0, noise=9))


def test_the_chosen_quality_saves_bytes() -> None:
    page = scanned(draw_page(LINES * 3), blur=1.0, noise=6)

    assert size_at(page, choose_quality(page)) < size_at(page, 75)


@pytest.mark.parametrize("size", [(16, 16), (40, 2000), (161, 159)])
def test_pages_of_any_size_have_a_quality(size: tuple[int, int]) -> None:
    assert choose_quality(Image.new("RGB", size, "white")) in QUALITIES


def test_the_red_of_a_seal_does_not_run_out_into_the_paper() -> None:
    page = sealed_page()

    shown = compressed(page, choose_quality(page))

    left, right = _lab(pixels_of(page)), _lab(pixels_of(shown))
    beside = _beside_red(pixels_of(page))
    assert np.linalg.norm(left[beside].mean(axis=0) - right[beside].mean(axis=0)) < 1.0
    at_edge = _edge_of_red(pixels_of(page))
    # Noise of the scan is in this too; what people just see is 2.3 on large areas.
    assert np.linalg.norm(left[at_edge] - right[at_edge], axis=-1).mean() < 12.0


def _lab(pixels: Pixels) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def _red(pixels: Pixels) -> Pixels:
    return (pixels[:, :, 0].astype(int) - pixels[:, :, 1] > 60).astype(np.uint8)


def _beside_red(pixels: Pixels) -> NDArray[np.bool_]:
    """Return a ring of 2 px of paper, 3 px away from what is red."""
    near, far = (cv2.dilate(_red(pixels), np.ones((width, width))) for width in (5, 9))
    return np.asarray((far > 0) & (near == 0))


def _edge_of_red(pixels: Pixels) -> NDArray[np.bool_]:
    outer = cv2.dilate(_red(pixels), np.ones((3, 3)))
    return np.asarray((outer > 0) & (cv2.erode(_red(pixels), np.ones((3, 3))) == 0))
