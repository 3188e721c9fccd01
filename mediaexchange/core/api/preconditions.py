"""``ETag`` and ``If-Match`` (RFC 9110, 8.8.3 and 13.1.1): nobody overwrites what they have not seen."""

import re
import zlib

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


class PreconditionFailedError(APIException):
    status_code = 412
    default_code = "precondition-failed"
    default_detail = _("It has changed since; read it again.")


class PreconditionRequiredError(APIException):
    status_code = 428
    default_code = "precondition-required"
    default_detail = _("Send If-Match with the ETag of what you have read.")


def etag_of(revision: str, content: str | bytes) -> str:
    """The tag of one representation: which state of the row it shows, and which words of it."""
    data = content.encode() if isinstance(content, str) else content
    return f'"{revision}.{zlib.crc32(data):08x}"'


def require_match(request: Request, revision: str, *also: str) -> None:
    """Ask this with the row locked. Any representation of the revision will do, or a tag that equals one of ``also``.

    A weak tag is accepted: compressing proxies weaken ours on the way, and the revision still says what was seen.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise PreconditionRequiredError
    if header == "*":
        return
    if not any(tag in also or tag.rpartition(".")[0] == revision for tag in _TAG.findall(header)):
        raise PreconditionFailedError
