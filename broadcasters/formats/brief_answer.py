"""A brief as an answer to a browser or a partner's system: what no cache keeps."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from broadcasters.brief_constants import BriefFormat
from broadcasters.formats.brief import HTML, PDF, file_name, render_html, render_pdf
from broadcasters.formats.brief_book import XLSX, render_book
from broadcasters.models import Brief
from mediaexchange.core.languages.tags import to_bcp47

TYPES = {BriefFormat.PDF: PDF, BriefFormat.XLSX: XLSX, BriefFormat.HTML: HTML}


def content_of_format(brief: Brief, language: str, wanted: str) -> bytes:
    """``wanted`` is one of ``BriefFormat``."""
    match wanted:
        case BriefFormat.PDF:
            return render_pdf(brief, language)
        case BriefFormat.XLSX:
            return render_book(brief, language)
    return render_html(brief, language).encode()


def brief_response(brief: Brief, language: str, wanted: str, content: bytes | None = None) -> HttpResponse:
    """A file to keep, or for HTML a page to look at."""
    made = content_of_format(brief, language, wanted) if content is None else content
    response = HttpResponse(made, content_type=TYPES[BriefFormat(wanted)])
    name, is_file = file_name(brief, language, wanted), wanted != BriefFormat.HTML
    response.headers["Content-Disposition"] = str(content_disposition_header(as_attachment=is_file, filename=name))
    response.headers["Content-Language"] = to_bcp47(language)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
