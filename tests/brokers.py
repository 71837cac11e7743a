"""Where the brokers of the tests stand, as settings say it."""

from urllib.parse import urlsplit

from configuration.settings import DispatchSettings
from tests.services import service


def broker_settings(kind: str, *, prefix: str) -> dict[str, str]:
    """Return the settings that name a broker, and its password apart from its address."""
    parts = urlsplit(service(kind))
    user = f"{parts.username}@" if parts.username else ""
    place = f"{parts.hostname}:{parts.port}{parts.path}"
    return {
        "back_end": "celery",
        "broker_url": f"{parts.scheme}://{user}{place}",
        "password": parts.password or "",
        "queue_prefix": prefix,
    }


def dispatch_settings(kind: str, *, prefix: str) -> DispatchSettings:
    """Return the section of the settings."""
    return DispatchSettings.model_validate(broker_settings(kind, prefix=prefix))
