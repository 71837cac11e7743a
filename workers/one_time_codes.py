"""One-time codes that phones show: TOTP (RFC 6238), by what every such app can do.

SHA-1, six digits, 30 seconds: other choices are silently ignored by common apps. These lines stand
here instead of a package: they are all of it that is needed, and are compared with the RFC's own
examples.
"""

import base64
import hmac
import secrets
from urllib.parse import quote

STEP_SECONDS = 30
_DIGITS = 6
_SECRET_BYTES = 20
# A code counts one step early or late: clocks differ, and people type slowly.
_TOLERANCE = 1


def new_secret() -> str:
    """Return a secret that phone and server share, in base32 (RFC 4226 §4: 160 bits)."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def code_at(secret: str, step: int, *, digits: int = _DIGITS) -> str:
    """Return the code of a time step."""
    key = base64.b32decode(secret)
    digest = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of_code(secret: str, code: str, *, seconds: float, after: int) -> int | None:
    """Return the time step whose code this is; None when it is none of now, or counted before.

    Args:
        secret: what the phone shares.
        code: what was typed.
        seconds: the time, since 1970.
        after: the last step whose code has counted.
    """
    now = int(seconds) // STEP_SECONDS
    found = None
    for step in range(now - _TOLERANCE, now + _TOLERANCE + 1):
        # Every step is compared, so that the time says nothing.
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > after:
            found = step
    return found


def address_for_phones(secret: str, *, name: str, issuer: str) -> str:
    """Return what the QR code holds that a phone reads to set itself up."""
    label = quote(f"{issuer}:{name}", safe="")
    return (
        f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer, safe='')}"
        f"&algorithm=SHA1&digits={_DIGITS}&period={STEP_SECONDS}"
    )
