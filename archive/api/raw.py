"""Bodies that are a file: subtitles, shot lists. They are small; footage comes by ``/uploads/``."""

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from archive.formats.cues import MAX_BYTES
from mediaexchange.core.errors import DomainError


class FileTooLargeError(DomainError):
    status = 413


class RawParser(BaseParser):
    """Any body at all, whole, as ``{"content": bytes}``."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, bytes]:
        content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise FileTooLargeError("too-large", _("The file is larger than is read here."), limit_bytes=MAX_BYTES)
        return {"content": content}


def content_of(request: Request) -> bytes:
    """The body. Raises ValidationError for an empty one."""
    content = request.data.get("content", b"") if isinstance(request.data, Mapping) else b""
    if not content:
        raise ValidationError({"file": _("Send a file.")}, "required")
    return bytes(content)
