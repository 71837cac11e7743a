"""The back ends that each contract test runs against."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from asn1crypto import tsp

from archive.folder_storage import FolderStorage
from archive.object_storage import ListedStorage
from database.connecting import Database, open_sqlite
from database.migrating import migrate
from documents.clock import Clock
from ocr.engine import OcrEngine
from ocr.pytesseract_engine import PytesseractEngine
from ocr.tesseract import TesserocrEngine
from search.search_index import SearchIndex
from search.sqlite_index import SqliteIndex
from signing.identity import Pkcs12Identity, SigningIdentity
from signing.local_authority import LocalAuthority
from signing.timestamps import HttpTimestampAuthority, LocalTimestampAuthority, TimestampSource
from tests.contract.real_stores import open_elasticsearch, open_minio
from tests.contract.timestamp_server import TimestampServer
from tests.postgresql import postgresql_catalogue

STORAGES: dict[str, Callable[[Path], ListedStorage]] = {
    "folder": FolderStorage,
    "minio": open_minio,
}

OCR_ENGINES: dict[str, Callable[[Path], OcrEngine]] = {
    "tesserocr": TesserocrEngine,
    "pytesseract": PytesseractEngine,
}

INDEXES: dict[str, Callable[[Path], SearchIndex]] = {
    "sqlite": SqliteIndex,
    "elasticsearch": open_elasticsearch,
}


@contextmanager
def embedded_catalogue(folder: Path) -> Iterator[Database]:
    """Give an empty catalogue in a file."""
    database = open_sqlite(folder / "sohoa.db")
    migrate(database)
    yield database
    database.close()


@contextmanager
def catalogue_on_server(_folder: Path) -> Iterator[Database]:
    """Give an empty catalogue in PostgreSQL."""
    with postgresql_catalogue() as (database, _):
        yield database


CATALOGUES: dict[str, Callable[[Path], AbstractContextManager[Database]]] = {
    "sqlite": embedded_catalogue,
    "postgresql": catalogue_on_server,
}


def open_pkcs12(authority: LocalAuthority, name: str, *, clock: Clock) -> Pkcs12Identity:
    """Open a key of the local authority."""
    return Pkcs12Identity(
        authority.key_file(name), passphrase=authority.passphrase(), now=clock.now()
    )


def open_officer(authority: LocalAuthority, clock: Clock) -> SigningIdentity:
    """Open the officer's key."""
    return open_pkcs12(authority, "officer", clock=clock)


IDENTITIES: dict[str, Callable[[LocalAuthority, Clock], SigningIdentity]] = {"pkcs12": open_officer}


def local_timestamps(
    authority: LocalAuthority, clock: Clock
) -> AbstractContextManager[TimestampSource]:
    """Give the authority in this process."""
    identity = open_pkcs12(authority, "tsa", clock=clock)
    return nullcontext(LocalTimestampAuthority(identity, clock=clock))


@contextmanager
def timestamps_over_http(authority: LocalAuthority, clock: Clock) -> Iterator[TimestampSource]:
    """Give the same authority behind HTTP on the loopback."""
    local = LocalTimestampAuthority(open_pkcs12(authority, "tsa", clock=clock), clock=clock)

    def answer(request: bytes) -> bytes:
        response = local.request_tsa_response(tsp.TimeStampReq.load(request))
        return bytes(response.dump())

    with TimestampServer(answer) as server:
        yield HttpTimestampAuthority(server.url)


TIMESTAMPS: dict[
    str, Callable[[LocalAuthority, Clock], AbstractContextManager[TimestampSource]]
] = {"local": local_timestamps, "http": timestamps_over_http}
