"""Airings: what was broadcast on one's own channels, and what of one's own was broadcast elsewhere."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter, RelatedDropdownFilter
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from broadcasters.models import Airing, Broadcaster, Channel
from broadcasters.permissions import may, roles_of
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


@admin.register(Airing)
class AiringAdmin(ServiceAdmin):
    """Nothing is counted here: a channel airs thousands of things a year."""

    form = AiringForm
    list_display = ["title", "channel", "started", "lasting", "origin", "is_foreign_label", "language"]
    list_select_related = ["channel__broadcaster", "origin"]
    list_filter = [
        ("channel", RelatedDropdownFilter), ("origin", RelatedDropdownFilter), ("started_at", RangeDateTimeFilter),
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
