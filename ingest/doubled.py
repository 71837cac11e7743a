"""Pages that were scanned twice in a row: nearly the same fingerprint as the page before."""

from documents.errors import Reason
from documents.model import Finding

DOUBLED = "duplicate_page"
NO_FINGERPRINT = "0" * 16
"""Of blank pages, which all look alike and are told as such."""

_ALIKE_BITS = 6


def distance(first: str, second: str) -> int:
    """Return in how many of 64 bits two fingerprints differ."""
    return (int(first, 16) ^ int(second, 16)).bit_count()


def is_alike(fingerprint: str | None, previous: str | None) -> bool:
    """Say whether two pages look the same; blank ones and unknown ones do not."""
    if fingerprint is None or previous is None or NO_FINGERPRINT in (fingerprint, previous):
        return False
    return distance(fingerprint, previous) <= _ALIKE_BITS


def doubled_page() -> Finding:
    """Return the finding of the second of two pages that look the same."""
    reason = Reason(
        code=DOUBLED,
        vi="Trang giống trang liền trước. Kiểm tra có quét trùng không.",
        en="The page looks like the one before. Check whether it was scanned twice.",
    )
    return Finding(reason=reason, severity="warning")
