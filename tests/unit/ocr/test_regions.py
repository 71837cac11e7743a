"""A page that is a part of an image shows that part alone: on the screen, to the reader, filed."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from documents.model import Box, EngineRecord, PageImage, RecognizedPage, Turn
from ingest.cutting_out import cut_out
from ingest.decoding import load_pixels, load_reduced
from ocr.assembling import PageToAssemble, assemble_pdf
from ocr.picturing import picture_of_image
from tests.unit.ocr.drawn import save_page

ENGINE = EngineRecord(name="none", version="", model_sha256="", settings="")
TURNS: tuple[Turn, ...] = (0, 90, 180, 270)
REGION = Box(240, 160, 560, 400)


def sheet() -> Image.Image:
    """Draw squares of different greys, so that each place looks different from its neighbours."""
    shades = np.random.default_rng(3).integers(20, 250, (10, 10)).astype(np.uint8)
    return Image.fromarray(np.kron(shades, np.ones((80, 80), np.uint8)))


def part_of(image: PageImage, region: Box, *, turn: Turn = 0) -> PageImage:
    return replace(
        image,
        region=region,
        width=region.x1 - region.x0,
        height=region.y1 - region.y0,
        turn=turn,
    )


def upright_part(region: Box, *, turn: Turn) -> np.ndarray:
    pixels = np.asarray(sheet(), np.uint8)[region.y0 : region.y1, region.x0 : region.x1]
    return np.rot90(pixels, k=-(turn // 90))


def read_as(image: PageImage) -> RecognizedPage:
    sides = (image.width, image.height)
    width, height = sides if image.turn in (0, 180) else sides[::-1]
    return RecognizedPage(
        width=width, height=height, dpi=image.dpi, turn=image.turn, lines=(), engine=ENGINE
    )


def drawn(content: bytes, place: int) -> np.ndarray:
    with pypdfium2.PdfDocument(content) as pdf:
        return np.asarray(pdf[place].render(scale=200 / 72).to_pil().convert("L"), np.uint8)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    size = (64, 64)
    small = [
        np.asarray(Image.fromarray(np.ascontiguousarray(page)).resize(size), np.float32)
        for page in (one, other)
    ]
    return float(np.abs(small[0] - small[1]).mean())


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("name", ["tờ.png", "tờ.jpg"])
def test_filed_page_shows_its_region_upright_and_nothing_else(
    tmp_path: Path, turn: Turn, name: str
) -> None:
    whole = save_page(sheet(), tmp_path / name)
    other = Box(0, 400, 800, 800)
    images = [part_of(whole, REGION, turn=turn), part_of(whole, other)]

    pdf = assemble_pdf(
        [PageToAssemble(image, read_as(image)) for image in images],
        title="Hai giấy",
        created_at=datetime(2026, 11, 24, tzinfo=UTC),
        out=tmp_path / "out.pdf",
    )

    content = pdf.file.read_bytes()
    expected = upright_part(REGION, turn=turn)
    assert drawn(content, 0).shape == pytest.approx(expected.shape, abs=1)
    assert difference(drawn(content, 0), expected) < 8
    assert difference(drawn(content, 1), upright_part(other, turn=0)) < 8
    with pikepdf.open(io.BytesIO(content)) as written:
        shared = {page.Resources.XObject.Im0.objgen for page in written.pages}
    assert len(shared) == 1


@pytest.mark.parametrize("turn", TURNS)
def test_region_is_decoded_and_shown_without_the_rest(tmp_path: Path, turn: Turn) -> None:
    image = part_of(save_page(sheet(), tmp_path / "tờ.png"), REGION, turn=turn)

    pixels = load_pixels(image)
    shown = Image.open(io.BytesIO(picture_of_image(image, turn=turn, width=160))).convert("L")

    assert (pixels == upright_part(REGION, turn=turn)).all()
    assert shown.width == 160
    assert difference(np.asarray(shown, np.uint8), pixels) < 8


def test_region_of_a_jpeg_is_decoded_at_a_part_of_its_size(tmp_path: Path) -> None:
    image = part_of(save_page(sheet(), tmp_path / "tờ.jpg"), REGION)

    pixels, dpi = load_reduced(image, dpi=50.0)

    assert dpi == pytest.approx(50.0)
    assert pixels.shape == (60, 80, 3)
    assert difference(pixels[:, :, 0], upright_part(REGION, turn=0)) < 8


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_region_is_cut_out_into_a_file_of_its_own(tmp_path: Path, mode: str) -> None:
    whole = save_page(sheet().convert(mode), tmp_path / "tờ.tif")

    cut = cut_out(part_of(whole, REGION), out=tmp_path / "phần.png")

    with Image.open(cut.file) as opened, Image.open(whole.file) as from_:
        assert opened.mode == mode
        assert opened.tobytes() == from_.crop((240, 160, 560, 400)).tobytes()
    assert (cut.region, cut.width, cut.height) == (None, 320, 240)
    assert cut.sha256 != whole.sha256
