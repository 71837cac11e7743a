"""What holds for every test: no network but the loopback, the same examples on every run."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest

# A busy machine is no finding; the same commit gives the same verdict everywhere.
hypothesis.settings.register_profile("sohoa", deadline=None, derandomize=True)
hypothesis.settings.load_profile("sohoa")


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    """Let connections go to this machine only."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise PermissionError(f"a test reached out to {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
