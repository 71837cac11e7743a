"""One connection pool to the catalogue; reading and writing transactions."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from database.errors import CatalogueUnavailableError

Transaction = Connection
"""What the blocks of `Database` give; callers pass it on and know no more of it."""

_BUSY_MILLISECONDS = 30_000
_WRITING = "sohoa_writing"


class Database:
    """The catalogue: `reading()` sees one state, `writing()` commits whole or not at all."""

    def __init__(self, engine: Engine, *, has_one_writer: bool = False) -> None:
        """Make it over an engine.

        Args:
            engine: the product.
            has_one_writer: it lets one transaction write at a time, and makes others look again
                after a pause; those of this process queue here instead.
        """
        self.engine = engine
        self._writer = engine.execution_options(**{_WRITING: True})
        self._turn = threading.Lock() if has_one_writer else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection whose statements see one state of the catalogue."""
        with _translated_errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are committed together when the block ends."""
        with self._turn_to_write(), _translated_errors(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=_BUSY_MILLISECONDS / 1000):
            raise CatalogueUnavailableError("WriterBusy")
        try:
            yield
        finally:
            self._turn.release()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise CatalogueUnavailableError(type(error.orig).__name__) from error


def open_sqlite(file: Path) -> Database:
    """Open the embedded catalogue, in write-ahead mode.

    A receipt is a promise, so every commit reaches the disk (`synchronous=FULL`).
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    # Whoever may enter the folder need not read the catalogue; its log and lock follow its mode.
    if not file.exists():
        with suppress(OSError):  # the first connection says what is wrong
            file.touch(mode=0o600)
    engine = create_engine(
        f"sqlite:///{file}", connect_args={"timeout": _BUSY_MILLISECONDS / 1000}, pool_size=8
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the module
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_MILLISECONDS}",
            "cache_size=-16000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes the lock at once: upgrading a reader's lock could only fail.
        is_writer = connection.get_execution_options().get(_WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

    return Database(engine, has_one_writer=True)
