"""Makes pages and files to deliver, and finds the given test data."""

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from documents.identifiers import PageId, Sha256
from documents.model import PageImage, Separator
from ingest.separators import find_font
from ingest.splitting import SplitPage

TESTDATA = Path(os.environ.get("SOHOA_TESTDATA", Path(__file__).parents[4] / "shared" / "testdata"))
A4_AT_300 = (2480, 3508)
A4_AT_200 = (1654, 2339)


def given(name: str) -> Path:
    """Return a given file or folder, or skip."""
    path = TESTDATA / name
    if not path.exists():
        pytest.skip(f"test data {name} is not here")
    return path


def given_names(*folders: str) -> list[str]:
    """Return the names of given files; none where the data is absent."""
    kinds = {".pdf", ".tif", ".tiff", ".png", ".jpg", ".gif"}
    return [
        str(file.relative_to(TESTDATA))
        for folder in folders
        if (TESTDATA / folder).exists()
        for file in sorted((TESTDATA / folder).rglob("*"))
        if file.suffix in kinds
    ]


def make_text_page(
    size: tuple[int, int] = A4_AT_200, *, seed: int = 1, ink: int = 20
) -> Image.Image:
    """Draw a page of words in lines, grey on white."""
    page = Image.new("L", size, 255)
    drawing = ImageDraw.Draw(page)
    height = size[1] // 70
    font = ImageFont.truetype(find_font(), height)
    random = np.random.default_rng(seed)
    for line in range(38):
        letters = random.choice(list("abcdeghiklmnopqrstuvxy     "), 48)
        place = (size[0] // 9, round(size[1] * (0.08 + 0.022 * line)))
        drawing.text(place, "".join(letters), font=font, fill=ink)
    return page


def make_page_image(pixels: NDArray[np.uint8], *, dpi: float = 200.0) -> PageImage:
    """Describe pixels that lie in no file."""
    return PageImage(
        file=Path("page.png"),
        media_type="image/png",
        sha256=Sha256("0" * 64),
        width=pixels.shape[1],
        height=pixels.shape[0],
        dpi=dpi,
        dpi_source="file",
        mode="grey" if pixels.ndim == 2 else "colour",
    )


def make_split_page(
    number: int,
    *,
    is_blank: bool = False,
    separator: Separator | None = None,
    starts_new_file: bool = False,
    is_signed_file: bool = False,
) -> SplitPage:
    """Describe one page of a batch."""
    return SplitPage(
        id=PageId(f"pag_{number}"),
        is_blank=is_blank,
        separator=separator,
        starts_new_file=starts_new_file,
        is_signed_file=is_signed_file,
    )
