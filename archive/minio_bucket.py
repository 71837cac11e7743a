"""The bucket of an archive: made with lock and versions, and tried out before it is trusted."""

import secrets
from datetime import timedelta

from minio.error import S3Error

from archive.errors import UnusableBucketError
from archive.minio_errors import LOCK_REFUSALS, translated_errors
from archive.minio_requests import OnceClient
from archive.minio_versions import headers_of
from documents.clock import Clock
from documents.identifiers import sha256_of_bytes

# No key of ours begins with a dot, so the archive never sees what is tried out here.
_PROBES = ".sohoa/probe-"
_PROBE = b"sohoa"
_PROBE_LOCK = timedelta(minutes=2)


def prepare_bucket(client: OnceClient, bucket: str, *, clock: Clock) -> None:
    """Make the bucket where it is missing, and try out that it locks and never replaces.

    Raises:
        UnusableBucketError: it has no lock or no versions, or only pretends to have them.
        StorageUnavailableError: the store does not answer.
    """
    with translated_errors("prepare", bucket, bucket=bucket):
        if not client.bucket_exists(bucket):
            try:
                client.make_bucket(bucket, object_lock=True)
            except S3Error as error:
                if error.code not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                    raise
        check_bucket(client, bucket)
        _try_out(client, bucket, clock=clock)


def check_bucket(client: OnceClient, bucket: str) -> None:
    """Raise unless the bucket says that it has object lock and versions.

    Raises:
        UnusableBucketError: it is missing, or does not.
        StorageUnavailableError: the store does not answer.
    """
    with translated_errors("check", bucket, bucket=bucket):
        # First, since only this one tells a bucket that is missing from one without lock.
        versioning = client.get_bucket_versioning(bucket).status
        client.get_object_lock_config(bucket)  # raises where there is none
        if versioning != "Enabled":
            raise UnusableBucketError(bucket, cause="no versioning")


def _try_out(client: OnceClient, bucket: str, *, clock: Clock) -> None:
    """Lock a small object, then try to replace and to delete it; earlier ones go."""
    until = (clock.now() + _PROBE_LOCK).replace(microsecond=0)
    headers = headers_of(
        digest=sha256_of_bytes(_PROBE),
        retain_until=until.date(),
        locked_until=until,
        metadata={},
    )
    for old in list(client.list_objects(bucket, _PROBES, include_version=True)):
        _is_refused(client, bucket, old.object_name or "", old.version_id or "")
    key = _PROBES + secrets.token_hex(8)
    version = client.put_once(bucket, key, _PROBE, headers)
    try:
        client.put_once(bucket, key, _PROBE, headers)
    except S3Error as error:
        if error.code != "PreconditionFailed":
            raise
    else:
        raise UnusableBucketError(bucket, cause="it lets an object be written twice")
    if not _is_refused(client, bucket, key, version):
        raise UnusableBucketError(bucket, cause="it lets a locked object be deleted")


def _is_refused(client: OnceClient, bucket: str, key: str, version: str) -> bool:
    """Try to delete a version; say whether its lock was in the way."""
    try:
        client.remove_object(bucket, key, version)
    except S3Error as error:
        if error.code not in LOCK_REFUSALS:
            raise
        return True
    return False
