"""Corrects a filed document and is killed at a named moment: `python dying.py HOME ID MOMENT`."""

import os
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NoReturn

from archive.folder_storage import FolderStorage
from classification.confirming import Decision
from configuration.settings import Settings
from documents.identifiers import Sha256
from workers.actors import Actor
from workers.correcting import correct_tags
from workers.dispatching import Dispatcher
from workers.services import build_services

_ENOUGH_SECONDS = 60


def die() -> NoReturn:
    """End as by a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


class DeadlyStorage(FolderStorage):
    """Kills its process just before or just after it has stored a record."""

    def __init__(self, folder: Path, moment: str) -> None:
        super().__init__(folder)
        self._moment = moment

    def store(
        self,
        file: Path,
        *,
        key: str,
        retain_until: date | None,
        metadata: Mapping[str, str],
        expected: Sha256 | None = None,
    ) -> Sha256:
        if self._moment == "before_store":
            die()
        digest = super().store(
            file, key=key, retain_until=retain_until, metadata=metadata, expected=expected
        )
        if self._moment == "after_store":
            die()
        return digest


def main(home: Path, document_id: str, moment: str) -> None:
    """Correct the number; then die."""
    services = build_services(Settings(home=home))
    decision = Decision(component_type="khac", values={"number": f"1/{moment}"})
    actor = Actor("cường.võ", "officer")
    correct_tags(services, document_id, decision, reason="đọc nhầm số", actor=actor)
    if moment != "after_commit":
        deadly = replace(services, storage=DeadlyStorage(services.settings.archive_folder, moment))
        Dispatcher(deadly).start()
        threading.Event().wait(_ENOUGH_SECONDS)
    die()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
