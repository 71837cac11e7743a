"""Vietnamese first, English by a switch: the texts of the pages in both languages.

Templates and modules hold the Vietnamese text; `messages/en.toml` holds its English, under the
Vietnamese text as the key, in the manner of a gettext catalogue.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from starlette.requests import Request

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
COOKIE = "sohoa_language"
_MESSAGES = Path(__file__).with_name("messages")


def mark(text: str) -> str:
    """Return the text as it is; marks it for the catalogue where it is translated later."""
    return text


@cache
def load_english() -> Mapping[str, str]:
    """Return the English of every Vietnamese text of the pages."""
    return tomllib.loads((_MESSAGES / "en.toml").read_text("utf-8"))


class Translator:
    """Turns texts of the pages into one language and fills in their values."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, text: str, **values: object) -> str:
        chosen = load_english().get(text, text) if self.language == "en" else text
        return chosen.format(**values) if values else chosen


def language_of(request: Request) -> Language:
    """Return the language of a request: asked for in the address, chosen before, or Vietnamese."""
    for wish in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return wish
    return "vi"
