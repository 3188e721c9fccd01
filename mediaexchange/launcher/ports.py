"""TCP ports on loopback."""

import http.client
import socket
from pathlib import Path

from mediaexchange.launcher.errors import LauncherError

HOST = "127.0.0.1"


def require_free(port: int) -> None:
    """Raises LauncherError if another program listens on the port, or we may not."""
    try:
        _bind(port)
    except OSError as error:
        raise LauncherError(
            f"Port {port} cannot be used ({error.strerror}). Choose another one with --port."
        ) from error


def remembered_port(memory: Path, preferred: int) -> int:
    """The port written in `memory` if free, else the preferred, else any; what is chosen is written to `memory`."""
    remembered = int(memory.read_text()) if memory.exists() and memory.read_text().isdigit() else preferred
    for candidate in (remembered, preferred, 0):
        try:
            chosen = _bind(candidate)
        except (OSError, OverflowError):
            continue
        memory.write_text(str(chosen))
        return chosen
    raise LauncherError("No free port on loopback.")


def answers(port: int, path: str) -> bool:
    """Whether a GET of `path` is answered with 200 within 2 s."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _bind(port: int) -> int:
    with socket.socket(socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))
        return int(probe.getsockname()[1])
