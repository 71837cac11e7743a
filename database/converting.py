"""Rows and values: reasons, JSON columns, deflated readings."""

import re
import zlib
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter

from documents.errors import Reason
from documents.model import (
    Finding,
    PageImage,
    PdfaVerdict,
    Proposal,
    RecognizedPage,
    Separator,
    SignatureVerdict,
)

Value = TypeVar("Value")
# The first fields of a RecognizedPage, as pydantic writes them.
_SIZE = re.compile(rb'\{"width":(\d+),"height":(\d+)')
_HEAD_BYTES = 64

PAGE_IMAGE: TypeAdapter[PageImage] = TypeAdapter(PageImage)
FINDINGS: TypeAdapter[tuple[Finding, ...]] = TypeAdapter(tuple[Finding, ...])
SEPARATOR: TypeAdapter[Separator] = TypeAdapter(Separator)
CODES: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])
SIGNATURES: TypeAdapter[tuple[SignatureVerdict, ...]] = TypeAdapter(tuple[SignatureVerdict, ...])
PDFA: TypeAdapter[PdfaVerdict] = TypeAdapter(PdfaVerdict)
PROPOSALS: TypeAdapter[tuple[Proposal, ...]] = TypeAdapter(tuple[Proposal, ...])
_READING: TypeAdapter[RecognizedPage] = TypeAdapter(RecognizedPage)


def to_json(adapter: TypeAdapter[Value], value: Value | None) -> str | None:
    """Return the value as JSON text; None stays None."""
    return None if value is None else adapter.dump_json(value).decode()


def from_json(adapter: TypeAdapter[Value], text: str | None) -> Value | None:
    """Return what `to_json` was given."""
    return None if text is None else adapter.validate_json(text)


def pack_reading(reading: RecognizedPage) -> bytes:
    """Return a reading as deflated JSON, some 15 KB for a full page."""
    return zlib.compress(_READING.dump_json(reading), level=6)


def unpack_reading(packed: bytes) -> RecognizedPage:
    """Return what `pack_reading` was given."""
    return _READING.validate_json(zlib.decompress(packed))


def size_of_packed_reading(packed: bytes) -> tuple[int, int]:
    """Return width and height of the page that was read, without unpacking its words."""
    head = zlib.decompressobj().decompress(packed, _HEAD_BYTES)
    match = _SIZE.match(head)
    if match is None:
        reading = unpack_reading(packed)
        return reading.width, reading.height
    return int(match[1]), int(match[2])


def reason_values(reason: Reason | None) -> dict[str, str | None]:
    """Return the three columns of a reason; None clears them."""
    if reason is None:
        return {"reason_code": None, "reason_vi": None, "reason_en": None}
    return {"reason_code": reason.code, "reason_vi": reason.vi, "reason_en": reason.en}


def reason_of(row: Mapping[str, Any]) -> Reason | None:
    """Return the reason that a row carries, if any."""
    if row["reason_code"] is None:
        return None
    return Reason(code=row["reason_code"], vi=row["reason_vi"] or "", en=row["reason_en"] or "")
