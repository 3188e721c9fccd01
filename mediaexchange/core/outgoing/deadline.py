"""One deadline for a whole exchange, kept by the sockets: a peer that sends a byte a second gains nothing."""

import socket
import ssl
import time
from typing import TYPE_CHECKING

from mediaexchange.core.outgoing.errors import DeadlineExceededError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Deadline:
    """Starts to run when it is made. Seconds, on the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._started_at = time.monotonic()

    def remaining(self) -> float:
        """Seconds that are left, always more than none. Raises DeadlineExceededError."""
        left = self._seconds - self.elapsed()
        if left <= 0:
            raise self.exceeded()
        return left

    def elapsed(self) -> float:
        return time.monotonic() - self._started_at

    def exceeded(self) -> DeadlineExceededError:
        return DeadlineExceededError(f"The exchange took longer than {self._seconds:g} s.")


class DeadlineSocket(socket.socket):
    """A socket of which every read may last only as long as its ``deadline`` allows."""

    deadline: Deadline

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0) -> int:
        self.settimeout(self.deadline.remaining())
        return super().recv_into(buffer, nbytes, flags)


class DeadlineTlsSocket(ssl.SSLSocket):
    """The same for TLS; made by a context whose ``sslsocket_class`` it is."""

    deadline: Deadline

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int | None = None, flags: int = 0) -> int:
        self.settimeout(self.deadline.remaining())
        return super().recv_into(buffer, nbytes, flags)
