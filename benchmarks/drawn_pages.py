"""Pages drawn with their words' places known, in other type and with other damages than elsewhere.

Limits that were chosen on `degraded_pages` and given scans are judged on these: other fonts and
sizes, and what else happens to paper: uneven light as in photographs, speckles and fibres, faint
carbon copies, a printed screen behind the text, a colour cast. The same seed gives the same page.
"""

import random
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from documents.model import Box, EngineRecord, Line, RecognizedPage, Word

DPI = 200
_SIZE = (1654, 2339)
_LEFT, _RIGHT, _TOP, _BOTTOM = 220, 1500, 200, 2180
_FONTS = (
    ("DejaVu Serif", 11),
    ("DejaVu Sans", 10),
    ("Liberation Sans", 12),
    ("Liberation Mono", 10),
)
_PROSE = Path(__file__).with_name("prose.txt")
_ENGINE = EngineRecord(name="drawn", version="1", model_sha256="", settings="")
_POINTS_PER_INCH = 72
_LINE = 1.55
_DUST, _DOT = 0.0012, 0.35

Page = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPage:
    """A page with what is printed on it, and where."""

    name: str
    pixels: NDArray[np.uint8]
    printed: RecognizedPage


def drawn_pages() -> Iterator[DrawnPage]:
    """Yield a page for each font and damage."""
    for place, (font, points) in enumerate(_FONTS):
        clean, printed = _draw(font, points, seed=place)
        for number, (damage, change) in enumerate(_DAMAGES.items()):
            chance = np.random.default_rng(100 * place + number)
            changed = np.clip(np.rint(change(clean.astype(np.float32), chance)), 0, 255)
            yield DrawnPage(
                name=f"{font} {points}, {damage}",
                pixels=np.asarray(changed, np.uint8),
                printed=printed,
            )


def _draw(font: str, points: int, *, seed: int) -> tuple[NDArray[np.uint8], RecognizedPage]:
    """Return grey pixels and the words on them."""
    chance = random.Random(9_000 + seed)  # noqa: S311 - repeatable, nothing secret
    sentences = _PROSE.read_text(encoding="utf-8").splitlines()
    chance.shuffle(sentences)
    waiting = iter(" ".join(sentences * 3).split())
    page = Image.new("L", _SIZE, 255)
    drawing = ImageDraw.Draw(page)
    type_ = ImageFont.truetype(_file_of(font), round(points / _POINTS_PER_INCH * DPI))
    height = round(points / _POINTS_PER_INCH * DPI * _LINE)
    lines = []
    x, words = float(_LEFT), list[Word]()
    for y in range(_TOP, _BOTTOM, height):
        for text in waiting:
            if x + drawing.textlength(text, type_) > _RIGHT:
                break
            drawing.text((x, y), text, font=type_, fill=20)
            left, top, right, bottom = map(round, drawing.textbbox((x, y), text, font=type_))
            box = Box(left, top, right, bottom)
            words.append(Word(text=text, raw=text, box=box, confidence=1.0))
            x += drawing.textlength(text + " ", type_)
        base = float(y + type_.getmetrics()[0])
        baseline = (float(_LEFT), base, float(_RIGHT), base)
        lines.append(Line(words=tuple(words), baseline=baseline, size=float(height) / _LINE))
        x, words = float(_LEFT), []
    printed = RecognizedPage(
        width=_SIZE[0], height=_SIZE[1], dpi=float(DPI), turn=0, lines=tuple(lines), engine=_ENGINE
    )
    return np.asarray(page, np.uint8), printed


def _file_of(font: str) -> str:
    found = subprocess.run(
        ["fc-match", "-f", "%{file}", f"{font}:style=Book,Regular"],
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout


def _as_printed(page: Page, chance: np.random.Generator) -> Page:
    return page + chance.normal(0.0, 2.0, page.shape).astype(np.float32)


def _photographed(page: Page, chance: np.random.Generator) -> Page:
    """Light from one side, soft focus, noise that grows with the light, a warm cast."""
    height, width = page.shape
    light = cv2.resize(
        chance.uniform(0.62, 1.0, (3, 3)).astype(np.float32), (width, height), interpolation=2
    )
    soft = cv2.GaussianBlur(page, (0, 0), 1.1) * light
    noisy = soft + chance.normal(0.0, 1.0, page.shape) * np.sqrt(soft) * 0.55
    cast = np.array([1.0, 0.95, 0.84], np.float32)
    colour = noisy[:, :, None] * cast + chance.normal(0.0, 4.0, (height, width, 3))
    return np.asarray(colour, np.float32)


def _speckled(page: Page, chance: np.random.Generator) -> Page:
    """Fibres of bad paper, and dust."""
    height, width = page.shape
    fibres = cv2.GaussianBlur(chance.normal(0.0, 60.0, page.shape), (0, 0), 2.5, sigmaY=0.8)
    dusty = np.where(chance.random((height, width)) < _DUST, 60.0, 228.0 + fibres)
    return np.asarray(np.minimum(page * 0.9 + 12, dusty), np.float32)


def _carbon_copy(page: Page, chance: np.random.Generator) -> Page:
    """Faint blurred strokes of uneven strength on grey paper."""
    strength = cv2.resize(
        chance.uniform(0.3, 0.6, (12, 9)).astype(np.float32), (page.shape[1], page.shape[0])
    )
    ink = cv2.GaussianBlur(255 - page, (0, 0), 1.0) * strength
    return np.asarray(215 - ink + chance.normal(0.0, 5.0, page.shape), np.float32)


def _screened(page: Page, chance: np.random.Generator) -> Page:
    """A printed screen of dots behind the text, as on forms and certificates; in colour."""
    rows, columns = np.indices(page.shape, np.float32)
    dots = 24 * (np.sin(rows * 0.9) * np.sin(columns * 0.9) > _DOT)
    grey = cv2.GaussianBlur(np.minimum(page, 240 - dots).astype(np.float32), (0, 0), 0.7)
    tint = np.array([0.98, 1.0, 0.92], np.float32)
    return np.asarray(grey[:, :, None] * tint + chance.normal(0.0, 3.0, (*page.shape, 3)))


_DAMAGES: dict[str, Callable[[Page, np.random.Generator], Page]] = {
    "as printed": _as_printed,
    "photographed": _photographed,
    "speckled": _speckled,
    "carbon copy": _carbon_copy,
    "screened": _screened,
}
