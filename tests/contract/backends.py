"""The back ends that each contract test runs against."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from archive.folder_storage import FolderStorage
from archive.object_storage import ObjectListing, ObjectStorage
from search.search_index import SearchIndex
from search.sqlite_index import SqliteIndex


class ListedStorage(ObjectStorage, ObjectListing, Protocol):
    """A storage that can also say what it holds."""


STORAGES: dict[str, Callable[[Path], ListedStorage]] = {"folder": FolderStorage}

INDEXES: dict[str, Callable[[Path], SearchIndex]] = {"sqlite": SqliteIndex}
