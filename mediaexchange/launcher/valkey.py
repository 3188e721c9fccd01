"""The embedded Valkey: a Redis protocol server on a private socket, never on a port."""

import contextlib
import signal
import socket
from pathlib import Path

from mediaexchange.launcher.binaries import valkey_binary
from mediaexchange.launcher.embedded import EmbeddedServer


class ValkeyServer(EmbeddedServer):
    name = "Valkey"
    stop_signal = signal.SIGTERM
    last_resort = signal.SIGKILL

    @property
    def directory(self) -> Path:
        return self.layout.valkey

    def is_healthy(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(3)
            connection.connect(str(self.layout.valkey_socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        return False

    def prepare(self, home: Path) -> None:
        home.mkdir(mode=0o700, exist_ok=True)
        self.account.give(home, 0o700)

    def command(self, home: Path) -> list[str]:
        """A full memory must refuse new messages, not forget old ones: queues live here beside the cache."""
        options = {
            "port": "0",
            "unixsocket": str(self.layout.valkey_socket),
            "unixsocketperm": "777",  # the directory is the gate
            "dir": str(home),
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "loglevel": "warning",
        }
        return [
            str(valkey_binary(self.account)),
            *(word for name, value in options.items() for word in (f"--{name}", value)),
        ]

    def bootstrap(self) -> None:
        """Valkey needs nothing: its databases are numbered and exist."""

    def clear_stale(self, home: Path) -> None:
        self.layout.valkey_socket.unlink(missing_ok=True)
