"""The message that there may be work: it only wakes, the database decides."""

import threading


class Bell:
    """Wakes waiting workers of this process; a ring that nobody hears costs one poll."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rings = 0

    def ring(self) -> None:
        """Wake everybody who waits."""
        with self._condition:
            self._rings += 1
            self._condition.notify_all()

    def rings(self) -> int:
        """Return how often it rang; take this before looking for work."""
        with self._condition:
            return self._rings

    def wait(self, heard: int, *, seconds: float) -> None:
        """Wait until it rang again after `heard` rings, at most `seconds`."""
        with self._condition:
            self._condition.wait_for(lambda: self._rings != heard, timeout=seconds)
