"""``GET /media/{token}`` and ``/media/{token}/{name}``: the bytes behind a link, in whole or in part."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from archive.services.link import Opened, open_link
from mediaexchange.core.api.problems import problem_response
from mediaexchange.core.errors import DomainError
from mediaexchange.core.ranges import UnsatisfiableRangeError, range_of

# What a page may show in its place; a browser saves everything else, whatever an opener says.
_SHOWN = ("image/", "video/", "audio/")
_SHOWN_TOO = frozenset({"application/vnd.apple.mpegurl", "application/json", "text/vtt"})


@require_safe
def download(request: HttpRequest, token: str, name: str = "") -> HttpResponseBase:
    """200, 206 or 416; what forbids it is a problem in the reader's language. No cache keeps it."""
    try:
        return _answer(request, open_link(token, name))
    except DomainError as error:
        return problem_response(request, error.status, error.code, error.message, **error.details)


def _answer(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    headers = _headers(opened)
    if unchanged := get_conditional_response(request, etag=headers["ETag"]):
        return unchanged
    try:
        part = range_of(
            request.headers.get("Range", "") if request.method == "GET" else "",
            request.headers.get("If-Range", ""),
            headers["ETag"],
            opened.size_bytes,
        )
    except UnsatisfiableRangeError:
        problem = problem_response(request, 416, "range-not-satisfiable", _("The file is shorter than that."))
        problem.headers["Content-Range"] = f"bytes */{opened.size_bytes}"
        return problem
    start, length = part or (0, opened.size_bytes)
    headers["Content-Length"] = str(length)
    if part:
        headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{opened.size_bytes}"
    status = 206 if part else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(opened.pieces(start, length), status=status, headers=headers)


def _headers(opened: Opened) -> dict[str, str]:
    """The type is what the bytes are; whatever they hold, a browser runs nothing of it."""
    may_show = opened.content_type.startswith(_SHOWN) or opened.content_type in _SHOWN_TOO
    is_saved = not (opened.is_inline and may_show)
    return {
        "Content-Type": opened.content_type,
        "Content-Disposition": content_disposition_header(is_saved, opened.name) or "inline",
        "Accept-Ranges": "bytes",
        "ETag": f'"{opened.etag}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Referrer-Policy": "no-referrer",
    }
