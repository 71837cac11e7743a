"""Looks at a page before it is read: what an operator should see while the paper is there."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from documents.model import Box, Finding, InspectedPage, PageImage
from ingest import findings as tell
from ingest.codes import read_codes
from ingest.corners import find_folded_corner
from ingest.doubled import NO_FINGERPRINT, doubled_page, is_alike
from ingest.letters import measure_focus, measure_text_height
from ingest.overlap import find_second_sheet
from ingest.paper import MM_PER_INCH, PAPERS, find_paper
from ingest.parts import cut_between, find_parts
from ingest.quality import Ink, find_cut_edge, find_ink, fingerprint_of, is_blank, measure_skew
from ingest.reducing import reduced
from ingest.seals import find_seals, is_printed, strength_of_dots
from ingest.separators import read_separator
from ingest.sheet import Glass, find_papers

# `benchmarks/quality_gate.py` prints what these limits find and miss.
_CODE_DPI = 150.0
_INK_DPI = 100.0
# NĐ 30/2020 Phụ lục I demands 200 dpi; feeders stretch or cut a page by 1 %.
_LOWEST_DPI = 198.0
# 6 points at 200 dpi, 8 at 150, 13 at 100: below, more than 3 words of 100 are lost.
_LOWEST_PRINT_PX = 13.5
_MOST_SKEW, _MOST_LEVELLED = 1.0, 15.0
# px at 200 dpi: good pages have 1 to 2.4; from 3.3 on 3 words of 100 are lost, from 4 on many.
_WIDEST_EDGE, _EDGE_DPI = 3.2, 200.0
_PAPER_TOO_DARK = 165.0
_PRINT_TOO_FAINT = 95.0
_PAPER_TOLERANCE = 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """The reduced copies of a page and what was measured on them.

    `colour` is at no more than 150 dpi, `grey` and `ink` at no more than 100.
    """

    pixels: NDArray[np.uint8]
    image: PageImage
    colour: NDArray[np.uint8]
    grey: NDArray[np.uint8]
    scale: float
    dpi: float
    ink: Ink
    glass: Glass | None

    @property
    def whole(self) -> Box:
        """The whole page."""
        return Box(0, 0, self.pixels.shape[1], self.pixels.shape[0])

    def enlarged(self, box: Box, *, scale: float | None = None) -> Box:
        """Return a box of a reduced copy in px of the page."""
        by = scale or self.scale
        height, width = self.pixels.shape[:2]
        return Box(
            min(width, round(box.x0 * by)),
            min(height, round(box.y0 * by)),
            min(width, round(box.x1 * by)),
            min(height, round(box.y1 * by)),
        )


def inspect_page(
    pixels: NDArray[np.uint8], *, image: PageImage, previous_fingerprint: str | None
) -> InspectedPage:
    """Return what looking at a page found; findings never stop anything.

    Args:
        pixels: upright, (height, width, 3) RGB or (height, width) grey.
        image: what they were loaded from.
        previous_fingerprint: of the page before in the batch, to notice one scanned twice.
    """
    colour = reduced(pixels, image.dpi / _CODE_DPI)
    for_codes = _grey(colour)
    code_dpi = min(image.dpi, _CODE_DPI)
    codes = read_codes(for_codes, full=pixels, dpi=code_dpi)
    separator = read_separator(codes)
    look = _look_closer(pixels, image, colour, for_codes)
    blank = separator is None and not codes and is_blank(look.ink, dpi=look.dpi)
    fingerprint = NO_FINGERPRINT if blank else fingerprint_of(look.grey)
    findings: tuple[Finding, ...] = ()
    if blank:
        findings = (tell.blank_page(look.whole),)
    elif separator is None:
        findings = (*_about_size(look), *_about_print(look), *_about_paper(look))
        if is_alike(fingerprint, previous_fingerprint):
            findings += (replace(doubled_page(), box=look.whole),)
    height = measure_text_height(look.ink, dpi=look.dpi)
    return InspectedPage(
        image=image,
        findings=findings,
        is_blank=blank,
        separator=separator,
        codes=codes,
        fingerprint=fingerprint,
        reading_copy=None,
        papers=look.glass.papers if look.glass is not None else (),
        text_height=height and height * look.scale,
    )


def _look_closer(
    pixels: NDArray[np.uint8],
    image: PageImage,
    colour: NDArray[np.uint8],
    for_codes: NDArray[np.uint8],
) -> _Look:
    dpi = min(image.dpi, _CODE_DPI)
    grey = reduced(for_codes, dpi / _INK_DPI)
    dpi = min(dpi, _INK_DPI)
    height, width = pixels.shape[:2]
    glass = find_papers(grey, width=width, height=height)
    if glass is not None:
        # The lid is no part of the page: nothing is measured on it.
        area = cv2.resize(glass.is_paper, (grey.shape[1], grey.shape[0]))
        grey = np.where(area > 0, grey, np.uint8(np.percentile(grey[area > 0], 75)))
    return _Look(
        pixels=pixels,
        image=image,
        colour=colour,
        grey=grey,
        scale=height / grey.shape[0],
        dpi=dpi,
        ink=find_ink(grey, dpi=dpi),
        glass=glass,
    )


def _grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if pixels.ndim == 2:  # noqa: PLR2004 - rows, columns
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _about_size(look: _Look) -> tuple[Finding, ...]:
    image = look.image
    findings: tuple[Finding, ...] = ()
    dpi = _dpi_on_paper(image)
    if dpi < _LOWEST_DPI:
        findings += (tell.low_resolution(dpi, look.whole),)
    width_mm, height_mm = (side / image.dpi * MM_PER_INCH for side in (image.width, image.height))
    is_known = find_paper(width_mm, height_mm, tolerance=_PAPER_TOLERANCE) is not None
    if image.dpi_source != "assumed" and image.region is None and not is_known:
        findings += (tell.odd_size(width_mm, height_mm, look.whole),)
    return findings


def _dpi_on_paper(image: PageImage) -> float:
    """Return the believed dpi; where it is only assumed, what it would be on A4."""
    if image.dpi_source != "assumed":
        return image.dpi
    short, long = sorted((image.width, image.height))
    a4_short, a4_long = (side / MM_PER_INCH for side in PAPERS["A4"])
    return min(image.dpi, max(short / a4_short, long / a4_long))


def _about_print(look: _Look) -> tuple[Finding, ...]:
    findings: list[Finding] = []
    height = measure_text_height(look.ink, dpi=look.dpi)
    if height is not None and height * look.scale < _LOWEST_PRINT_PX:
        findings.append(tell.small_print(height * look.scale, _around_print(look)))
    skew = measure_skew(look.ink)
    if skew is not None and abs(skew) > _MOST_LEVELLED:
        findings.append(tell.skew_beyond_repair(skew, _around_print(look)))
    elif skew is not None and abs(skew) > _MOST_SKEW:
        findings.append(tell.skewed(skew, _around_print(look)))
    focus = measure_focus(look.pixels, look.ink, scale=look.scale)
    if focus is not None:
        edge = focus.edge * min(1.0, _EDGE_DPI / look.image.dpi)
        if edge > _WIDEST_EDGE:
            findings.append(tell.blurred(edge, focus.box))
    if look.ink.paper < _PAPER_TOO_DARK:
        findings.append(tell.under_exposed(look.ink.paper, look.whole))
    elif 0.0 < look.ink.contrast < _PRINT_TOO_FAINT:
        findings.append(tell.over_exposed(look.ink.contrast, _around_print(look)))
    return tuple(findings)


def _about_paper(look: _Look) -> tuple[Finding, ...]:
    findings: list[Finding] = []
    findings.extend(_about_parts(look))
    cut = find_cut_edge(look.ink, dpi=look.dpi)
    if cut is not None:
        findings.append(tell.cut_edge(look.enlarged(cut)))
    if look.glass is None:
        corner = find_folded_corner(look.grey, look.ink, dpi=look.dpi)
        if corner is not None:
            findings.append(tell.folded_corner(look.enlarged(corner)))
        second = find_second_sheet(look.grey, look.ink, dpi=look.dpi)
        if second is not None:
            findings.append(tell.double_feed(look.enlarged(second)))
    by = look.pixels.shape[0] / look.colour.shape[0]
    for seal in find_seals(look.colour, dpi=min(look.image.dpi, _CODE_DPI)):
        place = look.enlarged(seal, scale=by)
        if is_printed(look.pixels, place):
            findings.append(tell.copied_seal(strength_of_dots(look.pixels, place), place))
    return tuple(findings)


def _about_parts(look: _Look) -> tuple[Finding, ...]:
    if look.image.region is not None:
        return ()
    papers = look.glass.papers if look.glass is not None else ()
    parts = find_parts(
        look.grey, look.ink, papers, dpi=look.dpi, scale=look.scale, whole=look.whole
    )
    return (tell.several_papers(parts, cut_between(parts, look.whole)),) if parts else ()


def _around_print(look: _Look) -> Box:
    """Return where most of the print is: single specks far out do not count."""
    x, y, w, h = look.ink.boxes.T
    left, top = np.percentile(x, 2), np.percentile(y, 2)
    right, bottom = np.percentile(x + w, 98), np.percentile(y + h, 98)
    return look.enlarged(Box(int(left), int(top), int(right), int(bottom)))
