"""The one function that folds Vietnamese text for search and matching."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    if character in "đĐ":
        return "d"
    bare = "".join(
        part for part in unicodedata.normalize("NFD", character) if not unicodedata.combining(part)
    )
    lower = bare.lower()
    # One character to one character, so that offsets in folded text are offsets in the text.
    return lower if len(lower) == 1 else character


def to_nfc(text: str) -> str:
    """Return the text in Unicode normal form C, the only form that is stored."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return the NFC text without marks and case, character for character ("Đường" → "duong").

    Args:
        text: any text; it is brought to NFC first, so offsets refer to the NFC form.
    """
    return "".join(_fold_character(character) for character in to_nfc(text))
