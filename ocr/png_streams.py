"""Pixels of a PNG as a PDF takes them over: the same deflated rows, without decoding."""

import struct
from dataclasses import dataclass
from pathlib import Path

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">IIBBBBB")
_CHUNK = struct.Struct(">I4s")
_GREY, _RGB = 0, 2
_COLOURS = {_GREY: 1, _RGB: 3}
_BITS = 8


@dataclass(frozen=True, slots=True)
class DeflatedRows:
    """Rows of 8-bit samples, each behind its PNG predictor, deflated."""

    content: bytes
    colours: int


def deflated_rows(file: Path) -> DeflatedRows | None:
    """Return the rows of a plain PNG (8-bit grey or RGB, not interlaced), or None."""
    content = file.read_bytes()
    if not content.startswith(_SIGNATURE):
        return None
    place, pieces, colours = len(_SIGNATURE), list[bytes](), None
    while place + _CHUNK.size <= len(content):
        length, kind = _CHUNK.unpack_from(content, place)
        body = content[place + _CHUNK.size : place + _CHUNK.size + length]
        place += _CHUNK.size + length + 4
        if kind == b"IHDR" and length == _HEADER.size:
            _, _, bits, colour, _, _, interlace = _HEADER.unpack(body)
            colours = _COLOURS.get(colour) if (bits, interlace) == (_BITS, 0) else None
        elif kind == b"IDAT":
            pieces.append(body)
    return DeflatedRows(b"".join(pieces), colours) if colours and pieces else None
