"""How much of anything hostile or broken material may use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLimits:
    """Limits that decoders check before they decode.

    `page_bytes` is the size of one file, `pixels` of one page image, `pages` of one file.
    A page may be no longer than `side_mm` millimetres.
    """

    file_bytes: int = 512 << 20
    pixels: int = 150_000_000
    pages: int = 2_000
    side_mm: float = 1_700.0
