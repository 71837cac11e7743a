"""Time as a port, so that nobody below an entry point asks the machine."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Tells the time, always with a time zone."""

    def now(self) -> datetime: ...

    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock, in UTC; any two are equal, so that what depends on it can be kept."""

    def now(self) -> datetime:
        return datetime.now(UTC)
