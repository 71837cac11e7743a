"""What the S3 client raises, as errors of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from minio.error import MinioException, S3Error
from urllib3.exceptions import HTTPError, MaxRetryError

from archive.errors import MissingObjectError, StorageUnavailableError, UnusableBucketError

# MinIO answers the first, AWS and SeaweedFS the second, others the third.
LOCK_REFUSALS = frozenset({"InvalidRequest", "AccessDenied", "ObjectLocked"})
# The last is what a HEAD of a version says that is only a delete marker.
_MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "MethodNotAllowed"})
_BUCKET = {
    "NoSuchBucket": "missing",
    "ObjectLockConfigurationNotFoundError": "no object lock",
    "InvalidBucketName": "not a name of a bucket",
    "AccessDenied": "access denied",
    "InvalidAccessKeyId": "access key not known",
    "SignatureDoesNotMatch": "secret key not accepted",
}


@contextmanager
def translated_errors(verb: str, key: str, *, bucket: str) -> Iterator[None]:
    """Turn what client and connection say into errors of ours; neither keys nor bytes are told."""
    try:
        yield
    except S3Error as error:
        code = error.code or "no code"
        if code in _MISSING:
            raise MissingObjectError(key) from error
        if code in _BUCKET:
            raise UnusableBucketError(bucket, cause=_BUCKET[code]) from error
        if code == "InvalidRequest" and "ObjectLockConfiguration" in (error.message or ""):
            raise UnusableBucketError(bucket, cause="no object lock") from error
        raise StorageUnavailableError(verb, key, cause=code) from error
    # A SyntaxError is an answer that is no XML.
    except (MinioException, HTTPError, SyntaxError) as error:
        # What ended the last attempt says more than that there were enough of them.
        last = error.reason if isinstance(error, MaxRetryError) and error.reason else error
        raise StorageUnavailableError(verb, key, cause=type(last).__name__) from error
