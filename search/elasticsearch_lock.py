"""A lock that the search server keeps: one rebuild of an index runs at a time."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from elasticsearch import BadRequestError, ConflictError, Elasticsearch, NotFoundError

from search.elasticsearch_errors import kind_of
from search.errors import IndexUnreachableError

_LOCK_ID = "rebuild"
_LEASE_SECONDS = 60.0
_WAIT_SECONDS = 600.0
_PAUSE_SECONDS = 0.1
_MAPPINGS = {
    "dynamic": "strict",
    "properties": {"owner": {"type": "keyword"}, "until": {"type": "double"}},
}


class RebuildLock:
    """Held by one process until it is let go, or was not renewed for a minute (its holder died)."""

    def __init__(self, client: Elasticsearch, index: str) -> None:
        self._client = client
        self._index = index
        self._owner = secrets.token_hex(8)
        self._place: tuple[int, int] | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock, waiting for others first.

        Raises:
            IndexUnreachableError: another rebuild took too long.
        """
        self._make_index()
        last = time.monotonic() + _WAIT_SECONDS
        while not self._take():
            if time.monotonic() > last:
                raise IndexUnreachableError("another rebuild is under way")
            time.sleep(_PAUSE_SECONDS)
        try:
            yield
        finally:
            self._let_go()

    def renew(self) -> None:
        """Go on holding.

        Raises:
            IndexUnreachableError: somebody else holds the lock now.
        """
        if self._place is None or not self._write(self._place):
            raise IndexUnreachableError("another rebuild has begun")

    def _take(self) -> bool:
        if self._write(None):
            return True
        try:
            found = self._client.get(index=self._index, id=_LOCK_ID)
        except NotFoundError:
            return False  # it was let go just now
        # By the clocks of both hosts: a minute apart is more than any clock that works.
        if found["_source"]["until"] > time.time():
            return False
        return self._write((found["_seq_no"], found["_primary_term"]))

    def _write(self, place: tuple[int, int] | None) -> bool:
        """Write our name, if the lock is as we saw it (None: free); say whether we hold it."""
        lock = {"owner": self._owner, "until": time.time() + _LEASE_SECONDS}
        try:
            if place is None:
                written = self._client.create(index=self._index, id=_LOCK_ID, document=lock)
            else:
                written = self._client.index(
                    index=self._index,
                    id=_LOCK_ID,
                    document=lock,
                    if_seq_no=place[0],
                    if_primary_term=place[1],
                )
        except ConflictError:
            return False
        self._place = (written["_seq_no"], written["_primary_term"])
        return True

    def _let_go(self) -> None:
        if self._place is None:
            return
        with suppress(ConflictError, NotFoundError):
            self._client.delete(
                index=self._index,
                id=_LOCK_ID,
                if_seq_no=self._place[0],
                if_primary_term=self._place[1],
            )
        self._place = None

    def _make_index(self) -> None:
        try:
            self._client.indices.create(
                index=self._index,
                mappings=_MAPPINGS,
                settings={"number_of_shards": 1, "auto_expand_replicas": "0-1"},
            )
        except BadRequestError as error:
            if kind_of(error) != "resource_already_exists_exception":
                raise
