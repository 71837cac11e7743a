"""The bytes of one version in an S3 store, as a file that can be read from any place."""

import io

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import ProtocolError

from archive.minio_errors import translated_errors
from archive.minio_requests import OnceClient


class ObjectStream(io.RawIOBase):
    """Reads over one connection; a jump begins a new request. Errors while reading are ours."""

    def __init__(
        self, client: OnceClient, *, bucket: str, key: str, version: str, size_bytes: int
    ) -> None:
        super().__init__()
        self._client = client
        self._bucket = bucket
        self._key = key
        self._version = version
        self._size = size_bytes
        self._place = 0
        self._response: BaseHTTPResponse | None = None

    def begin(self) -> None:
        """Ask for the bytes from the place on, if that was not done.

        Raises:
            MissingObjectError: the version is gone.
            StorageUnavailableError: there is no answer.
        """
        if self._response is None and self._place < self._size:
            with translated_errors("read", self._key, bucket=self._bucket):
                self._response = self._client.get_object(
                    self._bucket, self._key, offset=self._place, version_id=self._version
                )

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # narrower
        if self._place >= self._size:
            return 0
        self.begin()
        with translated_errors("read", self._key, bucket=self._bucket):
            assert self._response is not None  # noqa: S101 - begun above
            content = self._response.read(min(len(buffer), self._size - self._place))
            if not content:
                raise ProtocolError("the answer ended early")
        buffer[: len(content)] = content
        self._place += len(content)
        return len(content)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        place = max(0, start + offset)
        if place != self._place:
            self._let_go()
            self._place = place
        return self._place

    def tell(self) -> int:
        return self._place

    def close(self) -> None:
        self._let_go()
        super().close()

    def _let_go(self) -> None:
        """Give the connection back where all was read; close it where the rest is not wanted."""
        response, self._response = self._response, None
        if response is None:
            return
        if self._place < self._size:
            response.close()
        response.release_conn()
