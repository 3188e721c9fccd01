"""A production's brief for partners' systems: the same paper that staff take from its page."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.views import PrivateMixin, actor_of
from mediaexchange.core.languages.tags import DEFAULT, shown_language, to_bcp47
from productions.formats import brief
from productions.formats.brief_answer import pdf_response
from productions.models import Production


class ProductionBriefView(PrivateMixin, APIView):
    resource = "productions"
    view_permission = "productions.view_production"

    @extend_schema(
        operation_id="production_brief",
        responses={(200, brief.CONTENT_TYPE): OpenApiResponse(OpenApiTypes.BINARY, "The production on paper")},
    )
    def get(self, request: Request, uid: UUID) -> HttpResponse:
        """The production on paper, as the caller may see it, in the language asked for: one of five variants."""
        refuse_unknown(request, ())
        production = get_object_or_404(
            Production.objects.visible_to(actor_of(request)).select_related("stage", "module", "made_by", "rule_set"),
            uid=uid,
        )
        language = shown_language(to_bcp47(get_language() or DEFAULT)) or DEFAULT
        return pdf_response(production, brief.render(production, actor_of(request), language), language)
