"""The counts that the model is made of, and the file that they travel in."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocr.errors import DamagedLanguageModelError

MAGIC = b"sohoa language counts 1\n"
_LEVEL = 9
# Bytes of a number in each array, in the order in which they stand in the file.
_WIDTHS = (4, 4, 4, 2, 4, 2, 2, 2, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How often syllables follow each other; ids are places in `words`.

    Pairs are sorted by (first, second), triples by (pair, third). `tokens_after` and `types_after`
    are those of the whole text, also where rare pairs and triples were left out.
    """

    words: tuple[str, ...]
    word_counts: NDArray[np.int64]
    word_types_after: NDArray[np.int64]
    pair_first: NDArray[np.int64]
    pair_second: NDArray[np.int64]
    pair_counts: NDArray[np.int64]
    pair_types_after: NDArray[np.int64]
    triple_pair: NDArray[np.int64]
    triple_third: NDArray[np.int64]
    triple_counts: NDArray[np.int64]
    cased: Mapping[tuple[str, str], tuple[int, int]]


def count_tokens(
    ids: NDArray[np.int32], words: tuple[str, ...], *, least_pair: int, least_triple: int
) -> Counts:
    """Count single tokens, pairs and triples of a text.

    Args:
        ids: the text as places in `words`.
        words: the vocabulary.
        least_pair: rarer pairs are left out.
        least_triple: rarer triples are left out, as are those of a pair that is left out.
    """
    size = np.int64(len(words))
    long = ids.astype(np.int64)
    pairs, pair_counts = np.unique(long[:-1] * size + long[1:], return_counts=True)
    places = np.searchsorted(pairs, long[:-2] * size + long[1:-1])
    triples, triple_counts = np.unique(places * size + long[2:], return_counts=True)
    pair_types = np.bincount(triples // size, minlength=len(pairs))
    word_types = np.bincount(pairs // size, minlength=len(words))
    kept = pair_counts >= least_pair
    renumbered = np.cumsum(kept) - 1
    of_pair = triples // size
    is_kept = kept[of_pair] & (triple_counts >= least_triple)
    return Counts(
        words=words,
        word_counts=np.bincount(long, minlength=len(words)),
        word_types_after=word_types,
        pair_first=pairs[kept] // size,
        pair_second=pairs[kept] % size,
        pair_counts=pair_counts[kept],
        pair_types_after=pair_types[kept],
        triple_pair=renumbered[of_pair[is_kept]],
        triple_third=triples[is_kept] % size,
        triple_counts=triple_counts[is_kept],
        cased={},
    )


def pack_counts(counts: Counts) -> bytes:
    """Return the counts as bytes; the same counts give the same bytes."""
    size = len(counts.words)
    cased = [[*pair, *numbers] for pair, numbers in sorted(counts.cased.items())]
    arrays: list[NDArray[Any]] = [
        counts.word_counts.astype("<u4"),
        counts.word_types_after.astype("<u4"),
        np.bincount(counts.pair_first, minlength=size).astype("<u4"),
        counts.pair_second.astype("<u2"),
        counts.pair_counts.astype("<u4"),
        counts.pair_types_after.astype("<u2"),
        np.bincount(counts.triple_pair, minlength=len(counts.pair_first)).astype("<u2"),
        counts.triple_third.astype("<u2"),
        counts.triple_counts.astype("<u4"),
    ]
    head = {
        "words": " ".join(counts.words),
        "cased": cased,
        "lengths": [len(array) for array in arrays],
    }
    parts = [json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()]
    for array in arrays:
        # High and low bytes apart: each half is packed better on its own.
        flat = array.view(np.uint8)
        parts += [flat[place :: array.itemsize].tobytes() for place in range(array.itemsize)]
    packed = [zlib.compress(part, _LEVEL) for part in parts]
    sizes = np.array([len(part) for part in packed], "<u4")
    return b"".join([MAGIC, np.array(len(packed), "<u4").tobytes(), sizes.tobytes(), *packed])


def unpack_counts(data: bytes) -> Counts:
    """Return what `pack_counts` was given.

    Raises:
        DamagedLanguageModelError: the bytes are of another kind, or damaged.
    """
    if not data.startswith(MAGIC):
        raise DamagedLanguageModelError("another kind of file")
    try:
        return _unpacked(data)
    except (zlib.error, ValueError, KeyError, IndexError) as error:
        raise DamagedLanguageModelError(str(error)) from error


def _unpacked(data: bytes) -> Counts:
    start = len(MAGIC)
    number = int(np.frombuffer(data, "<u4", 1, start)[0])
    sizes = np.frombuffer(data, "<u4", number, start + 4).astype(np.int64)
    ends = start + 4 + 4 * number + np.cumsum(sizes)
    parts = [
        zlib.decompress(memoryview(data)[end - size : end])
        for end, size in zip(ends.tolist(), sizes.tolist(), strict=True)
    ]
    head = json.loads(parts[0])
    arrays: list[NDArray[np.int64]] = []
    place = 1
    for width, length in zip(_WIDTHS, head["lengths"], strict=True):
        joined = np.empty((length, width), np.uint8)
        for column in range(width):
            joined[:, column] = np.frombuffer(parts[place + column], np.uint8)
        arrays.append(joined.view(f"<u{width}")[:, 0].astype(np.int64))
        place += width
    return Counts(
        words=tuple(head["words"].split(" ")),
        word_counts=arrays[0],
        word_types_after=arrays[1],
        pair_first=np.repeat(np.arange(len(arrays[2])), arrays[2]),
        pair_second=arrays[3],
        pair_counts=arrays[4],
        pair_types_after=arrays[5],
        triple_pair=np.repeat(np.arange(len(arrays[6])), arrays[6]),
        triple_third=arrays[7],
        triple_counts=arrays[8],
        cased={(before, word): (upper, lower) for before, word, upper, lower in head["cased"]},
    )
