"""Damages files on purpose: headers, sizes, streams; the same seed gives the same damage."""

import random
import re
import struct
import zlib
from collections.abc import Callable

_HEAD = 512
_EXTREMES = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
_NUMBERS = ("0", "-1", "1", "65535", "65536", "2147483647", "4294967296", "99999999999", "1e9")
_WORDS = (
    b"/Length", b"/Width", b"/Height", b"/Filter", b"/DCTDecode", b"/FlateDecode", b"/Kids",
    b"/Count", b"/Type", b"/Parent", b"/MediaBox", b"/Contents", b"/BitsPerComponent",
    b"/ColorSpace", b"endobj", b"endstream", b"xref", b"trailer", b"/Root", b"/Index", b"/W",
)  # fmt: skip
_PNG = b"\x89PNG\r\n\x1a\n"


def mutate(content: bytes, *, seed: int) -> bytes:
    """Return the content with one to four kinds of damage."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, nothing secret
    kinds = _KINDS + _OF_PDF * 2 if b"%PDF-" in content[:1024] else _KINDS
    if content.startswith(_PNG):
        kinds = [*kinds, _another_png_size, _another_png_size]
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        content = chance.choice(kinds)(content, chance) or content[:1]
    return content


def _flip_bits(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 4, 32))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _flip_in_head(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 2, 4))):
        changed[chance.randrange(min(len(changed), _HEAD))] = chance.randrange(256)
    return bytes(changed)


def _extreme_number(content: bytes, chance: random.Random) -> bytes:
    """Write a number that no field expects, in two or four bytes of either order, into the head."""
    number, form = chance.choice(_EXTREMES), chance.choice(("<H", ">H", "<I", ">I"))
    written = struct.pack(form, number & (0xFFFF if form[1] == "H" else 0xFFFFFFFF))
    place = chance.randrange(min(len(content), _HEAD))
    return content[:place] + written + content[place + len(written) :]


def _cut_off(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(1, len(content) + 1)]


def _cut_out(content: bytes, chance: random.Random) -> bytes:
    start, end = _piece(content, chance)
    return content[:start] + content[end:]


def _repeat(content: bytes, chance: random.Random) -> bytes:
    start, end = _piece(content, chance)
    return content[:end] + content[start:end] * chance.choice((1, 2, 20)) + content[end:]


def _blacken(content: bytes, chance: random.Random) -> bytes:
    start, end = _piece(content, chance)
    return content[:start] + bytes([chance.choice((0, 255))]) * (end - start) + content[end:]


def _piece(content: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(content))
    return start, min(len(content), start + chance.choice((1, 16, 512, 20_000)))


def _another_number(content: bytes, chance: random.Random) -> bytes:
    """Put another number in the place of one that stands in plain text in a PDF."""
    found = list(re.finditer(rb"(?<=[\s/\[])\d{1,10}(?=[\s/\]>])", content))
    if not found:
        return content
    one = chance.choice(found)
    return content[: one.start()] + chance.choice(_NUMBERS).encode() + content[one.end() :]


def _another_word(content: bytes, chance: random.Random) -> bytes:
    there = [word for word in _WORDS if word in content]
    if not there:
        return content
    word = chance.choice(there)
    start = chance.choice([one.start() for one in re.finditer(re.escape(word), content)])
    return content[:start] + chance.choice(_WORDS) + content[start + len(word) :]


def _damage_stream(content: bytes, chance: random.Random) -> bytes:
    starts = [one.end() for one in re.finditer(rb"stream\r?\n", content)]
    if not starts:
        return content
    start = chance.choice(starts)
    place = min(len(content) - 1, start + chance.randrange(2000))
    return content[:place] + chance.randbytes(8) + content[place + 8 :]


def _another_png_size(content: bytes, chance: random.Random) -> bytes:
    """Give a PNG another size with a right checksum, so that decoders believe it."""
    size = struct.pack(">II", chance.choice(_EXTREMES) or 9, chance.choice(_EXTREMES) or 9)
    header = b"IHDR" + size + content[24:29]
    return content[:12] + header + struct.pack(">I", zlib.crc32(header)) + content[33:]


_KINDS: list[Callable[[bytes, random.Random], bytes]] = [
    _flip_bits,
    _flip_in_head,
    _extreme_number,
    _cut_off,
    _cut_out,
    _repeat,
    _blacken,
]
_OF_PDF: list[Callable[[bytes, random.Random], bytes]] = [
    _another_number,
    _another_word,
    _damage_stream,
]
