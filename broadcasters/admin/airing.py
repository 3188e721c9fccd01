"""Airings: what was broadcast on one's own channels, and what of one's own was broadcast elsewhere."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Model, Q, QuerySet, Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RelatedDropdownFilter
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from broadcasters.admin.base import language_column
from broadcasters.admin.foreign_share import ForeignSharePage
from broadcasters.airing_times import week_bounds
from broadcasters.foreign_share import YEARS
from broadcasters.matchers import matcher_of
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
    """Foreign is what another house made than the channel's, and not together with it."""

    title, parameter_name = _("made"), "made"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("elsewhere", _("elsewhere")), ("here", _("here"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Airing]) -> QuerySet[Airing]:
        own = Q(origin=F("channel__broadcaster")) | Q(is_joint=True)
        conditions = {"elsewhere": ~own, "here": own}
        found = conditions.get(self.value() or "")
        return queryset if found is None else queryset.filter(found)


class WeekFilter(DropdownFilter):
    """What was on air in a week, Monday to Monday by the clocks of the channel's house: as its share counts."""

    title, parameter_name = _("in the week of"), "week"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        today = timezone.localdate()
        mondays = [today - timedelta(days=today.weekday(), weeks=back) for back in range(12)]
        if (asked := _monday(self.value())) and asked not in mondays:
            mondays.append(asked)
        return [(monday.isoformat(), date_format(monday, "DATE_FORMAT")) for monday in mondays]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Airing]) -> QuerySet[Airing]:
        monday = _monday(self.value())
        if monday is None:
            return queryset
        inside = Q(pk__in=[])
        for house in Broadcaster.objects.all():
            zone = ZoneInfo(house.time_zone)
            starts_at, ends_at = week_bounds(monday, zone)
            inside |= Q(
                channel__broadcaster=house, started_at__gt=starts_at - LONGEST_AIRING, started_at__lt=ends_at,
                ended_at__gt=starts_at,
            )  # fmt: skip
        one = Value(timedelta(milliseconds=1), DurationField())
        lasting = ExpressionWrapper(F("duration_ms") * one, DurationField())
        ended = ExpressionWrapper(F("started_at") + lasting, DateTimeField())
        return queryset.annotate(ended_at=ended).filter(inside)


def _monday(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day - timedelta(days=day.weekday()) if day.year in YEARS else None


@admin.register(Airing)
class AiringAdmin(ForeignSharePage, ServiceAdmin):
    """Nothing is counted here: a channel airs thousands of things a year."""

    form = AiringForm
    list_display = ["title", "channel", "started", "lasting", "origin", "is_foreign_label", "language_name"]
    list_select_related = ["channel__broadcaster", "origin"]
    list_filter = [
        ("channel", RelatedDropdownFilter), ("origin", RelatedDropdownFilter), MadeFilter, WeekFilter,
    ]  # fmt: skip
    search_fields = ["title"]
    paginator = InfinitePaginator

    language_name = language_column()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("channel__broadcaster", "origin")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is None:
            return ["channel", "started_at", "minutes", "origin", "title", "language"]
        return [
            "channel", "started", "lasting", "origin", "is_joint", "title", "language_name", "reference", "what_it_was",
        ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ["started", "lasting", "language_name", "what_it_was"] if obj else []

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

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, told who asks: its subject is shown as this reader may see it."""
        airing = super().get_object(request, object_id, from_field)
        if airing is not None:
            airing.reader = staff(request)
        return airing

    @admin.display(description=_("what was aired"))
    def what_it_was(self, airing: Airing) -> SafeString | str:
        matcher = matcher_of(airing.subject_type)
        if airing.subject_uid is None or matcher is None:
            return str(_("not known"))
        shown = matcher.shown([airing.subject_uid], getattr(airing, "reader", AnonymousUser())).get(airing.subject_uid)
        if shown is None:
            return f"{matcher.title}: {airing.subject_uid}"
        return format_html('{}: <a class="text-link" href="{}">{}</a>', matcher.title, shown.address, shown.title)

    @admin.display(description=_("made"))
    def is_foreign_label(self, airing: Airing) -> SafeString:
        if airing.is_joint:
            return label(_("together"))
        return label(_("elsewhere"), "info") if airing.is_foreign else label(_("here"))
