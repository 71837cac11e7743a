"""Lists in pieces: `limit`, `cursor`, `next`. A cursor is opaque; clients only give it back."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from web.errors import InvalidRequestError

_Entry = TypeVar("_Entry")
CursorOf = Annotated[
    str | None,
    Query(max_length=300, description="`next` của câu trả lời trước / `next` of the last answer"),
]


def make_cursor(name: str, position: str | int) -> str:
    """Return a cursor for a list of this name that continues behind a position."""
    content = json.dumps([name, position], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def position_of(name: str, cursor: str | None) -> str | None:
    """Return the position behind which a list continues; None for its beginning.

    Raises:
        InvalidRequestError: the cursor is not one of this list.
    """
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise InvalidRequestError("query.cursor") from error
    if not isinstance(found, list) or len(found) != 2 or found[0] != name:  # noqa: PLR2004 - a pair
        raise InvalidRequestError("query.cursor")
    if not isinstance(found[1], str | int) or isinstance(found[1], bool):
        raise InvalidRequestError("query.cursor")
    return str(found[1])


def offset_of(name: str, cursor: str | None, *, most: int) -> int:
    """Return how many entries a list leaves out.

    Raises:
        InvalidRequestError: the cursor is not one of this list, or leads too far.
    """
    position = position_of(name, cursor)
    if position is None:
        return 0
    if not position.isascii() or not position.isdecimal() or int(position[:12]) > most:
        raise InvalidRequestError("query.cursor")
    return int(position)


def cut_page(
    name: str, entries: Sequence[_Entry], *, cursor: str | None, limit: int
) -> tuple[Sequence[_Entry], str | None]:
    """Return a piece of a list that is there as a whole, and the cursor behind it."""
    first = offset_of(name, cursor, most=1_000_000)
    piece = entries[first : first + limit]
    behind = first + limit
    return piece, make_cursor(name, behind) if behind < len(entries) else None
