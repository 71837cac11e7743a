"""Serving the application: on the loopback, or with TLS; never in the clear beyond it."""

import asyncio
import ipaddress
import socket
import ssl
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn

from web.application import build_application
from web.errors import AddressInUseError, CertificateError
from workers.answering_once import forget_interrupted
from workers.errors import UnsafeAddressError
from workers.services import Services

_GRACE_SECONDS = 5
# How long a thread that draws a page may keep an answer waiting before it is another's turn; an
# answer changes hands with the interpreter ten times, and the usual 5 ms each would be felt.
_TURN_SECONDS = 0.001


def check_address(host: str, *, tls_cert: Path | None, tls_key: Path | None) -> None:
    """Refuse plain HTTP off the loopback.

    Raises:
        UnsafeAddressError: certificate and key are missing for such an address.
    """
    if (tls_cert is None or tls_key is None) and not _is_loopback(host):
        raise UnsafeAddressError(host)


def serve_application(
    services: Services,
    *,
    address: tuple[str, int],
    certificate: tuple[Path | None, Path | None],
    on_ready: Callable[[str], None],
) -> None:
    """Serve until the process is told to stop; `on_ready` gets the address once it listens.

    Args:
        services: the ports.
        address: host and port; port 0 takes a free one.
        certificate: TLS certificate and key, both or none.
        on_ready: is told the URL.

    Raises:
        CertificateError: certificate and key do not make a pair that can be used.
        AddressInUseError: the address cannot be listened at.
    """
    host, port = address
    cert, key = certificate
    _check_certificate(cert, key)
    listener = _listen(host, port)
    forget_interrupted(services)
    config = uvicorn.Config(
        build_application(services),
        ssl_certfile=str(cert) if cert else None,
        ssl_keyfile=str(key) if key else None,
        ssl_context_factory=_tls_context if cert else None,
        log_level="warning",
        access_log=False,
        server_header=False,
        # A caller must not choose the address that is counted; only a proxy of ours may tell it.
        proxy_headers=bool(services.settings.web.trusted_proxies),
        forwarded_allow_ips=list(services.settings.web.trusted_proxies),
        timeout_graceful_shutdown=_GRACE_SECONDS,
        lifespan="off",
    )
    server = uvicorn.Server(config)
    scheme = "https" if cert else "http"
    shown = f"[{host}]" if ":" in host else host
    url = f"{scheme}://{shown}:{listener.getsockname()[1]}"

    sys.setswitchinterval(_TURN_SECONDS)

    async def run() -> None:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started and not task.done():  # noqa: ASYNC110 - it offers no event
            await asyncio.sleep(0.02)
        if server.started:
            on_ready(url)
        await task

    asyncio.run(run())


def _tls_context(
    _config: uvicorn.Config, make_default: Callable[[], ssl.SSLContext]
) -> ssl.SSLContext:
    """Return the interpreter's choice of ciphers, which keep the past secret, from TLS 1.2 on."""
    context = make_default()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    return context


def _check_certificate(cert: Path | None, key: Path | None) -> None:
    if cert is None and key is None:
        return
    if cert is None or key is None:
        raise CertificateError
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
    except OSError as error:  # an SSLError is one, too
        raise CertificateError from error


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small answers at once (TCP_NODELAY) only where the protocol is named; else the
    # second packet of an answer waits 40 ms for the client's acknowledgement of the first.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise AddressInUseError(host, port) from error
    return listener


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
