"""The search index in SQLite FTS5, for one machine."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC
from pathlib import Path

from documents.identifiers import DocumentId
from search.errors import IndexUnavailableError
from search.packing import clean_text, pack, unpack
from search.query import parse_query
from search.search_index import IndexedDocument, IndexWriter, SearchQuery, SearchResult
from search.sqlite_expressions import COLUMNS, columns_of
from search.sqlite_generations import Generations, translated_errors
from search.sqlite_searching import find

_FTS_COLUMNS = ", ".join(COLUMNS)
_FTS_PLACES = ", ".join("?" * len(COLUMNS))
_INSERT_WORDS = f"INSERT INTO words (rowid, {_FTS_COLUMNS}) VALUES (?, {_FTS_PLACES})"  # noqa: S608 - names of ours
_DELETE_WORDS = (
    f"INSERT INTO words (words, rowid, {_FTS_COLUMNS}) VALUES ('delete', ?, {_FTS_PLACES})"  # noqa: S608 - names of ours
)
_NEXT_CHANGE = """
SELECT max(coalesce((SELECT max(change) FROM documents), 0),
           coalesce((SELECT max(change) FROM removed), 0)) + 1
"""


class SqliteIndex:
    """Keeps the index in a folder of its own; safe for threads and for several processes.

    Before the first use `clear` makes an empty index (or `rebuilding` a full one): an index that
    got lost must not look like one that finds nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._generations = Generations(folder)

    def put(self, documents: Sequence[IndexedDocument]) -> None:
        with self._changing() as connection:
            _put_all(connection, documents)

    def remove(self, document_id: DocumentId) -> None:
        with self._changing() as connection:
            _remove(connection, document_id)

    def search(self, query: SearchQuery) -> SearchResult:
        terms = parse_query(query.text)
        if query.text.strip() and not terms:
            return SearchResult(hits=(), total=0)
        with self._generations.current() as connection:
            # One transaction, so that all parts of the answer see the same documents.
            connection.execute("BEGIN")
            return find(connection, terms, query)

    def count(self) -> int:
        with self._generations.current() as connection:
            (number,) = connection.execute("SELECT count(*) FROM documents").fetchone()
            return int(number)

    def clear(self) -> None:
        with self._generations.making() as path, self._generations.writing():
            self._generations.make_current(path)

    @contextmanager
    def rebuilding(self) -> Iterator[IndexWriter]:
        with self._generations.making() as path:
            start = self._last_change()
            with closing(sqlite3.connect(path, isolation_level=None)) as fresh:
                # Nobody reads it yet, and a half-made file is thrown away.
                fresh.execute("PRAGMA synchronous = OFF")
                fresh.execute("PRAGMA cache_size = -65536")
                yield _FreshIndex(fresh)
                with translated_errors():
                    fresh.execute("INSERT INTO words (words) VALUES ('optimize')")
                with self._generations.writing():
                    if start is not None:
                        self._catch_up(fresh, since=start)
                    fresh.close()
                    self._generations.make_current(path)

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with (
            self._generations.writing(),
            self._generations.current() as connection,
            _transaction(connection),
        ):
            yield connection

    def _last_change(self) -> int | None:
        """Return the number of the last change; None if there is no sound index.

        A damaged index is withdrawn, so that nobody writes into it what would then be lost.
        """
        try:
            with self._generations.current() as connection:
                (finding,) = connection.execute("PRAGMA quick_check(1)").fetchone()
                (following,) = connection.execute(_NEXT_CHANGE).fetchone()
        except IndexUnavailableError:
            finding, following = "unavailable", 0
        if finding != "ok":
            self._generations.withdraw()
            return None
        return int(following) - 1

    def _catch_up(self, fresh: sqlite3.Connection, *, since: int) -> None:
        """Copy what was put and removed since the rebuild began."""
        with self._generations.current() as old, _transaction(fresh):
            for (content,) in old.execute(
                "SELECT content FROM documents WHERE change > ? ORDER BY change", (since,)
            ):
                _put_all(fresh, [unpack(content)])
            for document_id, version in old.execute(
                "SELECT id, version FROM removed WHERE change > ?", (since,)
            ):
                _remove(fresh, DocumentId(document_id), at_version=version)


class _FreshIndex:
    """Writes into an index that is being made."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, documents: Sequence[IndexedDocument]) -> None:
        with translated_errors(), _transaction(self._connection):
            _put_all(self._connection, documents)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _put_all(connection: sqlite3.Connection, documents: Sequence[IndexedDocument]) -> None:
    (change,) = connection.execute(_NEXT_CHANGE).fetchone()
    for document in documents:
        _put(connection, document, change=change)


def _put(connection: sqlite3.Connection, document: IndexedDocument, *, change: int) -> None:
    known = connection.execute(
        "SELECT version FROM documents WHERE id = ?1"
        " UNION ALL SELECT version FROM removed WHERE id = ?1",
        (document.id,),
    ).fetchone()
    if known is not None and document.version <= known[0]:
        return
    rowid = _take_out(connection, document.id)
    connection.execute("DELETE FROM removed WHERE id = ?", (document.id,))
    content = pack(document)
    cursor = connection.execute(
        "INSERT INTO documents (rowid, id, version, change, issued_on, filed_at, content)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            rowid,
            document.id,
            document.version,
            change,
            document.issued_on or "",
            document.filed_at.astimezone(UTC).isoformat(timespec="microseconds"),
            content,
        ),
    )
    # From the packed form, since that is what will be taken out of the index one day.
    connection.execute(_INSERT_WORDS, (cursor.lastrowid, *columns_of(unpack(content))))
    connection.execute(
        "INSERT INTO facets VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            cursor.lastrowid,
            clean_text(document.component_type),
            clean_text(document.procedure),
            clean_text(document.issuer),
            clean_text(document.issued_on[:4] if document.issued_on else None),
            clean_text(document.owner_id),
            clean_text(document.valid_until),
        ),
    )


def _take_out(connection: sqlite3.Connection, document_id: DocumentId) -> int | None:
    """Remove a document from both tables; return the row that it had."""
    row = connection.execute(
        "SELECT rowid, content FROM documents WHERE id = ?", (document_id,)
    ).fetchone()
    if row is None:
        return None
    rowid, content = row
    connection.execute(_DELETE_WORDS, (rowid, *columns_of(unpack(content))))
    connection.execute("DELETE FROM documents WHERE rowid = ?", (rowid,))
    connection.execute("DELETE FROM facets WHERE rowid = ?", (rowid,))
    return int(rowid)


def _remove(
    connection: sqlite3.Connection, document_id: DocumentId, *, at_version: int | None = None
) -> None:
    """Remove a document and keep its version, so that a late writer does not bring it back."""
    row = connection.execute(
        "SELECT version FROM documents WHERE id = ?", (document_id,)
    ).fetchone()
    version = at_version if row is None else max(row[0], at_version or 0)
    if version is None:
        return
    (change,) = connection.execute(_NEXT_CHANGE).fetchone()
    _take_out(connection, document_id)
    connection.execute("REPLACE INTO removed VALUES (?, ?, ?)", (document_id, version, change))
