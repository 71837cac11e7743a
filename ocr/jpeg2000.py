"""Pages as JPEG 2000, for offices that want it: a third smaller in grey, as large in colour.

It costs 20 to 50 times what JPEG costs, and the validator in this process does not look at such
images; PDFium, Poppler, pdf.js and veraPDF take them.
"""

import io
from typing import Any

from PIL import Image

from ocr.jpeg_quality import LEAST_LIKENESS, likeness

RATES = (48, 32, 24, 16, 10)
"""How many times smaller than its pixels a page becomes, from small to good."""

# Five halvings, as the standard's default; colours are turned apart (mct), or 4 dB are lost.
_RESOLUTIONS = 6


def encode(page: Image.Image) -> bytes:
    """Return a grey or RGB page at the strongest rate at which print stays as it is."""
    content = b""
    for rate in RATES:
        content = _encoded(page, rate)
        if likeness(page, Image.open(io.BytesIO(content))) >= LEAST_LIKENESS:
            break
    return content


def _encoded(page: Image.Image, rate: int) -> bytes:
    buffer = io.BytesIO()
    options: dict[str, Any] = {"mct": 1} if page.mode == "RGB" else {}
    page.save(
        buffer,
        "JPEG2000",
        irreversible=True,
        quality_mode="rates",
        quality_layers=[rate],
        num_resolutions=_RESOLUTIONS,
        **options,
    )
    return buffer.getvalue()
