"""What holds for a store with object lock besides the contract of every storage."""

import io
import os
import random
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from minio.commonconfig import GOVERNANCE
from minio.error import S3Error
from minio.retention import Retention

from archive.checking import digest_of_object
from archive.errors import (
    DamagedObjectStateError,
    DigestMismatchError,
    KeyInUseError,
    RetentionLockError,
    StorageUnavailableError,
    UnusableBucketError,
)
from archive.minio_requests import OnceClient, connect
from archive.minio_storage import MinioStorage
from documents.clock import Clock, SystemClock
from documents.identifiers import sha256_of_file
from tests.builders import StoppedClock
from tests.contract.cutting_proxy import CuttingProxy, cutting_proxy
from tests.contract.real_stores import connect_minio
from tests.services import service

KEY = "documents/doc_1/ver_1.pdf"
SOON = date(2199, 1, 1)


@pytest.fixture
def client() -> OnceClient:
    return connect_minio()


@pytest.fixture
def bucket() -> str:
    return f"test-{secrets.token_hex(8)}"


@pytest.fixture
def storage(client: OnceClient, bucket: str) -> MinioStorage:
    return opened(client, bucket)


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    file = tmp_path / "document.pdf"
    file.write_bytes(b"%PDF-2.0 genuine")
    return file


@pytest.fixture
def proxy() -> Iterator[CuttingProxy]:
    address = urlsplit(service("minio"))
    with cutting_proxy(address.hostname or "", address.port or 0) as made:
        yield made


def opened(client: OnceClient, bucket: str, *, clock: Clock | None = None) -> MinioStorage:
    storage = MinioStorage(client, bucket, clock=clock or SystemClock(), lock_years=5)
    storage.prepare()
    return storage


def through(proxy: CuttingProxy) -> OnceClient:
    address = urlsplit(service("minio"))
    return connect(
        f"http://{proxy.address}",
        access_key=address.username or "",
        secret_key=address.password or "",
        region="us-east-1",
        timeout_seconds=5,
    )


def store(storage: MinioStorage, file: Path, *, retain_until: date | None = SOON) -> str:
    return storage.store(file, key=KEY, retain_until=retain_until, metadata={})


def read(storage: MinioStorage) -> bytes:
    with storage.open(KEY) as stream:
        return stream.read()


def locked_until(client: OnceClient, bucket: str) -> datetime:
    found = client.stat_object(bucket, KEY).metadata or {}
    return datetime.fromisoformat(found["x-amz-object-lock-retain-until-date"])


def test_even_the_owner_of_the_store_cannot_delete_what_is_locked(
    client: OnceClient, bucket: str, storage: MinioStorage, pdf: Path
) -> None:
    store(storage, pdf)
    version = client.stat_object(bucket, KEY).version_id

    with pytest.raises(S3Error, match=r"InvalidRequest|AccessDenied"):
        client.remove_object(bucket, KEY, version)
    with pytest.raises(S3Error):
        client.set_object_retention(
            bucket, KEY, Retention(GOVERNANCE, datetime.now(UTC) + timedelta(days=1)), version
        )

    assert read(storage) == pdf.read_bytes()


def test_what_is_written_on_top_replaces_nothing(
    client: OnceClient, bucket: str, storage: MinioStorage, pdf: Path
) -> None:
    store(storage, pdf)
    before = storage.state(KEY)

    client.put_object(bucket, KEY, io.BytesIO(b"forged"), 6)

    assert read(storage) == b"%PDF-2.0 genuine"
    assert storage.state(KEY) == before
    assert store(storage, pdf) == before.sha256


def test_a_marker_of_deletion_deletes_nothing(
    client: OnceClient, bucket: str, storage: MinioStorage, pdf: Path
) -> None:
    store(storage, pdf)

    client.remove_object(bucket, KEY)

    assert read(storage) == b"%PDF-2.0 genuine"
    assert list(storage.keys()) == [KEY]
    pdf.write_bytes(b"%PDF-2.0 forged!")
    with pytest.raises(KeyInUseError):
        store(storage, pdf)


def test_an_object_that_is_not_ours_is_not_taken_for_one(
    client: OnceClient, bucket: str, storage: MinioStorage
) -> None:
    client.put_object(bucket, KEY, io.BytesIO(b"forged"), 6)

    with pytest.raises(DamagedObjectStateError):
        storage.state(KEY)


def test_a_bucket_without_lock_is_refused(client: OnceClient, bucket: str, pdf: Path) -> None:
    client.make_bucket(bucket)
    storage = MinioStorage(client, bucket, clock=SystemClock(), lock_years=5)

    with pytest.raises(UnusableBucketError, match="no object lock"):
        storage.prepare()
    for until in (SOON, date(2020, 1, 1)):  # what has no lock to ask for is refused as well
        with pytest.raises(UnusableBucketError, match="no object lock"):
            store(storage, pdf, retain_until=until)

    assert list(client.list_objects(bucket)) == []


def test_a_missing_bucket_is_made_by_preparing_alone(
    client: OnceClient, bucket: str, pdf: Path
) -> None:
    storage = MinioStorage(client, bucket, clock=SystemClock(), lock_years=5)

    with pytest.raises(UnusableBucketError, match="missing"):
        store(storage, pdf)
    storage.prepare()
    storage.prepare()

    assert store(storage, pdf) == sha256_of_file(pdf)


def test_a_wrong_secret_is_said_without_telling_it(bucket: str) -> None:
    address = urlsplit(service("minio"))
    client = connect(
        f"http://{address.hostname}:{address.port}",
        access_key=address.username or "",
        secret_key="not-the-secret",  # noqa: S106 - on purpose
        region="us-east-1",
    )
    storage = MinioStorage(client, bucket, clock=SystemClock(), lock_years=5)

    with pytest.raises(UnusableBucketError, match="secret key not accepted") as caught:
        storage.state(KEY)

    assert "not-the-secret" not in f"{caught.value.reason} {storage!r} {client!r}"


