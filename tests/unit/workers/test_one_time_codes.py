"""One-time codes against the examples of the standard, and which of them count."""

import base64
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from workers.one_time_codes import address_for_phones, code_at, new_secret, step_of_code

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
SECONDS = 1_111_111_109
STEP = SECONDS // 30


# RFC 6238, appendix B: SHA-1, eight digits.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert code_at(RFC_SECRET, seconds // 30, digits=8) == code
    assert code_at(RFC_SECRET, seconds // 30) == code[2:]


@pytest.mark.parametrize("early", [-1, 0, 1])
def test_code_counts_a_step_early_or_late(early: int) -> None:
    code = code_at(RFC_SECRET, STEP + early)

    assert step_of_code(RFC_SECRET, code, seconds=SECONDS, after=0) == STEP + early


@pytest.mark.parametrize("early", [-2, 2])
def test_code_of_another_time_does_not_count(early: int) -> None:
    code = code_at(RFC_SECRET, STEP + early)

    assert step_of_code(RFC_SECRET, code, seconds=SECONDS, after=0) is None


def test_code_that_counted_does_not_count_again_nor_one_before_it() -> None:
    for step in (STEP - 1, STEP):
        code = code_at(RFC_SECRET, step)
        assert step_of_code(RFC_SECRET, code, seconds=SECONDS, after=STEP) is None


@pytest.mark.parametrize("code", ["", "1", "000000", "٠٨١٨٠٤", "081804 "])
def test_what_is_no_code_does_not_count(code: str) -> None:
    assert step_of_code(RFC_SECRET, code, seconds=SECONDS, after=0) is None


def test_every_secret_is_another_one_of_160_bits() -> None:
    secrets = {new_secret() for _ in range(20)}

    assert len(secrets) == 20
    assert {len(base64.b32decode(one)) for one in secrets} == {20}


def test_phone_is_told_everything_that_it_needs() -> None:
    address = urlsplit(address_for_phones(RFC_SECRET, name="an.tran", issuer="Số Hóa"))

    told = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path) == "/Số Hóa:an.tran"
    assert told == {
        "secret": RFC_SECRET,
        "issuer": "Số Hóa",
        "algorithm": "SHA1",
        "digits": "6",
        "period": "30",
    }
