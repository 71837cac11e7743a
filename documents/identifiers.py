"""Identifiers: one type for each kind of thing, minted once and never reused."""

import hashlib
import secrets
import time
from pathlib import Path
from typing import NewType

DeliveryId = NewType("DeliveryId", str)
BatchId = NewType("BatchId", str)
PageId = NewType("PageId", str)
DocumentId = NewType("DocumentId", str)
VersionId = NewType("VersionId", str)
AccountId = NewType("AccountId", str)
OwnerKey = NewType("OwnerKey", str)
TokenId = NewType("TokenId", str)
UploadId = NewType("UploadId", str)
Sha256 = NewType("Sha256", str)

# Crockford's base 32 leaves out I, L, O and U, which people misread.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_CHARACTERS = 10
_RANDOM_CHARACTERS = 12
_CHUNK_BYTES = 1 << 20


def _mint(prefix: str) -> str:
    """Return `prefix_` + 22 ASCII characters: milliseconds since 1970, then 60 random bits."""
    number = (time.time_ns() // 1_000_000) << (5 * _RANDOM_CHARACTERS)
    number |= secrets.randbits(5 * _RANDOM_CHARACTERS)
    letters = [
        _ALPHABET[(number >> (5 * place)) & 31]
        for place in reversed(range(_TIME_CHARACTERS + _RANDOM_CHARACTERS))
    ]
    return f"{prefix}_{''.join(letters)}"


def mint_delivery_id() -> DeliveryId:
    """Return a new identifier for a delivered file."""
    return DeliveryId(_mint("dlv"))


def mint_batch_id() -> BatchId:
    """Return a new identifier for a batch."""
    return BatchId(_mint("bat"))


def mint_page_id() -> PageId:
    """Return a new identifier for a page."""
    return PageId(_mint("pag"))


def mint_document_id() -> DocumentId:
    """Return a new identifier for a document."""
    return DocumentId(_mint("doc"))


def mint_version_id() -> VersionId:
    """Return a new identifier for a stored version."""
    return VersionId(_mint("ver"))


def mint_account_id() -> AccountId:
    """Return a new identifier for an account or an API client."""
    return AccountId(_mint("acc"))


def mint_owner_key() -> OwnerKey:
    """Return a new key for a person or organisation; unlike their number it may be shown."""
    return OwnerKey(_mint("own"))


def mint_token_id() -> TokenId:
    """Return a new identifier for a token of a program."""
    return TokenId(_mint("tok"))


def mint_upload_id() -> UploadId:
    """Return a new identifier for a file that comes in pieces."""
    return UploadId(_mint("upl"))


def sha256_of_bytes(content: bytes) -> Sha256:
    """Return the SHA-256 of the bytes, in lower-case hexadecimal."""
    return Sha256(hashlib.sha256(content).hexdigest())


def sha256_of_file(file: Path) -> Sha256:
    """Return the SHA-256 of the file's bytes, in lower-case hexadecimal."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return Sha256(digest.hexdigest())
