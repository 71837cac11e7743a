"""Copying a storage into another one."""

import random
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive.copying import CopyReport, copy_storage
from archive.errors import StorageUnavailableError
from archive.folder_storage import FolderStorage
from archive.minio_requests import connect
from archive.minio_storage import MinioStorage
from archive.object_storage import ListedStorage
from documents.clock import SystemClock
from tests.contract.cutting_proxy import cutting_proxy
from tests.contract.real_stores import name_for, open_minio
from tests.services import service

PROJECT = Path(__file__).parents[3]
UNTIL = date(2199, 1, 1)
Opener = Callable[[Path], ListedStorage]
OPENING: dict[str, Opener] = {"folder": FolderStorage, "minio": open_minio}
OTHER: dict[str, Opener] = {"folder": open_minio, "minio": FolderStorage}


@pytest.fixture(params=OPENING)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def source(way: str, tmp_path: Path) -> ListedStorage:
    return OPENING[way](tmp_path / "source")


@pytest.fixture
def target(way: str, tmp_path: Path) -> ListedStorage:
    return OTHER[way](tmp_path / "target")


def fill(storage: ListedStorage, folder: Path, *, count: int = 5) -> list[str]:
    keys = []
    for number in range(count):
        file = folder / f"{number}.pdf"
        file.write_bytes(random.Random(number).randbytes(20_000))  # noqa: S311 - no secret
        keys.append(f"documents/doc_{number:03d}/ver_1.pdf")
        until = (UNTIL, None, date(2020, 1, 1))[number % 3]
        storage.store(file, key=keys[-1], retain_until=until, metadata={"file-name": "Số 1.pdf"})
    return keys


def copied(
    source: ListedStorage, target: ListedStorage, folder: Path, *, verify: bool = False
) -> CopyReport:
    return copy_storage(source, target, work_folder=folder, verify=verify)


def content(storage: ListedStorage, key: str) -> bytes:
    with storage.open(key) as stream:
        return stream.read()


def test_everything_is_the_same_on_the_other_side(
    source: ListedStorage, target: ListedStorage, tmp_path: Path
) -> None:
    keys = fill(source, tmp_path)
    source.hold(keys[0], on=True)

    report = copied(source, target, tmp_path)

    assert (report.copied, report.there, report.problems) == (5, 0, ())
    assert list(target.keys()) == keys
    for key in keys:
        old, new = source.state(key), target.state(key)
        assert content(target, key) == content(source, key)
        assert (new.sha256, new.retain_until, new.on_hold, new.metadata) == (
            old.sha256,
            old.retain_until,
            old.on_hold,
            old.metadata,
        )


def test_a_second_time_copies_only_what_is_new_and_brings_terms_in_step(
    source: ListedStorage, target: ListedStorage, tmp_path: Path
) -> None:
    keys = fill(source, tmp_path, count=4)
    copied(source, target, tmp_path)
    source.extend(keys[1], retain_until=UNTIL)
    source.hold(keys[2], on=True)
    fill(source, tmp_path)

    report = copied(source, target, tmp_path, verify=True)

    assert (report.copied, report.there) == (1, 4)
    assert target.state(keys[1]).retain_until == UNTIL
    assert target.state(keys[2]).on_hold


def test_a_hold_on_the_other_side_is_never_lifted(
    source: ListedStorage, target: ListedStorage, tmp_path: Path
) -> None:
    (key,) = fill(source, tmp_path, count=1)
    copied(source, target, tmp_path)
    target.hold(key, on=True)

    copied(source, target, tmp_path)

    assert target.state(key).on_hold


def test_other_bytes_on_the_other_side_are_named_and_kept(
    source: ListedStorage, target: ListedStorage, tmp_path: Path
) -> None:
    keys = fill(source, tmp_path)
    other = tmp_path / "other.pdf"
    other.write_bytes(b"other")
    target.store(other, key=keys[2], retain_until=UNTIL, metadata={})

    report = copied(source, target, tmp_path)

    assert [(one.key, one.reason.code) for one in report.problems] == [(keys[2], "key_in_use")]
    assert report.copied == 4
    assert content(target, keys[2]) == b"other"


def test_a_damaged_object_is_named_and_not_copied(tmp_path: Path) -> None:
    source = FolderStorage(tmp_path / "source")
    target = open_minio(tmp_path / "target")
    keys = fill(source, tmp_path)
    damaged = tmp_path / "source" / "objects" / keys[3]
    damaged.chmod(0o600)
    content_before = damaged.read_bytes()
    damaged.write_bytes(bytes([content_before[0] ^ 1]) + content_before[1:])

    report = copied(source, target, tmp_path)

    assert [(one.key, one.reason.code) for one in report.problems] == [(keys[3], "digest_mismatch")]
    assert list(target.keys()) == [key for key in keys if key != keys[3]]


def test_a_copy_that_was_cut_off_goes_on_where_it_was(tmp_path: Path) -> None:
    source = FolderStorage(tmp_path / "source")
    keys = fill(source, tmp_path, count=30)
    whole = open_minio(tmp_path / "target")
    address = urlsplit(service("minio"))
    with cutting_proxy(address.hostname or "", address.port or 0) as proxy:
        client = connect(
            f"http://{proxy.address}",
            access_key=address.username or "",
            secret_key=address.password or "",
            region="us-east-1",
        )
        behind = MinioStorage(
            client, name_for(tmp_path / "target"), clock=SystemClock(), lock_years=5
        )
        copied(source, behind, tmp_path)
        fill(source, tmp_path, count=60)
        proxy.cut_after = 0
        with pytest.raises(StorageUnavailableError):
            copied(source, behind, tmp_path)

    report = copied(source, whole, tmp_path)

    assert (report.copied, report.there, report.problems) == (30, 30, ())
    assert set(keys) < set(whole.keys())


COPIER = """
import sys
from pathlib import Path
from archive.copying import copy_storage
from archive.folder_storage import FolderStorage
from tests.contract.real_stores import open_minio
source, target = FolderStorage(Path(sys.argv[1])), open_minio(Path(sys.argv[2]))
print("ready", flush=True)
copy_storage(source, target, work_folder=Path(sys.argv[3]))
"""


def test_a_killed_copy_leaves_whole_objects_and_goes_on(tmp_path: Path) -> None:
    source, target = FolderStorage(tmp_path / "source"), open_minio(tmp_path / "target")
    keys = fill(source, tmp_path, count=80)
    arguments = [str(tmp_path / name) for name in ("source", "target", ".")]

    with subprocess.Popen(
        [sys.executable, "-c", COPIER, *arguments], cwd=PROJECT, stdout=subprocess.PIPE
    ) as copier:
        assert copier.stdout is not None
        copier.stdout.readline()
        while not any(target.keys()):
            pass
        copier.send_signal(signal.SIGKILL)
    before = list(target.keys())
    report = copied(source, target, tmp_path, verify=True)

    assert report.there == len(before)
    assert report.copied == 80 - len(before)
    assert list(target.keys()) == keys
    assert all(content(target, key) == content(source, key) for key in keys)
