# ruff: noqa: INP001 - a program, not a package
"""Writes the description of the API into the reference: `make openapi`.

Changes that would break a client are refused by a test; they need `/api/v2`.
"""

import tempfile
from pathlib import Path

from configuration.settings import Settings
from web.api.description import text_of
from web.application import build_application
from workers.services import build_services

_PAGE = Path(__file__).with_name("reference") / "openapi.json"


def main() -> None:
    """Describe the application of this checkout."""
    with tempfile.TemporaryDirectory() as home:
        services = build_services(Settings(home=Path(home)))
        try:
            text = text_of(build_application(services).openapi())
        finally:
            services.close()
    _PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
