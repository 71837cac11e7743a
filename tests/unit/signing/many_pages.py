"""A process that assembles, signs and judges a long document and says how much memory it took."""

import json
import re
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from documents.identifiers import sha256_of_file
from documents.model import PageImage
from ocr.assembling import PageToAssemble, assemble_pdf
from ocr.validating import validate_pdfa
from signing.local_authority import LocalAuthority
from signing.validating import validate_signatures
from tests.builders import make_page
from tests.unit.signing.material import NOW, sign

WIDTH, HEIGHT = 1000, 1400


def main(folder: Path, authority: LocalAuthority, pages: int) -> None:
    """Print, as JSON, MiB of the document and of memory taken from before the first step on."""
    reading = make_page("Giấy hẹn", size=(WIDTH, HEIGHT))
    images = [write_page(folder / f"page-{number}.jpg", seed=number) for number in range(pages)]
    before = peak_memory()
    file = folder / "assembled.pdf"
    scans = [PageToAssemble(image=image, reading=reading) for image in images]
    assemble_pdf(scans, title="Dài", created_at=NOW, out=file)
    signed = sign(file, authority).file
    verdicts = validate_signatures(signed, trust_roots=(authority.root,), checked_at=NOW)
    told = {
        "document": signed.stat().st_size / (1 << 20),
        "taken": peak_memory() - before,
        "conclusions": [one.conclusion for one in verdicts],
        "is_archival": validate_pdfa(signed).passed,
    }
    sys.stdout.write(json.dumps(told))


def write_page(file: Path, *, seed: int) -> PageImage:
    """Write a page of noise, some 1 MB: nothing compresses it."""
    noise = np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8)
    Image.fromarray(noise).save(file, quality=95)
    return PageImage(
        file=file,
        media_type="image/jpeg",
        sha256=sha256_of_file(file),
        width=WIDTH,
        height=HEIGHT,
        dpi=120.0,
        dpi_source="file",
        mode="grey",
    )


def peak_memory() -> float:
    """Return the most memory that this process ever held, MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), LocalAuthority(Path(sys.argv[2])), int(sys.argv[3]))
