"""Children that do the page work: their limits hold, and their end is never the parent's."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from documents.errors import RejectedInputError
from documents.limits import PageLimits
from tests.contract.catalogue_entries import NOW
from workers.child_pool import ChildLimits, ChildPool
from workers.errors import ChildDiedError
from workers.page_jobs import ExportJob, NapJob, OpenJob

pytestmark = pytest.mark.xdist_group("child-pool")
PROJECT = Path(__file__).parents[3]
_MIB = 1 << 20
LIMITS = ChildLimits(memory_bytes=512 * _MIB, seconds=30.0, cpu_seconds=20.0)
_PARENT = """
from workers.child_pool import ChildLimits, ChildPool
from workers.page_jobs import NapJob
pool = ChildPool(size=1, limits=ChildLimits(memory_bytes=1 << 30, seconds=600, cpu_seconds=600))
pool.run("nap", NapJob())
print(pool.process_ids()[0], flush=True)
pool.run("nap", NapJob(seconds=600))
"""


@pytest.fixture(scope="module")
def pool() -> Iterator[ChildPool]:
    made = ChildPool(size=1, limits=LIMITS)
    yield made
    made.close()


@pytest.fixture
def pool_of() -> Iterator[Callable[..., ChildPool]]:
    pools: list[ChildPool] = []

    def make(
        *, size: int = 1, seconds: float = 30.0, cpu_seconds: float = 20.0, niceness: int = 0
    ) -> ChildPool:
        limits = ChildLimits(memory_bytes=512 * _MIB, seconds=seconds, cpu_seconds=cpu_seconds)
        pools.append(ChildPool(size=size, limits=limits, niceness=niceness))
        return pools[-1]

    yield make
    for made in pools:
        made.close()


def is_running(pid: int) -> bool:
    """Say whether any thread of a process is left; a zombie is only what its parent may read."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        threads = len(list(Path(f"/proc/{pid}/task").iterdir()))
    except OSError:
        return False
    return state != "Z" or threads > 1


def wait_until(is_so: Callable[[], bool], *, seconds: float = 20.0) -> bool:
    until = time.monotonic() + seconds
    while not is_so() and time.monotonic() < until:
        threading.Event().wait(0.02)
    return is_so()


def test_child_is_kept_for_the_next_job(pool: ChildPool) -> None:
    pool.run("nap", NapJob())
    first = pool.process_ids()

    pool.run("nap", NapJob())

    assert pool.process_ids() == first


def test_pool_that_is_kept_warm_has_its_child_before_the_first_job(
    pool_of: Callable[..., ChildPool],
) -> None:
    pool = pool_of()

    pool.keep_warm()

    assert wait_until(lambda: len(pool.process_ids()) == 1)
    (child,) = pool.process_ids()
    pool.run("nap", NapJob())
    assert pool.process_ids() == [child]


def test_pool_that_is_kept_warm_replaces_a_child_that_ends(
    pool_of: Callable[..., ChildPool],
) -> None:
    pool = pool_of()
    pool.keep_warm()

    with pytest.raises(ChildDiedError):
        pool.run("nap", NapJob(exit_code=9))

    assert wait_until(lambda: len(pool.process_ids()) == 1)


def test_pool_that_is_closed_while_it_warms_up_leaves_no_child(
    pool_of: Callable[..., ChildPool],
) -> None:
    pool = pool_of()
    pool.keep_warm()

    pool.close()

    assert pool.process_ids() == []


def test_child_that_dies_costs_its_job_alone(pool: ChildPool) -> None:
    with pytest.raises(ChildDiedError) as caught:
        pool.run("nap", NapJob(exit_code=9))

    pool.run("nap", NapJob())

    assert (caught.value.kind, caught.value.job) == ("died", "nap")


