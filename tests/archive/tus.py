"""A client of the tus protocol for tests: the headers of version 1.0.0, and nothing that a test wants to see itself."""

import base64
import hashlib
from typing import Any

from django.core.cache import cache
from django.test import Client

from archive.models import Upload
from tests.factories import make_key

ADDRESS = "/api/v1/uploads/"


def encoded(text: str | bytes) -> str:
    raw = text.encode() if isinstance(text, str) else text
    return base64.b64encode(raw).decode()


def checksum_of(content: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm} {encoded(hashlib.new(algorithm, content, usedforsecurity=False).digest())}"


class Tus:
    """Requests with a house's key; answers are Django's."""

    def __init__(self, broadcaster: Any = None, *, scopes: list[str] | None = None, key: str = "") -> None:
        cache.clear()
        key = key or (make_key(broadcaster, scopes) if broadcaster else "")
        self.headers = {"Tus-Resumable": "1.0.0"} | ({"Authorization": f"Bearer {key}"} if key else {})
        self.client = Client(raise_request_exception=False)

    def send(self, method: str, address: str, content: bytes | None = None, **headers: Any) -> Any:
        named = {name.replace("_", "-"): str(value) for name, value in headers.items() if value is not None}
        content_type = named.pop("Content-Type", "application/offset+octet-stream")
        left_out = {name for name, value in headers.items() if value is None}
        mine = {name: value for name, value in self.headers.items() if name.replace("-", "_") not in left_out}
        body = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(content))} if content is not None else {}
        return self.client.generic(method, address, content or b"", content_type, headers=mine | named, **body)

    def create(
        self, length: int, content: bytes | None = None, headers: dict[str, Any] | None = None, **said: str
    ) -> Any:
        metadata = ",".join(f"{name} {encoded(value)}" for name, value in said.items())
        named = {"Upload_Length": length, "Upload_Metadata": metadata or None} | (headers or {})
        return self.send(
            "POST", ADDRESS, content, **{name: value for name, value in named.items() if value is not None}
        )

    def begin(self, length: int, **said: str) -> str:
        """The address of a new upload."""
        answer = self.create(length, **said)
        assert answer.status_code == 201, answer.content
        return str(answer.headers["Location"])

    def patch(self, address: str, offset: Any, content: bytes, **headers: Any) -> Any:
        return self.send("PATCH", address, content, Upload_Offset=offset, **headers)

    def head(self, address: str, **headers: Any) -> Any:
        return self.send("HEAD", address, **headers)

    def upload(self, content: bytes, **said: str) -> Upload:
        """All of it, in one part."""
        address = self.begin(len(content), **said)
        assert self.patch(address, 0, content).status_code == 204
        return upload_at(address)


def upload_at(address: str) -> Upload:
    return Upload.objects.get(uid=address.rstrip("/").rpartition("/")[2])
