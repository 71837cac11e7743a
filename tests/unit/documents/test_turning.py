"""Places on a page go along when it is turned, and back."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.model import Box, Turn
from documents.turning import stored_box, turned_box
from tests.contract.catalogue_entries import make_opened_page

TURNS: tuple[Turn, ...] = (0, 90, 180, 270)


@pytest.mark.parametrize("turn", TURNS)
def test_box_lies_over_the_same_pixels_after_the_turn(turn: Turn) -> None:
    page = np.zeros((7, 11), np.uint8)
    page[2:4, 5:9] = 1

    box = turned_box(Box(5, 2, 9, 4), width=11, height=7, turn=turn)

    upright = np.rot90(page, k=-(turn // 90))
    assert upright[box.y0 : box.y1, box.x0 : box.x1].all()
    assert upright.sum() == (box.x1 - box.x0) * (box.y1 - box.y0)


@given(st.sampled_from(TURNS), st.integers(0, 1000), st.integers(0, 1600))
def test_box_of_the_upright_page_is_found_in_the_stored_one(turn: Turn, x: int, y: int) -> None:
    image = replace(make_opened_page(1).image, turn=turn)
    box = Box(x, y, x + 40, y + 30)

    stored = stored_box(box, image)

    assert turned_box(stored, width=image.width, height=image.height, turn=turn) == box
