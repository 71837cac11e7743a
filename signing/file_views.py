"""Views of a large file that are read where it lies, never as a whole."""

import hashlib
import io
import os
from typing import Any, BinaryIO, cast

from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

_END = b"%%EOF"
_LARGE_IMAGE = 1 << 15
_CHUNK = 1 << 16


def skip_start(stream: BinaryIO, start: int) -> BinaryIO:
    """Return a view of a file in which the bytes before `start` are left out."""
    return cast("BinaryIO", io.BufferedReader(_WithoutStart(stream, start)))


def tail_length(stream: BinaryIO) -> int:
    """Return how many bytes stand after the last end mark of a PDF; all of them if it has none."""
    size = end = stream.seek(0, os.SEEK_END)
    while end > 0:
        begin = max(0, end - _CHUNK)
        stream.seek(begin)
        # The mark may lie across two pieces.
        found = stream.read(end - begin + len(_END) - 1).rfind(_END)
        if found >= 0:
            return size - begin - found - len(_END)
        end = begin
    return size


class _WithoutStart(io.RawIOBase):
    """Counts positions from `start`; closing it leaves the file open."""

    def __init__(self, stream: BinaryIO, start: int) -> None:
        self._stream = stream
        self._start = start

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence == os.SEEK_SET:
            offset += self._start
        return self._stream.seek(offset, whence) - self._start

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        piece = self._stream.read(len(view))
        view[: len(piece)] = piece
        return len(piece)


class LeanReader(PdfFileReader):
    """Keeps a digest in the place of a large image's bytes.

    Judging later changes goes through every object of each revision and keeps it; whether an
    image was changed can be told by the digest as well. What is signed is read from the file.
    """

    def _read_object(self, *args: Any, **more: Any) -> Any:
        found = super()._read_object(*args, **more)
        if not isinstance(found, StreamObject) or found.get("/Subtype") != "/Image":
            return found
        content = found.encoded_data
        if len(content) < _LARGE_IMAGE:
            return found
        lean = StreamObject(dict(found), encoded_data=hashlib.sha256(content).digest())
        lean.container_ref = found.container_ref
        return lean
