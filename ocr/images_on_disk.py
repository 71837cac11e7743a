"""Page images on their way into a PDF, kept on disk so that memory does not grow with pages."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import pikepdf
from pikepdf import Array, Dictionary

from documents.model import PageImage
from ocr.page_images import Codec, embed_image

_HEADER = b"%PDF-1.7\n"
_CATALOG_AND_PAGES = (
    b"<< /Type /Catalog /Pages 2 0 R /Images 3 0 R >>",
    b"<< /Type /Pages /Kids [] /Count 0 >>",
)


@contextmanager
def pdf_of_images(
    images: Iterable[PageImage], *, folder: Path, codec: Codec = "jpeg"
) -> Iterator[tuple[pikepdf.Pdf, list[pikepdf.Object]]]:
    """Give a PDF without pages that holds page images, and the image objects in order.

    It lies in a file without a name in `folder`, which vanishes with the process, however that
    ends. qpdf reads a stream of an opened file piece by piece when it writes it elsewhere; a
    stream that was made in memory stays there until then, and so does one that was copied.

    Raises:
        AssemblyError: an image cannot be decoded.
    """
    with tempfile.TemporaryFile(dir=folder) as opened:
        file = cast("BinaryIO", opened)
        _write(images, file, codec)
        # Not mapped into memory, where every page that was read would count as used.
        with pikepdf.open(file, access_mode=pikepdf.AccessMode.stream) as pdf:
            found = pdf.Root.Images
            del pdf.Root.Images
            yield pdf, list(cast("Array", found))


def _write(images: Iterable[PageImage], file: BinaryIO, codec: Codec) -> None:
    """Write objects 1, 2 (catalogue, page tree), 4 … (images) and 3 (the list of them)."""
    file.write(_HEADER)
    offsets: dict[int, int] = {}
    for number, content in enumerate(_CATALOG_AND_PAGES, start=1):
        offsets[number] = file.tell()
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    number, listed = 3, list[int]()
    known: dict[Path, int] = {}
    for image in images:
        # Regions of one image share it.
        if image.file in known:
            listed.append(known[image.file])
            continue
        number += 1
        known[image.file] = number
        listed.append(number)
        offsets[number] = file.tell()
        _write_image(image, number, file, codec)
    offsets[3] = file.tell()
    references = b" ".join(b"%d 0 R" % one for one in listed)
    file.write(b"3 0 obj\n[ %s ]\nendobj\n" % references)
    start = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
    file.writelines(b"%010d 00000 n \n" % offsets[one] for one in sorted(offsets))
    file.write(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(offsets) + 1))
    file.write(b"startxref\n%d\n%%%%EOF\n" % start)
    file.flush()


def _write_image(image: PageImage, number: int, file: BinaryIO, codec: Codec) -> None:
    with pikepdf.new() as pdf:
        stream = embed_image(pdf, image, codec).stream
        content = stream.read_raw_bytes()
        entries = Dictionary({**dict(stream.stream_dict.items()), "/Length": len(content)})
        written = entries.unparse(resolved=True)
    file.write(b"%d 0 obj\n%s\nstream\n" % (number, written))
    file.write(content)
    file.write(b"\nendstream\nendobj\n")
