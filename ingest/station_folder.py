"""The watched folder of a station: what may be taken, and where it goes afterwards."""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.errors import StationFolderError

DONE_FOLDER = "done"
PROBLEM_FOLDER = "problem"
_OWN_FOLDERS = (DONE_FOLDER, PROBLEM_FOLDER)
_TEMPORARY_SUFFIXES = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".lock")
_TEMPORARY_PREFIXES = (".", "~", "_tmp")
_MOST_NUMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """How a file or sub-folder looked, and since when it has looked so."""

    size_bytes: int
    modified_ns: int
    file_count: int
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StationEntry:
    """One batch that may be taken: a file, or a sub-folder with its files in name order."""

    path: Path
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StationScan:
    """What a look into the folder found; pass `seen` to the next look.

    `refused` holds names that are no plain files inside the folder; they are never opened.
    """

    ready: tuple[StationEntry, ...]
    seen: Mapping[str, Sighting]
    refused: tuple[str, ...] = ()


def scan_station_folder(
    folder: Path, *, seen: Mapping[str, Sighting], now: datetime, rest_seconds: float
) -> StationScan:
    """Return what has rested long enough to be taken, in name order.

    An entry is ready when its size, its time and the number of its files have been the same for
    `rest_seconds` of our own looking; clocks of scanners are not believed. Hidden and temporary
    names, `done` and `problem` are passed over. Links are refused, not followed.

    Args:
        folder: the watched folder.
        seen: what the previous look returned; empty at first.
        now: when this look happens.
        rest_seconds: how long an entry must not have changed.
    """
    ready: list[StationEntry] = []
    refused: list[str] = []
    sightings: dict[str, Sighting] = {}
    for entry in sorted(folder.iterdir(), key=lambda path: path.name):
        if is_passed_over(entry.name) or entry.name in _OWN_FOLDERS:
            continue
        try:
            files = tuple(_files_of(entry))
            sighting = _sighting_of(entry, files, now=now)
        except StationFolderError as error:
            refused.append(error.name)
            continue
        except FileNotFoundError:
            # It was taken away between listing and looking.
            continue
        earlier = seen.get(entry.name)
        if earlier is not None and _is_unchanged(earlier, sighting):
            sighting = earlier
        sightings[entry.name] = sighting
        has_rested = (now - sighting.seen_at).total_seconds() >= rest_seconds
        if has_rested and files and sighting.size_bytes > 0:
            ready.append(StationEntry(path=entry, files=files))
    return StationScan(ready=tuple(ready), seen=sightings, refused=tuple(refused))


def is_passed_over(name: str) -> bool:
    """Tell whether a name is hidden or one that programs give to unfinished files."""
    lower = name.lower()
    return lower.startswith(_TEMPORARY_PREFIXES) or lower.endswith(_TEMPORARY_SUFFIXES)


def move_to_done(path: Path) -> Path:
    """Move a file or sub-folder into `done` beside it and return where it lies now.

    Nothing is overwritten (a number is added to the name) and nothing is deleted.

    Raises:
        StationFolderError: it is a link, or no plain file or folder.
    """
    return _moved(path, path.parent / DONE_FOLDER)


def move_to_problem(path: Path, *, note_vi: str, note_en: str) -> Path:
    """Move a file or sub-folder into `problem` and return where it lies now.

    A note for people is written beside it: its name with `.txt` added.

    Raises:
        StationFolderError: it is a link, or no plain file or folder.
    """
    target = _moved(path, path.parent / PROBLEM_FOLDER)
    note = f"{note_vi}\n\n{note_en}\n".encode()
    for candidate in _numbered(target.with_name(f"{target.name}.txt")):
        try:
            with candidate.open("xb") as stream:
                stream.write(note)
        except FileExistsError:
            continue
        return target
    raise StationFolderError(path.name)


def _files_of(entry: Path) -> Iterator[Path]:
    """Yield the plain files of an entry in name order; sub-folders of a batch come in turn."""
    kind = entry.lstat().st_mode
    if stat.S_ISREG(kind):
        yield entry
    elif stat.S_ISDIR(kind):
        for inner in sorted(entry.iterdir(), key=lambda path: path.name):
            if not is_passed_over(inner.name):
                yield from _files_of(inner)
    else:
        raise StationFolderError(entry.name)


def _sighting_of(entry: Path, files: tuple[Path, ...], *, now: datetime) -> Sighting:
    states = [file.lstat() for file in files]
    return Sighting(
        size_bytes=sum(state.st_size for state in states),
        modified_ns=max((state.st_mtime_ns for state in states), default=entry.lstat().st_mtime_ns),
        file_count=len(files),
        seen_at=now,
    )


def _is_unchanged(earlier: Sighting, sighting: Sighting) -> bool:
    return (earlier.size_bytes, earlier.modified_ns, earlier.file_count) == (
        sighting.size_bytes,
        sighting.modified_ns,
        sighting.file_count,
    )


def _moved(path: Path, folder: Path) -> Path:
    kind = path.lstat().st_mode
    is_folder = stat.S_ISDIR(kind)
    if path.name in (*_OWN_FOLDERS, "", "..") or not (is_folder or stat.S_ISREG(kind)):
        raise StationFolderError(path.name)
    if folder.is_symlink():
        raise StationFolderError(folder.name)
    folder.mkdir(exist_ok=True)
    move = _move_folder if is_folder else _move_file
    for candidate in _numbered(folder / path.name):
        if move(path, candidate):
            return candidate
    raise StationFolderError(path.name)


def _move_file(path: Path, target: Path) -> bool:
    """Move without ever replacing: a hard link fails where a name is taken; a rename does not."""
    try:
        os.link(path, target, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError:
        # Network shares know no hard links; there the name is looked up before the rename.
        if target.exists() or target.is_symlink():
            return False
        path.rename(target)
        return True
    path.unlink()
    return True


def _move_folder(path: Path, target: Path) -> bool:
    if target.exists() or target.is_symlink():
        return False
    path.rename(target)
    return True


def _numbered(target: Path) -> Iterator[Path]:
    yield target
    for number in range(2, _MOST_NUMBERED):
        yield target.with_name(f"{target.stem} ({number}){target.suffix}")
