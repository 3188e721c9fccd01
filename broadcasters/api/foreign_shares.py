"""The foreign share of a channel's weeks: as a list of figures, and as a workbook."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.api.airings import ForeignShareSerializer
from broadcasters.foreign_share import MOST_WEEKS, YEARS, ForeignShare
from broadcasters.formats.foreign_share import CONTENT_TYPE, file_name, render_shares
from broadcasters.models import Airing, Channel
from broadcasters.permissions import require
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.views import actor_of

_USUAL = timedelta(weeks=11)
RANGE = [
    OpenApiParameter("from", OpenApiTypes.DATE, description=_("A date in the first week; without it eleven weeks ago")),
    OpenApiParameter("until", OpenApiTypes.DATE, description=_("A date in the last week; without it this week")),
]


def share_said(channel: Channel, share: ForeignShare) -> dict[str, Any]:
    return {
        "channel": channel.slug,
        "week_starts_on": share.week_starts_on.isoformat(),
        "iso_week": share.iso_week,
        "foreign_ms": share.foreign_ms,
        "week_ms": share.week_ms,
        "percent": str(share.percent),
        "cap_percent": None if share.cap_percent is None else str(share.cap_percent),
        "is_over": share.is_over,
    }


class ForeignSharesMixin:
    """Part of the channels' resource."""

    @extend_schema(responses=ForeignShareSerializer(many=True), parameters=RANGE, filters=False)
    @action(
        detail=True, url_path="foreign-shares", resource="airings", view_permission="broadcasters.view_airing",
        pagination_class=None,
    )  # fmt: skip
    def foreign_shares(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Week by week what part was made elsewhere, against the cap; at most 106 weeks. For the own house."""
        channel, shares = self._shares(request, kwargs["slug"])
        return Response([share_said(channel, share) for share in shares])

    @extend_schema(
        responses={(200, CONTENT_TYPE): OpenApiTypes.BINARY}, parameters=RANGE, filters=False,
        operation_id="channels_foreign_shares_xlsx",
    )  # fmt: skip
    @action(
        detail=True, url_path="foreign-shares.xlsx", url_name="foreign-shares-xlsx", resource="airings",
        view_permission="broadcasters.view_airing", pagination_class=None,
    )  # fmt: skip
    def foreign_shares_xlsx(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same as a workbook, in the language of the answer."""
        channel, shares = self._shares(request, kwargs["slug"])
        headers = {"Content-Disposition": f'attachment; filename="{file_name(channel, shares)}"'}
        return HttpResponse(render_shares(channel, shares), content_type=CONTENT_TYPE, headers=headers)

    def _shares(self, request: Request, slug: str) -> tuple[Channel, list[ForeignShare]]:
        refuse_unknown(request, {"from", "until"})
        channel = get_object_or_404(self.get_queryset(), slug=slug)  # type: ignore[attr-defined]
        require(actor_of(request), "broadcasters.view_airing", channel.broadcaster_id)
        last = asked_day(request, "until") or timezone.localdate(timezone=ZoneInfo(channel.broadcaster.time_zone))
        first = asked_day(request, "from") or last - _USUAL
        if first > last or (last - first).days > 7 * (MOST_WEEKS - 1):
            raise BadParameterError("from", _("Ask for one to 106 weeks."), "bad-date")
        return channel, Airing.objects.foreign_shares(channel, first, last)


def asked_day(request: Request, name: str) -> date | None:
    """The day of this query parameter, None without it. Raises BadParameterError."""
    text = request.query_params.get(name, "")
    if not text:
        return None
    try:
        day: date | None = serializers.DateField().run_validation(text)
    except ValidationError:
        day = None
    if day is None or day.year not in YEARS:
        raise BadParameterError(name, _("“%(name)s” is a date such as 2026-03-02.") % {"name": name}, "bad-date")
    return day
