"""Reciprocity: who gave, took and used how much, week by week; and how much of each channel was made elsewhere.

Every figure counts rows that the reader sees, and leads to them.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from broadcasters.foreign_share import ForeignShare
from broadcasters.models import Airing, Broadcaster, Channel
from broadcasters.querysets import LONGEST_AIRING, member_ids
from mediaexchange.core.admin_base import ExchangeAdmin, staff
from mediaexchange.core.errors import Message
from mediaexchange.core.models import User
from newsexchange.admin.weeks import bounds_of_week, weeks
from newsexchange.models import Offer, Take, Use

BAR, GAP, HEIGHT = 11, 5, 70  # pixels of a chart


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of figure: where its rows are, by whom they are grouped, and its list in the admin."""

    name: str
    title: Message
    rows: QuerySet[Any]
    partner: str
    at: str
    noun: str
    query: Mapping[str, str]  # with "%" for the partner's id

    def address(self, partner: int, week: date) -> str:
        query = {name: value.replace("%", str(partner)) for name, value in self.query.items()}
        return (
            reverse(f"admin:newsexchange_{self.noun}_changelist") + "?" + urlencode(query | {"week": week.isoformat()})
        )


@dataclass(slots=True)
class Exchange:
    """One's own newsrooms and a partner. ``counts`` is by series and week."""

    partner: Broadcaster
    counts: dict[str, dict[date, int]] = field(default_factory=lambda: defaultdict(dict))


def series_of(user: User) -> tuple[list[Series], list[Series]]:
    """What goes from us to partners, and what comes from them to us: given, taken, used."""
    mine = member_ids(user)
    offers, takes, uses = Offer.objects.visible_to(user), Take.objects.visible_to(user), Use.objects.visible_to(user)
    given = offers.filter(story__broadcaster__in=mine).exclude(to_broadcaster__in=mine)
    received = offers.filter(to_broadcaster__in=mine).exclude(story__broadcaster__in=mine)
    taken_from_us = takes.filter(story__broadcaster__in=mine).exclude(broadcaster__in=mine)
    taken_by_us = takes.filter(broadcaster__in=mine).exclude(story__broadcaster__in=mine)
    used_of_us = uses.filter(take__story__broadcaster__in=mine).exclude(take__broadcaster__in=mine)
    used_by_us = uses.filter(take__broadcaster__in=mine).exclude(take__story__broadcaster__in=mine)
    ours = [
        Series("given", _("given"), given, "to_broadcaster", "offered_at", "offer", {"which": "given", "partner": "%"}),
        Series("taken", _("taken"), taken_from_us, "broadcaster", "taken_at", "take", {"taker": "%"}),
        Series("used", _("used"), used_of_us, "take__broadcaster", "used_at", "use", {"user": "%"}),
    ]
    theirs = [
        Series(
            "given_back", _("given"), received, "story__broadcaster", "offered_at", "offer",
            {"which": "received", "origin": "%"},
        ),
        Series("taken_back", _("taken"), taken_by_us, "story__broadcaster", "taken_at", "take", {"origin": "%"}),
        Series("used_back", _("used"), used_by_us, "take__story__broadcaster", "used_at", "use", {"origin": "%"}),
    ]  # fmt: skip
    return ours, theirs


def exchanges_of(user: User, mondays: list[date]) -> list[Exchange]:
    """Every partner with whom anything passed in these weeks; one query a series."""
    found: dict[int, dict[str, dict[date, int]]] = defaultdict(lambda: defaultdict(dict))
    starts_at, ends_at = bounds_of_week(mondays[0], user)[0], bounds_of_week(mondays[-1], user)[1]
    for series in (each for side in series_of(user) for each in side):
        inside = series.rows.filter(**{f"{series.at}__gte": starts_at, f"{series.at}__lt": ends_at}).order_by()
        week = TruncWeek(series.at, tzinfo=ZoneInfo(user.time_zone))
        counted = inside.annotate(week=week).values_list(series.partner, "week").annotate(n=Count("pk"))
        for partner_id, monday, count in counted:
            found[partner_id][series.name][monday.date()] = count
    partners = Broadcaster.objects.visible_to(user).filter(pk__in=found).order_by("slug")
    return [Exchange(partner, found[partner.pk]) for partner in partners]


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: float
    height: float
    look: str
    title: str


