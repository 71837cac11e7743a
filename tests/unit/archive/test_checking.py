"""Fixity checks find what happened to stored bytes."""

import random
from datetime import date
from pathlib import Path

import pytest

from archive.checking import check_fixity
from archive.errors import StorageUnavailableError
from archive.folder_storage import FolderStorage
from documents.identifiers import Sha256


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def expected(folder: Path, tmp_path: Path) -> list[tuple[str, Sha256]]:
    storage = FolderStorage(folder)
    digests = []
    for number in range(6):
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(bytes([number]) * 5000)
        key = f"a/{number}.pdf"
        digests.append(
            (key, storage.store(file, key=key, retain_until=date(2199, 1, 1), metadata={}))
        )
    return digests


def test_untouched_objects_are_clean(folder: Path, expected: list[tuple[str, Sha256]]) -> None:
    report = check_fixity(FolderStorage(folder), expected)

    assert report.is_clean
    assert (report.checked_objects, report.read_bytes) == (6, 30_000)


def test_a_flipped_bit_a_cut_a_swap_and_a_loss_are_named(
    folder: Path, expected: list[tuple[str, Sha256]]
) -> None:
    files = [folder / "objects" / key for key, _ in expected]
    for file in files:
        file.chmod(0o640)
    content = bytearray(files[0].read_bytes())
    dice = random.Random(7)  # noqa: S311 - repeatable on purpose
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    files[0].write_bytes(content)
    files[1].write_bytes(files[1].read_bytes()[:-1])
    files[2].unlink()
    third, fourth = files[3].read_bytes(), files[4].read_bytes()
    files[3].write_bytes(fourth)
    files[4].write_bytes(third)

    report = check_fixity(FolderStorage(folder), expected)

    assert [(finding.key, finding.problem) for finding in report.findings] == [
        ("a/0.pdf", "changed"),
        ("a/1.pdf", "changed"),
        ("a/2.pdf", "missing"),
        ("a/3.pdf", "changed"),
        ("a/4.pdf", "changed"),
    ]


def test_one_unreadable_object_is_a_finding(
    folder: Path, expected: list[tuple[str, Sha256]]
) -> None:
    file = folder / "objects" / "a" / "2.pdf"
    file.unlink()
    file.mkdir()

    report = check_fixity(FolderStorage(folder), expected)

    assert [(finding.key, finding.problem) for finding in report.findings] == [
        ("a/2.pdf", "unreadable")
    ]
    assert report.checked_objects == 6


def test_a_storage_that_is_down_is_an_error_and_no_report(
    folder: Path, expected: list[tuple[str, Sha256]]
) -> None:
    objects = folder / "objects" / "a"
    for file in objects.iterdir():
        file.unlink()
    objects.rmdir()
    objects.write_bytes(b"no folder any more")

    with pytest.raises(StorageUnavailableError):
        check_fixity(FolderStorage(folder), expected)
