"""What a reading depends on, as one digest: with the same recipe a page is not read again."""

import json
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from documents.identifiers import Sha256, sha256_of_bytes, sha256_of_file
from workers.page_jobs import ReadJob


def recipe_of(job: ReadJob, *, reader: str) -> Sha256:
    """Return the digest of the picture, of what is told about it, and of what reads.

    Args:
        job: its files are read.
        reader: engine, models with their digests, and settings.
    """
    # The same picture may lie in two files that differ in a comment.
    image = repr(replace(job.image, file=Path(), sha256=Sha256("")))
    layer = job.layer and sha256_of_file(job.layer)
    parts = (
        sha256_of_file(job.copy),
        layer,
        image,
        job.is_turn_known,
        job.language,
        reader,
        version("sohoa"),
    )
    return sha256_of_bytes(json.dumps(parts).encode())
