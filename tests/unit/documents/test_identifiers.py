"""Identifiers and digests."""

import hashlib
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.identifiers import (
    mint_account_id,
    mint_batch_id,
    mint_delivery_id,
    mint_document_id,
    mint_page_id,
    mint_version_id,
    sha256_of_bytes,
    sha256_of_file,
)


@pytest.mark.parametrize(
    ("mint", "prefix"),
    [
        (mint_delivery_id, "dlv"),
        (mint_batch_id, "bat"),
        (mint_page_id, "pag"),
        (mint_document_id, "doc"),
        (mint_version_id, "ver"),
        (mint_account_id, "acc"),
    ],
)
def test_an_identifier_says_what_it_names_and_is_plain_ascii(
    mint: Callable[[], str], prefix: str
) -> None:
    assert re.fullmatch(rf"{prefix}_[0-9a-hjkmnp-tv-z]{{22}}", mint())


def test_identifiers_are_never_the_same() -> None:
    minted = [mint_page_id() for _ in range(20_000)]

    assert len(set(minted)) == len(minted)


def test_identifiers_sort_by_the_millisecond_of_their_birth() -> None:
    minted = []
    for _ in range(5):
        minted.append(mint_document_id())
        born = time.time_ns() // 1_000_000
        while time.time_ns() // 1_000_000 == born:
            pass

    assert minted == sorted(minted)


@given(st.binary(max_size=300))
def test_a_digest_is_always_the_sha_256_of_the_bytes(content: bytes) -> None:
    assert sha256_of_bytes(content) == hashlib.sha256(content).hexdigest()


def test_a_file_of_several_chunks_has_the_digest_of_its_bytes(tmp_path: Path) -> None:
    content = bytes(range(256)) * 9_000
    file = tmp_path / "page.jpg"
    file.write_bytes(content)

    assert sha256_of_file(file) == sha256_of_bytes(content)
