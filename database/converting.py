"""Rows and values: reasons, JSON columns, deflated readings."""

import json
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
    Turn,
)

Value = TypeVar("Value")
# The first fields of a RecognizedPage, as pydantic writes them.
_SIZE = re.compile(rb'\{"width":(\d+),"height":(\d+)')
_STAND = re.compile(_SIZE.pattern + rb',"dpi":([0-9.]+),"turn":(0|90|180|270),')
_TURNS: dict[bytes, Turn] = {b"0": 0, b"90": 90, b"180": 180, b"270": 270}
_HEAD_BYTES = 96
# The first fields of a Word.
_WORD = re.compile(rb'\{"text":("(?:[^"\\]|\\.)*"),"raw":("(?:[^"\\]|\\.)*")')

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


def changed_words_of_packed_reading(packed: bytes) -> list[str]:
    """Return what the recogniser gave where the reading says something else now."""
    found = _WORD.findall(zlib.decompress(packed))
    return [json.loads(raw) for text, raw in found if raw not in (text, b'""')]


def size_of_packed_reading(packed: bytes) -> tuple[int, int]:
    """Return width and height of the page that was read, without unpacking its words."""
    head = zlib.decompressobj().decompress(packed, _HEAD_BYTES)
    match = _SIZE.match(head)
    if match is None:
        reading = unpack_reading(packed)
        return reading.width, reading.height
    return int(match[1]), int(match[2])


def stand_of_packed_reading(packed: bytes) -> tuple[float, Turn]:
    """Return resolution and turn of the page that was read, without unpacking its words."""
    head = zlib.decompressobj().decompress(packed, _HEAD_BYTES)
    match = _STAND.match(head)
    if match is None:
        reading = unpack_reading(packed)
        return reading.dpi, reading.turn
    return float(match[3]), _TURNS[match[4]]


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
