"""Looks at a page before it is read: what an operator should see while the paper is there."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from documents.errors import Reason
from documents.model import Box, Finding, InspectedPage, PageImage
from ingest.codes import read_codes
from ingest.doubled import NO_FINGERPRINT, doubled_page, is_alike
from ingest.paper import MM_PER_INCH, PAPERS, find_paper
from ingest.quality import (
    Ink,
    find_cut_edge,
    find_ink,
    fingerprint_of,
    is_blank,
    measure_blur,
    measure_skew,
)
from ingest.separators import read_separator

_CODE_DPI = 150.0
_INK_DPI = 100.0
# NĐ 30/2020 Phụ lục I demands 200 dpi; feeders stretch or cut a page by 1 %.
_LOWEST_DPI = 198.0
_MOST_SKEW = 1.0
_WIDEST_EDGE = 4.0
_PAPER_TOO_DARK = 165.0
_PRINT_TOO_FAINT = 95.0
_PAPER_TOLERANCE = 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """The reduced copies of a page and what was measured on them."""

    pixels: NDArray[np.uint8]
    image: PageImage
    grey: NDArray[np.uint8]
    scale: float
    dpi: float
    ink: Ink


def inspect_page(
    pixels: NDArray[np.uint8], *, image: PageImage, previous_fingerprint: str | None
) -> InspectedPage:
    """Return what looking at a page found; findings never stop anything.

    Args:
        pixels: upright, (height, width, 3) RGB or (height, width) grey.
        image: what they were loaded from.
        previous_fingerprint: of the page before in the batch, to notice one scanned twice.
    """
    for_codes = _reduced_grey(pixels, image.dpi / _CODE_DPI)
    code_dpi = min(image.dpi, _CODE_DPI)
    codes = read_codes(for_codes, full=pixels, dpi=code_dpi)
    separator = read_separator(codes)
    look = _look_closer(pixels, image, for_codes, code_dpi)
    blank = separator is None and not codes and is_blank(look.ink, dpi=look.dpi)
    fingerprint = NO_FINGERPRINT if blank else fingerprint_of(look.grey)
    findings: tuple[Finding, ...] = ()
    if blank:
        findings = (_blank_page(),)
    elif separator is None:
        findings = (*_about_size(image), *_about_print(look))
        if is_alike(fingerprint, previous_fingerprint):
            findings += (doubled_page(),)
    return InspectedPage(
        image=image,
        findings=findings,
        is_blank=blank,
        separator=separator,
        codes=codes,
        fingerprint=fingerprint,
        reading_copy=None,
    )


def _look_closer(
    pixels: NDArray[np.uint8], image: PageImage, for_codes: NDArray[np.uint8], code_dpi: float
) -> _Look:
    grey = _reduced_grey(for_codes, code_dpi / _INK_DPI)
    dpi = min(code_dpi, _INK_DPI)
    return _Look(
        pixels=pixels,
        image=image,
        grey=grey,
        scale=pixels.shape[0] / grey.shape[0],
        dpi=dpi,
        ink=find_ink(grey, dpi=dpi),
    )


def _reduced_grey(pixels: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    reduced = pixels
    if factor > 1.0:
        height, width = pixels.shape[:2]
        size = (max(1, round(width / factor)), max(1, round(height / factor)))
        reduced = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    if reduced.ndim == 3:  # noqa: PLR2004 - rows, columns, samples
        reduced = np.asarray(cv2.cvtColor(reduced, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    return reduced


def _about_size(image: PageImage) -> tuple[Finding, ...]:
    findings: tuple[Finding, ...] = ()
    dpi = _dpi_on_paper(image)
    if dpi < _LOWEST_DPI:
        findings += (_low_resolution(dpi),)
    width_mm, height_mm = (side / image.dpi * MM_PER_INCH for side in (image.width, image.height))
    is_known = find_paper(width_mm, height_mm, tolerance=_PAPER_TOLERANCE) is not None
    if image.dpi_source != "assumed" and not is_known:
        findings += (_odd_size(width_mm, height_mm),)
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
    skew = measure_skew(look.ink)
    if skew is not None and abs(skew) > _MOST_SKEW:
        findings.append(_skewed(skew))
    blur = measure_blur(look.pixels, look.ink, scale=look.scale)
    if blur is not None and blur > _WIDEST_EDGE:
        findings.append(_blurred(blur))
    cut = find_cut_edge(look.ink, dpi=look.dpi)
    if cut is not None:
        findings.append(_cut_edge(_enlarged(cut, look)))
    if look.ink.paper < _PAPER_TOO_DARK:
        findings.append(_under_exposed(look.ink.paper))
    elif 0.0 < look.ink.contrast < _PRINT_TOO_FAINT:
        findings.append(_over_exposed(look.ink.contrast))
    return tuple(findings)


def _enlarged(box: Box, look: _Look) -> Box:
    height, width = look.pixels.shape[:2]
    return Box(
        round(box.x0 * look.scale),
        round(box.y0 * look.scale),
        min(width, round(box.x1 * look.scale)),
        min(height, round(box.y1 * look.scale)),
    )


def _low_resolution(dpi: float) -> Finding:
    reason = Reason(
        code="low_resolution",
        vi=f"Độ phân giải khoảng {dpi:.0f} dpi, thấp hơn 200 dpi theo quy định. "
        "Quét lại nếu còn giấy, hoặc ghi lý do rồi xác nhận.",
        en=f"The resolution is about {dpi:.0f} dpi, below the 200 dpi that the rules demand. "
        "Scan again if the paper is there, or confirm with a reason.",
    )
    return Finding(reason=reason, severity="warning", value=round(dpi, 1))


def _blank_page() -> Finding:
    reason = Reason(
        code="blank_page",
        vi="Trang trắng. Kiểm tra có phải mặt sau không in hay đặt ngược mặt giấy.",
        en="The page is blank. Check whether it is an empty back or the sheet lay face down.",
    )
    return Finding(reason=reason, severity="note")


def _blurred(width: float) -> Finding:
    reason = Reason(
        code="blurred",
        vi="Ảnh bị mờ, nét chữ nhòe. Lau mặt kính, giữ phẳng giấy rồi quét lại.",
        en="The image is blurred. Clean the glass, keep the paper flat and scan again.",
    )
    return Finding(reason=reason, severity="warning", value=round(width, 2))


def _skewed(degrees: float) -> Finding:
    reason = Reason(
        code="skewed",
        vi=f"Trang lệch {abs(degrees):.1f} độ (cho phép 1 độ). Chỉnh thanh dẫn giấy rồi quét lại.",
        en=f"The page is askew by {abs(degrees):.1f}° (1° is allowed). "
        "Adjust the paper guides and scan again.",
    )
    return Finding(reason=reason, severity="note", value=round(degrees, 2))


def _cut_edge(box: Box) -> Finding:
    reason = Reason(
        code="cut_edge",
        vi="Chữ bị cắt ở mép trang. Đặt lại giấy cho trọn khổ rồi quét lại.",
        en="Print is cut off at an edge. Place the whole sheet inside the area and scan again.",
    )
    return Finding(reason=reason, severity="warning", box=box)


def _under_exposed(paper: float) -> Finding:
    reason = Reason(
        code="under_exposed",
        vi="Ảnh quá tối, nền giấy xám. Tăng độ sáng của máy quét rồi quét lại.",
        en="The image is too dark, the paper is grey. Raise the scanner's brightness and repeat.",
    )
    return Finding(reason=reason, severity="warning", value=round(paper, 1))


def _over_exposed(contrast: float) -> Finding:
    reason = Reason(
        code="over_exposed",
        vi="Chữ quá nhạt so với nền giấy. Giảm độ sáng của máy quét rồi quét lại.",
        en="The print is too faint on the paper. Lower the scanner's brightness and repeat.",
    )
    return Finding(reason=reason, severity="warning", value=round(contrast, 1))


def _odd_size(width_mm: float, height_mm: float) -> Finding:
    reason = Reason(
        code="odd_size",
        vi=f"Khổ trang {width_mm:.0f} × {height_mm:.0f} mm không phải khổ giấy thông thường. "
        "Kiểm tra trang có bị cắt hoặc quét thiếu không.",
        en=f"The page measures {width_mm:.0f} × {height_mm:.0f} mm, no usual paper. "
        "Check that nothing was cut off.",
    )
    return Finding(reason=reason, severity="note")
