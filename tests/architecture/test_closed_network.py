"""Tests reach nothing but this machine."""

import socket

import pytest


def test_no_test_reaches_another_machine() -> None:
    with socket.socket() as connection, pytest.raises(PermissionError):
        connection.connect(("192.0.2.1", 80))


def test_a_test_reaches_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        with socket.create_connection(("127.0.0.1", port)) as connection:
            assert connection.getpeername()[1] == port
