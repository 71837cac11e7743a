"""Makes what is signed and by whom: a PDF/A of one page, an authority, a clock."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from PIL import Image

from documents.identifiers import sha256_of_bytes
from documents.model import EngineRecord, PageImage, RecognizedPage
from ocr.assembling import PageToAssemble, assemble_pdf
from signing.local_authority import LocalAuthority
from signing.signing import SignedPdf, SigningRequest, sign_pdf
from signing.timestamps import TimestampSource

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


@dataclass(frozen=True)
class StoppedClock:
    """Tells the same moment each time."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


@cache
def page_jpeg() -> bytes:
    """Return a small grey page."""
    content = io.BytesIO()
    Image.new("L", (827, 1169), 235).save(content, "JPEG", dpi=(100, 100))
    return content.getvalue()


def write_pdfa(folder: Path) -> Path:
    """Write a PDF/A-2u of one page without words."""
    picture = folder / "page.jpg"
    picture.write_bytes(page_jpeg())
    image = PageImage(
        file=picture,
        media_type="image/jpeg",
        sha256=sha256_of_bytes(page_jpeg()),
        width=827,
        height=1169,
        dpi=100.0,
        dpi_source="file",
        mode="grey",
    )
    engine = EngineRecord(name="none", version="", model_sha256="", settings="")
    reading = RecognizedPage(width=827, height=1169, dpi=100.0, turn=0, lines=(), engine=engine)
    page = PageToAssemble(image=image, reading=reading)
    return assemble_pdf([page], title="Thử", created_at=NOW, out=folder / "assembled.pdf").file


def sign(
    file: Path,
    authority: LocalAuthority,
    *,
    out: Path | None = None,
    clock: StoppedClock | None = None,
    timestamps: TimestampSource | None = None,
) -> SignedPdf:
    """Sign a file as officer and agency."""
    request = SigningRequest(
        authority=authority,
        officer="Trần Thị An",
        agency="Trung tâm Phục vụ hành chính công phường Thí Nghiệm",
        font_folder=authority.folder.parent / "cache",
        clock=clock or StoppedClock(),
        timestamps=timestamps,
    )
    return sign_pdf(file, out=out or file.with_name("signed.pdf"), request=request)
