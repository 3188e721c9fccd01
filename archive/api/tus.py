"""The headers of tus 1.0.0, the protocol of resumable uploads, as values; what is wrong with them as errors."""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

import structlog
from django.http import UnreadablePostError
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from archive.services.checksum import Declared
from mediaexchange.core.errors import DomainError

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination"
CONTENT_TYPE = "application/offset+octet-stream"
ALGORITHMS = {"sha1": 20, "md5": 16, "sha256": 32}
PIECE_BYTES = 1024 * 1024
STALLED_SECONDS = 30  # a client that has gone to sleep must not keep others, or itself, from going on
_NUMBER = re.compile(r"\d{1,18}\Z", re.ASCII)

log = structlog.get_logger(__name__)


class HeaderError(DomainError):
    """A header that is missing or cannot be understood; ``header`` names it."""

    status = 400

    def __init__(self, header: str) -> None:
        text = _("The header “%(name)s” is missing or cannot be understood.") % {"name": header}
        super().__init__("bad-header", text, header=header)


class VersionError(DomainError):
    status = 412

    def __init__(self) -> None:
        super().__init__("tus-version", _("Only tus %(version)s is spoken here.") % {"version": VERSION})


class BodyTypeError(DomainError):
    status = 415

    def __init__(self) -> None:
        super().__init__("unsupported-media-type", _("Send the bytes as %(type)s.") % {"type": CONTENT_TYPE})


class LengthRequiredError(DomainError):
    status = 411

    def __init__(self) -> None:
        super().__init__("length-required", _("Say with Content-Length how much you send."))


def require_version(request: Request) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise VersionError


def require_body_type(request: Request) -> None:
    if not is_part(request):
        raise BodyTypeError


def is_part(request: Request) -> bool:
    return (request.content_type or "").partition(";")[0].strip().lower() == CONTENT_TYPE


def number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not _NUMBER.match(text):
        raise HeaderError(header)
    return int(text)


def body_size(request: Request) -> int:
    """Chunked bodies have no length, and are read by none of our servers."""
    text = request.META.get("CONTENT_LENGTH") or ("" if "Transfer-Encoding" in request.headers else "0")
    if not _NUMBER.match(text):
        raise LengthRequiredError
    return int(text)


def metadata(request: Request) -> dict[str, str]:
    """``Upload-Metadata``: names, each with base64 of its UTF-8 text; a name alone has an empty text."""
    said = {}
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        name, _space, text = pair.strip().partition(" ")
        if not name and not text:
            continue
        try:
            said[name] = base64.b64decode(text.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            raise HeaderError("Upload-Metadata") from None
        if not name or "\0" in said[name]:
            raise HeaderError("Upload-Metadata")
    return said


def checksum(request: Request) -> Declared | None:
    """``Upload-Checksum``: the algorithm and base64 of the digest of what this request carries."""
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    algorithm, _space, text = header.strip().partition(" ")
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise HeaderError("Upload-Checksum") from None
    if ALGORITHMS.get(algorithm) != len(raw):
        raise HeaderError("Upload-Checksum")
    return Declared(algorithm, raw.hex())


def pieces(request: Request, size: int) -> Iterator[bytes]:
    """The body as it comes; it ends early if the line breaks or the client says nothing for long."""
    inner: Any = request._request
    connection = inner.META.get("gunicorn.socket")
    waits = connection.gettimeout() if connection else None
    if connection:
        connection.settimeout(STALLED_SECONDS)
    left = size
    try:
        while left and (piece := inner.read(min(PIECE_BYTES, left))):
            left -= len(piece)
            yield piece
    except UnreadablePostError as error:
        log.info("upload.broken-off", missing=left, error=type(error.__cause__ or error).__name__)
    finally:
        if connection:
            connection.settimeout(waits)
