"""Write-once storage in MinIO, or any S3 store with object lock."""

import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from minio.commonconfig import COMPLIANCE, Tags
from minio.datatypes import Object
from minio.error import S3Error
from minio.retention import Retention

from archive.errors import (
    DigestMismatchError,
    KeyInUseError,
    LegalHoldError,
    MissingObjectError,
    RetentionLockError,
)
from archive.minio_bucket import check_bucket, prepare_bucket
from archive.minio_errors import LOCK_REFUSALS, translated_errors
from archive.minio_requests import PART_BYTES, OnceClient
from archive.minio_stream import ObjectStream
from archive.minio_versions import (
    TERM_TAG,
    StoredObjectVersion,
    headers_of,
    midnight,
    read_version,
)
from archive.object_storage import ObjectState, check_key, is_key
from documents.clock import Clock
from documents.identifiers import Sha256, sha256_of_bytes, sha256_of_file

_BUFFER_BYTES = 1 << 20
_DAYS_IN_A_YEAR = 365.25
_ABANDONED_AFTER = timedelta(days=1)


class MinioStorage:
    """Keeps each object as a version under a COMPLIANCE lock, in a bucket with object lock.

    The object of a key is the **oldest** version that is no delete marker: what somebody writes or
    deletes on top of it, with whatever right, hides nothing and replaces nothing. What has no term
    (yet) is locked for `lock_years`, which `renew_locks` lengthens in time.
    """

    def __init__(self, client: OnceClient, bucket: str, *, clock: Clock, lock_years: int) -> None:
        self._client = client
        self._bucket = bucket
        self._clock = clock
        self._lock_for = timedelta(days=round(lock_years * _DAYS_IN_A_YEAR))
        self._is_checked = False

    def store(
        self,
        file: Path,
        *,
        key: str,
        retain_until: date | None,
        metadata: Mapping[str, str],
        expected: Sha256 | None = None,
    ) -> Sha256:
        check_key(key)
        digest = sha256_of_file(file)
        if expected is not None and digest != expected:
            raise DigestMismatchError(key, expected=expected, found=digest)
        with self._translated("store", key):
            self._check_once()
            if not self._versions(key):
                headers = headers_of(
                    digest=digest,
                    retain_until=retain_until,
                    locked_until=self._first_lock(retain_until),
                    metadata=metadata,
                )
                try:
                    self._send(file, key, digest, headers)
                except S3Error as error:
                    # Somebody else came first, or our own request of which no answer came back.
                    if error.code != "PreconditionFailed":
                        raise
            # Also what was just written: a store that knows no conditions may have let two write.
            if self._find(key).sha256 != digest:
                raise KeyInUseError(key)
        return digest

    def open(self, key: str) -> BinaryIO:
        with self._translated("open", check_key(key)):
            found = self._oldest(key)
            stream = ObjectStream(
                self._client,
                bucket=self._bucket,
                key=key,
                version=found.version_id or "",
                size_bytes=found.size or 0,
            )
            stream.begin()
            return io.BufferedReader(stream, _BUFFER_BYTES)

    def state(self, key: str) -> ObjectState:
        with self._translated("read the state of", check_key(key)):
            return self._state(key, self._find(key))

    def extend(self, key: str, *, retain_until: date) -> None:
        with self._translated("extend", check_key(key)):
            version = self._find(key)
            before = self._state(key, version).retain_until
            if before is not None and retain_until < before:
                raise RetentionLockError(key, retain_until=before)
            until = midnight(retain_until)
            locked = version.locked_until
            if until > self._clock.now() and (locked is None or until > locked):
                self._lock(key, version.id, until)
                version = self._find(key)
            # After the lock: whoever is killed in between leaves more lock than term, not less.
            if version.tag_matters and before != retain_until:
                tags = Tags.new_object_tags()
                tags[TERM_TAG] = retain_until.isoformat()
                self._client.set_object_tags(self._bucket, key, tags, version.id)

    def hold(self, key: str, *, on: bool) -> None:
        with self._translated("hold", check_key(key)):
            version = self._oldest(key).version_id
            if on:
                self._client.enable_object_legal_hold(self._bucket, key, version)
            else:
                self._client.disable_object_legal_hold(self._bucket, key, version)

    def delete(self, key: str, *, today: date) -> None:
        with self._translated("delete", check_key(key)):
            state = self.state(key)
            if state.on_hold:
                raise LegalHoldError(key)
            if state.retain_until is None or today < state.retain_until:
                raise RetentionLockError(key, retain_until=state.retain_until)
            # The object itself comes last of the versions, so that a kill in between leaves it.
            markers = [
                one.version_id or ""
                for one in self._client.list_objects(
                    self._bucket, key, recursive=True, include_version=True
                )
                if one.object_name == key and one.is_delete_marker
            ]
            versions = [one.version_id or "" for one in self._versions(key)]
            for version in [*versions, *markers]:
                self._remove(key, version)

    def keys(self, prefix: str = "") -> Iterator[str]:
        with self._translated("list", prefix or "*"):
            last = None
            for one in self._client.list_objects(
                self._bucket, prefix, recursive=True, include_version=True
            ):
                name = one.object_name or ""
                if not one.is_delete_marker and name != last and is_key(name):
                    last = name
                    yield name

    def sweep_abandoned(self) -> int:
        """Take back uploads that began a day ago: in a store of many hosts no lock tells more."""
        with self._translated("sweep", "*"):
            before = self._clock.now() - _ABANDONED_AFTER
            uploads = list(self._client.uploads_begun_before(self._bucket, before))
            for key, upload in uploads:
                self._client.abort_upload(self._bucket, key, upload)
            return len(uploads)

    def prepare(self) -> None:
        prepare_bucket(self._client, self._bucket, clock=self._clock)

    def check(self) -> None:
        check_bucket(self._client, self._bucket)

    def location_of(self, key: str) -> str:
        return f"s3://{self._bucket}/{key}"

    def renew_locks(self) -> int:
        renewed = 0
        for key in self.keys():
            with self._translated("extend", key), suppress(MissingObjectError):
                version = self._find(key)
                now = self._clock.now()
                locked = version.locked_until or now
                if version.first_term is not None or locked - now > self._lock_for / 2:
                    continue
                if self._state(key, version).retain_until is None:
                    self._lock(key, version.id, _whole_second(now + self._lock_for))
                    renewed += 1
        return renewed

    def _check_once(self) -> None:
        """Make sure, before the first write of this process, that the bucket locks."""
        if not self._is_checked:
            self.check()
            self._is_checked = True

    def _send(self, file: Path, key: str, digest: Sha256, headers: Mapping[str, str]) -> None:
        if file.stat().st_size <= PART_BYTES:
            body = file.read_bytes()
            if (found := sha256_of_bytes(body)) != digest:
                raise DigestMismatchError(key, expected=digest, found=found)
            self._client.put_once(self._bucket, key, body, headers)
        else:
            self._client.upload_once(self._bucket, key, _parts(file, key, digest), headers)

    def _first_lock(self, retain_until: date | None) -> datetime | None:
        """Return until when a new object is locked; None where its term is over already."""
        now = self._clock.now()
        if retain_until is None:
            return _whole_second(now + self._lock_for)
        return midnight(retain_until) if midnight(retain_until) > now else None

    def _lock(self, key: str, version: str, until: datetime) -> None:
        try:
            self._client.set_object_retention(
                self._bucket, key, Retention(COMPLIANCE, until), version
            )
        except S3Error as error:
            locked = self._find(key).locked_until
            if error.code in LOCK_REFUSALS and locked is not None:
                raise RetentionLockError(key, retain_until=locked.date()) from error
            raise

    def _remove(self, key: str, version: str) -> None:
        try:
            self._client.remove_object(self._bucket, key, version)
        except S3Error as error:
            if error.code not in LOCK_REFUSALS:
                raise
            found = self._find(key)
            if found.on_hold:
                raise LegalHoldError(key) from error
            if found.locked_until is None:
                raise
            raise RetentionLockError(key, retain_until=found.locked_until.date()) from error

    def _versions(self, key: str) -> list[Object]:
        """Return the versions of a key that have bytes, the newest first."""
        return [
            one
            for one in self._client.list_objects(
                self._bucket, key, recursive=True, include_version=True
            )
            if one.object_name == key and not one.is_delete_marker
        ]

    def _oldest(self, key: str) -> Object:
        versions = self._versions(key)
        if not versions:
            raise MissingObjectError(key)
        return versions[-1]

    def _find(self, key: str) -> StoredObjectVersion:
        """Return the version that is the object of a key."""
        version = self._oldest(key).version_id
        headers = {"x-amz-checksum-mode": "ENABLED"}
        return read_version(
            self._client.stat_object(
                self._bucket, key, version_id=version, extra_headers=dict(headers)
            ),
            key=key,
        )

    def _state(self, key: str, version: StoredObjectVersion) -> ObjectState:
        tagged = None
        if version.tag_matters:
            tags: Mapping[str, str] | None
            tags = self._client.get_object_tags(self._bucket, key, version.id)
            told = tags.get(TERM_TAG) if tags else None
            tagged = None if told is None else date.fromisoformat(told)
        return version.state(tagged=tagged)

    def _translated(self, verb: str, key: str) -> AbstractContextManager[None]:
        return translated_errors(verb, key, bucket=self._bucket)


def _parts(file: Path, key: str, digest: Sha256) -> Iterator[bytes]:
    """Yield the parts of a file; one that was changed meanwhile is refused before the end."""
    sent = hashlib.sha256()
    with file.open("rb") as stream:
        while part := stream.read(PART_BYTES):
            sent.update(part)
            yield part
    if (found := Sha256(sent.hexdigest())) != digest:
        raise DigestMismatchError(key, expected=digest, found=found)


def _whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
