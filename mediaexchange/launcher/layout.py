"""Where everything of one installation lives, computed from its data directory without touching the disk."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED_ROOT = Path("/var/tmp")  # noqa: S108 - survives a restart and can be entered by every account; ownership is checked
SOCKET_ROOT = Path("/tmp")  # noqa: S108 - a socket path may have 107 bytes, so it must start short; ownership is checked


@dataclass(frozen=True)
class Layout:
    """The paths of one installation. Equal data directories have equal layouts, in every process."""

    data: Path

    @classmethod
    def from_environment(cls) -> "Layout":
        """The installation of this process: MEDIAEXCHANGE_DATA, or `var` beside manage.py."""
        configured = os.environ.get("MEDIAEXCHANGE_DATA")
        return cls.at(Path(configured) if configured else REPOSITORY / "var")

    @classmethod
    def at(cls, data: Path) -> "Layout":
        return cls(data.expanduser().resolve())

    @property
    def digest(self) -> str:
        return hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]

    @property
    def sockets(self) -> Path:
        return SOCKET_ROOT / f"mx-{os.geteuid()}-{self.digest[:8]}"

    @property
    def postgres_socket(self) -> Path:
        return self.sockets / ".s.PGSQL.5432"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def valkey(self) -> Path:
        return self.data / "valkey"

    @property
    def shared(self) -> Path:
        """Stands in for the data directory where root's servers, having given up root, could not enter that."""
        return SHARED_ROOT / f"mediaexchange-{self.digest}"

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @property
    def lock(self) -> Path:
        return self.data / "servers.lock"

    @property
    def state(self) -> Path:
        return self.data / "launcher.json"
