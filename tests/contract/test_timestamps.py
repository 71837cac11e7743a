"""What every source of time-stamps promises (RFC 3161), and that its failure means: later."""

import asyncio
import hashlib
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from asn1crypto import tsp
from cryptography import x509

from documents.clock import SystemClock
from signing.errors import TimestampUnavailableError
from signing.local_authority import LocalAuthority
from signing.timestamps import HttpTimestampAuthority, TimestampSource
from tests.contract.backends import TIMESTAMPS
from tests.contract.timestamp_server import TimestampServer

pytestmark = pytest.mark.xdist_group("signing-contract")
DIGEST = hashlib.sha256(b"giay to").digest()


@pytest.fixture(params=TIMESTAMPS)
def timestamps(
    request: pytest.FixtureRequest, authority: LocalAuthority
) -> Iterator[TimestampSource]:
    with TIMESTAMPS[request.param](authority, SystemClock()) as source:
        yield source


def ask(source: TimestampSource, digest: bytes = DIGEST) -> tsp.TSTInfo:
    token = asyncio.run(source.async_timestamp(digest, "sha256"))
    return token["content"]["encap_content_info"]["content"].parsed


def refusal(_request: bytes) -> bytes:
    """Answer that the request is refused (RFC 3161 §2.4.2)."""
    status = tsp.PKIStatusInfo({"status": "rejection"})
    return bytes(tsp.TimeStampResp({"status": status}).dump())


def test_token_is_for_the_digest_that_was_given(timestamps: TimestampSource) -> None:
    imprint = ask(timestamps)["message_imprint"]

    assert imprint["hashed_message"].native == DIGEST
    assert imprint["hash_algorithm"]["algorithm"].native == "sha256"


def test_token_tells_the_present_moment_in_utc(timestamps: TimestampSource) -> None:
    before = datetime.now(UTC).replace(microsecond=0)

    moment = ask(timestamps)["gen_time"].native

    assert before <= moment <= datetime.now(UTC)


def test_no_two_tokens_have_one_serial_number(timestamps: TimestampSource) -> None:
    serials = {ask(timestamps)["serial_number"].native for _ in range(5)}

    assert len(serials) == 5


def test_token_names_the_policy_under_which_it_was_given(timestamps: TimestampSource) -> None:
    assert ask(timestamps)["policy"].native.startswith("2.25.")


def test_token_brings_the_certificate_of_the_authority(
    timestamps: TimestampSource, authority: LocalAuthority
) -> None:
    token = asyncio.run(timestamps.async_timestamp(DIGEST, "sha256"))

    issuing = x509.load_pem_x509_certificate(authority.issuing.read_bytes())
    found = [
        x509.load_der_x509_certificate(one.chosen.dump())
        for one in token["content"]["certificates"]
    ]
    stamping = [one for one in found if "dấu thời gian" in one.subject.rfc4514_string()]
    assert len(stamping) == 1
    stamping[0].verify_directly_issued_by(issuing)


@pytest.mark.parametrize(
    ("answer", "media_type"),
    [
        (lambda _request: None, "application/timestamp-reply"),
        (lambda _request: b"khong phai ASN.1", "application/timestamp-reply"),
        (lambda _request: b"", "application/timestamp-reply"),
        (lambda _request: b"<html></html>", "text/html"),
        (refusal, "application/timestamp-reply"),
    ],
    ids=["error of HTTP", "garbage", "nothing", "a page", "refusal"],
)
def test_wrong_answer_means_later(answer: object, media_type: str) -> None:
    with TimestampServer(answer, media_type=media_type) as server:  # type: ignore[arg-type]  # of the table above
        source = HttpTimestampAuthority(server.url)

        with pytest.raises(TimestampUnavailableError):
            ask(source)


def test_authority_that_is_not_there_means_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        source = HttpTimestampAuthority(f"http://127.0.0.1:{taken.getsockname()[1]}/")

        with pytest.raises(TimestampUnavailableError):
            ask(source)


def test_authority_that_hangs_means_later() -> None:
    released = threading.Event()

    def hang(_request: bytes) -> bytes:
        released.wait(30)
        return b""

    with TimestampServer(hang) as server:
        source = HttpTimestampAuthority(server.url, timeout_seconds=0.5)

        with pytest.raises(TimestampUnavailableError):
            ask(source)
        released.set()
