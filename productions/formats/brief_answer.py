"""A brief as an answer to a browser or a partner's system: a file that no cache keeps."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from mediaexchange.core.languages.tags import to_bcp47
from productions.formats import brief
from productions.models import Production


def pdf_response(production: Production, content: bytes, language: str) -> HttpResponse:
    tag = to_bcp47(language)
    response = HttpResponse(content, content_type=brief.CONTENT_TYPE)
    name = f"{production.slug}-{tag}.pdf"
    response.headers["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    response.headers["Content-Language"] = tag
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
