"""Damages good pages in ways and strengths that are known, to see whether they are told.

Each function takes and returns an RGB page, axis order (height, width, 3), and gives the same for
the same seed.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Page = NDArray[np.uint8]
_MM_PER_INCH = 25.4
_PAPER = (250.0, 249.0, 245.0)
_LID = (28.0, 28.0, 30.0)
_BED = (222.0, 222.0, 220.0)


def blur(page: Page, strength: float, *, dpi: float, seed: int) -> Page:  # noqa: ARG001
    """Blur by a Gaussian of `strength` px at 200 dpi."""
    return np.asarray(cv2.GaussianBlur(page, (0, 0), strength * dpi / 200), np.uint8)


def scan_coarsely(page: Page, strength: float, *, dpi: float, seed: int) -> Page:  # noqa: ARG001
    """Scan at `strength` dpi and blow up to the size that it had."""
    size = (page.shape[1], page.shape[0])
    small = cv2.resize(
        page, None, fx=strength / dpi, fy=strength / dpi, interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def shrink(page: Page, strength: float, *, dpi: float, seed: int) -> Page:  # noqa: ARG001
    """Print the page at `strength` of its size, at 200 dpi, on the same sheet, as a copier does."""
    part = min(1.0, strength * 200 / dpi)
    small = cv2.resize(page, None, fx=part, fy=part, interpolation=cv2.INTER_AREA)
    out = np.full_like(page, np.percentile(page, 80))
    top, left = ((out.shape[i] - small.shape[i]) // 3 for i in (0, 1))
    out[top : top + small.shape[0], left : left + small.shape[1]] = small
    return out


def cut_off(page: Page, strength: float, *, dpi: float, seed: int) -> Page:
    """Shift the page so that `strength` mm of its print lie outside; which side is by chance."""
    side = seed % 2
    dark = (page.min(axis=2) < 120).astype(np.float32)  # noqa: PLR2004 - print
    dark[_mm(4, dpi) :, : _mm(4, dpi)] = 0
    columns = np.flatnonzero(dark.mean(axis=0) > 0.02)  # noqa: PLR2004 - print in 2 % of rows
    if not columns.size:
        return page
    shift = columns[0] + _mm(strength, dpi) if side == 0 else columns[-1] - _mm(strength, dpi)
    out = np.full_like(page, np.percentile(page, 80))
    if side == 0:
        out[:, : page.shape[1] - shift] = page[:, shift:]
    else:
        out[:, page.shape[1] - shift :] = page[:, :shift]
    return out


def fold_corner(page: Page, strength: float, *, dpi: float, seed: int) -> Page:
    """Fold a corner by `strength` mm to the back; the lid shows there, white, grey or black."""
    chance = np.random.default_rng(seed)
    height, width = page.shape[:2]
    along, down = (_mm(strength * chance.uniform(0.75, 1.25), dpi) for _ in range(2))
    corner = np.array([[0, 0], [along, 0], [0, down]])
    if seed % 2:
        corner[:, 0] = width - 1 - corner[:, 0]
    if seed // 2 % 2:
        corner[:, 1] = height - 1 - corner[:, 1]
    lid = ((250.0, 250.0, 250.0), _BED, _LID)[seed % 3]
    mask = np.zeros((height, width), np.float32)
    cv2.fillPoly(mask, [corner.astype(np.int32)], (1.0,))
    soft = cv2.GaussianBlur(mask, (0, 0), 0.6 * dpi / 200)
    line = np.zeros((height, width), np.float32)
    cv2.line(line, corner[1].tolist(), corner[2].tolist(), (1.0,), max(1, _mm(0.6, dpi)))
    shadow = cv2.GaussianBlur(line, (0, 0), _mm(0.5, dpi)) * chance.uniform(25, 60)
    mixed = page * (1 - soft[..., None]) + np.asarray(lid, np.float32) * soft[..., None]
    return _clipped(mixed - shadow[..., None])


def overlap(page: Page, strength: float, *, dpi: float, seed: int) -> Page:
    """Let a second sheet with other print cover the lower part, its edge dark by `strength`."""
    chance = np.random.default_rng(seed)
    height, width = page.shape[:2]
    other = np.ascontiguousarray(np.roll(page[::1], round(height * 0.37), axis=0))
    tilt = chance.uniform(-1.5, 1.5)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    paper = [float(np.percentile(page[..., i], 80)) for i in range(3)]
    other = np.asarray(cv2.warpAffine(other, turn, (width, height), borderValue=paper), np.uint8)
    edge = height * chance.uniform(0.25, 0.75)
    rows = (
        np.arange(height)[:, None]
        - edge
        - (np.arange(width) - width / 2) * np.tan(np.radians(-tilt))
    )
    # The sheet above ends there with a margin without print of its own.
    other[(rows > 0) & (rows < _mm(12, dpi))] = paper
    out = np.where((rows >= 0)[..., None], other, page).astype(np.float32)
    shadow = np.exp(-np.abs(np.minimum(rows, 0)) / _mm(0.7, dpi)) * (rows < 0) * strength
    return _clipped(out - shadow[..., None])


def crease(page: Page, strength: float, *, dpi: float, seed: int) -> Page:
    """Fold the paper across and open it again: a line of `strength`, and nothing is hidden."""
    chance = np.random.default_rng(seed)
    height, width = page.shape[:2]
    edge = height * (0.5, 0.33, 0.66)[seed % 3] + chance.normal(0, _mm(3, dpi))
    tilt = np.tan(np.radians(chance.uniform(-0.4, 0.4)))
    rows = np.arange(height)[:, None] - edge - (np.arange(width) - width / 2) * tilt
    line = np.exp(-((rows / _mm(0.35, dpi)) ** 2)) * strength
    shade = np.where(rows > 0, 1, -1) * np.exp(-np.abs(rows) / _mm(6, dpi)) * strength * 0.2
    return _clipped(page - (line + shade)[..., None])


def roller_streaks(page: Page, strength: float, *, dpi: float, seed: int) -> Page:
    """Draw dirt along the way of the paper, dark by `strength`."""
    chance = np.random.default_rng(seed)
    out = page.astype(np.float32)
    for _ in range(3):
        left = int(chance.uniform(0.06, 0.94) * page.shape[1])
        out[:, left : left + max(1, _mm(0.25, dpi))] -= strength
    return _clipped(out)


def turn(page: Page, strength: float, *, dpi: float, seed: int) -> Page:  # noqa: ARG001
    """Lay the page askew by `strength` degrees, to the left or to the right."""
    height, width = page.shape[:2]
    degrees = strength if seed % 2 else -strength
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    paper = [float(np.percentile(page[..., i], 80)) for i in range(3)]
    return np.asarray(
        cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper),
        np.uint8,
    )


def darken(page: Page, strength: float, *, dpi: float, seed: int) -> Page:  # noqa: ARG001
    """Leave `strength` of the light."""
    return _clipped(page.astype(np.float32) * strength)


def fade(page: Page, strength: float, *, dpi: float, seed: int) -> Page:  # noqa: ARG001
    """Leave `strength` of the contrast of the print."""
    return _clipped(250.0 - (250.0 - page.astype(np.float32)) * strength)


def copy_seals(page: Page, strength: float, *, dpi: float, seed: int) -> Page:
    """Replace what is coloured by printing dots of `strength` lines to the inch."""
    chance = np.random.default_rng(seed)
    height, width = page.shape[:2]
    finer = 3
    angle = np.radians(chance.uniform(10, 80))
    pitch = dpi * finer / strength
    values = page.astype(np.float32)
    spread = values.max(axis=2) - values.min(axis=2)
    rows, columns = np.flatnonzero((spread > 60).any(1)), np.flatnonzero((spread > 60).any(0))  # noqa: PLR2004
    if not rows.size or not columns.size:
        return page
    top, left = int(rows[0]), int(columns[0])
    part = values[top : rows[-1] + 1, left : columns[-1] + 1]
    cover = cv2.resize((255 - part[..., 1]) / 235, None, fx=finer, fy=finer)
    y, x = np.mgrid[: cover.shape[0], : cover.shape[1]].astype(np.float32)
    u = np.cos(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / pitch)
    v = np.cos(2 * np.pi * (-x * np.sin(angle) + y * np.cos(angle)) / pitch)
    dots = ((u + v) / 4 + 0.5 > 1 - np.clip(cover, 0, 1) * 0.75).astype(np.float32)
    ink = cv2.resize(dots, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_AREA)
    ink = cv2.GaussianBlur(ink, (0, 0), 0.5 * dpi / 200)
    coloured = cv2.dilate(
        (spread[top : rows[-1] + 1, left : columns[-1] + 1] > 40).astype(np.uint8),  # noqa: PLR2004
        np.ones((5, 5), np.uint8),
    )
    red = np.asarray((205.0, 60.0, 70.0), np.float32)
    mixed = np.asarray(_PAPER, np.float32) * (1 - ink[..., None]) + red * ink[..., None]
    out = values.copy()
    out[top : rows[-1] + 1, left : columns[-1] + 1] = np.where(coloured[..., None] > 0, mixed, part)
    return _clipped(out[:height, :width])


def _mm(length: float, dpi: float) -> int:
    return max(1, round(length / _MM_PER_INCH * dpi))


def _clipped(values: NDArray[np.floating]) -> Page:
    return np.asarray(np.clip(values, 0, 255), np.uint8)
