"""Where material lies between its receipt and its filing."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from documents.identifiers import DeliveryId


@dataclass(frozen=True, slots=True)
class WorkFolder:
    """The layout of the work folder; every name in it is an identifier of ours."""

    root: Path

    @property
    def incoming(self) -> Path:
        """Files that are being received; each name begins with the process that writes it."""
        return self.root / "incoming"

    @property
    def uploads(self) -> Path:
        """Files that come in pieces; each name is that of its upload."""
        return self.root / "uploads"

    def delivery_file(self, delivery_id: str) -> Path:
        """Return where the bytes of a delivered file lie.

        They are moved here from `incoming` right after the receipt was written down; whoever
        comes in between finds them there.
        """
        final = self.root / "deliveries" / delivery_id
        if not final.exists():
            for waiting in self.incoming.glob(f"*-{delivery_id}"):
                final.parent.mkdir(parents=True, exist_ok=True)
                waiting.replace(final)
        return final

    def upload_file(self, upload_id: str) -> Path:
        """Return where the bytes of a file lie that comes in pieces, until it is a delivery."""
        return self.uploads / upload_id

    def pages_folder(self, delivery_id: str) -> Path:
        """Return where page images and reading copies of a delivered file lie."""
        return self.root / "pages" / delivery_id

    def document_folder(self, document_id: str) -> Path:
        """Return where the PDF of a document is made."""
        return self.root / "documents" / document_id

    @contextmanager
    def passing_folder(self, document_id: str) -> Iterator[Path]:
        """Give a folder for one attempt at a stage; nobody else writes there, and it goes again."""
        folder = self.document_folder(document_id) / f"passing-{secrets.token_hex(4)}"
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def absolute(self, file: Path | str) -> Path:
        """Return the place of a file that the catalogue names."""
        return self.root / file

    def relative(self, file: Path) -> Path:
        """Return the name by which the catalogue knows a file."""
        return file.relative_to(self.root)

    def forget_delivery(self, delivery_id: str) -> None:
        """Remove the working copies of a delivered file."""
        self.delivery_file(delivery_id).unlink(missing_ok=True)
        shutil.rmtree(self.pages_folder(delivery_id), ignore_errors=True)

    def forget_document(self, document_id: str) -> None:
        """Remove what was made for a document on the way to the archive."""
        shutil.rmtree(self.document_folder(document_id), ignore_errors=True)

    def abandoned_arrivals(self) -> Iterator[tuple[Path, DeliveryId]]:
        """Yield files in `incoming` whose writer is gone."""
        for file in self.incoming.glob("*-dlv_*"):
            process, delivery_id = file.name.split("-", 1)
            if not _is_alive(process):
                yield file, DeliveryId(delivery_id)


def process_name() -> str:
    """Return a name for this process that no later process of this machine will have."""
    return f"{os.getpid()}.{_start_of(os.getpid())}"


def is_process_alive(name: str) -> bool:
    """Say whether the process that had this name still runs on this machine."""
    return _is_alive(name)


def _is_alive(name: str) -> bool:
    pid, _, start = name.partition(".")
    return pid.isdigit() and start != "" and _start_of(int(pid)) == start


def _start_of(pid: int) -> str:
    """Return the tick at which a process began; empty when there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    return stat.rsplit(")", 1)[1].split()[19]
