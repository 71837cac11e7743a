"""`/api/v1/uploads`: large files in pieces, by the tus protocol 1.0.0.

Extensions: creation, expiration, termination, checksum (sha256).
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from fastapi.concurrency import contextmanager_in_threadpool
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from database.uploads import NewUpload
from web.api.batches import receipt_record
from web.api.problems import WITH_BODY, problems
from web.api.records import UploadRecord
from web.api.routing import ApiRoute
from web.callers import CallerOf, ServicesOf
from web.errors import (
    ForbiddenError,
    InvalidRequestError,
    SlowRequestError,
    UnsupportedMediaTypeError,
    UnsupportedTusVersionError,
)
from workers.upload_errors import UploadChecksumError
from workers.uploading import (
    Upload,
    UploadWriter,
    adding_to_upload,
    announce_upload,
    cancel_upload,
    look_at_upload,
)

_VERSION = "1.0.0"
_PIECE_TYPE = "application/offset+octet-stream"
_CREATED, _NO_CONTENT = 201, 204
_LARGEST_NUMBER = 1 << 53
_WRITE_BYTES = 1 << 20
_COMMIT_BYTES = 8 << 20
_METADATA = frozenset({"filename", "filetype", "batch", "dossier", "confirm_by"})
_POLICIES_OF_PROGRAMS = ("none", "sure")

_Number = Annotated[int, Header(ge=0, le=_LARGEST_NUMBER)]
_Version = Annotated[str, Header(alias="Tus-Resumable", examples=[_VERSION])]
_Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=120, pattern="^[!-~]+$")]
_OFFSET: dict[str, Any] = {
    "Upload-Offset": {"description": "Đã nhận / bytes on the disk", "schema": {"type": "integer"}},
    "Upload-Expires": {"description": "Hạn gửi tiếp / until when", "schema": {"type": "string"}},
}
_LOCATION: dict[str, Any] = {
    "Location": {"description": "Địa chỉ gửi tiếp / where to go on", "schema": {"type": "string"}}
}


async def _check_version(given: _Version = "") -> None:
    if given != _VERSION:
        raise UnsupportedTusVersionError


router = APIRouter(prefix="/api/v1", tags=["uploads"], route_class=ApiRoute)
_OF_TUS = [Depends(_check_version)]


@router.options("/uploads", name="api_upload_options", include_in_schema=False)
def options(services: ServicesOf) -> Response:
    """Say which version and extensions of tus are spoken."""
    headers = {
        "Tus-Version": _VERSION,
        "Tus-Extension": "creation,expiration,termination,checksum",
        "Tus-Checksum-Algorithm": "sha256",
        "Tus-Max-Size": str(services.settings.limits.file_bytes),
    }
    return Response(status_code=_NO_CONTENT, headers=headers)


@router.post(
    "/uploads",
    name="api_create_upload",
    summary="Báo một tệp sẽ gửi từng phần / announce a file",
    status_code=_CREATED,
    response_class=Response,
    responses={
        _CREATED: {
            "description": "Gửi đi / go on at Location",
            "headers": {**_LOCATION, **_OFFSET},
        },
        **problems(*WITH_BODY, 404, 409, 412),
    },
    dependencies=_OF_TUS,
)
def create(
    services: ServicesOf,
    caller: CallerOf,
    length: Annotated[_Number, Header(alias="Upload-Length")],
    metadata: Annotated[
        str,
        Header(
            alias="Upload-Metadata",
            max_length=2000,
            description="filename, batch, dossier, confirm_by; giá trị base64 / values in base64",
            examples=["filename cXV5ZXQtZGluaC5wZGY="],
        ),
    ] = "",
    key: _Key = None,  # noqa: ARG001 - `web.idempotency` knows it; here for the description
) -> Response:
    """Announce a file of `Upload-Length` bytes; `Location` is where its pieces go."""
    told = _read_metadata(metadata)
    policy = told.get("confirm_by", "none")
    if policy not in _POLICIES_OF_PROGRAMS:
        raise ForbiddenError
    new = NewUpload(
        size_bytes=length,
        file_name=told.get("filename", "file"),
        batch_id=told.get("batch"),
        dossier_code=told.get("dossier"),
        confirm_policy="sure" if policy == "sure" else "none",
    )
    made = announce_upload(services, new, account_id=caller.account.id, actor=caller.actor)
    headers = {**_headers_of(made), "Location": f"/api/v1/uploads/{made.row.id}"}
    return Response(status_code=_CREATED, headers=headers)


@router.head(
    "/uploads/{upload_id}",
    name="api_upload_offset",
    summary="Đã nhận đến đâu / how far it has come",
    response_class=Response,
    responses={
        200: {"description": "Upload-Offset", "headers": _OFFSET},
        **problems(404, 412),
    },
    dependencies=_OF_TUS,
)
def offset(services: ServicesOf, caller: CallerOf, upload_id: str) -> Response:
    """Tell how many bytes of a file are on the disk: continue from there."""
    found = look_at_upload(services, upload_id, account_id=caller.account.id, actor=caller.actor)
    return Response(headers=_headers_of(found))


@router.get(
    "/uploads/{upload_id}",
    name="api_upload",
    summary="Một tệp gửi từng phần / an upload with its receipt",
    response_model=UploadRecord,
    responses=problems(404),
)
def upload(services: ServicesOf, caller: CallerOf, upload_id: str) -> dict[str, Any]:
    """Return how far an upload is, and the receipt once it has come whole."""
    found = look_at_upload(services, upload_id, account_id=caller.account.id, actor=caller.actor)
    return {
        "id": found.row.id,
        "state": found.row.state,
        "offset": found.row.offset_bytes,
        "length": found.row.size_bytes,
        "file_name": found.row.file_name,
        "expires_at": found.row.expires_at.isoformat(),
        "receipt": receipt_record(found.receipt) if found.receipt else None,
    }


@router.patch(
    "/uploads/{upload_id}",
    name="api_continue_upload",
    summary="Gửi tiếp / send a piece",
    status_code=_NO_CONTENT,
    response_class=Response,
    responses={
        _NO_CONTENT: {
            "description": "Đã ghi xuống đĩa; xong thì có Content-Location là biên nhận / on the "
            "disk; when it is whole, Content-Location is the receipt",
            "headers": _OFFSET,
        },
        **problems(*WITH_BODY, 404, 409, 412, 415, 423, 460),
    },
    dependencies=_OF_TUS,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {_PIECE_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def continue_upload(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    upload_id: str,
    begins_at: Annotated[_Number, Header(alias="Upload-Offset")],
    checksum: Annotated[
        str | None,
        Header(
            alias="Upload-Checksum",
            max_length=100,
            description="sha256 và base64 / sha256 and base64; lệch thì bỏ / kept only if it fits",
        ),
    ] = None,
) -> Response:
    """Add a piece behind the bytes that have come; answered when it is on the disk."""
    if request.headers.get("content-type", "") != _PIECE_TYPE:
        raise UnsupportedMediaTypeError(_PIECE_TYPE)
    expected = _read_checksum(checksum)
    adding = adding_to_upload(
        services, upload_id, account_id=caller.account.id, offset_bytes=begins_at
    )
    async with contextmanager_in_threadpool(adding) as writer:
        await _take_piece(request, writer, expected)
    found = await run_in_threadpool(
        look_at_upload, services, upload_id, account_id=caller.account.id, actor=caller.actor
    )
    return Response(status_code=_NO_CONTENT, headers=_headers_of(found))


@router.delete(
    "/uploads/{upload_id}",
    name="api_cancel_upload",
    summary="Hủy / cancel an upload",
    status_code=_NO_CONTENT,
    response_class=Response,
    responses=problems(404, 412, 423),
    dependencies=_OF_TUS,
)
def cancel(services: ServicesOf, caller: CallerOf, upload_id: str) -> Response:
    """Forget an upload; a delivery that it has become stays."""
    cancel_upload(services, upload_id, account_id=caller.account.id, actor=caller.actor)
    return Response(status_code=_NO_CONTENT)


async def _take_piece(request: Request, writer: UploadWriter, expected: bytes | None) -> None:
    """Write the body; what came before a break stays, unless a checksum speaks for the whole."""
    digest = hashlib.sha256()
    waiting = bytearray()
    try:
        async for part in request.stream():
            waiting += part
            if len(waiting) >= _WRITE_BYTES:
                await run_in_threadpool(_write, writer, bytes(waiting), digest)
                waiting.clear()
            if expected is None and writer.waiting_bytes >= _COMMIT_BYTES:
                await run_in_threadpool(writer.commit)
        await run_in_threadpool(_write, writer, bytes(waiting), digest)
    except (ClientDisconnect, SlowRequestError):
        if expected is None:
            await run_in_threadpool(_write, writer, bytes(waiting), digest)
            await run_in_threadpool(writer.commit)
        raise
    if expected is not None and not hmac.compare_digest(digest.digest(), expected):
        raise UploadChecksumError
    await run_in_threadpool(writer.commit)


def _write(writer: UploadWriter, piece: bytes, digest: "hashlib._Hash") -> None:
    digest.update(piece)
    writer.write(piece)


def _headers_of(upload: Upload) -> dict[str, str]:
    headers = {
        "Upload-Offset": str(upload.row.offset_bytes),
        "Upload-Length": str(upload.row.size_bytes),
        "Upload-Expires": _http_date(upload.row.expires_at),
    }
    if upload.receipt is not None:
        headers["Content-Location"] = f"/api/v1/deliveries/{upload.receipt.id}"
    return headers


def _http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def _read_metadata(text: str) -> Mapping[str, str]:
    """Return the pairs of `Upload-Metadata`; values are base64 of UTF-8."""
    found: dict[str, str] = {}
    for pair in filter(None, (one.strip() for one in text.split(","))):
        name, _, value = pair.partition(" ")
        if name not in _METADATA:
            raise InvalidRequestError("header.Upload-Metadata")
        try:
            found[name] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise InvalidRequestError("header.Upload-Metadata") from error
    if len(found.get("dossier", "")) > 60 or len(found.get("filename", "")) > 400:  # noqa: PLR2004 - as in the catalogue
        raise InvalidRequestError("header.Upload-Metadata")
    return found


def _read_checksum(text: str | None) -> bytes | None:
    if text is None:
        return None
    algorithm, _, value = text.partition(" ")
    if algorithm != "sha256":
        raise InvalidRequestError("header.Upload-Checksum")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidRequestError("header.Upload-Checksum") from error


class TusHeaders:
    """Names the version of tus in every answer about uploads, refusals among them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_ours = scope.get("path", "").startswith("/api/v1/uploads")
        if scope["type"] != "http" or not is_ours:
            await self._app(scope, receive, send)
            return

        async def send_with_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Tus-Resumable"] = _VERSION
            await send(message)

        await self._app(scope, receive, send_with_version)
