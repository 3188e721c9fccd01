"""Small servers that answer, or misbehave, exactly as a test tells them."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

Script = Callable[[socket.socket], None]


class LoopbackServer:
    """Plays one script per connection, the last one for ever; remembers the requests it was sent."""

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[str] = []
        self._scripts = scripts
        self._tls = tls
        self._greeting: bytes | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.is_closing = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @property
    def pair(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/feed", *, scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Close the port and let running scripts end; safe to repeat."""
        self.is_closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=2)

    def _accept(self) -> None:
        served = 0
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            script = self._scripts[min(served, len(self._scripts) - 1)]
            served += 1
            thread = threading.Thread(target=self._serve, args=(connection, script), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, script: Script) -> None:
        with contextlib.suppress(OSError), connection:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                if self._greeting is not None:
                    connection.sendall(self._greeting)
                    return
                request = b""
                while b"\r\n\r\n" not in request:
                    piece = connection.recv(4096)
                    if not piece:
                        return
                    request += piece
                self.requests.append(request.decode("latin-1"))
                script(connection)

    def drip(self, head: bytes, piece: bytes, *, every: float) -> Script:
        """Send ``head``, then ``piece`` again and again until the client or the test gives up."""

        def script(connection: socket.socket) -> None:
            connection.sendall(head)
            while not self.is_closing.wait(every):
                connection.sendall(piece)

        return script

    def greet(self, greeting: bytes) -> None:
        """From now on speak first, without listening, and close."""
        self._greeting = greeting

    def play(self, *scripts: Script) -> None:
        """Replace what is played, for scripts that need to know the server itself."""
        self._scripts = scripts


def says(data: bytes) -> Script:
    """Send these bytes and close."""
    return lambda connection: connection.sendall(data)


def answers(body: bytes = b"", *, status: str = "200 OK", headers: Iterable[str] = ()) -> Script:
    """A well-formed response with its length."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return says("\r\n".join(lines).encode("latin-1") + body)


def after(seconds: float, script: Script) -> Script:
    """Play a script late."""

    def play(connection: socket.socket) -> None:
        time.sleep(seconds)
        script(connection)

    return play


def redirects(location: str, status: str = "302 Found") -> Script:
    return answers(status=status, headers=[f"Location: {location}"])


def resets(connection: socket.socket) -> None:
    """Close with an RST instead of a FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    connection.close()
