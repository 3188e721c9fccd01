"""``/oai``: GET and POST, for anybody; with an API key one reads what its house may read.

It counts calls like the API, and answers 429 with Retry-After to whoever asks too often.
"""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.utils.translation import override
from rest_framework.exceptions import PermissionDenied
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import FormParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from archive.oai.answers import answer
from mediaexchange.core.api.authentication import ApiKeyAuthentication
from mediaexchange.core.api.permissions import require_scope
from mediaexchange.core.languages.tags import DEFAULT, to_bcp47

CONTENT_TYPE = "text/xml; charset=utf-8"


class _OneAnswer(BaseContentNegotiation):
    """The protocol knows one kind of answer, whatever a harvester says that it accepts."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class _Xml(BaseRenderer):
    media_type = "text/xml"
    format = "xml"


class OaiView(APIView):
    schema = None  # a protocol of its own, not a part of the API
    authentication_classes = [ApiKeyAuthentication]
    permission_classes = [AllowAny]
    renderer_classes = [_Xml]
    parser_classes = [FormParser]
    content_negotiation_class = _OneAnswer

    def get(self, request: Request) -> HttpResponse:
        return self._answer(request, dict(request.query_params.lists()))

    def post(self, request: Request) -> HttpResponse:
        form = request.data
        return self._answer(request, dict(form.lists()) if isinstance(form, QueryDict) else {})

    def _answer(self, request: Request, values: dict[str, Any]) -> HttpResponse:
        """Names of people and places in one language, whoever asks: records are the same for all harvesters."""
        if request.auth is not None:
            require_scope(request, "archive:read")
        elif request.user.is_authenticated:
            raise PermissionDenied
        with override(DEFAULT):
            content = answer(values, request.user, settings.PUBLIC_URL + request.path)
        cache = "private, no-store" if request.auth is not None else "public, max-age=60"
        return HttpResponse(
            content,
            content_type=CONTENT_TYPE,
            headers={
                "Cache-Control": cache,
                "Content-Language": to_bcp47(DEFAULT),
                "Vary": "Authorization",
                "X-Content-Type-Options": "nosniff",
            },
        )
