"""Secrets that the program must read again are kept sealed by a key of the home.

The key lies beside the catalogue, not in it: who gets hold of a copy of the catalogue alone, as a
backup, has none of the secrets.
"""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from workers.account_errors import SealingKeyError
from workers.services import Services

_FILE = "accounts.key"


def seal(services: Services, text: str) -> str:
    """Return a text so that only this home can read it, and nobody change it.

    Raises:
        SealingKeyError: the key can be read by others, or not at all.
    """
    return _key_of(services).encrypt(text.encode()).decode()


def unseal(services: Services, sealed: str, *, seconds: int | None = None) -> str | None:
    """Return what was sealed; None when it was not sealed here, or longer ago than `seconds`.

    Raises:
        SealingKeyError: the key can be read by others, or not at all.
    """
    now = int(services.clock.now().timestamp())
    key = _key_of(services)
    try:
        if seconds is None:
            return key.decrypt(sealed.encode()).decode()
        return key.decrypt_at_time(sealed.encode(), seconds, now).decode()
    except InvalidToken:
        return None


def seal_for_now(services: Services, text: str) -> str:
    """Return a sealed text that tells when it was sealed, by the clock of the services."""
    now = int(services.clock.now().timestamp())
    return _key_of(services).encrypt_at_time(text.encode(), now).decode()


def _key_of(services: Services) -> Fernet:
    file = services.settings.secrets_folder / _FILE
    if not file.exists():
        _make(file)
    try:
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SealingKeyError(str(file.name))
        return Fernet(file.read_bytes())
    except (OSError, ValueError) as error:
        raise SealingKeyError(file.name) from error


def _make(file: Path) -> None:
    """Make the key whole or not at all; of two processes the second takes what the first made."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, part = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as target:
            target.write(Fernet.generate_key())
            target.flush()
            os.fsync(target.fileno())
        with suppress(FileExistsError):
            os.link(part, file)
    finally:
        Path(part).unlink()
