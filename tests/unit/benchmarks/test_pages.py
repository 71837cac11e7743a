"""The pages that are measured are the same each time they are made."""

import numpy as np

from benchmarks.degraded_pages import COUNT, degrade, truth_of_page


def test_same_seed_gives_same_page() -> None:
    grey = np.full((120, 90), 255, np.uint8)
    grey[40:60, 20:70] = 0

    first, again, other = degrade(grey, seed=1), degrade(grey, seed=1), degrade(grey, seed=2)

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_degraded_page_is_faded_and_noisy() -> None:
    white = np.full((200, 200), 255, np.uint8)

    page = degrade(white, seed=1)

    assert abs(float(page.mean()) - (255 * 0.85 + 20)) < 1.0
    assert 8.0 < float(page.std()) < 10.0


def test_each_page_has_its_own_text_and_keeps_it() -> None:
    texts = [truth_of_page(number) for number in range(1, COUNT + 1)]

    assert texts == [truth_of_page(number) for number in range(1, COUNT + 1)]
    assert len(set(texts)) == COUNT
    assert all(2_300 < len(text) < 2_900 for text in texts)
