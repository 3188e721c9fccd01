"""Airings: what was broadcast on one's own channels, and what of one's own was broadcast elsewhere."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Model, Q, QuerySet, Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RelatedDropdownFilter
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from broadcasters.models import Airing, Broadcaster, Channel
from broadcasters.permissions import may, roles_of
from broadcasters.querysets import LONGEST_AIRING
from broadcasters.services.airing import report_airing
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, label, staff

_ADD = "broadcasters.add_airing"


class AiringForm(ServiceForm):
    minutes = forms.DecimalField(
        label=_("duration in minutes"), min_value=0, max_value=24 * 60, decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip

    class Meta:
        model = Airing
        fields = ["channel", "started_at", "origin", "title", "language"]

    def perform(self, answers: dict[str, Any]) -> Model:
        duration_ms = int(answers.pop("minutes") * 60_000)
        return report_airing(answers.pop("channel"), actor=self.user, duration_ms=duration_ms, **answers)


class MadeFilter(DropdownFilter):
    """Foreign is what another house made than the channel's."""

    title, parameter_name = _("made"), "made"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("elsewhere", _("elsewhere")), ("here", _("here"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Airing]) -> QuerySet[Airing]:
        own = Q(origin=F("channel__broadcaster"))
        conditions = {"elsewhere": ~own, "here": own}
        found = conditions.get(self.value() or "")
        return queryset if found is None else queryset.filter(found)


class WeekFilter(DropdownFilter):
    """What was on air in a week, Monday to Monday by the clocks of the channel's house: as its share counts."""

    title, parameter_name = _("in the week of"), "week"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        today = timezone.localdate()
        mondays = [today - timedelta(days=today.weekday(), weeks=back) for back in range(12)]
        return [(monday.isoformat(), date_format(monday, "DATE_FORMAT")) for monday in mondays]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Airing]) -> QuerySet[Airing]:
        try:
            day = date.fromisoformat(self.value() or "")
        except ValueError:
            return queryset
        monday = day - timedelta(days=day.weekday())
        inside = Q(pk__in=[])
        for house in Broadcaster.objects.all():
            zone = ZoneInfo(house.time_zone)
            starts_at, ends_at = (datetime.combine(monday + timedelta(days=days), time(), zone) for days in (0, 7))
            inside |= Q(
                channel__broadcaster=house, started_at__gt=starts_at - LONGEST_AIRING, started_at__lt=ends_at,
                ended_at__gt=starts_at,
            )  # fmt: skip
        one = Value(timedelta(milliseconds=1), DurationField())
        lasting = ExpressionWrapper(F("duration_ms") * one, DurationField())
        ended = ExpressionWrapper(F("started_at") + lasting, DateTimeField())
        return queryset.annotate(ended_at=ended).filter(inside)


@admin.register(Airing)
class AiringAdmin(ServiceAdmin):
    """Nothing is counted here: a channel airs thousands of things a year."""

    form = AiringForm
    list_display = ["title", "channel", "started", "lasting", "origin", "is_foreign_label", "language"]
    list_select_related = ["channel__broadcaster", "origin"]
    list_filter = [
        ("channel", RelatedDropdownFilter), ("origin", RelatedDropdownFilter), MadeFilter, WeekFilter,
    ]  # fmt: skip
    search_fields = ["title"]
    paginator = InfinitePaginator

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("channel__broadcaster", "origin")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is None:
            return ["channel", "started_at", "minutes", "origin", "title", "language"]
        return ["channel", "started", "lasting", "origin", "title", "language"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ["started", "lasting"] if obj else []

    def has_add_permission(self, request: HttpRequest) -> bool:
        user = staff(request)
        return any(may(user, _ADD, pk) for pk in roles_of(user))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What was reported counts, and stands."""
        return False

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        user = staff(request)
        if db_field.name == "channel":
            allowed = [pk for pk in roles_of(user) if may(user, _ADD, pk)]
            return Channel.objects.filter(broadcaster__in=allowed)
        if db_field.name == "origin":
            return Broadcaster.objects.visible_to(user)
        return super().get_field_queryset(db, db_field, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = list(roles_of(staff(request)))
        return {"origin": own[0] if len(own) == 1 else None, **super().get_changeform_initial_data(request)}

    @admin.display(description=_("started at"), ordering="started_at")
    def started(self, airing: Airing) -> str:
        return date_format(localtime(airing.started_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("duration"))
    def lasting(self, airing: Airing) -> str:
        seconds = airing.duration_ms // 1000
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"

    @admin.display(description=_("made"))
    def is_foreign_label(self, airing: Airing) -> SafeString:
        return label(_("elsewhere"), "info") if airing.is_foreign else label(_("here"))
