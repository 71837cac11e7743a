"""What every back end of the object storage promises."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.errors import (
    DigestMismatchError,
    KeyInUseError,
    LegalHoldError,
    MissingObjectError,
    RetentionLockError,
    UnusableKeyError,
)
from archive.object_storage import ListedStorage
from documents.errors import PipelineError
from documents.identifiers import sha256_of_bytes
from tests.contract.backends import STORAGES

PROJECT = Path(__file__).parents[2]
KEY = "documents/doc_1/ver_1.pdf"
LOCKED_UNTIL = date(2199, 1, 1)
PAST = date(2020, 1, 1)
TODAY = date(2026, 11, 24)


@pytest.fixture(params=STORAGES)
def back_end(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def storage(back_end: str, tmp_path: Path) -> ListedStorage:
    return STORAGES[back_end](tmp_path / "archive")


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    file = tmp_path / "document.pdf"
    file.write_bytes(b"%PDF-2.0 genuine")
    return file


def store(
    storage: ListedStorage, file: Path, *, key: str = KEY, retain_until: date | None = LOCKED_UNTIL
) -> str:
    return storage.store(file, key=key, retain_until=retain_until, metadata={})


def read(storage: ListedStorage, key: str = KEY) -> bytes:
    with storage.open(key) as stream:
        return stream.read()


def test_stored_bytes_come_back(storage: ListedStorage, pdf: Path) -> None:
    digest = store(storage, pdf)

    assert read(storage) == b"%PDF-2.0 genuine"
    assert digest == sha256_of_bytes(b"%PDF-2.0 genuine")


def test_state_tells_size_digest_retention_hold_time_and_names(
    storage: ListedStorage, pdf: Path
) -> None:
    storage.store(pdf, key=KEY, retain_until=LOCKED_UNTIL, metadata={"file-name": "Quyết định.pdf"})

    state = storage.state(KEY)

    assert (state.size_bytes, state.retain_until, state.on_hold) == (16, LOCKED_UNTIL, False)
    assert state.sha256 == sha256_of_bytes(pdf.read_bytes())
    assert state.metadata == {"file-name": "Quyết định.pdf"}
    assert abs((datetime.now(UTC) - state.stored_at).total_seconds()) < 60


def test_the_same_bytes_again_change_nothing(storage: ListedStorage, pdf: Path) -> None:
    store(storage, pdf)
    before = storage.state(KEY)

    store(storage, pdf, retain_until=None)

    assert storage.state(KEY) == before


def test_another_file_cannot_take_a_key_in_use(storage: ListedStorage, pdf: Path) -> None:
    store(storage, pdf)
    before = storage.state(KEY)
    pdf.write_bytes(b"%PDF-2.0 forged!")

    with pytest.raises(KeyInUseError, match=r"ver_1\.pdf"):
        store(storage, pdf)

    assert read(storage) == b"%PDF-2.0 genuine"
    assert storage.state(KEY) == before


def test_a_file_with_the_wrong_digest_is_not_stored(storage: ListedStorage, pdf: Path) -> None:
    with pytest.raises(DigestMismatchError):
        storage.store(
            pdf,
            key=KEY,
            retain_until=None,
            metadata={},
            expected=sha256_of_bytes(b"something else"),
        )

    assert list(storage.keys()) == []


def test_a_large_file_comes_back(storage: ListedStorage, tmp_path: Path) -> None:
    file = tmp_path / "large.pdf"
    file.write_bytes(random.Random(1).randbytes(12_000_000))  # noqa: S311 - not a secret

    store(storage, file)

    assert read(storage) == file.read_bytes()


def test_a_file_can_be_read_from_any_place(storage: ListedStorage, tmp_path: Path) -> None:
    file = tmp_path / "large.pdf"
    file.write_bytes(random.Random(1).randbytes(3_000_000))  # noqa: S311 - not a secret
    store(storage, file)

    with storage.open(KEY) as stream:
        begin = stream.read(10)
        stream.seek(2_500_000)
        end = stream.read()
        stream.seek(100)
        middle = stream.read(50)

    assert (begin, middle, end) == (
        file.read_bytes()[:10],
        file.read_bytes()[100:150],
        file.read_bytes()[2_500_000:],
    )


def test_an_empty_file_comes_back(storage: ListedStorage, tmp_path: Path) -> None:
    file = tmp_path / "empty.pdf"
    file.touch()

    store(storage, file)

    assert read(storage) == b""
    assert storage.state(KEY).size_bytes == 0


@pytest.mark.parametrize("verb", ["open", "state", "extend", "hold", "delete"])
def test_what_is_not_there_is_missing(storage: ListedStorage, verb: str) -> None:
    calls: dict[str, Callable[[], object]] = {
        "open": lambda: storage.open(KEY),
        "state": lambda: storage.state(KEY),
        "extend": lambda: storage.extend(KEY, retain_until=LOCKED_UNTIL),
        "hold": lambda: storage.hold(KEY, on=True),
        "delete": lambda: storage.delete(KEY, today=TODAY),
    }

    with pytest.raises(MissingObjectError):
        calls[verb]()


@pytest.mark.parametrize(
    "key",
    [
        "../outside.pdf",
        "documents/../../outside.pdf",
        "/etc/passwd.txt",
        "documents//x.pdf",
        "documents/tài-liệu.pdf",
        "documents/x\n.pdf",
        "documents/.hidden.pdf",
        "documents/without-extension",
        "",
    ],
)
def test_a_key_cannot_leave_its_place(storage: ListedStorage, pdf: Path, key: str) -> None:
    with pytest.raises(UnusableKeyError):
        store(storage, pdf, key=key)
    with pytest.raises(UnusableKeyError):
        storage.open(key)


def test_locked_object_cannot_be_deleted(storage: ListedStorage, pdf: Path) -> None:
    store(storage, pdf)

    with pytest.raises(RetentionLockError, match="2199-01-01"):
        storage.delete(KEY, today=TODAY)

    assert read(storage) == pdf.read_bytes()


def test_object_without_a_known_term_cannot_be_deleted(storage: ListedStorage, pdf: Path) -> None:
    store(storage, pdf, retain_until=None)

    with pytest.raises(RetentionLockError):
        storage.delete(KEY, today=date(2999, 1, 1))


def test_a_term_is_judged_by_the_day_that_is_told(storage: ListedStorage, pdf: Path) -> None:
    store(storage, pdf, retain_until=PAST)

    with pytest.raises(RetentionLockError, match=PAST.isoformat()):
        storage.delete(KEY, today=date(2019, 12, 31))

    assert read(storage) == pdf.read_bytes()


def test_object_under_hold_cannot_be_deleted(storage: ListedStorage, pdf: Path) -> None:
    store(storage, pdf, retain_until=PAST)
    storage.hold(KEY, on=True)
    storage.hold(KEY, on=True)

    with pytest.raises(LegalHoldError):
        storage.delete(KEY, today=TODAY)

    assert storage.state(KEY).on_hold


def test_object_past_its_term_and_without_hold_goes(storage: ListedStorage, pdf: Path) -> None:
    store(storage, pdf, retain_until=PAST)
    storage.hold(KEY, on=True)
    storage.hold(KEY, on=False)

    storage.delete(KEY, today=PAST)

    with pytest.raises(MissingObjectError):
        storage.open(KEY)
    with pytest.raises(MissingObjectError):
        storage.delete(KEY, today=PAST)
    assert list(storage.keys()) == []


def test_term_can_be_extended_but_not_shortened(storage: ListedStorage, pdf: Path) -> None:
    store(storage, pdf, retain_until=date(2100, 1, 1))

    storage.extend(KEY, retain_until=LOCKED_UNTIL)
    storage.extend(KEY, retain_until=LOCKED_UNTIL)
    with pytest.raises(RetentionLockError):
        storage.extend(KEY, retain_until=date(2100, 1, 1))

    assert storage.state(KEY).retain_until == LOCKED_UNTIL


def test_term_that_was_not_known_can_be_set(storage: ListedStorage, pdf: Path) -> None:
    store(storage, pdf, retain_until=None)

    storage.extend(KEY, retain_until=LOCKED_UNTIL)

    assert storage.state(KEY).retain_until == LOCKED_UNTIL


def test_a_key_can_be_used_again_when_its_object_has_gone(
    storage: ListedStorage, pdf: Path
) -> None:
    store(storage, pdf, retain_until=PAST)
    storage.delete(KEY, today=TODAY)
    pdf.write_bytes(b"%PDF-2.0 another")

    store(storage, pdf)

    assert read(storage) == b"%PDF-2.0 another"
    assert list(storage.keys()) == [KEY]


def test_a_term_that_is_over_can_still_be_extended(storage: ListedStorage, pdf: Path) -> None:
    store(storage, pdf, retain_until=PAST)

    storage.extend(KEY, retain_until=date(2021, 1, 1))
    over = storage.state(KEY).retain_until
    storage.extend(KEY, retain_until=LOCKED_UNTIL)

    assert (over, storage.state(KEY).retain_until) == (date(2021, 1, 1), LOCKED_UNTIL)
    with pytest.raises(RetentionLockError):
        storage.delete(KEY, today=TODAY)


def test_a_prepared_storage_is_checked_without_a_finding(storage: ListedStorage) -> None:
    storage.prepare()

    storage.check()

    assert storage.location_of(KEY).endswith(KEY)
    assert list(storage.keys()) == []


def test_keys_are_listed_by_prefix_in_ascii_order(storage: ListedStorage, pdf: Path) -> None:
    keys = ["a-b/1.pdf", "a/1.manifest.json", "a/1.pdf", "a/10.pdf", "b/c/1.pdf", "d.pdf"]
    for key in reversed(keys):
        store(storage, pdf, key=key)

    assert list(storage.keys()) == keys
    assert list(storage.keys("a/1")) == ["a/1.manifest.json", "a/1.pdf", "a/10.pdf"]
    assert list(storage.keys("b/c/")) == ["b/c/1.pdf"]
    assert list(storage.keys("x")) == []


def test_of_two_writers_one_wins(back_end: str, tmp_path: Path) -> None:
    files = []
    for number in range(2):
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(bytes([number]) * 300_000)
        files.append(file)

    for attempt in range(15):
        outcomes: list[str] = []
        barrier = threading.Barrier(2)

        def write(file: Path, key: str, barrier: threading.Barrier, outcomes: list[str]) -> None:
            storage = STORAGES[back_end](tmp_path / "archive")
            barrier.wait()
            try:
                outcomes.append(store(storage, file, key=key))
            except PipelineError as error:
                outcomes.append(error.code)

        key = f"race/{attempt}.pdf"
        writers = [threading.Thread(target=write, args=(f, key, barrier, outcomes)) for f in files]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()

        storage = STORAGES[back_end](tmp_path / "archive")
        kept = sha256_of_bytes(read(storage, key))
        assert sorted(outcomes) == sorted([kept, "key_in_use"])
        assert storage.state(key).sha256 == kept


WRITER = """
import sys
from datetime import date
from pathlib import Path
from tests.contract.backends import STORAGES
storage = STORAGES[sys.argv[1]](Path(sys.argv[2]))
print("ready", flush=True)
for number in range(1000):
    storage.store(Path(sys.argv[3]), key=f"killed/{sys.argv[4]}-{number}.pdf",
                  retain_until=date(2199, 1, 1), metadata={})
"""


def test_killed_writer_leaves_whole_objects_or_none(back_end: str, tmp_path: Path) -> None:
    dice = random.Random(20261124)  # noqa: S311 - repeatable on purpose
    file = tmp_path / "document.pdf"
    file.write_bytes(dice.randbytes(1_500_000))
    digest = sha256_of_bytes(file.read_bytes())
    folder = tmp_path / "archive"

    for attempt in range(12):
        arguments = [sys.executable, "-c", WRITER, back_end, str(folder), str(file), str(attempt)]
        with subprocess.Popen(arguments, cwd=PROJECT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(dice.uniform(0, 0.06))
            writer.kill()

    storage = STORAGES[back_end](folder)
    keys = list(storage.keys())
    assert keys
    for key in keys:
        assert sha256_of_bytes(read(storage, key)) == digest
        assert storage.state(key).sha256 == digest
        assert storage.state(key).retain_until == LOCKED_UNTIL
        assert store(storage, file, key=key) == digest
    storage.sweep_abandoned()
    assert storage.sweep_abandoned() == 0
    assert list(storage.keys()) == keys