def test_child_that_was_killed_while_idle_is_no_fault_of_the_next_job(pool: ChildPool) -> None:
    pool.run("nap", NapJob())
    (victim,) = pool.process_ids()
    os.kill(victim, signal.SIGKILL)
    assert wait_until(lambda: not is_running(victim))

    pool.run("nap", NapJob())

    assert victim not in pool.process_ids()


@pytest.mark.parametrize("mebibytes", [900, 4096], ids=["resident", "address space"])
def test_child_that_eats_memory_is_stopped(pool: ChildPool, mebibytes: int) -> None:
    with pytest.raises(ChildDiedError) as caught:
        pool.run("nap", NapJob(memory_bytes=mebibytes * _MIB, seconds=20))

    assert caught.value.kind == "memory"
    pool.run("nap", NapJob())


def test_child_that_hangs_is_stopped(pool_of: Callable[..., ChildPool]) -> None:
    pool = pool_of(seconds=1.0)

    with pytest.raises(ChildDiedError) as caught:
        pool.run("nap", NapJob(seconds=60))

    assert caught.value.kind == "time"
    assert pool.process_ids() == []


def test_child_that_spins_is_stopped(pool_of: Callable[..., ChildPool]) -> None:
    pool = pool_of(cpu_seconds=0.5)

    with pytest.raises(ChildDiedError) as caught:
        pool.run("nap", NapJob(seconds=60, spins=True))

    assert caught.value.kind == "time"


def test_child_steps_back_for_those_whom_somebody_waits_for(
    pool_of: Callable[..., ChildPool],
) -> None:
    pool = pool_of(niceness=7)
    pool.run("nap", NapJob())

    (child,) = pool.process_ids()

    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, child) == min(own + 7, 19)
    session = Path(f"/proc/{child}/autogroup")
    if session.exists():  # a kernel that weighs sessions first
        assert session.read_text().split()[-1] == "7"


def test_patience_stretches_the_limits(pool_of: Callable[..., ChildPool]) -> None:
    pool = pool_of(seconds=0.8)
    pool.run("nap", NapJob(), patience=60)

    pool.run("nap", NapJob(seconds=1.5), patience=10)

    assert len(pool.process_ids()) == 1


def test_error_of_a_job_keeps_its_family_and_its_words(pool: ChildPool, tmp_path: Path) -> None:
    file = tmp_path / "rong.pdf"
    file.write_bytes(b"")
    job = OpenJob(
        file=file,
        out=tmp_path / "out",
        limits=PageLimits(),
        password=None,
        trust_roots=(),
        now=NOW,
    )

    with pytest.raises(RejectedInputError) as caught:
        pool.run("open", job)

    assert caught.value.reason.code == "empty_file"
    assert "Tệp rỗng" in caught.value.reason.vi


def test_unexpected_error_is_told_without_content(
    pool_of: Callable[..., ChildPool], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "bi-mat.reading"
    job = ExportJob(readings=(missing,), source="doc_1", format="text", out=tmp_path / "out")

    with pytest.raises(ChildDiedError) as caught:
        pool_of().run("export", job)

    said = capfd.readouterr().err
    assert caught.value.kind == "unexpected"
    assert "FileNotFoundError" in said
    assert "bi-mat" not in said


def test_jobs_run_side_by_side(pool_of: Callable[..., ChildPool]) -> None:
    pool = pool_of(size=2)
    threads = [
        threading.Thread(target=pool.run, args=("nap", NapJob(seconds=0.5))) for _ in range(2)
    ]

    for thread in threads:
        thread.start()
    seen = wait_until(lambda: len(pool.process_ids()) == 2)
    for thread in threads:
        thread.join()

    assert seen


def test_closed_pool_leaves_no_child(pool_of: Callable[..., ChildPool]) -> None:
    pool = pool_of()
    pool.run("nap", NapJob())
    (child,) = pool.process_ids()

    pool.close()

    assert not is_running(child)


def test_child_does_not_outlive_a_parent_that_was_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        was_running = is_running(child)
        parent.kill()
        parent.wait()

        assert was_running
        assert wait_until(lambda: not is_running(child))
