"""Several papers in one image are proposed as pages; one paper never is."""

from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks import two_papers
from documents.model import Box, Finding
from ingest.inspecting import inspect_page
from tests.unit.ingest.material import make_page_image, make_text_page

DPI = 150.0
A4 = (1240, 1754)
Pixels = NDArray[np.uint8]


def pages(seed: int) -> list[Pixels]:
    """Return two pages whose lines reach from margin to margin, at the same heights."""
    drawn = [make_text_page(A4, seed=seed + more).convert("RGB") for more in (0, 7)]
    return [np.asarray(page, np.uint8)[:, :880] for page in drawn]


def faces(seed: int) -> list[Pixels]:
    return [two_papers.face_of_card(dpi=DPI, seed=2 * seed + more) for more in (0, 1)]


def proposal(pixels: Pixels, *, region: Box | None = None) -> Finding | None:
    image = replace(make_page_image(pixels, dpi=DPI), region=region)
    found = inspect_page(pixels, image=image, previous_fingerprint=None).findings
    return next((one for one in found if one.reason.code == "several_papers"), None)


def table(*, has_rules: bool, seed: int = 1) -> Pixels:
    """Draw a table over a sheet of A3 across."""
    chance = np.random.default_rng(seed)
    sheet = Image.new("RGB", (2480, 1754), (250, 250, 248))
    drawing = ImageDraw.Draw(sheet)
    columns = [150, 700, 1160, 1330, 1900, 2330]
    rows = range(140, 1620, 52)
    for top in rows:
        for left, right in pairwise(columns):
            letters = chance.choice(list("abcdeghiklmnop "), max(2, (right - left) // 24))
            drawing.text((left + 10, top + 8), "".join(letters), fill=(20, 20, 20), font_size=26)
        if has_rules:
            drawing.line((150, top, 2330, top), fill=(30, 30, 30), width=2)
    return np.asarray(sheet, np.uint8)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("lid", [40, 90])
def test_two_sheets_on_a_dark_glass_are_proposed_where_they_lie(seed: int, lid: int) -> None:
    image = two_papers.side_by_side(pages(seed), lid=lid, dpi=DPI, seed=seed)

    found = proposal(image)

    assert found is not None
    left, right = found.parts
    assert (left.x0, left.y0) <= (40, 60)
    assert left.x1 <= right.x0 + 10
    for part in found.parts:
        assert (part.x1 - part.x0) / DPI * 25.4 == pytest.approx(146, abs=8)
        assert (part.y1 - part.y0) / DPI * 25.4 == pytest.approx(207, abs=8)


@pytest.mark.parametrize("fold", [0, 30])
def test_spread_is_proposed_at_its_fold(fold: int) -> None:
    image = two_papers.spread(pages(2), dpi=DPI, seed=2, fold=fold)

    found = proposal(image)

    assert found is not None
    left, right = found.parts
    assert left.x1 == right.x0 == pytest.approx(1240, abs=15)
    assert (left.x0, right.x1) == (0, image.shape[1])


@pytest.mark.parametrize("lid", [40, 248])
def test_both_faces_of_a_card_are_proposed_from_the_top(lid: int) -> None:
    found = proposal(two_papers.cards(faces(3), lid=lid, dpi=DPI, seed=3))

    assert found is not None
    front, back = found.parts
    assert front.y1 < back.y0
    for part in found.parts:
        assert (part.x1 - part.x0) / DPI * 25.4 == pytest.approx(87, abs=8)


def test_papers_turned_against_each_other_are_proposed() -> None:
    glass = two_papers.glass_of(210, 297, lid=250, dpi=DPI, seed=1)
    for place, (page, turned) in enumerate(zip(pages(4), (-1.5, 1.2), strict=True)):
        paper = two_papers.fit(page, 200, 130, dpi=DPI)
        glass = two_papers.lay(glass, paper, left=20, top=20 + place * 880, degrees=turned)

    found = proposal(glass)

    assert found is not None
    assert found.parts[0].y1 == pytest.approx(glass.shape[0] / 2, abs=90)


@pytest.mark.parametrize("has_rules", [True, False])
def test_table_over_both_halves_stays_one(has_rules: bool) -> None:  # noqa: FBT001 - a case
    assert proposal(table(has_rules=has_rules)) is None


def test_drawing_stays_one() -> None:
    sheet = np.full((1754, 2480, 3), 250, np.uint8)
    for seed in range(40):
        first, second = np.random.default_rng(seed).integers(60, 1700, (2, 2))
        cv2.line(sheet, (int(first[0]), int(first[1])), (int(second[0]) + 700, int(second[1])),
                 (30, 30, 30), 2)  # fmt: skip

    assert proposal(sheet) is None


def test_two_blocks_of_signatures_stay_one() -> None:
    sheet = Image.new("RGB", (1754, 1240), (250, 250, 248))
    drawing = ImageDraw.Draw(sheet)
    for left in (140, 980):
        for line in range(7):
            drawing.text((left, 160 + line * 40), "Nơi nhận và chữ ký của người lập " + str(line),
                         fill=(20, 20, 20), font_size=30)  # fmt: skip

    assert proposal(np.asarray(sheet, np.uint8)) is None


@pytest.mark.parametrize("seed", range(3))
def test_page_of_print_stays_one(seed: int) -> None:
    page = pages(seed)[0]

    assert proposal(page) is None
    assert proposal(np.ascontiguousarray(np.rot90(page))) is None


def test_part_of_an_image_is_not_proposed_again() -> None:
    image = two_papers.spread(pages(2), dpi=DPI, seed=2)

    assert proposal(image, region=Box(0, 0, image.shape[1], image.shape[0])) is None
