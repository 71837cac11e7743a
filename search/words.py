"""Words of a text, as they are indexed and searched by every back end."""

import re
from functools import lru_cache

from documents.folding import fold

WORD = re.compile(r"[^\W_]+")
# From here on a number may be a person's or an enterprise's (12, 10 or 9 digits).
MIN_IDENTIFIER_DIGITS = 9


class _FoldTable(dict[int, int]):
    """What `str.translate` needs to fold NFC text twice as fast as character by character."""

    def __missing__(self, code: int) -> int:
        folded = fold(chr(code))
        self[code] = ord(folded) if len(folded) == 1 else code
        return self[code]


_TABLE = _FoldTable()


def fold_nfc(text: str) -> str:
    """Return NFC text without marks and case; character for character like `fold`."""
    return text.translate(_TABLE)


def words_of(text: str) -> list[str]:
    """Return the words of NFC text: letters and digits between anything else, in lower case."""
    return [_lower(word) for word in WORD.findall(text)]


def identifier_of(text: str) -> str | None:
    """Return the digits if the text is a number of a person or an enterprise, else None."""
    digits = "".join(WORD.findall(text))
    if digits.isascii() and digits.isdigit() and len(digits) >= MIN_IDENTIFIER_DIGITS:
        return digits
    return None


@lru_cache(maxsize=65_536)
def _lower(word: str) -> str:
    return word.lower()
