"""What every command begins with: settings, logs and services, closed at the end."""

import getpass
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from configuration.logs import set_up_logging
from configuration.settings import (
    DatabaseSettings,
    SearchSettings,
    Settings,
    StorageSettings,
    load_settings,
)
from workers.actors import Actor
from workers.reindexing import ensure_index
from workers.services import Services, build_services


@contextmanager
def services_of_this_command(*, settings: Settings | None = None) -> Iterator[Services]:
    """Give services over the configured home, prepared if it is empty."""
    set_up_logging(level=logging.ERROR)
    services = build_services(settings or load_settings())
    try:
        ensure_index(services)
        yield services
    finally:
        services.close()


@contextmanager
def services_that_keep_nothing() -> Iterator[Services]:
    """Give services over a home that is gone afterwards, for commands that file nothing.

    Catalogue, store and index are those in the home, whichever ones the office has.
    """
    settings = load_settings()
    with tempfile.TemporaryDirectory(prefix="sohoa-") as folder:
        own = {
            "home": Path(folder),
            "database": DatabaseSettings(),
            "storage": StorageSettings(),
            "search": SearchSettings(),
            "dispatch": settings.dispatch.model_copy(update={"back_end": "processes"}),
        }
        with services_of_this_command(settings=settings.model_copy(update=own)) as services:
            yield services


def actor_of_this_command() -> Actor:
    """Return who answers for a command: the account of the operating system."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    return Actor(f"os:{name}", "command_line")
