"""A real web server on a port of its own, over the test's database and folders: it can be killed."""

import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from mediaexchange.launcher.layout import REPOSITORY
from mediaexchange.launcher.processes import die_with_parent
from tests.archive.tus import ADDRESS, encoded

STARTS_WITHIN_S = 60


class UploadServer:
    """``file_bytes`` is the largest file that the kernel lets it write: a disk that is full at once, for everybody."""

    def __init__(self, folder: Path, *, file_bytes: int | None = None) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.folder, self.file_bytes = folder, file_bytes
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "UploadServer":
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    def start(self) -> None:
        address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "mediaexchange.settings.development",
            "DATABASE_URL": urlunsplit(address),
            "MEDIA_STORAGE_URL": f"file://{self.folder / 'media'}",
            "UPLOAD_FOLDER": str(self.folder / "uploads"),
            "API_KEY_PEPPER": settings.API_KEY_PEPPER,
            "WEB_WORKERS": "1",
            "LOG_LEVEL": "ERROR",
        }
        config = REPOSITORY / "deploy" / "gunicorn.conf.py"
        command = [sys.executable, "-m", "gunicorn", "--config", str(config), "--bind", f"127.0.0.1:{self.port}"]
        dies = die_with_parent(signal.SIGKILL)

        def before() -> None:
            dies()
            if self.file_bytes is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (self.file_bytes, self.file_bytes))

        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--pythonpath", str(REPOSITORY), "mediaexchange.wsgi:application"],
                cwd=REPOSITORY, env=environment, stdout=log, stderr=log, start_new_session=True, preexec_fn=before,
            )  # fmt: skip
        ends_at = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < ends_at:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                assert self.process.poll() is None, (self.folder / "server.log").read_text()
                time.sleep(0.05)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """As ``kill -9`` of the whole: parent and workers, with no word to anybody."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Sender:
    """Speaks tus over a real connection, piece by piece."""

    def __init__(self, server: UploadServer, key: str) -> None:
        self.server = server
        self.headers = {"Authorization": f"Bearer {key}", "Tus-Resumable": "1.0.0"}

    def ask(self, method: str, path: str, body: Any = None, **headers: Any) -> http.client.HTTPResponse:
        asked = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        asked.request(method, path, body, self.headers | named)
        answer = asked.getresponse()
        answer.said = answer.read()  # type: ignore[attr-defined]
        asked.close()
        return answer

    def begin(self, length: int, **said: str) -> str:
        metadata = ",".join(f"{name} {encoded(text)}" for name, text in said.items())
        answer = self.ask("POST", ADDRESS, Upload_Length=length, Upload_Metadata=metadata)
        assert answer.status == 201, (answer.status, answer.said)  # type: ignore[attr-defined]
        return "/" + str(answer.headers["Location"]).split("/", 3)[3]

    def patch(self, path: str, offset: int, body: bytes) -> http.client.HTTPResponse:
        content_type = "application/offset+octet-stream"
        return self.ask("PATCH", path, body, Content_Type=content_type, Upload_Offset=offset)

    def offset(self, path: str) -> int:
        return int(self.ask("HEAD", path).headers["Upload-Offset"])

    def start_patch(self, path: str, offset: int, length: int, pieces: Iterable[bytes]) -> http.client.HTTPConnection:
        """Announce ``length`` bytes, send what ``pieces`` has, and leave the request unfinished."""
        open_ended = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        open_ended.putrequest("PATCH", path)
        sent = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": offset, "Content-Length": length}
        for name, value in (self.headers | sent).items():
            open_ended.putheader(name, str(value))
        open_ended.endheaders()
        for piece in pieces:
            open_ended.send(piece)
        return open_ended
