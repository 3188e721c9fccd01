"""``GET /media/{token}``: the bytes behind a link that the API gave, in whole or in part."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from archive.models import MediaFile
from archive.services.sniff import extension_of
from mediaexchange.core.api.problems import problem_response
from mediaexchange.core.errors import DomainError
from mediaexchange.core.ranges import UnsatisfiableRangeError, range_of
from newsexchange.services.media_link import Opened, open_token


@require_safe
def download(request: HttpRequest, token: str) -> HttpResponseBase:
    """200, 206 or 416; what forbids it is a problem in the reader's language. Browsers save it, no cache keeps it."""
    try:
        return _answer(request, open_token(token))
    except DomainError as error:
        return problem_response(request, error.status, error.code, error.message, **error.details)


def _answer(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    file = opened.file
    headers = _headers(file)
    if unchanged := get_conditional_response(request, etag=headers["ETag"]):
        return unchanged
    try:
        part = range_of(
            request.headers.get("Range", "") if request.method == "GET" else "",
            request.headers.get("If-Range", ""),
            headers["ETag"],
            file.size_bytes,
        )
    except UnsatisfiableRangeError:
        problem = problem_response(request, 416, "range-not-satisfiable", _("The file is shorter than that."))
        problem.headers["Content-Range"] = f"bytes */{file.size_bytes}"
        return problem
    start, length = part or (0, file.size_bytes)
    headers["Content-Length"] = str(length)
    if part:
        headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{file.size_bytes}"
    status = 206 if part else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(opened.pieces(start, length), status=status, headers=headers)


def _headers(file: MediaFile) -> dict[str, str]:
    """The type is what the bytes are; whatever they hold, a browser saves them and runs nothing."""
    name = file.original_name or f"{file.uid}.{extension_of(file.content_type)}"
    return {
        "Content-Type": file.content_type,
        "Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name)),
        "Accept-Ranges": "bytes",
        "ETag": f'"{file.sha256}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Referrer-Policy": "no-referrer",
    }
