"""Pictures of pages for the screen."""

import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from documents.model import Turn
from ocr.errors import UnreadablePdfError
from ocr.picturing import picture_of_image, picture_of_pdf_page
from tests.unit.ocr.drawn import save_page

WHITE, RED = (255, 255, 255), (220, 20, 20)


def shown(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    assert picture.format == "JPEG"
    return picture


def marked_page() -> Image.Image:
    """Return a white page with a red patch in its upper left corner."""
    page = Image.new("RGB", (400, 600), WHITE)
    page.paste(RED, (0, 0, 100, 100))
    return page


def is_red(picture: Image.Image, x: float, y: float) -> bool:
    place = (round(x * (picture.width - 1)), round(y * (picture.height - 1)))
    red, green, _ = picture.convert("RGB").getpixel(place)  # type: ignore[misc]  # RGB gives three
    return red > 150 and green < 100


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    file = tmp_path / "two.pdf"
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(595, 842))
        made.add_blank_page(page_size=(300, 300))
        made.save(file)
    return file


@pytest.mark.parametrize(("page", "size"), [(1, (500, 708)), (2, (500, 500))])
def test_a_page_of_a_pdf_is_drawn_as_wide_as_asked(
    pdf: Path, page: int, size: tuple[int, int]
) -> None:
    assert shown(picture_of_pdf_page(pdf, page=page, width=500)).size == size


@pytest.mark.parametrize("page", [0, 3, -1])
def test_a_page_that_does_not_exist_cannot_be_drawn(pdf: Path, page: int) -> None:
    with pytest.raises(UnreadablePdfError):
        picture_of_pdf_page(pdf, page=page, width=500)


def test_what_is_no_pdf_cannot_be_drawn(tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 broken")

    for name in ("broken.pdf", "absent.pdf"):
        with pytest.raises(UnreadablePdfError):
            picture_of_pdf_page(tmp_path / name, page=1, width=500)


def test_a_very_long_page_comes_narrower(tmp_path: Path) -> None:
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(10, 14_000))
        made.save(tmp_path / "long.pdf")

    picture = shown(picture_of_pdf_page(tmp_path / "long.pdf", page=1, width=1000))

    assert picture.width * picture.height <= 40_000_000 * 1.05


@pytest.mark.parametrize(
    ("turn", "x", "y"), [(0, 0.1, 0.05), (90, 0.95, 0.1), (180, 0.9, 0.95), (270, 0.05, 0.9)]
)
@pytest.mark.parametrize("kind", ["jpg", "png", "tif"])
def test_an_image_is_shown_turned_clockwise(
    tmp_path: Path, kind: str, turn: Turn, x: float, y: float
) -> None:
    image = save_page(marked_page(), tmp_path / f"page.{kind}")

    picture = shown(picture_of_image(image, turn=turn, width=200))

    assert picture.width == 200
    assert picture.height == (300 if turn in (0, 180) else round(400 * 200 / 600))
    assert is_red(picture, x, y)


def test_a_small_image_is_never_blown_up(tmp_path: Path) -> None:
    image = save_page(marked_page(), tmp_path / "page.png")

    assert shown(picture_of_image(image, turn=0, width=2000)).size == (400, 600)
