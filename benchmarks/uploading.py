"""How fast files come in by resumable upload, beside what the machine can do at all: copying them on its disk.

Everything is on one machine and one disk, so that the line costs nothing: what is left is our share.
"""

import hashlib
import http.client
import os
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from benchmarks.report import Goal, Report
from benchmarks.servers import ours, serving

ONE_PART, PARTS, CHECKED = "resumable, one part", "resumable, parts of 8 MiB", "the same with checksums"
SOCKET, COPY = "from a socket to the disk, no server", "copying a file on the disk"
SCENARIO, STORING = "upload", "upload taken into the store"
GOALS = [Goal(SCENARIO, ONE_PART, SOCKET, 0.3, "upload in one part, beside a bare socket and the same disk")]
PART_BYTES = 8 * 1024**2
PIECE_BYTES = 256 * 1024
_MEGABYTE = 1_000_000


def measure(report: Report, environment: dict[str, str], *, rounds: int, log: IO[bytes], megabytes: int = 512) -> None:
    from broadcasters.services.account import issue_api_key
    from tests.factories import make_broadcaster

    _key, key = issue_api_key(make_broadcaster("rts"), actor=None, name="uploads", scopes=["archive:write"])
    folder = Path(environment["MEDIAEXCHANGE_DATA"]) / "uploading"
    folder.mkdir()
    size = megabytes * 1024**2
    source = folder / "source"
    with source.open("wb") as file:
        for number in range(size // 1024**2):
            file.write(f"{number:8} of a caption of a reel\n".encode() * (1024**2 // 32))
    settings = environment | {"API_CALLS_PER_MINUTE": "1000000"}
    with serving("ours", ours(), settings, log) as server:
        for _round in range(rounds):
            for name, part_bytes, is_checked in (
                (ONE_PART, size, False), (PARTS, PART_BYTES, False), (CHECKED, PART_BYTES, True),
            ):  # fmt: skip
                seconds = _upload(server.port, key, source, part_bytes, is_checked=is_checked)
                report.add(SCENARIO, name, "MB/s", size / _MEGABYTE / seconds)
                _store(report, size)
            report.add(SCENARIO, SOCKET, "MB/s", size / _MEGABYTE / _from_socket(source, folder / "target"))
            report.add(SCENARIO, COPY, "MB/s", size / _MEGABYTE / _copy(source, folder / "target"))
    source.unlink()


def _upload(port: int, key: str, source: Path, part_bytes: int, *, is_checked: bool) -> float:
    size = source.stat().st_size
    shared = {"Authorization": f"Bearer {key}", "Tus-Resumable": "1.0.0"}
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    started = time.perf_counter()
    server.request("POST", "/api/v1/uploads/", headers=shared | {"Upload-Length": str(size)})
    path = urlsplit(_answer(server, 201).headers["Location"]).path
    for start in range(0, size, part_bytes):
        length = min(part_bytes, size - start)
        headers = shared | {
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(length),
            "Upload-Offset": str(start),
        }
        if is_checked:
            digest = hashlib.sha256()
            for piece in _pieces(source, start, length):
                digest.update(piece)
            headers["Upload-Checksum"] = f"sha256 {b64encode(digest.digest()).decode()}"
        server.request("PATCH", path, _pieces(source, start, length), headers)
        _answer(server, 204)
    seconds = time.perf_counter() - started
    server.close()
    return seconds


def _answer(server: http.client.HTTPConnection, expected: int) -> http.client.HTTPResponse:
    answer = server.getresponse()
    said = answer.read()
    if answer.status != expected:
        raise RuntimeError(f"{answer.status}: {said.decode()[:300]}")
    return answer


def _pieces(source: Path, start: int, length: int) -> Iterator[bytes]:
    with source.open("rb") as file:
        file.seek(start)
        while length and (piece := file.read(min(PIECE_BYTES, length))):
            length -= len(piece)
            yield piece


def _store(report: Report, size: int) -> None:
    """What becomes of it in the background: hashed, looked at, and in the store without being copied."""
    from archive.models import Instantiation, MediaFile, Step, Upload
    from archive.services.upload_check import check_uploads

    started = time.perf_counter()
    if check_uploads() != 1:
        raise RuntimeError("the upload was not checked")
    report.add(STORING, "hashed, looked at, linked", "MB/s", size / _MEGABYTE / (time.perf_counter() - started))
    if Upload.objects.exclude(status="done").exists():
        raise RuntimeError("the upload was not stored")
    Upload.objects.all().delete()
    for model in (Instantiation, Step):
        model.objects.all().delete()
    MediaFile.objects.all().delete()  # so that the next is new again


def _from_socket(source: Path, target: Path) -> float:
    """The least that any server does: read what comes, write it, bring it to the disk."""
    listening = socket.create_server(("127.0.0.1", 0))

    def send() -> None:
        with socket.create_connection(listening.getsockname()) as line, source.open("rb") as file:
            line.sendfile(file)

    sender = threading.Thread(target=send)
    started = time.perf_counter()
    sender.start()
    line, _address = listening.accept()
    with line, target.open("wb") as file:
        while piece := line.recv(PIECE_BYTES):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    seconds = time.perf_counter() - started
    sender.join()
    listening.close()
    target.unlink()
    return seconds


def _copy(source: Path, target: Path) -> float:
    started = time.perf_counter()
    with source.open("rb") as taken, target.open("wb") as file:
        while piece := taken.read(PIECE_BYTES):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    seconds = time.perf_counter() - started
    target.unlink()
    return seconds
