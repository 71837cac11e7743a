"""Opens whatever a station delivered, within limits; runs in a child process."""

from pathlib import Path

from documents.limits import PageLimits
from documents.model import OpenedDelivery
from ingest.errors import FileTooLargeError
from ingest.opening_images import open_image_file
from ingest.opening_pdf import open_pdf_file
from ingest.sniffing import MEDIA_TYPES, sniff_file


def open_delivery(
    file: Path, *, out: Path, limits: PageLimits, password: str | None = None
) -> OpenedDelivery:
    """Return the pages of a delivered file as images; a repeat gives the same files.

    The kind is told by content, never by name. A JPEG, PNG or G4 TIFF that can be used as it is
    stays where it was delivered; everything else is written to `out` as `0001.png` and so on.

    Args:
        file: what was delivered; only read.
        out: folder for page images; made if absent.
        limits: checked against what a file declares before anything is decoded.
        password: for an encrypted PDF.

    Raises:
        RejectedInputError: one of `ingest.errors` says why the file cannot be used.
    """
    size_bytes = file.stat().st_size
    if size_bytes > limits.file_bytes:
        raise FileTooLargeError(size_bytes=size_bytes, limit_bytes=limits.file_bytes)
    kind = sniff_file(file)
    out.mkdir(parents=True, exist_ok=True)
    if kind == "pdf":
        return open_pdf_file(file, out=out, limits=limits, password=password)
    return OpenedDelivery(
        media_type=MEDIA_TYPES[kind],
        is_signed=False,
        pages=open_image_file(file, kind=kind, out=out, limits=limits),
    )
