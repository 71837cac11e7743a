"""Stored bytes as an answer: whole, one range of them (RFC 9110 §14), or only their head."""

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from web.conditional import is_known
from web.errors import UnsatisfiableRangeError

_RANGES = re.compile(r"bytes=\s*[0-9]*-[0-9]*(\s*,\s*[0-9]*-[0-9]*)*\s*")
_CHUNK_BYTES = 1 << 18
_PARTIAL, _NOT_MODIFIED = 206, 304


def file_answer(
    request: Request,
    stream: BinaryIO,
    *,
    wanted: str | None,
    size_bytes: int,
    media_type: str,
    headers: Mapping[str, str],
) -> Response:
    """Return the bytes of a stream, or the range of them that is wanted; it is closed.

    Raises:
        UnsatisfiableRangeError: several ranges, or one that the file does not have.
    """
    told = {**headers, "Accept-Ranges": "bytes"}
    try:
        if is_known(request, headers["ETag"]):
            stream.close()
            return Response(status_code=_NOT_MODIFIED, headers=told)
        part = _part_of(_asked(request, wanted, headers["ETag"]), size_bytes)
        first, length = part or (0, size_bytes)
        if part is not None:
            told["Content-Range"] = f"bytes {first}-{first + length - 1}/{size_bytes}"
        told["Content-Length"] = str(length)
        status = 200 if part is None else _PARTIAL
        if getattr(request.state, "is_head", False):
            stream.close()
            return Response(None, status, told, media_type)
        stream.seek(first)
    except BaseException:
        stream.close()
        raise
    return StreamingResponse(_pieces(stream, length), status, told, media_type)


def _asked(request: Request, wanted: str | None, etag: str) -> str | None:
    """Return the range that counts: none where the client's part is of other bytes."""
    condition = request.headers.get("if-range")
    return wanted if condition is None or condition == etag else None


def _part_of(wanted: str | None, size_bytes: int) -> tuple[int, int] | None:
    """Return first byte and length of a range; None for the whole file."""
    if wanted is None or _RANGES.fullmatch(wanted) is None:
        return None  # RFC 9110 §14.2: what is no range of bytes is as if it were not there
    first, _, last = wanted.partition("=")[2].strip().partition("-")
    if "," in wanted or (not first and not last):
        raise UnsatisfiableRangeError(size_bytes)
    # Numbers are cut to a length that no file reaches, so that none takes long to read.
    if not first:
        length = min(int(last[:18]), size_bytes)
        begin = size_bytes - length
    else:
        begin = int(first[:18])
        end = min(int(last[:18]) if last else size_bytes - 1, size_bytes - 1)
        length = end - begin + 1
    if length <= 0:
        raise UnsatisfiableRangeError(size_bytes)
    return begin, length


def _pieces(stream: BinaryIO, length: int) -> Iterator[bytes]:
    with stream:
        while length > 0 and (piece := stream.read(min(length, _CHUNK_BYTES))):
            length -= len(piece)
            yield piece
