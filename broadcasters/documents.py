"""Handing out the documents of agreements: as attachments that no browser runs, for whoever sees the row."""

from django.http import Http404, StreamingHttpResponse
from django.utils.http import content_disposition_header

from broadcasters.models import MemorandumText
from mediaexchange.core.stores import media_store


def served(text: MemorandumText) -> StreamingHttpResponse:
    """The document's bytes. Raises Http404 where none was handed in, or the store has lost it."""
    if not text.storage_name:
        raise Http404
    try:
        size = media_store().size(text.storage_name)
    except FileNotFoundError:
        raise Http404 from None
    return StreamingHttpResponse(
        media_store().pieces(text.storage_name),
        headers={
            "Content-Type": text.document_type,
            "Content-Disposition": content_disposition_header(True, text.document_name) or "attachment",
            "Content-Length": str(size),
            "ETag": f'"{text.document_sha256}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
