"""One connection pool to the catalogue; reading and writing transactions."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhaustedError
from sqlalchemy.pool import ConnectionPoolEntry

from database.errors import CatalogueUnavailableError

Transaction = Connection
"""What the blocks of `Database` give; callers pass it on and know no more of it."""

WRITING = "sohoa_writing"
"""The execution option that tells a writing connection."""

_BUSY_MILLISECONDS = 30_000
_AT_END = "sohoa_at_end"
_IDLE_TOO_LONG = "25P03"  # PostgreSQL ended a transaction whose process stood still


class WriterOrder(Protocol):
    """How writing transactions of all processes are kept from undoing each other's reading."""

    def begin(self, connection: Connection, *, batch_id: str | None) -> None:
        """Wait for the turn of a transaction that has just begun; None: nobody writes beside."""


class Database:
    """The catalogue: `reading()` sees one state, `writing()` commits whole or not at all."""

    def __init__(
        self,
        engine: Engine,
        *,
        has_one_writer: bool = False,
        reader: Engine | None = None,
        order: WriterOrder | None = None,
    ) -> None:
        """Make it over an engine.

        Args:
            engine: the product.
            has_one_writer: it lets one transaction write at a time, and makes others look again
                after a pause; those of this process queue here instead.
            reader: the same product, set to let a transaction see one state.
            order: where the product lets several write at the same time, who waits for whom.
        """
        self.engine = engine
        self._reader = reader or engine
        self._writer = engine.execution_options(**{WRITING: True})
        self._turn = threading.Lock() if has_one_writer else None
        self._order = order

    @property
    def is_shared(self) -> bool:
        """Whether servers of other machines may be at work on it at the same time."""
        return self._order is not None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection whose statements see one state of the catalogue."""
        with _translated_errors(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, batch_id: str | None = None) -> Iterator[Connection]:
        """Give a connection whose changes are committed together when the block ends.

        What the block reads stays true until then: of such blocks one runs at a time.

        Args:
            batch_id: all that the block changes belongs to this batch; then blocks of other
                batches may run beside it, where the product can do that.
        """
        with self._transaction() as connection:
            if self._order is not None:
                self._order.begin(connection, batch_id=batch_id)
            yield connection

    @contextmanager
    def claiming(self) -> Iterator[Connection]:
        """Give a connection for statements that each lock the rows that they change.

        They wait for nobody and nobody waits for them: claims, leases, messages, rows that are
        only appended. What was read before may have changed.
        """
        with self._transaction() as connection:
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._turn_to_write(), _translated_errors(), self._writer.begin() as connection:
            connection.info[_AT_END] = []  # the connection may have served others before
            yield connection
            do_now(connection)

    def _turn_to_write(self) -> AbstractContextManager[None]:
        return nullcontext() if self._turn is None else _turn(self._turn)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def is_writing(connection: Connection) -> bool:
    """Say whether rows that are read may be locked."""
    return bool(connection.get_execution_options().get(WRITING))


def do_at_end(connection: Connection, do: Callable[[], None]) -> None:
    """Do something as the last step before the commit, in the order in which it was asked for.

    For what everybody waits for, so that nobody waits longer than the commit takes.
    """
    connection.info[_AT_END].append(do)


def do_now(connection: Connection) -> None:
    """Do what was put off, for one who needs what it leads to before the commit."""
    put_off: list[Callable[[], None]] = connection.info[_AT_END]
    while put_off:
        put_off.pop(0)()


@contextmanager
def _turn(lock: threading.Lock) -> Iterator[None]:
    if not lock.acquire(timeout=_BUSY_MILLISECONDS / 1000):
        raise CatalogueUnavailableError("WriterBusy")
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    # Locks not given, deadlocks, a cut connection: all pass.
    except (OperationalError, InterfaceError) as error:
        raise CatalogueUnavailableError(type(error.orig).__name__) from error
    except InternalError as error:
        if getattr(error.orig, "sqlstate", None) != _IDLE_TOO_LONG:
            raise
        raise CatalogueUnavailableError(type(error.orig).__name__) from error
    except PoolExhaustedError as error:
        raise CatalogueUnavailableError("PoolExhausted") from error


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
        is_writer = connection.get_execution_options().get(WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

    return Database(engine, has_one_writer=True)