def test_a_large_file_goes_in_parts_and_comes_back(storage: MinioStorage, tmp_path: Path) -> None:
    file = tmp_path / "large.pdf"
    file.write_bytes(random.Random(1).randbytes((16 << 20) + 5))  # noqa: S311 - not a secret

    digest = store(storage, file)

    assert digest_of_object(storage, KEY) == (digest, (16 << 20) + 5)
    assert storage.state(KEY).sha256 == digest == sha256_of_file(file)
    assert storage.state(KEY).retain_until == SOON
    file.write_bytes(random.Random(2).randbytes((16 << 20) + 5))  # noqa: S311 - not a secret
    with pytest.raises(KeyInUseError):
        store(storage, file)


def test_a_large_file_that_changes_while_it_is_sent_is_not_stored(
    client: OnceClient, bucket: str, storage: MinioStorage, tmp_path: Path
) -> None:
    file = tmp_path / "large.pdf"
    file.write_bytes(bytes((16 << 20) + 5))

    class ChangingClient(OnceClient):
        def _create_multipart_upload(
            self,
            bucket_name: str,
            object_name: str,
            headers: dict[str, str | list[str] | tuple[str]],
        ) -> str:
            file.write_bytes(b"x" * ((16 << 20) + 5))
            return super()._create_multipart_upload(bucket_name, object_name, headers)

    client.__class__ = ChangingClient

    with pytest.raises(DigestMismatchError):
        store(storage, file)

    assert list(storage.keys()) == []
    assert list(client.uploads_begun_before(bucket, datetime.now(UTC) + timedelta(days=1))) == []


def test_what_has_no_term_is_locked_for_years_and_longer_in_time(
    client: OnceClient, bucket: str, storage: MinioStorage, pdf: Path
) -> None:
    store(storage, pdf, retain_until=None)
    first = locked_until(client, bucket)

    at_once = storage.renew_locks()
    in_three_years = StoppedClock(datetime.now(UTC) + timedelta(days=3 * 365))
    later = MinioStorage(client, bucket, clock=in_three_years, lock_years=5)
    renewed = (later.renew_locks(), later.renew_locks())

    assert first - datetime.now(UTC) > timedelta(days=5 * 365 - 1)
    assert (at_once, renewed) == (0, (1, 0))
    assert locked_until(client, bucket) > first + timedelta(days=2 * 365)
    assert storage.state(KEY).retain_until is None


def test_a_term_that_ends_before_the_lock_is_kept_beside_it(
    client: OnceClient, bucket: str, storage: MinioStorage, pdf: Path
) -> None:
    store(storage, pdf, retain_until=None)
    lock = locked_until(client, bucket)
    term = date.today() + timedelta(days=400)  # noqa: DTZ011 - any day far from now

    storage.extend(KEY, retain_until=term)

    assert storage.state(KEY).retain_until == term
    assert locked_until(client, bucket) == lock
    with pytest.raises(RetentionLockError, match=lock.date().isoformat()):
        storage.delete(KEY, today=term)
    with pytest.raises(RetentionLockError, match=term.isoformat()):
        storage.extend(KEY, retain_until=term - timedelta(days=1))
    assert storage.renew_locks() == 0


def test_a_store_that_is_gone_is_unavailable_and_comes_back(
    client: OnceClient, bucket: str, proxy: CuttingProxy, pdf: Path
) -> None:
    opened(client, bucket)
    storage = MinioStorage(through(proxy), bucket, clock=SystemClock(), lock_years=5)
    store(storage, pdf)
    proxy.cut_after = 0

    for call in (lambda: read(storage), storage.check, lambda: store(storage, pdf)):
        with pytest.raises(StorageUnavailableError):
            call()
    with pytest.raises(StorageUnavailableError):
        list(storage.keys())

    proxy.cut_after = None
    assert read(storage) == pdf.read_bytes()


def test_nobody_at_the_address_is_unavailable(proxy: CuttingProxy, bucket: str) -> None:
    storage = MinioStorage(through(proxy), bucket, clock=SystemClock(), lock_years=5)
    proxy.close()

    with pytest.raises(StorageUnavailableError):
        storage.state(KEY)


def test_a_connection_that_is_cut_while_reading_is_no_end_of_the_file(
    client: OnceClient, bucket: str, proxy: CuttingProxy, tmp_path: Path
) -> None:
    file = tmp_path / "long.pdf"
    file.write_bytes(os.urandom(3_000_000))
    store(opened(client, bucket), file)
    storage = MinioStorage(through(proxy), bucket, clock=SystemClock(), lock_years=5)
    proxy.cut_after = 1_500_000

    with pytest.raises(StorageUnavailableError):
        read(storage)


def test_an_upload_that_was_cut_leaves_nothing_and_can_be_tried_again(
    client: OnceClient, bucket: str, proxy: CuttingProxy, tmp_path: Path
) -> None:
    file = tmp_path / "large.pdf"
    file.write_bytes(os.urandom((16 << 20) + 5))
    opened(client, bucket)
    storage = MinioStorage(through(proxy), bucket, clock=SystemClock(), lock_years=5)
    storage.check()
    proxy.cut_after = 500  # enough of an answer to begin, too little to end

    with pytest.raises(StorageUnavailableError):
        store(storage, file)

    proxy.cut_after = None
    assert list(storage.keys()) == []
    assert store(storage, file) == sha256_of_file(file)
