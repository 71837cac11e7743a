"""Draw pages as pixels: printed text, writing by hand, rules."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from samples.fonts import MM_PER_PT, load_font
from samples.pages import BLACK, Style

A4_MM = (210.0, 297.0)
MM_PER_INCH = 25.4
_RULE_MM = 0.22
_DOT_STEP_MM = 1.1
_FINER = 4


class RasterSurface:
    """A sheet of white paper with `dpi` px to the inch; `image` is RGB."""

    def __init__(
        self,
        dpi: int,
        *,
        random: np.random.Generator,
        paper_mm: tuple[float, float] = A4_MM,
    ) -> None:
        self.dpi = dpi
        self.random = random
        size = (self.px(paper_mm[0]), self.px(paper_mm[1]))
        self.image = Image.new("RGB", size, "white")
        self._draw = ImageDraw.Draw(self.image)

    def px(self, length_mm: float) -> int:
        """Return a length in whole px."""
        return round(length_mm / MM_PER_INCH * self.dpi)

    def text(self, place: tuple[float, float], text: str, style: Style) -> None:
        if style.face == "hand":
            self._write_by_hand(place, text, style)
            return
        x, y = (length / MM_PER_INCH * self.dpi for length in place)
        self._print(x, y, text, style)

    def rule(self, start: tuple[float, float], end: tuple[float, float], *, dotted: bool) -> None:
        width = max(1, self.px(_RULE_MM))
        if not dotted:
            ends = [(self.px(start[0]), self.px(start[1])), (self.px(end[0]), self.px(end[1]))]
            self._draw.line(ends, fill=BLACK, width=width)
            return
        for x in np.arange(start[0], end[0], _DOT_STEP_MM):
            left, top = self.px(float(x)), self.px(start[1])
            self._draw.rectangle((left, top, left + 1, top + 1), fill=(90, 90, 92))

    def _font(self, style: Style, over: int = 1) -> ImageFont.FreeTypeFont:
        em = style.size * MM_PER_PT / MM_PER_INCH * self.dpi * over
        return load_font(style.face, max(1, round(em)))

    def _print(self, x: float, y: float, text: str, style: Style) -> None:
        """Draw finer and shrink: drawn at size, every letter would be rounded to whole px."""
        font = self._font(style, _FINER)
        em = round(font.size / _FINER)
        left, top = int(x) - 2, int(y) - 2 * em
        wide = int(font.getlength(text) / _FINER) + em + 4
        fine = Image.new("L", (wide * _FINER, 3 * em * _FINER), 0)
        start = ((x - left) * _FINER, (y - top) * _FINER)
        ImageDraw.Draw(fine).text(start, text, font=font, fill=255, anchor="ls")
        mask = fine.resize((wide, 3 * em), Image.Resampling.BOX)
        self.image.paste(style.colour, (left, top), mask)

    def _write_by_hand(self, place: tuple[float, float], text: str, style: Style) -> None:
        """Letter by letter, each a little turned and off the line, as a pen would."""
        font = self._font(style)
        x, y = (length / MM_PER_INCH * self.dpi for length in place)
        em = font.size
        drift = 0.0
        for letter in text:
            drift = 0.8 * drift + self.random.normal(0, em * 0.012)
            advance = font.getlength(letter)
            if letter != " ":
                tile = Image.new("L", (int(em * 2), int(em * 2)), 0)
                ImageDraw.Draw(tile).text(
                    (em / 2, em * 1.4), letter, font=font, fill=235, anchor="ls"
                )
                turned = tile.rotate(float(self.random.normal(1.0, 1.6)), Image.Resampling.BICUBIC)
                corner = (round(x - em / 2), round(y + drift - em * 1.4))
                self.image.paste(style.colour, (*corner,), turned)
            x += advance * float(self.random.normal(1.0, 0.02))
