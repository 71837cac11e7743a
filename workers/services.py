"""The composition root: the only place that knows which product is behind which port."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from archive.folder_storage import FolderStorage
from archive.object_storage import ListedStorage
from archive.retention import RetentionSchedule, load_retention_schedule
from configuration.settings import (
    DatabaseBackEnd,
    SearchSettings,
    Settings,
    StorageBackEnd,
    StorageSettings,
)
from database.audit_log import AuditLog
from database.connecting import Database, open_sqlite
from database.migrating import migrate
from database.postgresql_catalogue import DatabaseClock, check_suitable, open_postgresql
from documents.catalogue import ComponentType, load_component_types
from documents.clock import Clock, SystemClock
from documents.errors import ConfigurationError
from documents.limits import PageLimits
from reuse.procedures import Procedure, load_procedures
from scanner_profiles.profile import ScannerProfile
from scanner_profiles.reading_profiles import load_profiles
from search.search_index import SearchIndex
from search.sqlite_index import SqliteIndex
from workers.child_pool import ChildLimits, ChildPool
from workers.errors import UnknownProfileError
from workers.waking import Bell
from workers.work_folder import WorkFolder

# Nobody waits for a page to be read as they wait for an answer; an idle machine reads as quickly.
_READING_NICENESS = 10


@dataclass(frozen=True, kw_only=True)
class Services:
    """The ports of this process; stages and pages get it as a value."""

    settings: Settings
    database: Database
    audit: AuditLog
    storage: ListedStorage
    index: SearchIndex
    clock: Clock
    pool: ChildPool
    desk_pool: ChildPool
    work: WorkFolder
    component_types: Mapping[str, ComponentType]
    procedures: Mapping[str, Procedure]
    profiles: Mapping[str, ScannerProfile]
    schedule: RetentionSchedule
    bell: Bell

    def wake(self) -> None:
        """Let workers of this process look for work now."""
        self.bell.ring()

    def close(self) -> None:
        """Stop the children and give connections back."""
        self.pool.close()
        self.desk_pool.close()
        self.database.close()

    @property
    def page_limits(self) -> PageLimits:
        """What decoders check before they decode."""
        limits = self.settings.limits
        return PageLimits(
            file_bytes=limits.file_bytes,
            pixels=limits.page_megapixels * 1_000_000,
            pages=limits.pages,
        )

    @property
    def trust_roots(self) -> tuple[Path, ...]:
        """Certificates of the authorities that this installation trusts."""
        own = self.settings.pki_folder / "root.pem"
        return (own,) if own.exists() else ()

    def profile_of(self, station: str) -> ScannerProfile:
        """Return how a station is set up."""
        intake = self.settings.intake
        return self.profiles[intake.stations.get(station, intake.profile)]

    def location_of(self, object_key: str) -> str:
        """Return where an object lies, for people: a path, or bucket and key."""
        return self.storage.location_of(object_key)


def build_services(settings: Settings, *, clock: Clock | None = None) -> Services:
    """Connect the ports as the settings say; prepares an empty home.

    Raises:
        ConfigurationError: data of the catalogue is wrong, or the schema is newer.
        CatalogueUnavailableError: the database does not answer.
    """
    _prepare_home(settings)
    profiles = load_profiles()
    _check_profiles(settings, known=profiles)
    component_types = load_component_types()
    limits = ChildLimits(
        memory_bytes=settings.limits.child_memory_bytes,
        seconds=settings.limits.child_seconds,
        cpu_seconds=settings.limits.child_cpu_seconds,
    )
    database = open_catalogue(settings)
    migrate(database)
    clock = clock or _build_clock(settings, database)
    return Services(
        settings=settings,
        database=database,
        audit=AuditLog(database),
        storage=build_storage(settings, clock=clock),
        index=_build_index(settings),
        clock=clock,
        pool=ChildPool(size=worker_count(settings), limits=limits, niceness=_READING_NICENESS),
        desk_pool=ChildPool(size=1, limits=limits),
        work=WorkFolder(settings.work_folder),
        component_types=component_types,
        procedures=load_procedures(component_types),
        profiles=profiles,
        schedule=load_retention_schedule(),
        bell=Bell(),
    )


def worker_count(settings: Settings) -> int:
    """Return how many stages run at once: as set, or one for each core we may use."""
    return settings.dispatch.workers or len(os.sched_getaffinity(0))


def _prepare_home(settings: Settings) -> None:
    for folder in (settings.home, settings.work_folder, settings.archive_folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    work = WorkFolder(settings.work_folder)
    for folder in (work.incoming, work.uploads):
        folder.mkdir(exist_ok=True, mode=0o700)


def _check_profiles(settings: Settings, *, known: Collection[str]) -> None:
    for name in (settings.intake.profile, *settings.intake.stations.values()):
        if name not in known:
            raise UnknownProfileError(name, known=sorted(known))


def open_catalogue(settings: Settings, *, back_end: DatabaseBackEnd | None = None) -> Database:
    """Open the catalogue that the settings choose, or the other one, as it is.

    Raises:
        UnsuitableCatalogueError: the server is too old, or text sorts otherwise there.
        CatalogueUnavailableError: the server does not answer.
    """
    chosen = back_end or settings.database.back_end
    match chosen:
        case "sqlite":
            database = open_sqlite(settings.database_file)
        case "postgresql":
            database = open_postgresql(
                settings.database.url,
                password=settings.database.secret(),
                connections=settings.database.connections,
            )
            check_suitable(database)
        case unknown:
            assert_never(unknown)
    return database


def _build_clock(settings: Settings, database: Database) -> Clock:
    """Return the clock of this machine, or of the database that several machines share."""
    match settings.database.back_end:
        case "sqlite":
            return SystemClock()
        case "postgresql":
            return DatabaseClock(database)
        case unknown:
            assert_never(unknown)


def build_storage(
    settings: Settings, *, clock: Clock, back_end: StorageBackEnd | None = None
) -> ListedStorage:
    """Return the storage that the settings choose, or the other one that they describe too.

    Raises:
        ConfigurationError: a certificate cannot be read.
    """
    chosen = back_end or settings.storage.back_end
    match chosen:
        case "folder":
            return FolderStorage(settings.archive_folder)
        case "minio":
            return _open_minio(settings.storage, clock=clock)
        case unknown:
            assert_never(unknown)


def _open_minio(settings: StorageSettings, *, clock: Clock) -> ListedStorage:
    # Here, since an office without S3 store need not load its client.
    from archive.minio_requests import connect  # noqa: PLC0415
    from archive.minio_storage import MinioStorage  # noqa: PLC0415

    try:
        client = connect(
            settings.endpoint,
            access_key=settings.access_key,
            secret_key=settings.secret() or "",
            region=settings.region,
            ca_cert=settings.ca_cert,
            timeout_seconds=settings.timeout_seconds,
        )
    except OSError as error:
        raise _unusable_certificate("storage.ca_cert", error) from error
    return MinioStorage(client, settings.bucket, clock=clock, lock_years=settings.lock_years)


def _build_index(settings: Settings) -> SearchIndex:
    match settings.search.back_end:
        case "sqlite":
            return SqliteIndex(settings.index_folder)
        case "elasticsearch":
            return _open_elasticsearch(settings.search)
        case unknown:
            assert_never(unknown)


def _open_elasticsearch(settings: SearchSettings) -> SearchIndex:
    # The same: the client is some 30 MB of memory.
    from search.elasticsearch_index import ElasticsearchIndex, connect  # noqa: PLC0415

    try:
        client = connect(
            settings.url,
            username=settings.username,
            password=settings.secret(),
            ca_cert=settings.ca_cert,
            timeout_seconds=settings.timeout_seconds,
        )
    except (OSError, ValueError) as error:
        raise _unusable_certificate("search.ca_cert", error) from error
    return ElasticsearchIndex(client, settings.index)


def _unusable_certificate(setting: str, error: Exception) -> ConfigurationError:
    return ConfigurationError(
        vi=f"Không đọc được chứng thư nêu ở {setting}: {error}. Sửa đường dẫn hoặc tệp.",
        en=f"{setting} cannot be used: {error}. Correct the path or the file.",
    )
