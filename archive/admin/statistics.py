"""Statistics: what passed between the houses, what the catalogue holds, how full the store is; as the reader sees it.

A figure between two houses counts rows that both of them see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import BigIntegerField, Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Extract
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.admin.base import ArchiveAdmin
from archive.admin.charts import Chart, chart_of
from archive.constants import Category, DeliveryStatus, LineStatus
from archive.models import Derivative, FootageDelivery, GrantUse, Item, MediaFile, RequestLine
from archive.services.quota import room_used
from broadcasters.models import Broadcaster
from broadcasters.querysets import member_ids
from mediaexchange.core.admin_base import staff
from mediaexchange.core.models import User
from mediaexchange.core.numbers import whole_number
from mediaexchange.core.sizes import size_in_words

SERIES = (_("seconds requested"), _("seconds granted"), _("seconds delivered"), _("seconds used"))
YEARS_BACK = 10


@dataclass(frozen=True, slots=True)
class Measure:
    """Rows between a holder and a taker: which, whose, when, and the milliseconds or seconds of each."""

    rows: QuerySet[Any]
    holder: str
    taker: str
    at: str
    amount: str
    divisor: int = 1


@dataclass(slots=True)
class Partner:
    """``ours`` is what the partner has of us, ``theirs`` what we have of them: (number, seconds) a measure."""

    partner: Broadcaster
    ours: list[tuple[int, int]]
    theirs: list[tuple[int, int]]
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Room:
    house: Broadcaster
    files: int
    used_bytes: int
    made_bytes: int

    @property
    def percent(self) -> int:
        """Of the quota, which only files that were brought count against; rounded up."""
        return min(100, -(-self.used_bytes * 100 // int(settings.MEDIA_QUOTA_BYTES)))

    @property
    def used(self) -> str:
        return size_in_words(self.used_bytes)

    @property
    def made(self) -> str:
        return size_in_words(self.made_bytes)

    @property
    def quota(self) -> str:
        return size_in_words(settings.MEDIA_QUOTA_BYTES)


def measures(user: User) -> tuple[Measure, ...]:
    """Requested, granted, delivered, used."""
    lines = RequestLine.objects.visible_to(user)
    made = FootageDelivery.objects.visible_to(user).filter(
        Q(status=DeliveryStatus.READY) | Q(status=DeliveryStatus.REVOKED, size_bytes__isnull=False)
    )
    holder, taker, at = "footage_request__holder", "footage_request__broadcaster", "footage_request__created_at"
    used = GrantUse.objects.visible_to(user).filter(taken_back_at__isnull=True)
    theirs = "grant__item__broadcaster", "broadcaster"
    return (
        Measure(lines, holder, taker, at, "seconds"),
        Measure(lines.filter(status=LineStatus.APPROVED), holder, taker, at, "approved_seconds"),
        Measure(made, *theirs, "created_at", "duration_ms", 1000),
        Measure(used, *theirs, "started_at", "used_ms", 1000),
    )


def partners_of(user: User, since: datetime | None, until: datetime | None) -> list[Partner]:
    """Every partner with whom anything passed; two queries a measure, however many partners there are."""
    found: dict[int, Partner] = {}
    mine = member_ids(user)
    empty = [(0, 0)] * len(SERIES)
    for place, measure in enumerate(measures(user)):
        when = Q(**{f"{measure.at}__gte": since, f"{measure.at}__lt": until}) if since and until else Q()
        for side, (us, them) in (
            ("ours", (measure.holder, measure.taker)),
            ("theirs", (measure.taker, measure.holder)),
        ):
            rows = measure.rows.filter(when, **{f"{us}__in": mine}).exclude(**{f"{them}__in": mine}).order_by()
            total = Coalesce(Sum(measure.amount), 0, output_field=BigIntegerField())
            counted = rows.values_list(them).annotate(n=Count("pk"), total=total)
            for partner_id, number, amount in counted:
                if partner_id is None:
                    continue
                each = found.setdefault(partner_id, Partner(None, list(empty), list(empty)))  # type: ignore[arg-type]
                getattr(each, side)[place] = (number, int(amount) // measure.divisor)
    named = Broadcaster.objects.visible_to(user).filter(pk__in=found).order_by("slug")
    for broadcaster in named:
        each = found[broadcaster.pk]
        each.partner = broadcaster
        each.chart = chart_of(
            SERIES,
            [(_("from us"), [seconds for _n, seconds in each.ours]),
             (_("from them"), [seconds for _n, seconds in each.theirs])],
        )  # fmt: skip
    return [found[broadcaster.pk] for broadcaster in named]


def categories_of(items: "QuerySet[Item]") -> list[tuple[Any, int]]:
    counted = dict(items.order_by().values_list("category").annotate(n=Count("pk")))
    return [(value.label, counted.get(value.value, 0)) for value in Category]


def decades_of(items: "QuerySet[Item]") -> list[tuple[str, int]]:
    """By the first year that a date may mean; what has no date stands last."""
    decade = Extract("dated_first", "year") / 10
    counted = items.order_by().annotate(decade=decade).values_list("decade").annotate(n=Count("pk"))
    dated = sorted((int(ten), n) for ten, n in counted if ten is not None)
    undated = sum(n for ten, n in counted if ten is None)
    shown = [(f"{ten}0–{ten}9", n) for ten, n in dated]
    return [*shown, (str(_("without a date")), undated)] if undated else shown


def rooms_of(user: User) -> list[Room]:
    houses = Broadcaster.objects.filter(pk__in=member_ids(user)).order_by("slug")
    ready = MediaFile.objects.visible_to(user).ready().order_by()
    files = dict(ready.values_list("broadcaster").annotate(n=Count("pk")))
    derived = Derivative.objects.visible_to(user).order_by()
    made = dict(derived.values_list("file__broadcaster").annotate(size=Sum("size_bytes")))
    return [Room(house, files.get(house.pk, 0), room_used(house), made.get(house.pk, 0)) for house in houses]


def _year(request: HttpRequest, years: Sequence[int]) -> int | None:
    asked = whole_number(request.GET.get("year", ""))
    return asked if asked in years else None


class StatisticsPage(ArchiveAdmin):
    """Stands beside the items, and is open to whoever may see them."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.statistics_view)
        return [path("statistics/", view, name="archive_statistics"), *super().get_urls()]

    def statistics_view(self, request: HttpRequest) -> HttpResponse:
        user = staff(request)
        this_year = timezone.localtime().year
        years = list(range(this_year, this_year - YEARS_BACK, -1))
        year = _year(request, years)
        zone = ZoneInfo(user.time_zone)
        since = datetime(year, 1, 1, tzinfo=zone) if year else None
        until = datetime(year + 1, 1, 1, tzinfo=zone) if year else None
        own = Item.objects.own(user)
        categories, decades = categories_of(own), decades_of(own)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Statistics of the archive"),
            "content_title": _("Statistics of the archive"),
            "partners": partners_of(user, since, until),
            "series": SERIES,
            "years": years,
            "year": year,
            "categories": categories,
            "category_chart": chart_of((_("items"),), [(name, [n]) for name, n in categories]),
            "decades": decades,
            "decade_chart": chart_of((_("items"),), [(name, [n]) for name, n in decades]),
            "rooms": rooms_of(user),
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "archive/statistics.html", context)
