"""A connection to a server that can be cut, as by a network that goes away."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PIECE_BYTES = 1 << 14


class CuttingProxy:
    """Passes bytes on between a port of its own and a server, until `cut_after` bytes of answers.

    `cut_after` None passes everything on; 0 ends each connection with the first byte of an answer.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.cut_after: int | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        """Where the proxy listens."""
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(caller,), daemon=True).start()

    def _pass_on(self, caller: socket.socket) -> None:
        answered = 0
        with (
            suppress(OSError),
            caller,
            socket.create_connection(self._target) as server,
            selectors.DefaultSelector() as waiting,
        ):
            waiting.register(caller, selectors.EVENT_READ, server)
            waiting.register(server, selectors.EVENT_READ, caller)
            while True:
                for ready, _ in waiting.select():
                    sender = ready.fileobj
                    assert isinstance(sender, socket.socket)
                    piece = sender.recv(_PIECE_BYTES)
                    answered += len(piece) if sender is server else 0
                    if not piece or (self.cut_after is not None and answered > self.cut_after):
                        return
                    ready.data.sendall(piece)


@contextmanager
def cutting_proxy(host: str, port: int) -> Iterator[CuttingProxy]:
    """Give a proxy before a server, closed at the end."""
    proxy = CuttingProxy(host, port)
    try:
        yield proxy
    finally:
        proxy.close()
