"""Makes a file of its own of a part of an image, without the rest."""

from dataclasses import replace
from pathlib import Path

from PIL import Image

from documents.identifiers import sha256_of_file
from documents.model import PageImage
from ingest.decoding import DECODING_ERRORS, quiet_pillow
from ingest.errors import DamagedFileError


def cut_out(image: PageImage, *, out: Path) -> PageImage:
    """Write the part of an image that is a page as a PNG, and return it as a whole image.

    Raises:
        DamagedFileError: the file is not what was written.
    """
    region = image.region
    if region is None:
        return image
    try:
        with quiet_pillow(), Image.open(image.file) as opened:
            part = opened.crop((region.x0, region.y0, region.x1, region.y1))
            part.save(out, "PNG", compress_level=1)
    except DECODING_ERRORS as error:
        raise DamagedFileError from error
    return replace(image, file=out, media_type="image/png", sha256=sha256_of_file(out), region=None)
