"""The foreign share of a channel's weeks: a chart with the cap as a line, the same figures as a table, a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadcasters.foreign_share import YEARS, ForeignShare
from broadcasters.formats.foreign_share import CONTENT_TYPE, file_name, render_shares
from broadcasters.models import Airing, Channel
from broadcasters.permissions import may, roles_of
from mediaexchange.core.admin_base import ExchangeAdmin, staff

VIEW = "broadcasters.view_airing"
SPANS = {12: gettext_lazy("12 weeks"), 26: gettext_lazy("26 weeks"), 53: gettext_lazy("a year")}
# Pixels: the room for figures on the left and weeks below, and the plane between.
LEFT, TOP, HEIGHT, BELOW, STEP, BAR = 44, 22, 220, 44, 46, 30
_RULES = (5, 10, 20, 25, 50, 100)


@dataclass(frozen=True, slots=True)
class Bar:
    """A week; ``x`` and the rest are pixels."""

    share: ForeignShare
    x: int
    y: float
    height: float
    address: str
    label: str
    said: str

    @property
    def middle(self) -> float:
        return self.x + BAR / 2


@dataclass(frozen=True, slots=True)
class ShareChart:
    bars: list[Bar]
    rules: list[tuple[float, str]]
    cap_y: float | None
    cap: str
    width: int
    height: int = TOP + HEIGHT + BELOW
    left: int = LEFT
    bar: int = BAR
    bottom: int = TOP + HEIGHT

    @property
    def right(self) -> int:
        return self.width - 8


def chart_of(channel: Channel, shares: Sequence[ForeignShare]) -> ShareChart:
    """One scale for the bars and the cap, with its zero."""
    cap = channel.foreign_share_cap_percent
    most = max([*(share.percent for share in shares), cap or 0, 4])
    top = min(100.0, float(most) * 1.15)
    step = next((rule for rule in _RULES if top / rule <= 6), 100)

    def down(percent: float) -> float:
        return round(TOP + HEIGHT * (1 - min(percent, top) / top), 1)

    bars = []
    for place, share in enumerate(shares):
        y = down(float(share.percent))
        bars.append(
            Bar(
                share=share,
                x=LEFT + 10 + place * STEP,
                y=y,
                height=round(TOP + HEIGHT - y, 1),
                address=airings_address(channel, share.week_starts_on),
                label=date_format(share.week_starts_on, "j.n."),
                said=_("Week %(week)s: %(percent)s per cent%(mark)s")
                % {
                    "week": share.iso_week,
                    "percent": number_format(share.percent, 2),
                    "mark": f", {_('over the cap')}" if share.is_over else "",
                },
            )
        )
    return ShareChart(
        bars=bars,
        rules=[(down(percent), f"{percent} %") for percent in range(0, int(top) + 1, step)],
        cap_y=None if cap is None else down(float(cap)),
        cap="" if cap is None else number_format(cap.normalize(), use_l10n=True),
        width=LEFT + 20 + max(len(shares), 6) * STEP,
    )


def airings_address(channel: Channel, monday: date) -> str:
    """The list of what was made elsewhere and on air on the channel in this week."""
    query = {"channel__id__exact": channel.pk, "week": monday.isoformat(), "made": "elsewhere"}
    return f"{reverse('admin:broadcasters_airing_changelist')}?{urlencode(query)}"


class ForeignSharePage(ExchangeAdmin):
    """Stands beside the airings, for the channels of the reader's own houses."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.foreign_share_view)
        return [path("foreign-share/", view, name="broadcasters_foreign_share"), *super().get_urls()]

    def foreign_share_view(self, request: HttpRequest) -> HttpResponse:
        user = staff(request)
        houses = [pk for pk in roles_of(user) if may(user, VIEW, pk)]
        if not houses:
            raise PermissionDenied
        channels = list(Channel.objects.filter(broadcaster__in=houses).select_related("broadcaster"))
        channel = _chosen(channels, request.GET.get("channel", ""))
        weeks = _weeks(request.GET.get("weeks", ""))
        context: dict[str, Any] = {"channels": channels, "channel": channel, "weeks": weeks, "spans": SPANS.items()}
        if channel is not None:
            last = _day(request.GET.get("until", "")) or timezone.localdate(
                timezone=ZoneInfo(channel.broadcaster.time_zone)
            )
            shares = Airing.objects.foreign_shares(channel, last - timedelta(weeks=weeks - 1), last)
            if request.GET.get("format") == "xlsx":
                headers = {"Content-Disposition": f'attachment; filename="{file_name(channel, shares)}"'}
                return HttpResponse(render_shares(channel, shares), content_type=CONTENT_TYPE, headers=headers)
            query = {"channel": channel.slug, "weeks": weeks, "until": last.isoformat()}
            context |= {
                "until": last.isoformat(),
                "chart": chart_of(channel, shares),
                "over": sum(share.is_over for share in shares),
                "xlsx": f"?{urlencode(query | {'format': 'xlsx'})}",
            }
        context = {
            **self.admin_site.each_context(request), "title": _("Foreign share"), "content_title": _("Foreign share"),
            "media": self.media, **context,
        }  # fmt: skip
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "broadcasters/admin/foreign_share.html", context)


def _chosen(channels: Sequence[Channel], slug: str) -> Channel | None:
    """The one named; else the first with a cap, or the first."""
    named = next((channel for channel in channels if channel.slug == slug), None)
    capped = (channel for channel in channels if channel.foreign_share_cap_percent is not None)
    return named or next(capped, None) or next(iter(channels), None)


def _weeks(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and int(text) in SPANS else 12


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None
