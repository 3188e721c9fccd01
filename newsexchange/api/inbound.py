"""``/inbound/{feed}/``: where partners push documents, signed; and what became of each."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.views import PrivateMixin
from newsexchange.models import InboundDelivery
from newsexchange.services.inbound import (
    MAX_BODY_BYTES,
    Signed,
    accept_push,
    authenticated_feed,
    may_be_authentic,
)


class NotSignedError(APIException):
    """One answer for a feed that does not exist, one that takes no pushes and a wrong signature."""

    status_code = 401
    default_code = "not-signed"
    default_detail = _("The document is not signed for this feed, or was signed more than five minutes ago.")


class DocumentTooLargeError(APIException):
    status_code = 413
    default_code = "too-large"
    default_detail = _("The body is larger than 15 MiB.")


class OutcomeSerializer(serializers.Serializer):
    result = serializers.CharField(
        help_text="created, updated, unchanged, outdated, recalled, left-out, quarantined or empty"
    )
    guid = serializers.CharField(required=False)
    story = serializers.UUIDField(required=False)
    reason = serializers.CharField(required=False)
    detail = serializers.CharField(required=False)


class InboundDeliverySerializer(serializers.ModelSerializer):
    feed = serializers.SlugField(source="feed.slug", read_only=True)
    outcomes = OutcomeSerializer(many=True, read_only=True)

    class Meta:
        model = InboundDelivery
        fields = ["uid", "feed", "message_id", "status", "attempts", "outcomes", "received_at", "finished_at"]


class AcceptedSerializer(serializers.Serializer):
    uid = serializers.UUIDField()


class AnyDocumentParser(BaseParser):
    """Never asked to parse: the signature is over the bytes as they came."""

    media_type = "*/*"


class InboundView(PrivateMixin):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()
    parser_classes = (AnyDocumentParser,)
    filterset_class = None

    @extend_schema(
        operation_id="inbound_push",
        auth=[],
        request={"*/*": OpenApiTypes.BINARY},
        responses={202: AcceptedSerializer},
        parameters=[
            OpenApiParameter("webhook-id", str, OpenApiParameter.HEADER, required=True),
            OpenApiParameter("webhook-timestamp", int, OpenApiParameter.HEADER, required=True),
            OpenApiParameter("webhook-signature", str, OpenApiParameter.HEADER, required=True),
        ],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Push a news document, signed as Standard Webhooks demands. The same webhook-id again is the same delivery."""
        signed = Signed(
            request.headers.get("webhook-id", ""),
            request.headers.get("webhook-timestamp", ""),
            request.headers.get("webhook-signature", ""),
        )
        if not may_be_authentic(signed):
            raise NotSignedError
        body = _body(request)
        feed = authenticated_feed(slug, signed, body)
        if feed is None:
            raise NotSignedError
        content_type = request.headers.get("Content-Type", "")
        delivery = accept_push(feed, message_id=signed.message_id, payload=body, content_type=content_type)
        return Response({"uid": delivery.uid}, status=202)


class InboundDeliveryView(PrivateMixin):
    resource = "feeds"
    view_permission = "newsexchange.view_inbounddelivery"

    @extend_schema(operation_id="inbound_retrieve", responses=InboundDeliverySerializer)
    def get(self, request: Request, slug: str, uid: Any) -> Response:
        """What became of a pushed document, entry by entry."""
        refuse_unknown(request, ())
        visible = InboundDelivery.objects.visible_to(request.user).select_related("feed").defer("payload")
        delivery = get_object_or_404(visible, feed__slug=slug, uid=uid)
        return Response(InboundDeliverySerializer(delivery).data)


def _body(request: Request) -> bytes:
    """All of it, read past Django's limit for forms and up to ours."""
    announced = request.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > MAX_BODY_BYTES:
        raise DocumentTooLargeError
    body: bytes = request._request.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise DocumentTooLargeError
    return body
