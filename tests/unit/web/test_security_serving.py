"""The server itself: TLS, addresses that callers claim, requests that are no requests."""

import json
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

pytestmark = pytest.mark.xdist_group("web-security-serving")
SOHOA = Path(sys.executable).with_name("sohoa")
SIGN_INS = 5


@dataclass(frozen=True)
class Server:
    """Where a server listens, and the certificate it shows."""

    host: str
    port: int
    certificate: Path
    log: Path

    def context(self) -> ssl.SSLContext:
        """Return what a careful client trusts."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def greet(self, context: ssl.SSLContext) -> tuple[str | None, str]:
        """Shake hands; return version and cipher."""
        with (
            socket.create_connection((self.host, self.port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as wrapped,
        ):
            cipher = wrapped.cipher()
            assert cipher is not None
            return wrapped.version(), cipher[0]

    def say(self, content: bytes) -> bytes:
        """Send bytes over TLS and return all that comes back."""
        with (
            socket.create_connection((self.host, self.port), timeout=10) as plain,
            self.context().wrap_socket(plain, server_hostname="localhost") as wrapped,
        ):
            heard = b""
            # A server that has heard enough closes while we still speak.
            with suppress(ssl.SSLEOFError, ConnectionError):
                wrapped.sendall(content)
                while piece := wrapped.recv(65536):
                    heard += piece
            return heard


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for this machine that lasts a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert_file, key_file


@contextmanager
def started(folder: Path, *arguments: str, **environment: str) -> Iterator[str]:
    """Give the address of a server that believes no caller's claims of where it is."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOHOA_")}
    written = (folder / "log").open("w")
    process = subprocess.Popen(
        [SOHOA, "serve", "--port", "0", *arguments, "--json"],
        env={
            **kept,
            "SOHOA_HOME": str(folder / "home"),
            "SOHOA_DISPATCH__WORKERS": "1",
            "SOHOA_WEB__SIGN_INS_PER_MINUTE": str(SIGN_INS),
            "FORWARDED_ALLOW_IPS": "*",
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=written,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield str(json.loads(process.stdout.readline())["url"])
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()
        written.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = write_certificate(folder)
    with started(folder, "--tls-cert", str(certificate), "--tls-key", str(key)) as address:
        url = urlsplit(address)
        assert url.scheme == "https"
        yield Server(str(url.hostname), int(url.port or 0), certificate, folder / "log")


@pytest.fixture(scope="module")
def behind_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a server that believes a proxy on this machine."""
    folder = tmp_path_factory.mktemp("proxy")
    with started(folder, SOHOA_WEB__TRUSTED_PROXIES='["127.0.0.1"]') as address:
        yield address


@pytest.fixture(scope="module")
def without_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a server on the loopback that knows of no proxy."""
    with started(tmp_path_factory.mktemp("bare")) as address:
        yield address


CLAIMED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}


def test_tls_of_a_trusted_proxy_counts_as_tls(behind_proxy: str) -> None:
    answer = httpx.get(f"{behind_proxy}/sign-in", headers=CLAIMED)

    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_tls_that_a_caller_claims_does_not_count(without_proxy: str) -> None:
    answer = httpx.get(f"{without_proxy}/sign-in", headers=CLAIMED)

    assert "Strict-Transport-Security" not in answer.headers


def test_callers_of_a_trusted_proxy_are_counted_one_by_one(behind_proxy: str) -> None:
    def try_from(address: str) -> int:
        headers = {**CLAIMED, "X-Forwarded-For": address}
        data = {"name": "khong.ai", "password": "sai"}
        return httpx.post(f"{behind_proxy}/sign-in", data=data, headers=headers).status_code

    guesser = [try_from("192.0.2.1") for _ in range(SIGN_INS + 1)]

    assert guesser == [403] * SIGN_INS + [429]
    assert try_from("192.0.2.2") == 403
    # What stands before the proxy's own word was written by the caller.
    assert try_from("192.0.2.3, 192.0.2.1") == 429


def test_newest_tls_is_preferred(server: Server) -> None:
    assert server.greet(server.context())[0] == "TLSv1.3"


def test_tls_1_2_is_spoken_with_ciphers_that_keep_the_past_secret(server: Server) -> None:
    context = server.context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    version, cipher = server.greet(context)

    assert version == "TLSv1.2"
    assert cipher.startswith("ECDHE-")
    assert "GCM" in cipher or "CHACHA20" in cipher


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_older_tls_is_refused(server: Server, version: ssl.TLSVersion) -> None:
    context = server.context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = context.maximum_version = version

    with pytest.raises((ssl.SSLError, ConnectionError)):
        server.greet(context)


@pytest.mark.parametrize(
    "ciphers", ["AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "aNULL:eNULL", "3DES:RC4:DES"]
)
def test_weak_ciphers_are_refused(server: Server, ciphers: str) -> None:
    context = server.context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    except ssl.SSLError:
        return  # the library of this machine does not know them any more; nor does the server

    with pytest.raises((ssl.SSLError, ConnectionError)):
        server.greet(context)


def test_plain_http_gets_no_answer_at_the_port_of_tls(server: Server) -> None:
    with socket.create_connection((server.host, server.port), timeout=10) as plain:
        plain.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try:
            heard = plain.recv(65536)
        except ConnectionError:
            heard = b""

    assert b"200" not in heard
    assert b"<html" not in heard


def test_browsers_are_told_to_stay_with_tls_and_nobody_what_serves(server: Server) -> None:
    with httpx.Client(verify=server.context()) as client:
        answer = client.get(f"https://localhost:{server.port}/sign-in")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "server" not in answer.headers
    assert "x-powered-by" not in answer.headers


def test_claimed_addresses_do_not_give_more_tries(server: Server) -> None:
    with httpx.Client(verify=server.context()) as client:
        statuses = [
            client.post(
                f"https://localhost:{server.port}/sign-in",
                data={"name": "khong.ai", "password": "sai"},
                headers={"X-Forwarded-For": f"192.0.2.{number}"},
            ).status_code
            for number in range(SIGN_INS + 2)
        ]

    assert statuses == [403] * SIGN_INS + [429] * 2


def test_refusals_stand_in_the_log_of_the_server_as_json(server: Server) -> None:
    with httpx.Client(verify=server.context()) as client:
        client.post(
            f"https://localhost:{server.port}/sign-in",
            data={"name": "khong.ai", "password": "sai"},
            headers={"Sec-Fetch-Site": "cross-site"},
        )

    lines = [json.loads(line) for line in server.log.read_text().splitlines() if line[0] == "{"]
    refused = [line for line in lines if line["event"] == "request refused"]
    assert {line["code"] for line in refused} & {"csrf", "rate_limited"}
    assert all(line["timestamp"].endswith("Z") and line["request_id"] for line in refused)
    assert "khong.ai" not in server.log.read_text()


@pytest.mark.parametrize(
    "content",
    [
        b"GARBAGE\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_without_telling_what_serves(
    server: Server, content: bytes
) -> None:
    heard = server.say(content)

    assert b" 400 " in heard.split(b"\r\n")[0] or heard == b""
    assert b"uvicorn" not in heard.lower()
    assert b"Traceback" not in heard


def test_request_with_two_lengths_is_not_two_requests(server: Server) -> None:
    smuggled = b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    body = b"0\r\n\r\n" + smuggled

    heard = server.say(
        b"POST /sign-out HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: "
        + str(len(body)).encode()
        + b"\r\nConnection: close\r\n\r\n"
        + body
    )

    assert heard.count(b"HTTP/1.1 ") <= 1
    assert b'"status":"ok"' not in heard
