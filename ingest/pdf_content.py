"""Says what a PDF page shows: images, visible text, and how much of it they cover."""

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

_DEEPEST_FORM = 12
_MOST_OBJECTS = 200_000
_GRID = 64
# ISO 32000-1 table 106: mode 3 is neither filled nor stroked, mode 7 only clips.
_INVISIBLE_MODES = (3, 7)
_COVERS_PAGE = 0.97
_LARGE = 0.3
_SOLID = 250


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle in PDF points, y upwards."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Points."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Points."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedImage:
    """An image on a page: its pixels' size, and the matrix (a, b, c, d, e, f) that places it."""

    image: Any
    size: tuple[int, int]
    matrix: tuple[float, float, float, float, float, float]
    order: int
    is_nested: bool
    is_opaque: bool = True

    @property
    def bounds(self) -> Rectangle:
        """The smallest upright rectangle around it."""
        a, b, c, d, e, f = self.matrix
        xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
        return Rectangle(min(xs), min(ys), max(xs), max(ys))

    @property
    def dpi(self) -> tuple[float, float]:
        """Pixels for each inch along the image's own x and y; 72 points are an inch."""
        a, b, c, d, _, _ = self.matrix
        along_x, along_y = math.hypot(a, b), math.hypot(c, d)
        if min(along_x, along_y) <= 0.0:
            return 0.0, 0.0
        return self.size[0] * 72.0 / along_x, self.size[1] * 72.0 / along_y


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContent:
    """What lies on a page.

    `hidden_text` holds addresses of text objects that nobody can see. `coverage` is the part of
    the page (0 to 1) under images, `opaque_coverage` the part under images without holes.
    `has_drawing` is true where lines or areas are painted after the last image.
    """

    box: Rectangle
    images: tuple[PlacedImage, ...]
    hidden_text: frozenset[int]
    visible_texts: int
    has_drawing: bool
    coverage: float
    opaque_coverage: float

    @property
    def only_image(self) -> PlacedImage | None:
        """The image that fills the page, if there is no other image and it is not nested."""
        if len(self.images) != 1 or self.images[0].is_nested:
            return None
        return self.images[0] if _covered(self.images[:1], self.box) >= _COVERS_PAGE else None


def address_of(text_object: Any) -> int:
    """Return the address of a PDFium object, which is the same wherever it is met."""
    return int(ctypes.cast(text_object, ctypes.c_void_p).value or 0)


def look_at_page(page: pdfium.PdfPage) -> PageContent:
    """Return what lies on a page, in the order in which it is painted."""
    box = Rectangle(*page.get_bbox())
    images: list[PlacedImage] = []
    texts: list[tuple[int, int, bool]] = []
    last_drawing = -1
    for order, (found, matrix, level) in enumerate(_walk(page)):
        if found.type == raw.FPDF_PAGEOBJ_IMAGE:
            images.append(
                PlacedImage(
                    image=found,
                    size=found.get_px_size(),
                    matrix=matrix,
                    order=order,
                    is_nested=level > 0,
                )
            )
        elif found.type == raw.FPDF_PAGEOBJ_TEXT:
            mode = raw.FPDFTextObj_GetTextRenderMode(found)
            texts.append((order, address_of(found.raw), mode in _INVISIBLE_MODES))
        elif _is_drawn(found):
            last_drawing = order
    if not all(is_invisible for _, _, is_invisible in texts):
        images = [_with_opacity(image, box) for image in images]
    hidden = _hidden_addresses(texts, images, box)
    return PageContent(
        box=box,
        images=tuple(images),
        hidden_text=hidden,
        visible_texts=len(texts) - len(hidden),
        has_drawing=last_drawing > max((image.order for image in images), default=-1),
        coverage=_covered(images, box),
        opaque_coverage=_covered([image for image in images if image.is_opaque], box),
    )


def _is_drawn(found: Any) -> bool:
    """Tell whether a path or shading leaves marks; many paths only clip."""
    if found.type == raw.FPDF_PAGEOBJ_SHADING:
        return True
    fill_mode, is_stroked = ctypes.c_int(), ctypes.c_int()
    is_known = found.type == raw.FPDF_PAGEOBJ_PATH and raw.FPDFPath_GetDrawMode(
        found, fill_mode, is_stroked
    )
    return bool(is_known) and bool(fill_mode.value or is_stroked.value)


def _with_opacity(image: PlacedImage, box: Rectangle) -> PlacedImage:
    """Say whether text under a large image can be seen through it."""
    if _covered([image], box) < _LARGE:
        return image
    if raw.FPDFPageObj_HasTransparency(image.image):
        return replace(image, is_opaque=False)
    try:
        pixels = image.image.get_bitmap(render=True, scale_to_original=False).to_numpy()
    except pdfium.PdfiumError:
        return image
    has_alpha = pixels.ndim == 3 and pixels.shape[2] == 4  # noqa: PLR2004 - BGRA
    return replace(
        image, is_opaque=not has_alpha or bool((pixels[:, :, 3] > _SOLID).mean() > _COVERS_PAGE)
    )


def _walk(
    page: pdfium.PdfPage,
) -> Iterator[tuple[Any, tuple[float, float, float, float, float, float], int]]:
    """Yield each object with its matrix on the page; the content of a form follows it."""
    form_matrices: list[pdfium.PdfMatrix] = []
    for count, found in enumerate(page.get_objects(max_depth=_DEEPEST_FORM)):
        if count >= _MOST_OBJECTS:
            return
        level = found.level
        matrix = _matrix_of(found)
        del form_matrices[level:]
        for outer in reversed(form_matrices):
            matrix = matrix.multiply(outer)
        if found.type == raw.FPDF_PAGEOBJ_FORM:
            form_matrices.append(_matrix_of(found))
        yield found, matrix.get(), level


def _matrix_of(found: Any) -> pdfium.PdfMatrix:
    try:
        return found.get_matrix()
    except pdfium.PdfiumError:
        # PDFium knows no matrix of shadings.
        return pdfium.PdfMatrix()


def _hidden_addresses(
    texts: list[tuple[int, int, bool]], images: list[PlacedImage], box: Rectangle
) -> frozenset[int]:
    """Text is hidden by its mode, or by an opaque image that is painted over it later."""
    covers = [
        image.order
        for image in images
        if image.is_opaque and _covered([image], box) >= _COVERS_PAGE
    ]
    last_cover = max(covers, default=-1)
    return frozenset(
        address for order, address, is_invisible in texts if is_invisible or order < last_cover
    )


def _covered(images: Sequence[PlacedImage], box: Rectangle) -> float:
    """Return the part of the page (0 to 1) under any of the images, on a coarse grid."""
    if box.width <= 0 or box.height <= 0:
        return 0.0
    grid = np.zeros((_GRID, _GRID), dtype=bool)
    for image in images:
        bounds = image.bounds
        if not all(map(math.isfinite, (bounds.left, bounds.bottom, bounds.right, bounds.top))):
            continue
        columns = _cells(bounds.left, bounds.right, start=box.left, length=box.width)
        rows = _cells(bounds.bottom, bounds.top, start=box.bottom, length=box.height)
        grid[rows, columns] = True
    return float(grid.mean())


def _cells(low: float, high: float, *, start: float, length: float) -> slice:
    first = round(min(max((low - start) / length, 0.0), 1.0) * _GRID)
    last = round(min(max((high - start) / length, 0.0), 1.0) * _GRID)
    return slice(first, last)
