"""The catalogue in PostgreSQL, for several machines: isolation, locks and time.

Readers see one state (REPEATABLE READ, read only). Writers see what was committed before each
statement (READ COMMITTED) and are kept in order by `database.locks`: a block that names its batch
shares the catalogue with blocks of other batches, any other block has it alone, so whatever it
reads before it writes stays true, as in SQLite. Claims and leases take no such lock; they lock
their rows and pass by what another one has locked.
"""

import threading
import time
from datetime import UTC, datetime, timedelta

from psycopg import Connection as DriverConnection
from psycopg.types.string import StrDumper
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.pool import ConnectionPoolEntry

from database.connecting import Database
from database.errors import CatalogueUnavailableError, UnsuitableCatalogueError
from database.locks import LocksInOrder

_OLDEST_VERSION = 15
_COLLATIONS = frozenset({"C", "POSIX", "C.UTF-8", "C.utf8"})
_CONNECT_SECONDS = 5
_WAIT_MILLISECONDS = 30_000
# A client that was cut off in the middle of a transaction holds others up no longer than this.
_IDLE_MILLISECONDS = 20_000
_STATEMENT_MILLISECONDS = 120_000
_AGREE_SECONDS = 2.0


class _TextDumper(StrDumper):
    """PostgreSQL's text holds no NUL, which papers' text layers may; it becomes a mark of that."""

    def dump(self, obj: str) -> bytes | bytearray | memoryview | None:
        return super().dump(obj.replace("\x00", "\ufffd") if "\x00" in obj else obj)


def open_postgresql(url: str, *, password: str | None = None, connections: int = 10) -> Database:
    """Open the catalogue in a database of PostgreSQL.

    Args:
        url: `postgresql://user@host:port/database`.
        password: of the user, if the server asks for one; it is never told to anybody.
        connections: how many this process keeps; for a moment it may have three times as many.
    """
    address = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(
        address if password is None else address.set(password=password),
        pool_size=connections,
        max_overflow=2 * connections,
        pool_timeout=_WAIT_MILLISECONDS / 1000,
        pool_pre_ping=True,  # a server that was started anew costs nobody an error
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            "application_name": "sohoa",
            "client_encoding": "utf8",
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "options": f"-c timezone=UTC -c lock_timeout={_WAIT_MILLISECONDS}"
            f" -c idle_in_transaction_session_timeout={_IDLE_MILLISECONDS}"
            f" -c statement_timeout={_STATEMENT_MILLISECONDS}",
        },
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: "DriverConnection[object]", _entry: ConnectionPoolEntry) -> None:
        connection.adapters.register_dumper(str, _TextDumper)

    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(engine, reader=reader, order=LocksInOrder())


def check_suitable(database: Database) -> None:
    """Let only a database be used in which text sorts as everywhere else in this program.

    Raises:
        UnsuitableCatalogueError: the server is too old, or text sorts by the rules of a language,
            by which identifiers and folded words would be found in part only.
    """
    with database.reading() as connection:
        number = connection.execute(text("SHOW server_version_num")).scalar_one()
        found = connection.execute(
            text(
                "SELECT pg_encoding_to_char(encoding) AS encoding,"
                " CASE datlocprovider WHEN 'i' THEN daticulocale ELSE datcollate END AS collation"
                " FROM pg_database WHERE datname = current_database()"
            )
        ).one()
    version = int(number) // 10_000
    if version < _OLDEST_VERSION:
        raise UnsuitableCatalogueError(f"PostgreSQL {version}")
    if found.encoding != "UTF8" or found.collation not in _COLLATIONS:
        raise UnsuitableCatalogueError(f"{found.encoding}, {found.collation}")


class DatabaseClock:
    """The time of the database, the same for all machines.

    It is asked for again after a while; in between, and while it does not answer, our own
    monotonic clock counts on. A clock of a machine that is set wrong changes nothing.
    """

    def __init__(self, database: Database, *, agree_seconds: float = _AGREE_SECONDS) -> None:
        self._database = database
        self._agree_seconds = agree_seconds
        self._asking = threading.Lock()
        self._asked_at = 0.0
        self._told, self._told_at = self._ask()

    def now(self) -> datetime:
        """Return the present moment."""
        is_old = time.monotonic() - self._asked_at > self._agree_seconds
        if is_old and self._asking.acquire(blocking=False):
            try:
                self._told, self._told_at = self._ask()
            except CatalogueUnavailableError:
                pass  # whoever needs more than the time will say so
            finally:
                self._asked_at = time.monotonic()
                self._asking.release()
        return self._told + timedelta(seconds=time.monotonic() - self._told_at)

    def _ask(self) -> tuple[datetime, float]:
        with self._database.reading() as connection:
            before = time.monotonic()
            told: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
            after = time.monotonic()
        self._asked_at = after
        return told.astimezone(UTC), (before + after) / 2
