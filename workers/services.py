"""The composition root: the only place that knows which product is behind which port."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from archive.folder_storage import FolderStorage
from archive.object_storage import ListedStorage
from archive.retention import RetentionSchedule, load_retention_schedule
from configuration.settings import Settings
from database.audit_log import AuditLog
from database.connecting import Database, open_sqlite
from database.migrating import migrate
from documents.catalogue import ComponentType, load_component_types
from documents.clock import Clock, SystemClock
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
        """Return where an object lies, for people: a path here."""
        return str(self.settings.archive_folder / "objects" / object_key)


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
    database = _open_database(settings)
    return Services(
        settings=settings,
        database=database,
        audit=AuditLog(database),
        storage=_build_storage(settings),
        index=_build_index(settings),
        clock=clock or SystemClock(),
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


def _open_database(settings: Settings) -> Database:
    match settings.database.back_end:
        case "sqlite":
            database = open_sqlite(settings.database_file)
        case unknown:
            assert_never(unknown)
    migrate(database)
    return database


def _build_storage(settings: Settings) -> ListedStorage:
    match settings.storage.back_end:
        case "folder":
            return FolderStorage(settings.archive_folder)
        case unknown:
            assert_never(unknown)


def _build_index(settings: Settings) -> SearchIndex:
    match settings.search.back_end:
        case "sqlite":
            return SqliteIndex(settings.index_folder)
        case unknown:
            assert_never(unknown)
