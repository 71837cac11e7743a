"""Watched station folders: `inbox/<station>/`, delivered when they rest, moved when filed."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from database.batches import NewBatch
from documents.errors import PipelineError
from ingest.station_folder import (
    Sighting,
    StationEntry,
    move_to_done,
    move_to_problem,
    scan_station_folder,
)
from workers.actors import Actor
from workers.delivering import digest_of_files
from workers.following import BatchStatus, follow_batch
from workers.intake import begin_batch, end_batch, take_file
from workers.services import Services

log = structlog.get_logger()
_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Delivered:
    """An entry that was delivered and waits in its folder until all in it is filed."""

    path: Path
    batch_ids: tuple[str, ...]


class StationWatcher:
    """Looks at the station folders every second; what is in them is never deleted."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen: dict[Path, Mapping[str, Sighting]] = {}
        self._delivered: dict[Path, _Delivered] = {}

    def start(self) -> None:
        """Begin to look."""
        self._services.settings.inbox_folder.mkdir(parents=True, exist_ok=True)
        self._thread = threading.Thread(target=self._look_on, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _look_on(self) -> None:
        while not self._stopping.wait(_LOOK_SECONDS):
            try:
                self.look_once()
            except (PipelineError, OSError) as error:
                log.warning("station folders not looked at", error=type(error).__name__)

    def look_once(self) -> None:
        """Deliver what rests, and move what is settled."""
        inbox = self._services.settings.inbox_folder
        for folder in sorted(path for path in inbox.iterdir() if path.is_dir()):
            scan = scan_station_folder(
                folder,
                seen=self._seen.get(folder, {}),
                now=self._services.clock.now(),
                rest_seconds=self._rest_seconds(folder.name),
            )
            self._seen[folder] = scan.seen
            for entry in scan.ready:
                if entry.path not in self._delivered:
                    self._deliver(folder.name, entry)
        for delivered in list(self._delivered.values()):
            self._move_when_settled(delivered)

    def _rest_seconds(self, station: str) -> float:
        chosen = self._services.settings.intake.rest_seconds
        return self._services.profile_of(station).rest_seconds if chosen is None else chosen

    def _deliver(self, station: str, entry: StationEntry) -> None:
        """Deliver a file or a folder, as one batch or as several by the station's profile."""
        is_joined = self._services.profile_of(station).joins_files
        parts = [entry.files] if is_joined else [(file,) for file in entry.files]
        batch_ids = tuple(self._deliver_batch(station, part) for part in parts)
        self._delivered[entry.path] = _Delivered(entry.path, batch_ids)

    def _deliver_batch(self, station: str, files: Sequence[Path]) -> str:
        """Deliver files as one batch; the same content is found again, also after a restart."""
        actor = Actor(f"station:{station}", "station")
        profile = self._services.profile_of(station)
        new = NewBatch(
            station=station,
            batch_key=f"inbox:{digest_of_files(files)[:40]}",
            answerable=actor.name,
            profile=profile.name,
            confirm_policy=profile.confirm_policy,
        )
        batch = begin_batch(self._services, new, actor=actor)
        if batch.state == "open":
            for file in files:
                with file.open("rb") as stream:
                    take_file(
                        self._services,
                        stream,
                        batch_id=batch.id,
                        file_name=file.name,
                        source=str(file),
                        actor=actor,
                    )
            end_batch(self._services, batch.id, actor=actor)
        return batch.id

    def _move_when_settled(self, delivered: _Delivered) -> None:
        statuses = [follow_batch(self._services, one) for one in delivered.batch_ids]
        problems = [found for status in statuses if (found := _problem_of(status))]
        if problems and all(status.is_settled for status in statuses):
            notes_vi, notes_en = zip(*problems, strict=True)
            move_to_problem(
                delivered.path, note_vi="\n".join(notes_vi), note_en="\n".join(notes_en)
            )
        elif all(_is_filed(status) for status in statuses):
            move_to_done(delivered.path)
        else:
            return
        del self._delivered[delivered.path]


def _problem_of(status: BatchStatus) -> tuple[str, str] | None:
    reasons = [one.reason for one in status.deliveries if one.state == "set_aside" and one.reason]
    reasons += [one.reason for one in status.documents if one.state == "set_aside" and one.reason]
    if not status.is_settled or not reasons:
        return None
    return "\n".join(r.vi for r in reasons), "\n".join(r.en for r in reasons)


def _is_filed(status: BatchStatus) -> bool:
    states = {document.state for document in status.documents}
    return status.is_settled and bool(states) and states <= {"filed", "discarded"}
