"""Finds the edge of a second sheet that lies across the page: two sheets were fed at once."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from documents.model import Box
from ingest.quality import Ink

_DPI = 50.0
# Both rims of the page, between which the edge runs; print and tables end before them.
_RIM = (0.008, 0.035)
_LEAST_SHADE = 5.0
_STEEPEST = 0.06
_MOST_PLACES = 12
_POINTS = 120
_LEAST_SHARE = 0.8
# Away from the sides of the page, where its own edge and shadow lie.
_MARGIN_MM = 8.0
_NEAR_MM, _FAR_MM = 0.6, 1.8
_BLANK_MM = 9.0
_LEAST_CUT, _MOST_BEYOND = 0.08, 0.015


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edge:
    """A line across a page: its height at the left and the right side, in px of the copy."""

    left: float
    right: float


def find_second_sheet(grey: NDArray[np.uint8], ink: Ink, *, dpi: float) -> Box | None:
    """Return the strip (px of `grey`) along the edge of a second sheet, None where there is none.

    The edge runs straight from one rim of the page to the other, and letters end at it on one side
    only. A fold of the paper runs as far, but cuts no letter; a streak of the rollers runs through
    letters that go on behind it.

    Args:
        grey: (height, width), about 100 dpi.
        ink: of `grey`.
        dpi: of `grey`.
    """
    found = _edge_across(grey, ink, dpi=dpi)
    if found is not None:
        return found
    turned = Ink(
        mask=np.ascontiguousarray(ink.mask.T),
        boxes=ink.boxes[:, [1, 0, 3, 2]],
        paper=ink.paper,
        contrast=ink.contrast,
    )
    found = _edge_across(np.ascontiguousarray(grey.T), turned, dpi=dpi)
    return found and Box(found.y0, found.x0, found.y1, found.x1)


def _edge_across(grey: NDArray[np.uint8], ink: Ink, *, dpi: float) -> Box | None:
    scale = min(1.0, _DPI / dpi)
    height, width = grey.shape
    rims = [
        cv2.resize(
            grey[:, round(start * width) : round(end * width)],
            (1, max(1, round(height * scale))),
            interpolation=cv2.INTER_AREA,
        )[:, 0].astype(np.float32)
        for start, end in (_RIM, (1.0 - _RIM[1], 1.0 - _RIM[0]))
        if round(end * width) > round(start * width)
    ]
    if len(rims) < 2:  # noqa: PLR2004 - left and right
        return None
    margin = round(_MARGIN_MM / 25.4 * _DPI)
    lefts, rights = (_places_of_shade(rim, margin=margin) for rim in rims)
    for left in lefts:
        for right in rights:
            edge = _Edge(left=left / scale, right=right / scale)
            if abs(edge.right - edge.left) <= _STEEPEST * width and _is_edge(
                edge, grey, ink, dpi=dpi
            ):
                top, bottom = sorted((edge.left, edge.right))
                reach = round(3.0 / 25.4 * dpi)
                return Box(0, max(0, round(top) - reach), width, min(height, round(bottom) + reach))
    return None


def _places_of_shade(rim: NDArray[np.float32], *, margin: int) -> list[int]:
    """Return where a rim darkens or lightens at once, the strongest first."""
    steps = np.zeros_like(rim)
    steps[1:-1] = np.abs(rim[2:] - rim[:-2])
    steps[:margin] = 0.0
    steps[-margin:] = 0.0
    places: list[int] = []
    for place in np.argsort(-steps)[: 4 * _MOST_PLACES].tolist():
        if steps[place] < _LEAST_SHADE or len(places) >= _MOST_PLACES:
            break
        if all(abs(place - other) > 2 for other in places):  # noqa: PLR2004 - the same one
            places.append(place)
    return places


def _is_edge(edge: _Edge, grey: NDArray[np.uint8], ink: Ink, *, dpi: float) -> bool:
    height, width = grey.shape
    columns = np.linspace(0.01, 0.99, _POINTS) * (width - 1)
    rows = edge.left + (edge.right - edge.left) * columns / (width - 1)
    near, far = (max(1, round(length / 25.4 * dpi)) for length in (_NEAR_MM, _FAR_MM))
    x = np.rint(columns).astype(int)
    y = np.clip(np.rint(rows).astype(int), far + 1, height - far - 2)
    profile = np.stack([grey[y + offset, x] for offset in range(-far, far + 1)]).astype(np.float32)
    # Along the edge the paper changes within some tenths of a millimetre, nearly everywhere.
    shade = np.abs(profile[near:] - profile[:-near]).max(axis=0)
    if float((shade > _LEAST_SHADE).mean()) < _LEAST_SHARE:
        return False
    return _cuts_print(y, x, ink, reach=(near, far, round(_BLANK_MM / 25.4 * dpi)))


def _cuts_print(
    y: NDArray[np.intp], x: NDArray[np.intp], ink: Ink, *, reach: tuple[int, int, int]
) -> bool:
    """Say whether print runs up to the line on one side, and a sheet's blank margin lies beyond."""
    near, far, margin = reach
    height = ink.mask.shape[0]

    def share(sign: int, most: int) -> float:
        rows = np.stack([y + sign * offset for offset in range(near, most + 1)])
        is_inside = (rows >= 0) & (rows < height)
        marked = ink.mask[np.clip(rows, 0, height - 1), x[None]] * is_inside
        return float(marked.any(axis=0).mean())

    for sign in (-1, 1):
        if share(sign, far) >= _LEAST_CUT and share(-sign, margin) <= _MOST_BEYOND:
            return True
    return False
