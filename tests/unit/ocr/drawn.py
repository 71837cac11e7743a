"""Pages drawn with known words, and their files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from documents.identifiers import sha256_of_file
from documents.model import PageImage, Turn
from ingest.separators import find_font
from tests.builders import A4_AT_200

LINES = (
    "Phòng Kinh tế tiếp nhận hồ sơ của công dân",
    "và trả kết quả đúng thời hạn đã ghi trên giấy hẹn.",
    "Người nộp đơn không phải nộp lại giấy tờ đã có",
    "trong kho dữ liệu điện tử của cơ quan nhà nước.",
    "Cán bộ kiểm tra tính đầy đủ và chính xác của hồ sơ",
    "trước khi ký số và lưu trữ theo quy định hiện hành.",
)
WORDS = [word for line in LINES for word in line.split()]


def draw_page(
    lines: Sequence[str] = LINES, *, size: tuple[int, int] = A4_AT_200, skew: float = 0.0
) -> Image.Image:
    """Draw lines as a grey page; `skew` turns the paper clockwise by some degrees."""
    page = Image.new("L", size, 255)
    drawing = ImageDraw.Draw(page)
    font = ImageFont.truetype(find_font(), size[1] // 60)
    for row, line in enumerate(lines):
        drawing.text((size[0] // 8, size[1] // 6 + row * size[1] // 28), line, font=font, fill=15)
    # Pillow turns counter-clockwise.
    return page.rotate(-skew, Image.Resampling.BICUBIC, fillcolor=255) if skew else page


def pixels_of(page: Image.Image) -> NDArray[np.uint8]:
    """Return a page's pixels, axis order (height, width[, channel])."""
    return np.asarray(page, np.uint8)


def save_page(page: Image.Image, file: Path, *, dpi: float = 200.0, turn: Turn = 0) -> PageImage:
    """Write a page as the kind that its name says; return what the pipeline says of it."""
    kinds: dict[str, Literal["image/jpeg", "image/png", "image/tiff"]] = {
        ".jpg": "image/jpeg",
        ".png": "image/png",
        ".tif": "image/tiff",
    }
    modes: dict[str, Literal["bilevel", "grey", "colour"]] = {"1": "bilevel", "L": "grey"}
    page.save(file, dpi=(dpi, dpi))
    return PageImage(
        file=file,
        media_type=kinds[file.suffix],
        sha256=sha256_of_file(file),
        width=page.width,
        height=page.height,
        dpi=dpi,
        dpi_source="file",
        mode=modes.get(page.mode, "colour"),
        turn=turn,
    )
