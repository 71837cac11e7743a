"""The files of the SQLite index: one database for each generation, and a pointer to the current.

A database in WAL mode cannot be replaced by renaming, since its log belongs to the name. So each
rebuild makes a file of its own, and what is replaced is the pointer.
"""

import fcntl
import os
import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from search.errors import IndexUnavailableError
from search.sqlite_expressions import COLUMNS

# Raise it whenever words, folding or columns change: an index made differently must be rebuilt.
SCHEMA_VERSION = 2
_BUSY_SECONDS = 30.0
_NAME = re.compile(r"index-(\d{6})\.db")
_SCHEMA = f"""
CREATE TABLE documents (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    change INTEGER NOT NULL,
    issued_on TEXT NOT NULL,
    filed_at TEXT NOT NULL,
    content BLOB NOT NULL
);
CREATE INDEX documents_change ON documents (change);
CREATE INDEX documents_issued_on ON documents (issued_on DESC, id);
CREATE INDEX documents_filed_at ON documents (filed_at DESC, id);
CREATE TABLE facets (
    rowid INTEGER PRIMARY KEY,
    component_type TEXT,
    procedure TEXT,
    issuer TEXT,
    year TEXT,
    owner_id TEXT,
    valid_until TEXT
);
CREATE TABLE removed (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    change INTEGER NOT NULL
) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (
    {", ".join(COLUMNS)}, content='', tokenize="ascii"
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, 'col');
PRAGMA user_version = {SCHEMA_VERSION};
"""


class Generations:
    """The databases in a folder, of which one is current."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pointer = folder / "current"

    @contextmanager
    def current(self) -> Iterator[sqlite3.Connection]:
        """Yield a short connection to the current database.

        Raises:
            IndexUnavailableError: there is none, or it is damaged or of another schema.
        """
        with translated_errors(), closing(self._connect()) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold all other writers back, of this and other processes."""
        with self._locked("write.lock"):
            yield

    @contextmanager
    def making(self) -> Iterator[Path]:
        """Yield the path of a new, empty database; only one rebuild runs at a time.

        What is made is removed unless it has become current.
        """
        with self._locked("rebuild.lock"):
            with translated_errors():
                path = self._folder / f"index-{self._next_number():06d}.db"
            try:
                with translated_errors(), closing(sqlite3.connect(path)) as connection:
                    connection.executescript(_SCHEMA)
                yield path
            finally:
                if self._current_name() != path.name:
                    _unlink_database(path)

    def withdraw(self) -> None:
        """Leave no database current, for readers and writers alike."""
        with translated_errors(), self.writing():
            self._pointer.unlink(missing_ok=True)

    def make_current(self, path: Path) -> None:
        """Turn a finished, closed database into the current one and remove all others."""
        with translated_errors():
            self._switch_to(path)

    def _switch_to(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        with path.open("rb") as database:
            os.fsync(database.fileno())
        temporary = self._folder / "current.new"
        with temporary.open("w", encoding="ascii") as stream:
            stream.write(path.name)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(self._pointer)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        for other in self._folder.glob("index-*.db"):
            # Those who still read from it keep their open file.
            if other != path:
                _unlink_database(other)

    def _connect(self) -> sqlite3.Connection:
        name = self._current_name()
        if name is None:
            raise IndexUnavailableError("index missing")
        try:
            return self._open(name)
        except sqlite3.OperationalError:
            # A rebuild may have removed it between reading its name and opening it.
            now = self._current_name()
            if now is None or now == name:
                raise
            return self._open(now)

    def _open(self, name: str) -> sqlite3.Connection:
        uri = f"{(self._folder / name).absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            _check_schema(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _current_name(self) -> str | None:
        with suppress(FileNotFoundError):
            name = self._pointer.read_bytes().decode("ascii", "replace")
            return name if _NAME.fullmatch(name) else None
        return None

    def _next_number(self) -> int:
        names = [path.name for path in self._folder.glob("index-*.db")]
        numbered = [_NAME.fullmatch(name) for name in [*names, self._current_name() or ""]]
        return max((int(found[1]) for found in numbered if found), default=0) + 1

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        with translated_errors():
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = (self._folder / name).open("ab")
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn what SQLite and the file system say into errors of ours."""
    try:
        yield
    except (sqlite3.DatabaseError, OSError, zlib.error, UnicodeDecodeError) as error:
        raise IndexUnavailableError(f"{type(error).__name__}: {error}") from error


def _check_schema(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != SCHEMA_VERSION:
        raise IndexUnavailableError(f"schema {version}, not {SCHEMA_VERSION}")


def _unlink_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
