"""Licences: what came of requests, with counters; as a PDF in two languages and as an ODRL policy."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from archive.api.footage_scope import days_of
from archive.api.grants import GrantSerializer, ReasonInput, policy_response
from archive.constants import GrantStatus
from archive.formats import licence_pdf, odrl
from archive.models import Grant, Licence
from archive.services.licence import revoke_licence
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.languages.tags import DEFAULT, SHOWN, shown_language, to_bcp47


class LicenceFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=GrantStatus.choices)
    holder = filters.CharFilter(field_name="holder__slug")
    licensee = filters.CharFilter(field_name="licensee__slug")
    ends_before = filters.IsoDateTimeFilter(field_name="ends_at", lookup_expr="lt")
    number = filters.CharFilter()

    class Meta:
        model = Licence
        fields: list[str] = []


class LicenceSerializer(serializers.ModelSerializer):
    holder = serializers.SlugField(source="holder.slug", read_only=True)
    licensee = serializers.SlugField(source="licensee.slug", read_only=True)
    footage_request = serializers.UUIDField(source="footage_request.uid", read_only=True)
    starts_on = serializers.SerializerMethodField()
    ends_on = serializers.SerializerMethodField()
    grants = GrantSerializer(many=True, read_only=True)

    class Meta:
        model = Licence
        fields = [
            "uid", "number", "holder", "licensee", "footage_request", "starts_on", "ends_on", "starts_at", "ends_at",
            "time_zone", "terms", "credit_line", "is_clip_only", "status", "revoked_at", "revocation_reason",
            "created_at", "grants",
        ]  # fmt: skip

    def get_starts_on(self, licence: Licence) -> str:
        return days_of(licence)[0]

    def get_ends_on(self, licence: Licence) -> str:
        """The last day, to its end, in the licence's zone."""
        return days_of(licence)[1]


class LicenceViewSet(ExchangeViewSet):
    queryset = Licence.objects.select_related("holder", "licensee", "footage_request").prefetch_related(
        Prefetch(
            "grants",
            Grant.objects.select_related("item__broadcaster", "segment", "grantee", "licence").order_by("pk"),
        )
    )
    serializer_class = LicenceSerializer
    filterset_class = LicenceFilter
    resource = "licences"
    cursor_descending = True

    @extend_schema(request=ReasonInput, responses=LicenceSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="revoke")
    def revoke(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End a licence that the own house gave: its grants end and its links close at once. Safe to repeat."""
        licence = self.get_object()
        revoke_licence(licence, actor=actor_of(request), **self.validated(ReasonInput))
        return self.answer(LicenceSerializer, self.get_queryset().get(pk=licence.pk))

    @extend_schema(
        filters=False,
        parameters=[
            OpenApiParameter("languages", str, description="Two BCP 47 tags with a comma between them: “sr-Cyrl,kk”")
        ],
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, "The licence on paper")},
    )
    @action(detail=True, methods=["get"], url_name="pdf")
    def pdf(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The licence in two languages side by side; without ``languages`` the one asked for and English or Serbian."""
        refuse_unknown(request, {"languages"})
        licence = get_object_or_404(self.get_queryset(), uid=kwargs["uid"])  # its parameter is no filter's
        content = licence_pdf.render(licence, list(licence.grants.all()), _languages(request))
        response = HttpResponse(content, content_type=licence_pdf.CONTENT_TYPE)
        response.headers["Content-Disposition"] = str(
            content_disposition_header(as_attachment=True, filename=f"{licence.number}.pdf")
        )
        return response

    @extend_schema(
        filters=False,
        responses={(200, odrl.CONTENT_TYPE): OpenApiResponse(OpenApiTypes.OBJECT, "An ODRL 2.2 Agreement")},
    )
    @action(detail=True, methods=["get"], url_path="odrl", url_name="odrl")
    def policy(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The licence with its grants in force as an ODRL 2.2 policy in JSON-LD; 410 if none is."""
        refuse_unknown(request, ())
        licence = self.get_object()
        return policy_response(odrl.licence_policy(licence, list(licence.grants.all())))


def _languages(request: Request) -> tuple[str, str]:
    """Two shown languages."""
    text = request.query_params.get("languages", "")
    if not text:
        first = shown_language(to_bcp47(get_language() or DEFAULT)) or DEFAULT
        return first, "sr" if first == DEFAULT else DEFAULT
    named = [shown_language(tag.strip()) or "" for tag in text.split(",")]
    if len(named) != 2 or not set(named) <= set(SHOWN) or named[0] == named[1]:
        raise BadParameterError("languages", _("Name two different languages."), "bad-languages")
    return named[0], named[1]
