"""Buckets and indexes of tests: one for each folder that a test gives, in a real server."""

import atexit
import os
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from archive.minio_requests import OnceClient, connect
from archive.minio_storage import MinioStorage
from documents.clock import SystemClock
from search import elasticsearch_index
from search.elasticsearch_index import ElasticsearchIndex
from tests.services import service


def name_for(folder: Path) -> str:
    """Return a name that nobody had before, the same for everybody who asks for the folder."""
    file = folder.with_name(f"{folder.name}.name")
    if not file.exists():
        own = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
        own.write_text(f"test-{secrets.token_hex(8)}")
        with suppress(FileExistsError):
            os.link(own, file)
        own.unlink()
    return file.read_text()


def connect_minio() -> OnceClient:
    """Return a client of the server that the tests have."""
    address = urlsplit(service("minio"))
    return connect(
        f"{address.scheme}://{address.hostname}:{address.port}",
        access_key=address.username or "",
        secret_key=address.password or "",
        region="us-east-1",
    )


def open_minio(folder: Path) -> MinioStorage:
    """Open the bucket of a folder; the first one makes it."""
    client, bucket = connect_minio(), name_for(folder)
    storage = MinioStorage(client, bucket, clock=SystemClock(), lock_years=5)
    if not client.bucket_exists(bucket):
        storage.prepare()
    return storage


def open_elasticsearch(folder: Path) -> ElasticsearchIndex:
    """Open the index of a folder."""
    name = name_for(folder)
    forget_index(name)
    return ElasticsearchIndex(connect_search(), name)


def connect_search() -> Elasticsearch:
    """Return a client of the server that the tests have."""
    return elasticsearch_index.connect(service("elasticsearch"))


@cache
def forget_index(name: str) -> None:
    """Remove what was made under a name when this process ends: each index costs the server."""
    client = connect_search()

    def remove() -> None:
        with suppress(ApiError, TransportError):
            found = client.indices.get(index=f"{name}-*").body
            if found:
                client.indices.delete(index=",".join(found))

    atexit.register(remove)
