"""Where the servers of this checkout keep their data, ports and logs, and who runs them."""

import hashlib
import json
import os
import pwd
import secrets
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
_ORDINARY_USER = "postgres"  # it comes with the Debian package of PostgreSQL


def cache_folder() -> Path:
    """Return where what was built or fetched is kept for all checkouts."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "sohoa" / "services"


def state_root() -> Path:
    """Return the folder of all checkouts' data; other users than root must be able to enter it."""
    named = os.environ.get("SERVICES_STATE")
    return Path(named) if named else Path("/var/tmp") / f"sohoa-services-{os.getuid()}"  # noqa: S108 - the name holds the user, the folder is checked below


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one checkout's servers."""

    folder: Path

    @property
    def logs(self) -> Path:
        """Where the servers write what they have to say."""
        return self.folder / "logs"

    @property
    def env_file(self) -> Path:
        """The addresses of the servers, one `NAME=value` a line."""
        return self.folder / "services.env"

    def data(self, server: str) -> Path:
        """Return the data folder of a server."""
        return self.folder / server

    def process_file(self, server: str) -> Path:
        """Return where the process of a server is written down."""
        return self.folder / f"{server}.process"

    def ports(self, server: str, count: int) -> tuple[int, ...]:
        """Return the ports of a server: the same ones as before, chosen freely the first time."""
        file = self.folder / f"{server}.ports"
        if file.exists():
            kept: list[int] = json.loads(file.read_text())
            return tuple(kept)
        chosen = _free_ports(count)
        file.write_text(json.dumps(chosen))
        return tuple(chosen)

    def forget_ports(self, server: str) -> None:
        """Let new ports be chosen, as where somebody else has taken one meanwhile."""
        (self.folder / f"{server}.ports").unlink(missing_ok=True)

    def secret(self) -> str:
        """Return the password that the servers of this place share, made the first time."""
        file = self.folder / "secret"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_hex(16))
        return file.read_text()


def open_place(checkout: Path = CHECKOUT) -> Place:
    """Return the place of a checkout, made if there is none.

    Raises:
        PermissionError: the folder belongs to somebody else.
    """
    root = state_root()
    root.mkdir(mode=0o711, parents=True, exist_ok=True)
    if root.stat().st_uid != os.getuid():
        raise PermissionError(f"{root} belongs to another user; name a folder in SERVICES_STATE")
    place = Place(root / hashlib.sha256(str(checkout.resolve()).encode()).hexdigest()[:12])
    place.folder.mkdir(mode=0o711, exist_ok=True)
    place.logs.mkdir(mode=0o711, exist_ok=True)
    (place.folder / "checkout").write_text(str(checkout.resolve()))
    return place


def other_places(place: Place) -> list[Place]:
    """Return the places of other checkouts of this user."""
    return [
        Place(file.parent)
        for file in sorted(place.folder.parent.glob("*/checkout"))
        if file.parent != place.folder
    ]


def checkout_of(place: Place) -> Path:
    """Return the checkout whose servers these are."""
    return Path((place.folder / "checkout").read_text())


def ordinary_user() -> pwd.struct_passwd | None:
    """Return as whom servers run that refuse root; None where we are no root ourselves."""
    return pwd.getpwnam(_ORDINARY_USER) if os.getuid() == 0 else None


def give_to(path: Path, user: pwd.struct_passwd | None) -> None:
    """Make a folder, owned by the user who is to write there."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user is not None:
        shutil.chown(path, user.pw_uid, user.pw_gid)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
