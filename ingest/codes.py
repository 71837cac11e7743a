"""Reads bar codes and patch T bars from a page."""

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from ingest.separators import PATCH_T_TEXT

_FORMATS = "QRCode,Code128,Code39,EAN13,UPCA,DataMatrix"
_MOST_CODES = 32
_MOST_CHARACTERS = 2_000
# Share of strong edges in a square of 1/16 of the page: dense print stays below 0.32.
_EDGE = 60
_DENSE = 0.36
_BINS = 16
# Kodak A-61599: narrow, wide, narrow, wide bars with narrow spaces, in narrow widths.
_PATCH_RUNS = np.array([1.0, 1.0, 2.5, 1.0, 1.0, 1.0, 2.5])
_PATCH_TOLERANCE = 0.3
_NARROW_INCHES = (0.06, 0.10)
_SCAN_LINES = 40
_FEWEST_LINES = 4


def read_codes(small: NDArray[np.uint8], *, full: NDArray[np.uint8], dpi: float) -> tuple[str, ...]:
    """Return the texts of all codes on a page, each once, in the order of finding.

    Args:
        small: (height, width) grey at about 150 dpi.
        full: the page's pixels as they are; looked at only where `small` shows the dense edges
            of a code that could not be read.
        dpi: of `small`.
    """
    found = _decoded(small)
    if not found and full.shape[0] > small.shape[0] and has_dense_edges(small):
        is_grey = full.ndim == 2  # noqa: PLR2004 - rows, columns
        grey = full if is_grey else cv2.cvtColor(full, cv2.COLOR_RGB2GRAY)
        found = _decoded(np.asarray(grey, dtype=np.uint8))
    if PATCH_T_TEXT not in found and has_patch_t_bars(small, dpi=dpi):
        found.append(PATCH_T_TEXT)
    return tuple(found)


def _decoded(grey: NDArray[np.uint8]) -> list[str]:
    codes = zxingcpp.read_barcodes(
        np.ascontiguousarray(grey),
        formats=zxingcpp.barcode_formats_from_str(_FORMATS),
        text_mode=zxingcpp.TextMode.Plain,
        try_invert=False,  # on paper a code is dark on light; looking for others costs a third
    )
    texts = (code.text[:_MOST_CHARACTERS] for code in codes if code.valid)
    return list(dict.fromkeys(texts))[:_MOST_CODES]


def read_codes_of_camera(grey: NDArray[np.uint8]) -> tuple[str, ...]:
    """Return the texts of the codes that are held before a camera, also light on dark ones."""
    codes = zxingcpp.read_barcodes(
        np.ascontiguousarray(grey),
        formats=zxingcpp.barcode_formats_from_str(_FORMATS),
        text_mode=zxingcpp.TextMode.Plain,
    )
    texts = (code.text[:_MOST_CHARACTERS] for code in codes if code.valid)
    return tuple(dict.fromkeys(texts))[:_MOST_CODES]


def has_dense_edges(grey: NDArray[np.uint8]) -> bool:
    """Tell whether some square of the page is as full of strong edges as only a code is."""
    if min(grey.shape) < 2 * _BINS:
        return False
    down = cv2.absdiff(grey[1:, :-1], grey[:-1, :-1])
    across = cv2.absdiff(grey[:-1, 1:], grey[:-1, :-1])
    _, edges = cv2.threshold(cv2.max(down, across), _EDGE, 255, cv2.THRESH_BINARY)
    # Squares of a whole number of px cost a tenth.
    below, beside = (-side % _BINS for side in edges.shape)
    edges = cv2.copyMakeBorder(edges, 0, below, 0, beside, cv2.BORDER_REPLICATE)
    shares = cv2.resize(edges, (_BINS, _BINS), interpolation=cv2.INTER_AREA)
    return float(shares.max()) / 255 > _DENSE


def has_patch_t_bars(grey: NDArray[np.uint8], *, dpi: float) -> bool:
    """Tell whether neighbouring scan lines cross the four bars of patch T, in any direction."""
    return any(
        _crossed_lines(lines, dpi=dpi) >= _FEWEST_LINES
        for lines in (_sampled(grey), _sampled(grey.T))
    )


def _sampled(grey: NDArray[np.uint8]) -> NDArray[np.bool_]:
    step = max(1, grey.shape[0] // _SCAN_LINES)
    return grey[step // 2 :: step] < 128  # noqa: PLR2004 - the middle of 8 bits


def _crossed_lines(lines: NDArray[np.bool_], *, dpi: float) -> int:
    """Return the largest number of neighbouring lines that cross the bars."""
    most = run = 0
    for line in lines:
        run = run + 1 if _crosses_bars(line, dpi) else 0
        most = max(most, run)
    return most


def _crosses_bars(line: NDArray[np.bool_], dpi: float) -> bool:
    borders = np.flatnonzero(np.diff(line)) + 1
    widths = np.diff(borders).astype(float)
    count = len(_PATCH_RUNS)
    if len(widths) < count:
        return False
    starts_dark = line[borders[:-1]]
    windows = np.lib.stride_tricks.sliding_window_view(widths, count)
    dark_first = starts_dark[: len(windows)]
    for pattern in (_PATCH_RUNS, _PATCH_RUNS[::-1]):
        narrow = windows.sum(axis=1) / pattern.sum()
        misfit = np.abs(windows / narrow[:, None] - pattern).max(axis=1)
        is_size = (narrow >= _NARROW_INCHES[0] * dpi) & (narrow <= _NARROW_INCHES[1] * dpi)
        if bool((dark_first & is_size & (misfit <= _PATCH_TOLERANCE)).any()):
            return True
    return False
