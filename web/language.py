"""Vietnamese first, English by a switch: gettext catalogues with Vietnamese as the source.

Templates and modules hold the Vietnamese text; `en.po` in the folder of a page holds its English,
`shared/en.po` that of texts which several pages have. `make messages` writes new texts into the
catalogues and takes out the ones that nothing uses.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from starlette.requests import Request

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
COOKIE = "sohoa_language"
_WEB = Path(__file__).parent


def mark(text: str) -> str:
    """Return the text as it is; marks it for the catalogue where it is translated later."""
    return text


def catalogue_files() -> Iterator[Path]:
    """Yield the English catalogues: the shared one and that of each page."""
    yield _WEB / "shared" / "en.po"
    yield from sorted((_WEB / "pages").glob("*/en.po"))


@cache
def load_english() -> Catalog:
    """Return the English of every Vietnamese text of the pages."""
    together = Catalog(locale="en")
    for file in catalogue_files():
        with file.open("rb") as stream:
            for message in read_po(stream, locale="en"):
                if message.id:
                    together[message.id] = message
    return together


class Translator:
    """Turns texts of the pages into one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, text: str) -> str:
        """Return a text."""
        if self.language == "vi":
            return text
        found = load_english().get(text)
        return _form(found, 0) or text

    def count(self, number: int, text: str) -> str:
        """Return a text that counts something, with the number in the place of `{0}`."""
        chosen = text
        if self.language == "en":
            found = load_english().get(text)
            chosen = _form(found, 0 if number == 1 else 1) or text
        return chosen.format(number)


def _form(message: Message | None, index: int) -> str | None:
    if message is None:
        return None
    forms = message.string or ""
    return forms if isinstance(forms, str) else forms[min(index, len(forms) - 1)]


def language_of(request: Request) -> Language:
    """Return the language of a request: asked for in the address, chosen before, or Vietnamese."""
    for wish in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return wish
    return "vi"
