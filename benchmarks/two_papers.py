"""Lays papers on the glass of a scanner, several in one image, for the quality gate and the tests.

The papers are pages that are given; the same seed lays them the same way.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
_LID_NOISE = 2.5


def glass_of(width_mm: float, height_mm: float, *, lid: int, dpi: float, seed: int) -> Pixels:
    """Return an empty glass under a lid of this brightness, RGB."""
    chance = np.random.default_rng(seed)
    size = (round(height_mm / 25.4 * dpi), round(width_mm / 25.4 * dpi))
    grey = chance.normal(lid, _LID_NOISE, size)
    return np.asarray(np.clip(grey, 0, 255), np.uint8)[..., None].repeat(3, axis=2)


def lay(glass: Pixels, paper: Pixels, *, left: int, top: int, degrees: float) -> Pixels:
    """Return the glass with a paper on it, turned clockwise about its middle; shadow included."""
    height, width = paper.shape[:2]
    middle = (left + width / 2, top + height / 2)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    matrix[:, 2] += (middle[0] - width / 2, middle[1] - height / 2)
    size = (glass.shape[1], glass.shape[0])
    lying = cv2.warpAffine(paper, matrix, size, flags=cv2.INTER_AREA)
    covered = cv2.warpAffine(np.full((height, width), 255, np.uint8), matrix, size)
    shadow = cv2.GaussianBlur(covered, (0, 0), 2.0).astype(np.float32)[..., None] / 255
    shaded = glass.astype(np.float32) * (1.0 - 0.12 * shadow)
    part = covered.astype(np.float32)[..., None] / 255
    return np.asarray(np.clip(shaded * (1 - part) + lying * part, 0, 255), np.uint8)


def fit(paper: Pixels, width_mm: float, height_mm: float, *, dpi: float) -> Pixels:
    """Return a paper at another size."""
    size = (round(width_mm / 25.4 * dpi), round(height_mm / 25.4 * dpi))
    return np.asarray(cv2.resize(paper, size, interpolation=cv2.INTER_AREA), np.uint8)


def side_by_side(pages: Sequence[Pixels], *, lid: int, dpi: float, seed: int) -> Pixels:
    """Lay two pages of A5 on a glass of A4 landscape, each a little askew."""
    chance = np.random.default_rng(seed)
    glass = glass_of(297 + 12, 210 + 8, lid=lid, dpi=dpi, seed=seed)
    for index, page in enumerate(pages[:2]):
        paper = fit(page, 146, 207, dpi=dpi)
        left = round((1.5 + index * 156 + chance.uniform(0, 2)) / 25.4 * dpi)
        top = round(chance.uniform(3, 6) / 25.4 * dpi)
        turned = float(chance.uniform(-1.2, 1.2))
        glass = lay(glass, paper, left=left, top=top, degrees=turned)
    return glass


def spread(pages: Sequence[Pixels], *, dpi: float, seed: int, fold: int = 0) -> Pixels:
    """Print two pages of A4 on one sheet of A3; `fold` darkens the middle by so many levels."""
    halves = [fit(page, 210, 297, dpi=dpi) for page in pages[:2]]
    sheet = np.concatenate(halves, axis=1)
    if fold:
        chance = np.random.default_rng(seed)
        middle = sheet.shape[1] / 2 + chance.uniform(-1.5, 1.5) / 25.4 * dpi
        distance = np.abs(np.arange(sheet.shape[1]) - middle) / dpi * 25.4
        shade = fold * np.exp(-((distance / 1.2) ** 2))
        sheet = np.asarray(np.clip(sheet - shade[None, :, None], 0, 255), np.uint8)
    return sheet


def cards(faces: Sequence[Pixels], *, lid: int, dpi: float, seed: int) -> Pixels:
    """Lay the faces of a card below each other on a glass of A4."""
    chance = np.random.default_rng(seed)
    glass = glass_of(210, 297, lid=lid, dpi=dpi, seed=seed)
    for index, face in enumerate(faces):
        card = fit(face, 85.6, 54, dpi=dpi)
        left = round(chance.uniform(15, 100) / 25.4 * dpi)
        top = round((20 + 85 * index + chance.uniform(0, 15)) / 25.4 * dpi)
        turned = float(chance.uniform(-2, 2))
        glass = lay(glass, card, left=left, top=top, degrees=turned)
    return glass


def face_of_card(*, dpi: float, seed: int) -> Pixels:
    """Draw one face of a card: tinted, a picture at the left, short lines beside it."""
    chance = np.random.default_rng(seed)
    width, height = round(85.6 / 25.4 * dpi), round(54 / 25.4 * dpi)
    tint = np.asarray(chance.uniform(200, 238, 3))
    face = np.clip(chance.normal(0, 2, (height, width, 1)) + tint, 0, 255).astype(np.uint8)
    px = dpi / 25.4
    cv2.rectangle(face, (round(4 * px), round(16 * px)), (round(24 * px), round(46 * px)),
                  (120, 110, 130), -1)  # fmt: skip
    cv2.rectangle(face, (1, 1), (width - 2, height - 2), (150, 120, 120), max(1, round(px / 3)))
    letters = list("ABCDEGHIKLMNOPQRSTUVXYabcdeghiklmnopqrstuvxy 0123456789")
    for line in range(8):
        text = "".join(chance.choice(letters, int(chance.integers(14, 24))))
        place = (round(28 * px), round((7 + 5.5 * line) * px))
        cv2.putText(face, text, place, cv2.FONT_HERSHEY_SIMPLEX, px / 13, (40, 35, 50),
                    max(1, round(px / 6)), cv2.LINE_AA)  # fmt: skip
    return face
