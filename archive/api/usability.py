"""``/items/{uid}/usability/`` and ``/segments/{uid}/usability/``: may we use it, there, then, on that, so long?"""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from archive.asking import houses_to_ask_for, limits_of
from archive.models import Item, Segment
from archive.rights import decision_for_reader, may_use, said
from broadcasters.models import Broadcaster
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.views import PrivateMixin, actor_of
from mediaexchange.core.rights.terms import PLATFORMS
from mediaexchange.core.rights.territories import KNOWN

_MOST = 1_000_000
_WHO = (
    "Who would use it: an own house or a partner under a module; the holder may ask for every house. "
    "The best answer for the own houses, if not given"
)
PARAMETERS = [
    OpenApiParameter("platform", str, enum=list(PLATFORMS), description="Any, if not given"),
    OpenApiParameter("territory", str, description="A code or set; the own country, if not given"),
    OpenApiParameter("at", datetime, description="Now, if not given"),
    OpenApiParameter("seconds", int, description="So many more"),
    OpenApiParameter("runs", int, description="So many more"),
    OpenApiParameter("language", str, description="BCP 47 tag of the language version; any, if not given"),
    OpenApiParameter("broadcaster", str, description=_WHO),
]


class FootageStatementSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Stable")
    message = serializers.CharField(help_text="In the language asked for; moments in the zone of the grant")
    values = serializers.DictField()


class FootageUsabilitySerializer(serializers.Serializer):
    usable = serializers.BooleanField()
    broadcaster = serializers.SlugField(help_text="Whose right it is")
    reasons = FootageStatementSerializer(many=True, help_text="Why not")
    conditions = FootageStatementSerializer(many=True, help_text="What to keep to")


class _UsabilityView(PrivateMixin):
    resource = "archive"
    model: type[Item] | type[Segment]

    def answer(self, request: Request, uid: str) -> Response:
        refuse_unknown(request, {parameter.name for parameter in PARAMETERS})
        subject: Any = get_object_or_404(self.model._default_manager.visible_to(request.user), uid=uid)
        asked = _asked(request)
        try:
            if house := _house(request, subject):
                limits = limits_of(_item(subject), actor_of(request), house)
                decision = may_use(subject, house, known_to=limits, **asked)
            else:
                decision, house = decision_for_reader(subject, actor_of(request), **asked)
        except Item.DoesNotExist as error:
            raise Http404 from error
        return Response(
            {
                "usable": decision.is_allowed,
                "broadcaster": house.slug,
                "reasons": said(decision.reasons, house),
                "conditions": said(decision.conditions, house),
            }
        )


class ItemUsabilityView(_UsabilityView):
    view_permission = "archive.view_item"
    model = Item

    @extend_schema(operation_id="item_usability", responses=FootageUsabilitySerializer, parameters=PARAMETERS)
    def get(self, request: Request, uid: str) -> Response:
        """May we use all of this item? If not, why not; if so, under which conditions."""
        return self.answer(request, uid)


class SegmentUsabilityView(_UsabilityView):
    view_permission = "archive.view_segment"
    model = Segment

    @extend_schema(operation_id="segment_usability", responses=FootageUsabilitySerializer, parameters=PARAMETERS)
    def get(self, request: Request, uid: str) -> Response:
        """May we use this stretch? If not, why not; if so, under which conditions."""
        return self.answer(request, uid)


def _asked(request: Request) -> dict[str, Any]:
    platform = request.query_params.get("platform", "")
    if platform and platform not in PLATFORMS:
        raise BadParameterError("platform", _("There is no such platform."), "unknown-platform")
    territory = request.query_params.get("territory", "").upper()
    if territory and territory not in KNOWN:
        raise BadParameterError("territory", _("There is no such territory."), "unknown-territory")
    return {
        "platform": platform,
        "territory": territory,
        "at": _moment(request),
        "seconds": _number(request, "seconds"),
        "runs": _number(request, "runs"),
        "language": request.query_params.get("language", "")[:35],
    }


def _item(subject: Item | Segment) -> Item:
    return subject if isinstance(subject, Item) else subject.item


def _house(request: Request, subject: Item | Segment) -> Broadcaster | None:
    slug = request.query_params.get("broadcaster", "")
    if not slug:
        return None
    house: Broadcaster | None = houses_to_ask_for(_item(subject), actor_of(request)).filter(slug=slug).first()
    if house is None:
        raise BadParameterError(
            "broadcaster",
            _("You cannot ask for this house: it is neither yours nor a partner for this item."),
            "unknown-broadcaster",
        )
    return house


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "0")
    if not (text.isascii() and text.isdigit() and int(text[:10]) <= _MOST):
        raise BadParameterError(name, _("“%(name)s” is a whole number.") % {"name": name}, "bad-number")
    return int(text)


def _moment(request: Request) -> datetime | None:
    text = request.query_params.get("at", "")
    if not text:
        return None
    try:
        moment = parse_datetime(text.replace(" ", "+"))  # a plus sign that nobody encoded
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadParameterError("at", _("A moment is written like 2026-02-27T18:00:00+01:00."), "bad-moment")
    return moment
