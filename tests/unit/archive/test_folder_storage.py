"""What the folder storage does with its files."""

import fcntl
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import DamagedObjectStateError, KeyInUseError, StorageUnavailableError
from archive.folder_storage import FolderStorage

PROJECT = Path(__file__).parents[3]
KEY = "documents/doc_1/ver_1.pdf"
UNTIL = date(2199, 1, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    file = tmp_path / "document.pdf"
    file.write_bytes(b"%PDF-2.0 genuine" * 1000)
    return file


def files_in(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "locks"
    )


def test_object_is_a_read_only_file_under_its_key(folder: Path, pdf: Path) -> None:
    FolderStorage(folder).store(pdf, key=KEY, retain_until=UNTIL, metadata={})

    stored = folder / "objects" / KEY
    assert stored.read_bytes() == pdf.read_bytes()
    assert stored.stat().st_mode & 0o777 == 0o440
    assert files_in(folder) == [f"objects/{KEY}", f"state/{KEY}.json"]


LIMITED_WRITER = """
import resource, sys
from pathlib import Path
from archive.errors import StorageUnavailableError
from archive.folder_storage import FolderStorage
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    FolderStorage(Path(sys.argv[1])).store(
        Path(sys.argv[2]), key="a/1.pdf", retain_until=None, metadata={})
except StorageUnavailableError as error:
    print(error)
"""


def test_a_full_disk_is_a_storage_that_is_unavailable(folder: Path, pdf: Path) -> None:
    command = [sys.executable, "-c", LIMITED_WRITER, str(folder), str(pdf)]

    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)

    assert "EFBIG" in done.stdout
    assert files_in(folder) == []
    storage = FolderStorage(folder)
    storage.store(pdf, key="a/1.pdf", retain_until=None, metadata={})
    assert list(storage.keys()) == ["a/1.pdf"]


def test_a_folder_in_the_way_is_a_storage_that_is_unavailable(folder: Path, pdf: Path) -> None:
    folder.write_bytes(b"a file where the folder should be")

    with pytest.raises(StorageUnavailableError, match="ENOTDIR"):
        FolderStorage(folder).store(pdf, key=KEY, retain_until=UNTIL, metadata={})


def test_leftovers_of_a_killed_writer_are_swept_and_never_objects(folder: Path, pdf: Path) -> None:
    storage = FolderStorage(folder)
    storage.store(pdf, key=KEY, retain_until=UNTIL, metadata={})
    (folder / "incoming" / "0011.part").write_bytes(b"half")
    (folder / "state" / "documents" / "doc_1" / "ver_2.pdf.json").write_bytes(b"{}")
    now = datetime.now(UTC)

    before = list(storage.keys())
    early = storage.sweep_leftovers(older_than=now - timedelta(hours=1))
    swept = storage.sweep_leftovers(older_than=now + timedelta(hours=1))

    assert before == [KEY]
    assert (early, swept) == (0, 2)
    assert files_in(folder) == [f"objects/{KEY}", f"state/{KEY}.json"]


def test_what_is_abandoned_is_swept_at_once_but_not_under_a_writers_hands(
    folder: Path, pdf: Path
) -> None:
    storage = FolderStorage(folder)
    storage.store(pdf, key=KEY, retain_until=UNTIL, metadata={})
    (folder / "incoming" / "0011.part").write_bytes(b"half")
    writer = os.open(folder / "incoming", os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(writer, fcntl.LOCK_SH)

    while_writing = storage.sweep_abandoned()
    os.close(writer)
    afterwards = storage.sweep_abandoned()

    assert (while_writing, afterwards) == (0, 1)
    assert files_in(folder) == [f"objects/{KEY}", f"state/{KEY}.json"]


def test_a_writer_that_died_before_the_link_can_be_repeated(folder: Path, pdf: Path) -> None:
    storage = FolderStorage(folder)
    state = folder / "state" / f"{KEY}.json"
    state.parent.mkdir(parents=True)
    state.write_bytes(b'{"half": ')

    storage.store(pdf, key=KEY, retain_until=UNTIL, metadata={})

    assert storage.state(KEY).retain_until == UNTIL


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"sha256": "x"}'])
def test_object_without_readable_state_is_locked(
    folder: Path, pdf: Path, content: bytes | None
) -> None:
    storage = FolderStorage(folder)
    storage.store(pdf, key=KEY, retain_until=date(2000, 1, 1), metadata={})
    state = folder / "state" / f"{KEY}.json"
    state.unlink()
    if content is not None:
        state.write_bytes(content)

    with pytest.raises(DamagedObjectStateError):
        storage.delete(KEY, today=date(2026, 1, 1))

    assert (folder / "objects" / KEY).exists()


def test_a_file_that_someone_else_put_there_is_not_replaced(folder: Path, pdf: Path) -> None:
    storage = FolderStorage(folder)
    storage.store(pdf, key=KEY, retain_until=UNTIL, metadata={})
    stored = folder / "objects" / KEY
    pdf.write_bytes(b"other")

    with pytest.raises(KeyInUseError):
        storage.store(pdf, key=KEY, retain_until=UNTIL, metadata={})

    assert stored.stat().st_nlink == 1


def test_reading_a_lost_disk_is_an_error_of_ours(folder: Path, pdf: Path) -> None:
    storage = FolderStorage(folder)
    storage.store(pdf, key=KEY, retain_until=UNTIL, metadata={})

    with storage.open(KEY) as stream:
        descriptor = stream.fileno()
        # Another descriptor that cannot be read takes its place, as after an I/O error.
        write_only = os.open(os.devnull, os.O_WRONLY)
        os.dup2(write_only, descriptor)
        os.close(write_only)
        with pytest.raises(StorageUnavailableError):
            stream.read()
