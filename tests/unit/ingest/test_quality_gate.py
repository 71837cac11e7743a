"""What looking at a page tells of it: each defect is told where it harms, and not before."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from benchmarks import page_defects
from documents.model import Box, Finding, InspectedPage
from ingest import findings as tell
from ingest.inspecting import inspect_page
from ingest.seals import find_seals
from ingest.sheet import find_papers
from tests.unit.ingest.material import given, make_page_image, make_text_page

DPI = 200.0
_ERRORS_PAGE = Path(__file__).parents[3] / "docs" / "reference" / "errors.md"


def good_page(*, seed: int = 1) -> NDArray[np.uint8]:
    """Return a page as a good scanner gives it: colour, a little soft and noisy."""
    drawn = np.asarray(make_text_page(seed=seed).convert("RGB"), np.float32) * 0.93 + 14
    noise = np.random.default_rng(seed).normal(0, 3, drawn.shape[:2])
    soft = cv2.GaussianBlur(drawn, (0, 0), 0.6) + noise[..., None]
    return np.asarray(np.clip(soft, 0, 255), np.uint8)


def look(pixels: NDArray[np.uint8], *, dpi: float = DPI) -> InspectedPage:
    return inspect_page(pixels, image=make_page_image(pixels, dpi=dpi), previous_fingerprint=None)


def codes(pixels: NDArray[np.uint8], *, dpi: float = DPI) -> set[str]:
    return {finding.reason.code for finding in look(pixels, dpi=dpi).findings}


def stamp(page: NDArray[np.uint8], *, lines: float | None = None) -> NDArray[np.uint8]:
    """Put a red seal of 36 mm on a page; `lines` to the inch if it is printed."""
    stamped = page.copy()
    middle = (1200, 1900)
    for radius, width in ((140, 9), (85, 4)):
        cv2.circle(stamped, middle, radius, (208, 40, 56), width)
    cv2.circle(stamped, middle, 45, (208, 40, 56), -1)
    if lines is None:
        return stamped
    return page_defects.copy_seals(stamped, lines, dpi=DPI, seed=4)


def test_good_page_has_no_finding() -> None:
    for seed in range(3):
        assert codes(good_page(seed=seed)) == set()


@pytest.mark.parametrize(
    ("damage", "strength", "code"),
    [
        ("blur", 2.2, "blurred"),
        ("scan_coarsely", 45, "blurred"),
        ("shrink", 0.4, "small_print"),
        ("cut_off", 8, "cut_edge"),
        ("fold_corner", 20, "folded_corner"),
        ("overlap", 20, "double_feed"),
        ("turn", 3, "skewed"),
        ("turn", 20, "skew_beyond_repair"),
        ("darken", 0.6, "under_exposed"),
        ("fade", 0.3, "over_exposed"),
    ],
)
def test_harmful_defect_is_told_with_its_place(damage: str, strength: float, code: str) -> None:
    page = getattr(page_defects, damage)(good_page(), strength, dpi=DPI, seed=3)

    findings = [one for one in look(page).findings if one.reason.code == code]

    assert len(findings) == 1
    assert is_inside(findings[0].box, page)


def is_inside(box: Box | None, page: NDArray[np.uint8]) -> bool:
    height, width = page.shape[:2]
    return box is not None and 0 <= box.x0 < box.x1 <= width and 0 <= box.y0 < box.y1 <= height


@pytest.mark.parametrize(
    ("damage", "strength"),
    [
        ("blur", 0.8),
        ("shrink", 0.9),
        ("fold_corner", 3),
        ("roller_streaks", 40),
        ("turn", 0.6),
        ("darken", 0.85),
        ("fade", 0.7),
    ],
)
def test_harmless_weakness_is_not_told(damage: str, strength: float) -> None:
    page = getattr(page_defects, damage)(good_page(), strength, dpi=DPI, seed=3)

    assert codes(page) == set()


@pytest.mark.parametrize("seed", range(4))
def test_each_folded_corner_is_shown_where_it_is(seed: int) -> None:
    page = page_defects.fold_corner(good_page(), 25, dpi=DPI, seed=seed)

    box = next(one.box for one in look(page).findings if one.reason.code == "folded_corner")

    height, width = page.shape[:2]
    assert box is not None
    assert (box.x0 == 0) is (seed % 2 == 0)
    assert (box.x1 == width) is (seed % 2 == 1)
    assert (box.y0 == 0) is (seed // 2 == 0)
    assert (box.y1 == height) is (seed // 2 == 1)


def test_fold_that_was_opened_again_is_no_second_sheet() -> None:
    told = [
        "double_feed" in codes(page_defects.crease(good_page(), 30, dpi=DPI, seed=seed))
        for seed in range(6)
    ]

    assert sum(told) <= 1


def test_stamped_seal_is_told_from_a_printed_one() -> None:
    page = good_page()

    assert "copied_seal" not in codes(stamp(page))
    assert "copied_seal" in codes(stamp(page, lines=75.0))


def test_seal_is_found_where_it_is_and_none_on_other_pages() -> None:
    page = good_page()
    boxed = page.copy()
    cv2.rectangle(boxed, (300, 300), (620, 455), (208, 40, 56), 6)

    seals = find_seals(stamp(page), dpi=DPI)

    assert len(seals) == 1
    assert abs((seals[0].x0 + seals[0].x1) / 2 - 1200) < 12
    assert abs((seals[0].y0 + seals[0].y1) / 2 - 1900) < 12
    assert find_seals(page, dpi=DPI) == ()
    assert find_seals(boxed, dpi=DPI) == ()
    assert find_seals(np.full((800, 600), 255, np.uint8), dpi=DPI) == ()


@pytest.mark.parametrize("strength", [15, 35, 60])
def test_blank_page_with_streaks_is_blank(strength: int) -> None:
    sheet = np.full((2339, 1654, 3), 248, np.uint8)

    assert look(page_defects.roller_streaks(sheet, strength, dpi=DPI, seed=strength)).is_blank


def test_five_tiny_lines_are_not_blank() -> None:
    page = np.full((2339, 1654, 3), 248, np.uint8)
    for line in range(5):
        place = (300, 1000 + 24 * line)
        cv2.putText(page, "so 12/2026", place, cv2.FONT_HERSHEY_SIMPLEX, 0.4, (40, 40, 40), 1)

    assert not look(page).is_blank


@pytest.mark.parametrize(
    ("name", "blank"), [("blank1", True), ("blank2", True), ("notblank", False)]
)
def test_given_pages_of_a_scanner_are_told_blank_or_not(name: str, blank: bool) -> None:  # noqa: FBT001
    with Image.open(given(f"ocr-generic/naps2/{name}.jpg")) as opened:
        pixels = np.asarray(opened.convert("RGB"), np.uint8)

    assert look(pixels, dpi=pixels.shape[1] / 8.27).is_blank is blank


@pytest.mark.parametrize("angle", [0.0, 7.0, 30.0])
def test_small_paper_on_a_dark_glass_is_found(angle: float) -> None:
    glass = np.full((1170, 827), 28, np.uint8)
    corners = cv2.boxPoints(((400.0, 500.0), (330.0, 210.0), angle))
    cv2.fillPoly(glass, [np.rint(corners).astype(np.int32)], (240,))

    found = find_papers(glass, width=1654, height=2340)

    assert found is not None
    (outline,) = found.papers
    middle = np.mean(outline, axis=0)
    area = cv2.contourArea(np.asarray(outline, np.int32))
    assert np.hypot(*(middle - (800, 1000))) < 12
    assert area == pytest.approx(4 * 330 * 210, rel=0.06)


@pytest.mark.parametrize("lid", [205, 235, 255])
def test_light_lid_is_left_alone(lid: int) -> None:
    glass = np.full((1170, 827), lid, np.uint8)
    glass[200:600, 200:600] = 245

    assert find_papers(glass, width=827, height=1170) is None


def test_lid_around_a_card_is_not_taken_for_a_dark_page() -> None:
    glass = np.full((2339, 1654, 3), 25, np.uint8)
    card = cv2.resize(good_page(), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    glass[500 : 500 + card.shape[0], 400 : 400 + card.shape[1]] = card

    page = look(glass)

    assert len(page.papers) == 1
    assert {one.reason.code for one in page.findings} <= {"small_print"}


def test_every_finding_says_what_to_do_and_stands_in_the_reference() -> None:
    box = Box(0, 0, 10, 10)
    made: list[Finding] = [
        tell.low_resolution(150.0, box), tell.small_print(9.0, box), tell.blank_page(box),
        tell.blurred(5.0, box), tell.skewed(2.0, box), tell.skew_beyond_repair(20.0, box),
        tell.cut_edge(box), tell.folded_corner(box), tell.double_feed(box),
        tell.copied_seal(50.0, box), tell.under_exposed(120.0, box), tell.over_exposed(40.0, box),
        tell.odd_size(100.0, 500.0, box),
    ]  # fmt: skip
    reference = _ERRORS_PAGE.read_text(encoding="utf-8")

    for finding in made:
        assert f"| `{finding.reason.code}` | {finding.severity} |" in reference
        assert finding.box == box
        assert finding.reason.vi.count(".") >= 2
        assert finding.reason.en.count(".") >= 2
