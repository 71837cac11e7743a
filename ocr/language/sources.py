"""Public law texts as documents, and which of them share words with pages kept for judging."""

import csv
import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from documents.folding import fold, to_nfc
from ocr.language.syllables import core_of, could_be_syllable, has_syllable_letters

RUN = 8
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
# How articles of codified law begin: "Điều 45.4.NĐ.1.1. Phạm vi điều chỉnh".
_CODIFIED = re.compile(r"^Điều \d+\.\d+\.[A-ZĐ]{2}\.", re.MULTILINE)
_LEAST_CODIFIED = 3
_ADDRESS = re.compile(r"https?:|^permalink:|/van-ban/")
_TORN = 2
# A list names each place once, papers name it again and again.
_PLACES, _PLACES_COUNT = "provinces", 20
_MARKDOWN = re.compile(r"^[#>*|\s-]+|\*\*|`|\[([^\]]*)\]\([^)]*\)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """A text in NFC, and how often it is counted."""

    text: str
    times: int = 1


def documents_in(folder: Path) -> Iterator[Document]:
    """Yield the texts of a folder: articles, procedures, names of places; each text once.

    Tables (`*.csv.gz`) give the column `text` of each row; lists (`*.json`, `*.json.gz`) all
    strings of each entry; Markdown gives the clauses of codified law; other files give nothing.
    """
    seen: set[bytes] = set()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        for text in _texts_of(file):
            clean = to_nfc(text).replace("Ð", "Đ").replace("ð", "đ")
            digest = hashlib.blake2b(clean.encode(), digest_size=16).digest()
            if digest not in seen:
                seen.add(digest)
                yield Document(clean, _PLACES_COUNT if _PLACES in file.name else 1)


def _texts_of(file: Path) -> Iterator[str]:
    kinds = file.suffixes
    if not {".csv", ".json", ".md"} & set(kinds):
        return
    data = file.read_bytes()
    text = (gzip.decompress(data) if kinds[-1] == ".gz" else data).decode()
    if ".csv" in kinds:
        for row in csv.DictReader(io.StringIO(text, newline="")):
            yield row["text"].replace(" none ", "\n")  # an empty heading
    elif ".json" in kinds:
        for entry in json.loads(text):
            yield "\n".join(_strings_in(entry))
    else:
        yield from _clauses_of(_MARKDOWN.sub(r"\1", text))


def _clauses_of(text: str) -> Iterator[str]:
    """Yield the clauses of codified law: an article would be lost for one formula in it."""
    if len(_CODIFIED.findall(text)) >= _LEAST_CODIFIED:
        for line in text.split("\n"):
            clause = line.strip()
            if clause and not _ADDRESS.search(clause) and not _is_broken(clause):
                yield clause


def _is_broken(text: str) -> bool:
    """Say whether words are torn ("hiệ n quy đị nh"), as they come from some files."""
    torn = 0
    for word in text.split():
        low = core_of(word).lower()
        is_marked = not low.isascii() and has_syllable_letters(low)
        torn += is_marked and not could_be_syllable(low)
    return torn >= _TORN


def _strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    parts = value.values() if isinstance(value, dict) else value
    for part in parts if isinstance(parts, Iterable) and not isinstance(value, str) else ():
        yield from _strings_in(part)


def runs_of(text: str) -> list[int]:
    """Return a number for each run of eight words; marks, case and signs do not count."""
    numbers = [number for word in text.split() if (number := _number_of(word))]
    if len(numbers) < RUN:
        return []
    words = np.array(numbers, np.uint64)
    total = np.zeros(len(words) - RUN + 1, np.uint64)
    for offset in range(RUN):
        total = total * _FACTOR + words[offset : offset + len(total)]
    return total.tolist()


@lru_cache(maxsize=1 << 18)
def _number_of(word: str) -> int:
    core = core_of(fold(word))
    if not core:
        return 0
    return int.from_bytes(hashlib.blake2b(core.encode(), digest_size=8).digest(), "big")


def runs_of_pages(folders: Iterable[Path]) -> frozenset[int]:
    """Return the runs of all pages that are kept for judging (`*.txt` in the folders)."""
    files = [file for folder in folders for file in sorted(folder.glob("*.txt"))]
    return frozenset(run for file in files for run in runs_of(file.read_text(encoding="utf-8")))
