"""Image files become page images; what can be used as it is stays where it is."""

from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from documents.limits import PageLimits
from documents.model import OpenedPage
from ingest.decoding import load_pixels
from ingest.errors import (
    DamagedFileError,
    EmptyFileError,
    FileTooLargeError,
    PageTooLargeError,
    TooManyPagesError,
    UnsupportedFileError,
)
from ingest.opening import open_delivery
from tests.unit.ingest.material import A4_AT_200, make_text_page

LIMITS = PageLimits()
_ORIENTATION = 0x0112


def open_only_page(file: Path, tmp_path: Path) -> OpenedPage:
    opened = open_delivery(file, out=tmp_path / "out", limits=LIMITS)
    (page,) = opened.pages
    return page


@pytest.mark.parametrize(("suffix", "mode"), [("JPEG", "L"), ("PNG", "L"), ("PNG", "RGB")])
def test_plain_jpeg_and_png_stay_where_they_were_delivered(
    tmp_path: Path, suffix: str, mode: str
) -> None:
    file = tmp_path / "delivered"
    make_text_page().convert(mode).save(file, format=suffix, dpi=(200, 200))

    page = open_only_page(file, tmp_path)

    assert page.image.file == file
    assert page.image.dpi == pytest.approx(200, abs=0.1)
    assert page.image.dpi_source == "file"
    assert list((tmp_path / "out").iterdir()) == []


def test_kind_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    make_text_page().save(file, format="JPEG")

    opened = open_delivery(file, out=tmp_path / "out", limits=LIMITS)

    assert opened.media_type == "image/jpeg"


@pytest.mark.parametrize(("orientation", "turn"), [(1, 0), (3, 180), (6, 90), (8, 270)])
def test_exif_orientation_becomes_a_turn(tmp_path: Path, orientation: int, turn: int) -> None:
    upright = make_text_page((400, 560)).convert("RGB")
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    file = tmp_path / "photo.jpg"
    upright.rotate(turn, expand=True).save(file, exif=exif, quality=95)

    page = open_only_page(file, tmp_path)

    assert (page.image.turn, page.image.file) == (turn, file)
    difference = np.abs(load_pixels(page.image).astype(int) - np.asarray(upright).astype(int))
    assert difference.mean() < 6


def test_mirrored_photo_is_converted(tmp_path: Path) -> None:
    upright = make_text_page((400, 560)).convert("RGB")
    exif = Image.Exif()
    exif[_ORIENTATION] = 2
    file = tmp_path / "photo.jpg"
    upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(file, exif=exif, quality=95)

    page = open_only_page(file, tmp_path)

    assert (page.image.turn, page.image.media_type) == (0, "image/png")
    difference = np.abs(load_pixels(page.image).astype(int) - np.asarray(upright).astype(int))
    assert difference.mean() < 6


@pytest.mark.parametrize("compression", ["group4", "tiff_lzw", "raw"])
def test_pages_of_a_bilevel_tiff_come_back_bit_for_bit(tmp_path: Path, compression: str) -> None:
    pages = [make_text_page(seed=seed).convert("1") for seed in (1, 2, 3)]
    file = tmp_path / "fax.tif"
    pages[0].save(
        file, save_all=True, append_images=pages[1:], compression=compression, dpi=(200, 200)
    )

    opened = open_delivery(file, out=tmp_path / "out", limits=LIMITS)

    assert [page.image.media_type for page in opened.pages] == ["image/tiff"] * 3
    for page, original in zip(opened.pages, pages, strict=True):
        assert np.array_equal(load_pixels(page.image), np.asarray(original.convert("L")))
        assert page.image.mode == "bilevel"
        assert page.image.dpi == pytest.approx(200, abs=0.1)


def test_deep_grey_is_scaled_to_eight_bits(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 256 * 64).astype(np.uint16).reshape(64, 256)
    file = tmp_path / "deep.tif"
    Image.fromarray(ramp).save(file)

    pixels = load_pixels(open_only_page(file, tmp_path).image)

    assert np.abs(pixels.astype(float) - ramp / 257.0).max() <= 0.5


def test_cmyk_becomes_colour_and_transparency_white_paper(tmp_path: Path) -> None:
    cmyk = tmp_path / "cmyk.jpg"
    Image.new("CMYK", (64, 64), (0, 255, 255, 0)).save(cmyk)
    clear = tmp_path / "clear.png"
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(clear)

    red = load_pixels(open_only_page(cmyk, tmp_path / "a").image)
    white = load_pixels(open_only_page(clear, tmp_path / "b").image)

    assert red[32, 32, 0] > 200
    assert red[32, 32, 1:].max() < 60
    assert white.min() == 255


@pytest.mark.parametrize("image_format", ["BMP", "WEBP", "GIF"])
def test_other_formats_become_png(tmp_path: Path, image_format: str) -> None:
    file = tmp_path / "picture"
    make_text_page((600, 800)).convert("RGB").save(file, format=image_format)

    page = open_only_page(file, tmp_path)

    assert page.image.media_type == "image/png"


def test_heic_becomes_png(tmp_path: Path) -> None:
    file = tmp_path / "photo.heic"
    pillow_heif.from_pillow(make_text_page((600, 800)).convert("RGB")).save(file)

    opened = open_delivery(file, out=tmp_path / "out", limits=LIMITS)

    assert opened.media_type == "image/heic"
    assert load_pixels(opened.pages[0].image).shape == (800, 600, 3)


def test_opening_again_gives_the_same_files(tmp_path: Path) -> None:
    file = tmp_path / "fax.tif"
    make_text_page().save(file, compression="tiff_lzw")

    first = open_delivery(file, out=tmp_path / "out", limits=LIMITS)
    second = open_delivery(file, out=tmp_path / "out", limits=LIMITS)

    assert first == second
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["0001.png"]


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF"])
def test_file_cut_short_is_refused(tmp_path: Path, image_format: str) -> None:
    file = tmp_path / "cut"
    make_text_page().save(file, format=image_format)
    file.write_bytes(file.read_bytes()[: file.stat().st_size * 2 // 3])

    with pytest.raises(DamagedFileError):
        open_delivery(file, out=tmp_path / "out", limits=LIMITS)


def test_limits_hold_before_anything_is_decoded(tmp_path: Path) -> None:
    file = tmp_path / "page.png"
    make_text_page().save(file)

    with pytest.raises(PageTooLargeError):
        open_delivery(file, out=tmp_path, limits=PageLimits(pixels=1_000_000))
    with pytest.raises(FileTooLargeError):
        open_delivery(file, out=tmp_path, limits=PageLimits(file_bytes=1000))


def test_too_many_frames_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "fax.tif"
    page = Image.new("1", (64, 64), 1)
    page.save(file, save_all=True, append_images=[page] * 4)

    with pytest.raises(TooManyPagesError):
        open_delivery(file, out=tmp_path, limits=PageLimits(pages=4))

    assert len(open_delivery(file, out=tmp_path, limits=PageLimits(pages=5)).pages) == 5


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyFileError),
        (b"PK\x03\x04 a document", UnsupportedFileError),
        (b"hello", UnsupportedFileError),
    ],
)
def test_what_holds_no_pages_is_refused(
    tmp_path: Path, content: bytes, error: type[Exception]
) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(content)

    with pytest.raises(error):
        open_delivery(file, out=tmp_path / "out", limits=LIMITS)


def test_a_tag_that_makes_no_paper_is_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "page.jpg"
    make_text_page(A4_AT_200).save(file, dpi=(72, 72))

    page = open_only_page(file, tmp_path)

    assert (page.image.dpi, page.image.dpi_source) == (200.0, "page_size")
