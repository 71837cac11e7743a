"""Damaged files of every kind end in a reading or in a refusal with a name; limits hold."""

from collections.abc import Iterator

import numpy as np
import pytest

from ingest.inspecting import inspect_page
from tests.unit.ingest.fuzz_files import LIMITS, small_sources, try_files
from tests.unit.ingest.material import make_page_image
from tests.unit.ingest.mutations import mutate
from workers.child_pool import ChildPool

FILES, SEED = 40, 1


@pytest.fixture
def pool() -> Iterator[ChildPool]:
    made = ChildPool(size=1, limits=LIMITS)
    yield made
    made.close()


def test_damage_is_the_same_for_the_same_seed_and_differs_otherwise() -> None:
    sources = small_sources()[:2]

    first = [mutate(source, seed=7) for source in sources]

    assert first == [mutate(source, seed=7) for source in sources]
    assert first != [mutate(source, seed=8) for source in sources]
    assert first != sources


def test_damaged_files_end_in_a_reading_or_a_refusal(pool: ChildPool) -> None:
    outcome = try_files(small_sources(), count=FILES, seed=SEED, pool=pool)

    assert not outcome.bad
    assert outcome.ends["read"] >= FILES // 8
    assert outcome.ends.total() - outcome.ends["read"] >= FILES // 8
    assert 0 < outcome.peak * (1 << 20) < LIMITS.memory_bytes


@pytest.mark.parametrize("shape", [(255, 65535), (20000, 40), (16, 16)])
def test_a_strip_that_is_no_paper_can_be_looked_at(shape: tuple[int, int]) -> None:
    strip = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)

    inspected = inspect_page(strip, image=make_page_image(strip), previous_fingerprint=None)

    assert inspected.separator is None
