"""The indexes in the search server, one for each rebuild, and the alias that names the current."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError

from search.elasticsearch_lock import RebuildLock
from search.elasticsearch_mapping import MAPPINGS, SCHEMA_VERSION, SETTINGS

# Writers give up on a block after a minute (its rebuild died); a rebuild that lives gives up long
# before, so that nobody writes into an index that is about to go.
LONGEST_BLOCK_SECONDS = 20.0


class Generations:
    """The indexes `<name>-v<schema>-<number>` of one installation.

    The schema stands in the alias, so an index of another make is as good as missing.
    """

    def __init__(self, client: Elasticsearch, name: str) -> None:
        self._client = client
        self._name = name
        self.alias = f"{name}-v{SCHEMA_VERSION}"

    @contextmanager
    def making(self) -> Iterator[tuple[str, RebuildLock]]:
        """Yield a new, empty index, under the lock; what did not become current is removed.

        It is written under an alias of its own, and requests demand an alias: to a name that is
        gone, the server would make an index without our mapping.
        """
        lock = RebuildLock(self._client, f"{self._name}-lock")
        with lock.held():
            fresh = self._next_name()
            self._client.indices.create(
                index=fresh,
                mappings=MAPPINGS,
                settings=SETTINGS,
                aliases={self.alias_for_writing(fresh): {}},
            )
            try:
                yield fresh, lock
            finally:
                if self.current() != fresh:
                    with suppress(NotFoundError):
                        self._client.indices.delete(index=fresh)

    @staticmethod
    def alias_for_writing(index: str) -> str:
        """Return the alias under which an index is written that is not current yet."""
        return f"{index}-writing"

    def current(self) -> str | None:
        """Return the index behind the alias, None where there is none."""
        try:
            found = self._client.indices.get_alias(name=self.alias)
        except NotFoundError:
            return None
        return next(iter(found.body), None)

    def make_current(self, fresh: str) -> None:
        """Let the alias name a finished index and remove all others, in one step."""
        actions: list[dict[str, Any]] = [
            {"add": {"index": fresh, "alias": self.alias}},
            {"remove": {"index": fresh, "alias": self.alias_for_writing(fresh)}},
        ]
        actions += [{"remove_index": {"index": one}} for one in self._names() if one != fresh]
        self._client.indices.update_aliases(actions=actions)

    @contextmanager
    def blocked(self, index: str) -> Iterator[float]:
        """Hold all writers of an index back; yield when that began (monotonic).

        The server waits for writes that are under way.
        """
        began = time.monotonic()
        self._client.indices.add_block(index=index, block="write")
        try:
            yield began
        finally:
            with suppress(ApiError):
                self.unblock(index)

    def unblock(self, index: str) -> None:
        """Let writers go on, also where the one who blocked them died."""
        self._client.indices.put_settings(
            index=index, settings={"index.blocks.write": None}, ignore_unavailable=True
        )

    def _names(self) -> list[str]:
        """Return our indexes, of any schema."""
        pattern = re.compile(re.escape(self._name) + r"-v\d+-\d{6}")
        found = self._client.indices.get(index=f"{self._name}-v*", expand_wildcards="open")
        return sorted(name for name in found.body if pattern.fullmatch(name))

    def _next_name(self) -> str:
        numbers = [int(name[-6:]) for name in self._names()]
        return f"{self.alias}-{max(numbers, default=0) + 1:06d}"
