"""Giving bytes out in pieces."""

from collections.abc import Iterator
from typing import BinaryIO

_CHUNK_BYTES = 1 << 18


def pieces_of(stream: BinaryIO) -> Iterator[bytes]:
    """Yield a stream in pieces and close it."""
    with stream:
        while piece := stream.read(_CHUNK_BYTES):
            yield piece
