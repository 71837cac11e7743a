"""What paper and copiers do to the pages of the two halves: another mixture for each half.

Pages are RGB as float, 0 to 255, axis order (height, width, 3).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.float32]
_RED, _BLUE = (205.0, 45.0, 60.0), (40.0, 60.0, 150.0)


def press_stamp(page: Rgb, chance: np.random.Generator) -> Rgb:
    """Press a red seal over the text and write a signature across it and above."""
    height, width = page.shape[:2]
    radius = round(width * 18 / 210)
    centre = (
        int(chance.uniform(0.25, 0.75) * width),
        int(chance.uniform(0.25, 0.6) * height),
    )
    ink = np.zeros((height, width), np.float32)
    for part, thick in ((1.0, 6), (0.92, 2), (0.6, 3)):
        cv2.circle(ink, centre, round(radius * part), 1.0, thick, cv2.LINE_AA)
    angles = np.arange(5) * 4 * np.pi / 5 - np.pi / 2
    star = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius * 0.45 + centre
    cv2.fillPoly(ink, [star.astype(np.int32)], 1.0, cv2.LINE_AA)
    worn = cv2.GaussianBlur(chance.normal(0.75, 0.6, (height, width)).astype(np.float32), (0, 0), 2)
    ink = np.asarray(np.clip(ink * np.clip(worn + 0.1, 0, 1), 0, 1), np.float32)
    pressed = page * (1 - ink[..., None] * (1 - np.asarray(_RED, np.float32) / 255))
    return _sign(
        np.asarray(pressed, np.float32), (centre[0] - 2 * radius, centre[1]), radius, chance
    )


def _sign(page: Rgb, start: tuple[int, int], size: int, chance: np.random.Generator) -> Rgb:
    """Draw a few loops of a pen."""
    t = np.linspace(0, 6 * np.pi, 240)
    x = start[0] + t / t[-1] * 3 * size + np.cos(t) * size * 0.3
    y = start[1] + np.sin(t + chance.uniform(0, 3)) * size * 0.35 * np.linspace(1.2, 0.3, t.size)
    points = np.rint(np.stack([x, y], axis=1)).astype(np.int32)
    out = page.copy()
    cv2.polylines(out, [points], False, _BLUE, 3, cv2.LINE_AA)  # noqa: FBT003 - not closed
    return np.asarray(out, np.float32)


def show_through(page: Rgb, back: NDArray[np.float32], share: float) -> Rgb:
    """Let what is printed on the other side show by a share of its ink."""
    soft = cv2.GaussianBlur(back[:, ::-1], (0, 0), 1.6)
    soft = cv2.resize(soft, (page.shape[1], page.shape[0]))
    return np.asarray(page - (255 - soft[..., None]) * share, np.float32)


def harm(
    page: Rgb, *, half: str, strength: float, chance: np.random.Generator
) -> NDArray[np.uint8]:
    """Return the page as it was scanned after what happened to it; 0 is hardly, 1 is badly."""
    page = (_age if half == "fit" else _copy)(page, strength, chance)
    height, width = page.shape[:2]
    degrees = float(chance.uniform(-0.8, 0.8)) * (0.3 + strength)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    paper = [float(np.percentile(page[..., colour], 80)) for colour in range(3)]
    page = np.asarray(
        cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper),
        np.float32,
    )
    noise = chance.normal(0.0, 1.5 + 8 * strength, (height, width, 1)).astype(np.float32)
    return np.asarray(np.clip(np.rint(page + noise), 0, 255), np.uint8)


def _age(page: Rgb, strength: float, chance: np.random.Generator) -> Rgb:
    """Fade evenly, yellow the paper, blur as poor optics do, shade to one side."""
    page = 255 - (255 - page) * (1 - 0.62 * strength)
    page = page * np.asarray((1.0, 0.99 - 0.03 * strength, 0.96 - 0.1 * strength), np.float32)
    page = np.asarray(cv2.GaussianBlur(page, (0, 0), 0.35 + 0.75 * strength), np.float32)
    ends = 1.0, 1.0 - 0.22 * strength * float(chance.uniform(0.3, 1))
    slope = np.linspace(*ends, page.shape[1], dtype=np.float32)
    return np.asarray(page * slope[None, :, None], np.float32)


def _copy(page: Rgb, strength: float, chance: np.random.Generator) -> Rgb:
    """Copy badly: toner spread unevenly, strokes thinner or thicker, smear, specks, stripes."""
    height, width = page.shape[:2]
    size = 1 + round(2 * strength), 1 + round(chance.uniform(0, 2) * strength)
    page = np.asarray(cv2.blur(page, size), np.float32)
    gamma = float(chance.uniform(0.55, 1.8)) if strength > 0.3 else 1.0  # noqa: PLR2004
    page = np.asarray(255 * (np.clip(page, 0, 255) / 255) ** gamma, np.float32)
    clouds = cv2.resize(chance.uniform(0, 1, (9, 7)).astype(np.float32), (width, height))
    page = 255 - (255 - page) * (1 - 0.8 * strength * clouds[..., None])
    for _ in range(round(300 * strength)):
        x, y = int(chance.uniform(0, width)), int(chance.uniform(0, height))
        cv2.circle(page, (x, y), 1, (90, 90, 90), -1)
    for _ in range(round(3 * strength)):
        left = int(chance.uniform(0.05, 0.95) * width)
        page[:, left : left + 2] -= 50
    return np.asarray(page * float(1 - 0.1 * strength), np.float32)
