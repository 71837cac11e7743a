"""Hard pages say what is printed on them, and the halves have no words of a sentence in common."""

import re

import numpy as np
import pytest

from benchmarks.handwriting import find_box, write_by_hand
from benchmarks.hard_papers import KINDS, colour_of_box, lay_out
from benchmarks.invented_text import HALVES, Writer
from benchmarks.page_damage import harm
from documents.model import Box


def white(height: int, width: int) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    return np.full((height, width, 3), 255, np.uint8)


@pytest.mark.parametrize("kind", KINDS)
def test_the_truth_of_a_paper_is_what_its_layout_shows_in_that_order(kind: str) -> None:
    paper = lay_out(kind, Writer("fit", 3))
    boxes = iter(paper.written)

    shown = re.sub(r"<span[^>]*></span>", lambda _: next(boxes), "".join(paper.html))
    text = re.sub(r"<[^>]+>", " ", shown).replace("&quot;", '"').split()

    assert text == " ".join(paper.truth).split()


def test_the_same_half_and_number_give_the_same_paper() -> None:
    one, again, other = (lay_out("two columns", Writer("fit", seed)) for seed in (1, 1, 2))

    assert one.html == again.html
    assert one.html != other.html


def test_the_halves_share_no_sentence_of_prose() -> None:
    prose = [set(Writer(half, 0).prose) for half in HALVES]

    assert not prose[0] & prose[1]
    assert min(map(len, prose)) > 50


def test_a_hand_writes_inside_its_box_and_leaves_nothing_of_its_colour() -> None:
    page = white(100, 300)
    page[40:70, 50:200] = colour_of_box(3)

    box = find_box(page, colour_of_box(3))
    write_by_hand(page, box, "0912", chance=np.random.default_rng(1))

    dark = np.argwhere(page.min(axis=2) < 200)
    assert box == Box(50, 40, 200, 70)
    assert len(dark) > 100
    assert dark.min(axis=0).tolist() >= [25, 40]
    assert dark.max(axis=0).tolist() <= [75, 215]
    with pytest.raises(LookupError):
        find_box(page, colour_of_box(3))


@pytest.mark.parametrize("half", HALVES)
def test_the_same_harm_is_done_twice_and_more_of_it_leaves_less_ink(half: str) -> None:
    page = np.full((200, 300, 3), 255, np.float32)
    page[50:150:10, 50:250] = 20

    def harmed(strength: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        return harm(page, half=half, strength=strength, chance=np.random.default_rng(4))

    assert (harmed(0.9) == harmed(0.9)).all()
    assert harmed(0.9).std() < harmed(0.1).std()
