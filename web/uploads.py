"""Taking files in: from a form, or as the raw body; to disk in pieces, never whole in memory."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import BinaryIO, cast

from starlette.datastructures import UploadFile
from starlette.requests import Request

from web.errors import InvalidRequestError

_IN_MEMORY_BYTES = 1 << 20
_LONGEST_NAME = 400


@asynccontextmanager
async def uploaded_file(request: Request) -> AsyncIterator[tuple[BinaryIO, str]]:
    """Give the delivered bytes and the name that the sender gave them.

    A multipart form carries them in the field `file`; otherwise the body itself is the file and
    its name stands in the query as `filename`.

    Raises:
        InvalidRequestError: there is no file, or its name is too long to be one.
    """
    name = _checked_name(request.query_params.get("filename", "file"))
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form() as form:
            upload = form.get("file")
            if not isinstance(upload, UploadFile):
                raise InvalidRequestError("file")
            yield upload.file, _checked_name(upload.filename or "file")
        return
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as body:
        async for part in request.stream():
            body.write(part)
        body.seek(0)
        yield cast("BinaryIO", body), name


def _checked_name(name: str) -> str:
    if len(name) > _LONGEST_NAME:
        raise InvalidRequestError("filename")
    return name
