"""Certificates, and the check that anybody may make who holds one."""

from typing import Any

from django.http import Http404, HttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import StrictSerializer
from mediaexchange.core.limits import WINDOW_S, is_too_often
from training.models import Certificate
from training.services.certificate import check_certificate, revoke_certificate
from training.views import pdf_of


class CertificateFilter(filters.FilterSet):
    workshop = filters.CharFilter(field_name="enrolment__workshop__slug")
    number = filters.CharFilter()

    class Meta:
        model = Certificate
        fields: list[str] = []


class CertificateSerializer(serializers.ModelSerializer):
    enrolment = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    workshop = serializers.SlugField(source="enrolment.workshop.slug", read_only=True)
    broadcaster = serializers.SlugField(source="enrolment.broadcaster.slug", read_only=True)

    class Meta:
        model = Certificate
        fields = [
            "uid", "number", "enrolment", "workshop", "broadcaster", "language", "sessions_attended", "sessions_held",
            "issued_at", "revoked_at", "revocation_reason",
        ]  # fmt: skip


class CertificateStateSerializer(serializers.ModelSerializer):
    class Meta:
        model = Certificate
        fields = ["uid", "number", "revoked_at"]


class RevocationInput(StrictSerializer):
    reason = serializers.CharField(max_length=500, help_text="For the houses; never public")


class CheckSerializer(serializers.Serializer):
    name = serializers.CharField()
    course = serializers.CharField()
    on = serializers.DateField()
    status = serializers.ChoiceField(choices=["valid", "revoked"])


class CertificateViewSet(ExchangeViewSet):
    queryset = Certificate.objects.select_related(
        "enrolment__workshop__broadcaster", "enrolment__workshop__place", "enrolment__broadcaster",
        "enrolment__participant",
    )  # fmt: skip
    serializer_class = CertificateSerializer
    filterset_class = CertificateFilter
    resource = "training"
    cursor_descending = True

    @extend_schema(request=RevocationInput, responses=CertificateStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that it does not hold any more. For the host. Safe to repeat."""
        certificate = self.get_object()
        revoked = revoke_certificate(certificate, actor=actor_of(request), **self.validated(RevocationInput))
        return self.answer(CertificateStateSerializer, revoked)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY}, filters=False)
    @action(detail=True, pagination_class=None)
    def pdf(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, in the person's language; 404 once the person is anonymous."""
        refuse_unknown(request, ())
        certificate = self.get_object()
        if certificate.enrolment.participant.is_anonymous:
            raise Http404
        return pdf_of(certificate)


class CertificateCheckView(APIView):
    """Without an account: the token of the QR code is all that is asked for."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []

    @extend_schema(operation_id="certificate_check", responses=CheckSerializer, auth=[])
    def get(self, request: Request, token: str) -> Response:
        """Name, course, date and whether it holds; 404 for anything else. Thirty times a minute."""
        refuse_unknown(request, ())
        if is_too_often(request._request, "certificate"):
            raise Throttled(wait=WINDOW_S)
        found = check_certificate(token)
        if found is None:
            raise Http404
        status = "valid" if found.is_valid else "revoked"
        body = {"name": found.name, "course": found.course, "on": found.on.isoformat(), "status": status}
        return Response(body, headers={"Cache-Control": "no-store"})
