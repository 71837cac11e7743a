"""What the SQLite index does with its files."""

import random
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from documents.identifiers import DocumentId
from search.errors import IndexUnavailableError
from search.search_index import IndexedDocument, SearchQuery
from search.sqlite_index import SqliteIndex

PROJECT = Path(__file__).parents[3]
FILED_AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def make_document(name: str, text: str, *, version: int = 1, title: str = "") -> IndexedDocument:
    return IndexedDocument(
        id=DocumentId(name), version=version, filed_at=FILED_AT, title=title, pages=(text,)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path) -> SqliteIndex:
    index = SqliteIndex(folder)
    index.clear()
    index.put([make_document(f"d{number}", "đường lớn") for number in range(20)])
    return index


def test_a_damaged_index_is_unavailable_until_it_is_rebuilt(
    index: SqliteIndex, folder: Path
) -> None:
    (database,) = folder.glob("index-*.db")
    content = bytearray(database.read_bytes())
    for place in range(0, len(content), 512):
        content[place] ^= 0xFF
    database.write_bytes(content)

    with pytest.raises(IndexUnavailableError):
        index.search(SearchQuery(text="duong"))
    with pytest.raises(IndexUnavailableError):
        index.put([make_document("x", "đường")])
    with index.rebuilding() as fresh:
        fresh.put([make_document("d1", "đường")])

    assert index.search(SearchQuery(text="duong")).total == 1
    assert len(list(folder.glob("index-*.db"))) == 1


def test_nothing_is_written_into_an_index_found_damaged_while_it_is_rebuilt(
    index: SqliteIndex, folder: Path
) -> None:
    index.put([make_document(f"e{number}", f"đường {number}" * 50) for number in range(200)])
    (database,) = folder.glob("index-*.db")
    content = bytearray(database.read_bytes())
    # The first two pages still tell the schema and the root of the documents.
    for place in range(2 * 4096, len(content), 4096):
        content[place] ^= 0xFF
    database.write_bytes(content)

    with index.rebuilding() as fresh:
        assert not (folder / "current").exists()
        with pytest.raises(IndexUnavailableError):
            index.put([make_document("late", "đường")])
        fresh.put([make_document("d1", "đường")])

    assert index.count() == 1


@pytest.mark.parametrize("content", [b"", b"no database at all", b"\xff\xfe"])
@pytest.mark.parametrize("name", ["current", "index-000001.db"])
def test_rubbish_in_place_of_a_file_is_unavailable_and_can_be_rebuilt(
    index: SqliteIndex, folder: Path, name: str, content: bytes
) -> None:
    (folder / name).write_bytes(content)

    with pytest.raises(IndexUnavailableError):
        index.search(SearchQuery(text="duong"))
    with index.rebuilding() as fresh:
        fresh.put([make_document("d1", "đường")])

    assert index.count() == 1


def test_a_lost_database_is_unavailable_and_not_made_again_empty(
    index: SqliteIndex, folder: Path
) -> None:
    for file in folder.glob("index-*"):
        file.unlink()

    with pytest.raises(IndexUnavailableError):
        index.put([make_document("x", "đường")])

    assert list(folder.glob("index-*")) == []


def test_an_index_of_another_schema_is_unavailable(index: SqliteIndex, folder: Path) -> None:
    (database,) = folder.glob("index-*.db")
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA user_version = 999")
    connection.close()

    with pytest.raises(IndexUnavailableError, match="schema 999"):
        index.count()


def test_no_file_of_an_old_generation_stays(index: SqliteIndex, folder: Path) -> None:
    for _ in range(3):
        with index.rebuilding() as fresh:
            fresh.put([make_document("d1", "đường")])

    assert sorted(file.name for file in folder.iterdir()) == [
        "current",
        "index-000004.db",
        "rebuild.lock",
        "write.lock",
    ]


def test_where_very_many_fit_the_order_is_the_same_and_the_count_is_bounded(
    folder: Path,
) -> None:
    index = SqliteIndex(folder)
    index.clear()
    many = [make_document(f"m{number}", "duong") for number in range(10_050)]
    index.put([make_document("head", "x", title="Đường"), make_document("exact", "đường")])
    index.put(many)

    result = index.search(SearchQuery(text="đường", limit=4))
    deep = index.search(SearchQuery(text="đường", limit=10, offset=9_995))

    assert [hit.id for hit in result.hits] == ["head", "exact", "m10049", "m10048"]
    assert [hit.score for hit in result.hits] == sorted(
        (hit.score for hit in result.hits), reverse=True
    )
    assert (result.total, result.is_total_exact) == (10_000, False)
    assert len(deep.hits) == 10


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from search.search_index import IndexedDocument
from search.sqlite_index import SqliteIndex
index = SqliteIndex(Path(sys.argv[1]))
name = sys.argv[2]
def document(number):
    return IndexedDocument(id=f"{name}-{number}", version=1, filed_at=datetime.now(UTC),
                           pages=("đường",))
print("ready", flush=True)
number = 0
while sys.argv[3] != "put" or number < 60:
    number += 1
    if sys.argv[3] == "put":
        index.put([document(number)])
    else:
        with index.rebuilding() as fresh:
            fresh.put([document(number) for number in range(20)])
"""


def start_writer(folder: Path, name: str, verb: str) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", WRITER, str(folder), name, verb]
    return subprocess.Popen(arguments, cwd=PROJECT, stdout=subprocess.PIPE)


def test_two_processes_write_at_once(index: SqliteIndex, folder: Path) -> None:
    with start_writer(folder, "a", "put") as first, start_writer(folder, "b", "put") as second:
        codes = (first.wait(), second.wait())

    assert codes == (0, 0)
    assert index.count() == 140
    assert index.search(SearchQuery(text="duong")).total == 140


@pytest.mark.parametrize("verb", ["put", "rebuild"])
def test_a_killed_writer_leaves_an_index_that_works(
    index: SqliteIndex, folder: Path, verb: str
) -> None:
    dice = random.Random(3)  # noqa: S311 - repeatable on purpose

    for attempt in range(6):
        with start_writer(folder, f"k{attempt}", verb) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(dice.uniform(0, 0.05))
            writer.kill()
        count = index.count()
        assert count >= 20
        assert index.search(SearchQuery(text="duong")).total == count
        index.put([make_document(f"after-{attempt}", "đường")])

    with index.rebuilding() as fresh:
        fresh.put([make_document("d1", "đường")])
    assert len(list(folder.glob("index-*.db"))) == 1