def chart_of(exchange: Exchange, sides: tuple[list[Series], list[Series]], mondays: list[date]) -> dict[str, Any]:
    """Bars upwards for what goes to the partner, downwards for what comes from there; one scale for both."""
    most = max((count for weekly in exchange.counts.values() for count in weekly.values()), default=0) or 1
    width = 3 * BAR + GAP * 2
    bars = []
    for direction, side in enumerate(sides):
        for place, monday in enumerate(mondays):
            for number, series in enumerate(side):
                count = exchange.counts.get(series.name, {}).get(monday, 0)
                if not count:
                    continue
                height = HEIGHT * count / most
                y = HEIGHT + 1 if direction else HEIGHT - height
                x = place * width + GAP + number * BAR
                bars.append(Bar(x, round(y, 1), round(height, 1), sides[0][number].name, f"{series.title} {count}"))
    labels = [(place * width + GAP, monday) for place, monday in enumerate(mondays)]
    return {"bars": bars, "labels": labels, "width": width * len(mondays), "middle": HEIGHT, "height": 2 * HEIGHT + 20,
            "bar": BAR - 2, "most": most}  # fmt: skip


def table_of(exchange: Exchange, sides: tuple[list[Series], list[Series]], mondays: list[date]) -> list[Any]:
    """A row a week, youngest first: (Monday, six figures with their addresses)."""
    return [
        (
            monday,
            [
                (exchange.counts.get(series.name, {}).get(monday, 0), series.address(exchange.partner.pk, monday))
                for side in sides
                for series in side
            ],
        )
        for monday in reversed(mondays)
    ]


@dataclass(frozen=True, slots=True)
class Week:
    """A channel's week against its cap; a bar is at its full width at the cap or, without one, at the whole week."""

    share: ForeignShare
    address: str

    @property
    def width(self) -> int:
        cap = self.share.cap_percent
        part = self.share.percent / cap * 100 if cap else self.share.percent
        return min(100, round(part))

    @property
    def minutes(self) -> int:
        return self.share.foreign_ms // 60_000


def shares_of(user: User, mondays: list[date]) -> list[tuple[Channel, list[Week]]]:
    """The weeks of one's own channels that have a cap or aired something from elsewhere, youngest first, by the clocks
    of each channel's house."""
    airings = Airing.objects.visible_to(user)
    since = bounds_of_week(mondays[0], user)[0] - LONGEST_AIRING
    foreign = airings.filter(channel=OuterRef("pk"), started_at__gte=since).exclude(origin=OuterRef("broadcaster"))
    channels = Channel.objects.filter(
        Q(foreign_share_cap_percent__isnull=False) | Exists(foreign), broadcaster__in=member_ids(user)
    )
    return [
        (channel, [Week(airings.foreign_share(channel, day), _airings(channel, day)) for day in reversed(mondays)])
        for channel in channels.select_related("broadcaster")
    ]


def _airings(channel: Channel, monday: date) -> str:
    """The list of what was made elsewhere and aired on the channel in this week."""
    query = {"channel__id__exact": channel.pk, "week": monday.isoformat(), "made": "elsewhere"}
    return reverse("admin:broadcasters_airing_changelist") + "?" + urlencode(query)


class ReciprocityPage(ExchangeAdmin):
    """Stands beside the takes, and is open to whoever may see them."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.reciprocity_view)
        return [path("reciprocity/", view, name="newsexchange_reciprocity"), *super().get_urls()]

    def reciprocity_view(self, request: HttpRequest) -> HttpResponse:
        user = staff(request)
        mondays, sides = weeks(user), series_of(user)
        partners = [
            {
                "partner": exchange.partner,
                "chart": chart_of(exchange, sides, mondays),
                "rows": table_of(exchange, sides, mondays),
                "totals": [sum(exchange.counts.get(series.name, {}).values()) for side in sides for series in side],
            }
            for exchange in exchanges_of(user, mondays)
        ]
        context = {
            **self.admin_site.each_context(request),
            "content_title": _("Reciprocity"),
            "title": _("Reciprocity"),
            "partners": partners,
            "sides": sides,
            "channels": shares_of(user, mondays),
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "newsexchange/reciprocity.html", context)
