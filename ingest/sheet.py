"""Finds the papers on the glass: where a dark lid or bed shows around them, and only there.

A lid as light as the paper costs the reading nothing, so nothing is looked for on such pages.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from documents.model import Outline

# What is looked at has this many px along its longer side: 2 px are a millimetre of A4.
_SIDE = 600
# The outermost px lie on the edge of the glass and are often neither lid nor paper.
_RIM = 2
# So much darker than the paper is the lid; a grey of the paper itself is no lid.
_DARKER = 45
_LEAST_LID_SHARE = 0.012
# Half of some side of the glass must show the lid: print that runs off the page does not.
_LEAST_SIDE_SHARE = 0.5
_LEAST_PAPER_SHARE = 0.02
# A paper fills its rectangle; a corner may be folded away.
_LEAST_FILL = 0.88
# Letters, lines and seals are closed over, so that the paper is one area.
_CLOSED = 9
_SMALLEST = 32
_WHITEST = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Glass:
    """What lies on the glass. `is_paper` is (height, width) of a reduced copy, 255 on paper."""

    papers: tuple[Outline, ...]
    is_paper: NDArray[np.uint8]


def find_papers(grey: NDArray[np.uint8], *, width: int, height: int) -> Glass | None:
    """Return the papers where they do not cover the glass, None where the lid does not show.

    Args:
        grey: (height, width), a reduced copy of the page.
        width: px of the page, in which the outlines are given.
        height: px of the page.
    """
    if min(grey.shape) <= _SMALLEST or not _may_show_lid(grey):
        return None
    scale = min(1.0, _SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    lightest = cv2.dilate(np.asarray(small, np.uint8), np.ones((_CLOSED, _CLOSED), np.uint8))
    paper = float(np.percentile(lightest[::2, ::2], 95))
    limit = paper - _DARKER
    if not _shows_lid(np.asarray(lightest, np.uint8), limit, rim=_RIM):
        return None
    closed = cv2.erode(lightest, np.ones((_CLOSED, _CLOSED), np.uint8))
    is_light = (np.asarray(closed) > limit).astype(np.uint8)
    hulls = _hulls_of_papers(is_light)
    is_paper = np.zeros(small.shape, np.uint8)
    cv2.fillPoly(is_paper, hulls, (_WHITEST,))
    if not hulls or np.count_nonzero(is_paper == 0) < _LEAST_LID_SHARE * is_paper.size:
        return None
    if _holds_print(is_light, is_paper):
        return None
    factors = (width / small.shape[1], height / small.shape[0])
    return Glass(papers=tuple(_outline(hull, factors) for hull in hulls), is_paper=is_paper)


def _may_show_lid(grey: NDArray[np.uint8]) -> bool:
    """Look at few px only: nearly every page ends here."""
    rim = max(1, round(_RIM * max(grey.shape) / _SIDE))
    return _shows_lid(grey, float(np.percentile(grey[::8, ::8], 99)) - _DARKER, rim=rim)


def _shows_lid(grey: NDArray[np.uint8], limit: float, *, rim: int) -> bool:
    """Say whether along some side of the glass much is darker than paper."""
    if min(grey.shape) <= 2 * rim:
        return False
    sides = (grey[rim], grey[-1 - rim], grey[:, rim], grey[:, -1 - rim])
    return any(float((side < limit).mean()) >= _LEAST_SIDE_SHARE for side in sides)


def _hulls_of_papers(is_light: NDArray[np.uint8]) -> list[NDArray[np.int32]]:
    found, _ = cv2.findContours(is_light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hulls = []
    for contour in found:
        hull = np.asarray(cv2.convexHull(contour), np.int32)
        area = cv2.contourArea(hull)
        _, sides, _ = cv2.minAreaRect(hull)
        is_filled = area >= _LEAST_FILL * sides[0] * sides[1] > 0.0
        if area >= _LEAST_PAPER_SHARE * is_light.size and is_filled:
            hulls.append(hull)
    return hulls


def _holds_print(is_light: NDArray[np.uint8], is_paper: NDArray[np.uint8]) -> bool:
    """Say whether there is as much light outside of the papers as a lid never shows."""
    outside = is_paper == 0
    return float(is_light[outside].mean()) > _LEAST_SIDE_SHARE


def _outline(hull: NDArray[np.int32], factors: tuple[float, float]) -> Outline:
    corners = cv2.boxPoints(cv2.minAreaRect(hull))
    return tuple((round(float(x) * factors[0]), round(float(y) * factors[1])) for x, y in corners)
