"""The S3 client, with writes that never replace and with limits on time."""

import base64
import hashlib
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import cast

import urllib3
from lxml import etree
from minio import Minio
from minio.error import MinioException, S3Error
from urllib3.exceptions import HTTPError

CREATE_ONCE = {"If-None-Match": "*"}
PART_BYTES = 16 << 20
_CONNECT_SECONDS = 5.0
_CONNECTIONS = 16


class OnceClient(Minio):
    """The client with S3's conditional writes, which its own `put_object` does not offer."""

    def put_once(self, bucket: str, key: str, body: bytes, headers: Mapping[str, str]) -> str:
        """Store a body in one request unless the key is in use; return its version.

        Raises:
            S3Error: `PreconditionFailed` where the key is in use.
        """
        sent = {**headers, **CREATE_ONCE, "x-amz-checksum-sha256": checksum_of(body)}
        response = self._execute("PUT", bucket, key, body=body, headers=dict(sent))
        return cast("str", response.headers.get("x-amz-version-id"))

    def upload_once(
        self, bucket: str, key: str, parts: Iterable[bytes], headers: Mapping[str, str]
    ) -> str:
        """Store a large body part by part, each with its checksum; return its version.

        Nothing can be seen of it before the last request, which is refused where the key is in
        use. Whoever fails on the way takes back what was sent.
        """
        begun = {**headers, "x-amz-checksum-algorithm": "SHA256"}
        upload = self._create_multipart_upload(bucket, key, dict(begun))
        try:
            finished = etree.Element("CompleteMultipartUpload")
            for number, part in enumerate(parts, start=1):
                checksum = checksum_of(part)
                etag = self._upload_part(
                    bucket, key, part, {"x-amz-checksum-sha256": checksum}, upload, number
                )
                told = etree.SubElement(finished, "Part")
                etree.SubElement(told, "PartNumber").text = str(number)
                etree.SubElement(told, "ETag").text = f'"{etag}"'
                etree.SubElement(told, "ChecksumSHA256").text = checksum
            response = self._execute(
                "POST",
                bucket,
                key,
                body=etree.tostring(finished),
                headers={"Content-Type": "application/xml", **CREATE_ONCE},
                query_params={"uploadId": upload},
            )
            _raise_late_error(response)
            return cast("str", response.headers.get("x-amz-version-id"))
        except BaseException:
            with suppress(MinioException, HTTPError):
                self._abort_multipart_upload(bucket, key, upload)
            raise

    def uploads_begun_before(self, bucket: str, moment: datetime) -> Iterator[tuple[str, str]]:
        """Yield key and id of each unfinished upload that began before."""
        key_marker = id_marker = None
        while True:
            page = self._list_multipart_uploads(
                bucket, key_marker=key_marker, upload_id_marker=id_marker
            )
            for one in page.uploads:
                if one.initiated_time is not None and one.initiated_time < moment:
                    yield one.object_name, cast("str", one.upload_id)
            if not page.is_truncated:
                return
            key_marker, id_marker = page.next_key_marker, page.next_upload_id_marker

    def abort_upload(self, bucket: str, key: str, upload: str) -> None:
        """Take back what was sent of an upload."""
        self._abort_multipart_upload(bucket, key, upload)


def _raise_late_error(response: urllib3.BaseHTTPResponse) -> None:
    """Raise what a finished upload says: its status is sent before the work is done."""
    if b"<Error" in response.data:
        raise S3Error.fromxml(response)


def checksum_of(body: bytes) -> str:
    """Return the SHA-256 in the form that S3 takes."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def connect(
    endpoint: str,
    *,
    access_key: str,
    secret_key: str,
    region: str,
    ca_cert: Path | None = None,
    timeout_seconds: float = 20.0,
) -> OnceClient:
    """Return a client of the store at a URL; nothing is sent yet.

    A request is repeated once, for a connection that the server had closed meanwhile; more than
    that is for those who retry a stage. An unreadable `ca_cert` raises `OSError` or `ssl.SSLError`.
    """
    address = urllib3.util.parse_url(endpoint)
    context = ssl.create_default_context(cafile=None if ca_cert is None else str(ca_cert))
    pool = urllib3.PoolManager(
        num_pools=4,
        maxsize=_CONNECTIONS,
        timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=timeout_seconds),
        retries=urllib3.Retry(total=1, status=0, redirect=0, backoff_factor=0.1),
        ssl_context=context,
    )
    return OnceClient(
        address.netloc or "",
        access_key,
        secret_key,
        secure=address.scheme == "https",
        region=region,
        http_client=pool,
    )
