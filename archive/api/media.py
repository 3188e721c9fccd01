"""``/items/{uid}/media/``: what there is to see and hear of an item, with links that live for minutes."""

from collections.abc import Iterator
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from archive.constants import StepKind
from archive.models import Derivative, Item
from archive.services.viewing import OPEN_TO_PARTNERS, shown_file, view_link
from broadcasters.permissions import roles_of
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.views import PrivateMixin, actor_of
from mediaexchange.core.models import ApiKey


class ViewSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=StepKind.choices)
    content_type = serializers.CharField()
    facts = serializers.DictField(help_text="What showing it needs: sizes, distances, names in a folder")
    url = serializers.URLField()
    url_expires_at = serializers.DateTimeField()


class ItemMediaSerializer(serializers.Serializer):
    results = ViewSerializer(many=True)


class ItemMediaView(PrivateMixin):
    """A link is for whoever asked for it. When it is used, everything is asked again."""

    resource = "archive"
    view_permission = "archive.view_derivative"

    @extend_schema(operation_id="item_media", responses=ItemMediaSerializer)
    def get(self, request: Request, uid: str) -> Response:
        """At home the proxy, HLS and all pictures; for partners pictures and the preview with a watermark."""
        refuse_unknown(request, ())
        item = get_object_or_404(Item.objects.visible_to(request.user), uid=uid)
        return Response({"results": list(_views(item, request))})


def _views(item: Item, request: Request) -> Iterator[dict[str, Any]]:
    user = actor_of(request)
    key = request.auth if isinstance(request.auth, ApiKey) else None
    file, is_own = shown_file(item), item.broadcaster_id in roles_of(user)
    for made in Derivative.objects.filter(file=file).order_by("id") if file is not None else ():
        if not is_own and made.kind not in OPEN_TO_PARTNERS:
            continue
        try:
            url, expires_at = view_link(item, made.kind, user=user, key=key)
        except Derivative.DoesNotExist:
            continue  # gone out of sight since
        yield {
            "kind": made.kind,
            "content_type": made.content_type,
            "facts": made.facts,
            "url": request.build_absolute_uri(url),
            "url_expires_at": expires_at,
        }
