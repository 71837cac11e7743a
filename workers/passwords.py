"""Passwords: how they are kept and compared, and which are too easy to guess."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from argon2 import PasswordHasher
from argon2.exceptions import (
    HashingError,
    InvalidHashError,
    VerificationError,
    VerifyMismatchError,
)

from documents.folding import fold
from workers.account_errors import PasswordWorkError
from workers.common_passwords import is_common

_SHORTEST_PASSWORD = 12
_FEWEST_CHARACTERS = 5
# What a guesser of this office tries first (OWASP ASVS 5, V6.2.11); docs/explanation/security.md
# says so. The name of the account is added to them.
GUESSED_WORDS = (
    "matkhau",
    "password",
    "sohoa",
    "motcua",
    "hanhchinhcong",
    "quantri",
    "administrator",
    "admin",
    "vietnam",
    "qwerty",
    "asdfgh",
    "zxcvbn",
    "abcdef",
    "12345",
    "6789",
    "54321",
)
# RFC 9106 §4, second recommended option, for machines with little memory.
_HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
# Each takes 64 MiB and four threads: however many sign in at once, only so many take them.
_AT_ONCE = BoundedSemaphore(2)
_OF_NOBODY: list[str] = []
_MAKING = Lock()


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with _working():
        return _HASHER.hash(password)


def matches(secret_hash: str, password: str) -> bool:
    """Say whether a password is the one of which this is kept.

    Raises:
        PasswordWorkError: there is not memory enough to say it; nothing was wrong.
    """
    with _working():
        try:
            return _HASHER.verify(secret_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


@contextmanager
def _working() -> Iterator[None]:
    with _AT_ONCE:
        try:
            yield
        except (HashingError, VerificationError) as error:
            raise PasswordWorkError from error


def hash_of_nobody() -> str:
    """Return what a name without an account is compared with, so that it costs the same.

    Made at the first sign-in, not at import: every command would pay for it.
    """
    with _MAKING:
        if not _OF_NOBODY:
            _OF_NOBODY.append(hash_password(secrets.token_hex(16)))
        return _OF_NOBODY[0]


def is_weak(password: str, *, name: str) -> bool:
    """Say whether a password is short, common, or little more than words that are guessed first.

    No kind of character is demanded.
    """
    folded = fold(password)
    others = re.sub(r"[\W_]+", "", folded)
    of_name = filter(None, re.split(r"[\W_]+", fold(name)))
    for word in sorted((*GUESSED_WORDS, *of_name), key=len, reverse=True):
        others = others.replace(word, "")
    symbols = set(re.findall(r"[\W_]", folded))
    # A first sign is what people put between words.
    kinds = len(set(others)) + max(len(symbols) - 1, 0)
    is_short = len(password) < _SHORTEST_PASSWORD
    return is_short or kinds < _FEWEST_CHARACTERS or is_common(password)
