"""Audience figures: stated with their source, never changed, never added up."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.widgets import UnfoldAdminTextInputWidget

from broadcasters.admin.airing_import import houses_with
from broadcasters.admin.base import language_column
from broadcasters.airing_constants import UNIT_OF
from broadcasters.matchers import matcher_of
from broadcasters.models import AudienceFigure, Channel
from broadcasters.services.audience import state_figure
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, staff

_ADD = "broadcasters.add_audiencefigure"


class AudienceFigureForm(ServiceForm):
    subject_uid = forms.UUIDField(
        label=_("subject UID"), required=False, widget=UnfoldAdminTextInputWidget,
        help_text=_("Of a story, an item or a production that you see; then with a language."),
    )  # fmt: skip

    class Meta:
        model = AudienceFigure
        fields = [
            "airing", "channel", "starts_on", "ends_on", "language", "measure", "unit", "value", "source", "method",
            "as_of", "stated_by",
        ]  # fmt: skip
        help_texts = {
            "airing": _("Of one airing; or else of a channel, or of a subject."),
            "channel": _("Of a whole channel, from day to day."),
            "starts_on": _("By the clocks of the channel’s house."),
            "ends_on": _("Included; empty: the first day alone."),
            "measure": _("Reach, average audience and unique users count people, views views; share is per cent."),
            "unit": _("Empty: the usual one. Reach may be said in per cent."),
            "value": _("As the source says it."),
            "as_of": _("The day of the publication."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "unit" in self.fields:
            self.fields["unit"].required = False

    def perform(self, answers: dict[str, Any]) -> Model:
        given = answers | {"unit": answers["unit"] or UNIT_OF.get(answers["measure"], "")}
        return state_figure(actor=self.user, **given)


@admin.register(AudienceFigure)
class AudienceFigureAdmin(ServiceAdmin):
    form = AudienceFigureForm
    list_display = ["of_what", "measure", "shown_value", "language_name", "source", "as_of", "stated_by"]
    list_select_related = ["airing__channel", "channel", "stated_by"]
    list_filter = [
        ("measure", ChoicesDropdownFilter), ("stated_by", RelatedDropdownFilter), ("channel", RelatedDropdownFilter),
    ]  # fmt: skip
    search_fields = ["source", "airing__title"]
    raw_id_fields = ["airing"]
    _shown_fields = [
        "of_what", "measure", "shown_value", "language_name", "source", "method", "as_of", "stated_by", "made_by",
        "recorded_by",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).for_reading().select_related("recorded_by")  # type: ignore[attr-defined, no-any-return]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self._shown_fields if obj else [
            "airing", "channel", "starts_on", "ends_on", "subject_uid", "language", "measure", "unit", "value",
            "source", "method", "as_of", "stated_by",
        ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self._shown_fields if obj else []

    def has_add_permission(self, request: HttpRequest) -> bool:
        return houses_with(request, _ADD).exists()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What was stated stands; a newer figure stands beside it."""
        return False

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "stated_by":
            return houses_with(request, _ADD)
        if db_field.name == "channel":
            return Channel.objects.visible_to(staff(request))
        return super().get_field_queryset(db, db_field, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = list(houses_with(request, _ADD)[:2])
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return given | ({"stated_by": own[0].pk} if len(own) == 1 else {})

    @admin.display(description=_("of what"))
    def of_what(self, figure: AudienceFigure) -> SafeString | str:
        if figure.airing is not None:
            address = reverse("admin:broadcasters_airing_change", args=[figure.airing.pk])
            return format_html('<a class="text-link" href="{}">{}</a>', address, figure.airing)
        days = " – ".join(
            date_format(day, "SHORT_DATE_FORMAT") for day in dict.fromkeys((figure.starts_on, figure.ends_on)) if day
        )
        if figure.channel is not None:
            return f"{figure.channel} · {days}"
        matcher = matcher_of(figure.subject_type)
        kind = str(matcher.title) if matcher else figure.subject_type
        return " · ".join(filter(None, (kind, str(figure.subject_uid), days)))

    @admin.display(description=_("value"), ordering="value")
    def shown_value(self, figure: AudienceFigure) -> str:
        value = figure.value.normalize()
        places = max(0, -int(value.as_tuple().exponent))
        return f"{number_format(value, places, use_l10n=True, force_grouping=True)} {figure.get_unit_display()}"

    language_name = language_column()
