"""The diplomatic calendar: events with sources, as a list, by month and by year."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet, URLField
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.admin import StackedInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, RangeDateFilter

from broadcasters.admin.base import PartInline
from broadcasters.admin.claims import about_address
from broadcasters.admin.diplomatic_calendar import STANDING_LOOKS, calendar_view
from broadcasters.admin.kept import KeptAdmin
from broadcasters.anniversaries import anniversary_of
from broadcasters.models import Claim, DiplomaticEvent, EventSource
from mediaexchange.core.admin_base import in_all_languages, label, shown, staff
from mediaexchange.core.edtf_words import edtf_words


class SourcesFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """What the database refuses at the end, said where it is typed in."""
        super().clean()
        left = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        if self.instance.is_published and not left and not any(self.errors):
            raise ValidationError(_("A published event names its source."))


class EventSourceInline(PartInline, StackedInline):
    model = EventSource
    formset = SourcesFormSet
    tab = False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, URLField):
            kwargs.setdefault("assume_scheme", "https")
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(DiplomaticEvent)
class DiplomaticEventAdmin(KeptAdmin):
    list_display = ["shown_name", "when", "kind", "standing_label", "place_list", "is_published"]
    list_filter = [
        ("kind", ChoicesDropdownFilter),
        ("standing", ChoicesDropdownFilter),
        ("dated_first", RangeDateFilter),
        ("places", AutocompleteSelectFilter),
        ("institutions", AutocompleteSelectFilter),
    ]
    search_fields = ["slug", *in_all_languages("name")]
    autocomplete_fields = ["part_of", "marks", "places", "institutions", "people", "memoranda"]
    fields = [
        "told",
        "slug",
        "broadcaster",
        "is_published",
        "kind",
        "session_number",
        "dated",
        "standing",
        "is_yearly",
        "part_of",
        "marks",
        "places",
        "institutions",
        "people",
        "memoranda",
        "name",
        "note",
    ]
    readonly_fields = ["told"]
    inlines = [EventSourceInline]

    class Media:
        css = {"all": ["broadcasters/calendar.css"]}

    shown_name = shown("name", _("name"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[DiplomaticEvent]:
        rows: QuerySet[DiplomaticEvent] = super().get_queryset(request)
        return rows.prefetch_related("places")

    def get_ordering(self, request: HttpRequest) -> Any:
        return ("-dated_first", "pk")

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.calendar)
        return [path("calendar/", page, name="broadcasters_diplomatic"), *super().get_urls()]

    def calendar(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return calendar_view(self, request)

    @admin.display(description=_("date"), ordering="dated_first")
    def when(self, event: DiplomaticEvent) -> str:
        return edtf_words(event.dated) or "—"

    @admin.display(description=pgettext_lazy("event", "how it is known"), ordering="standing")
    def standing_label(self, event: DiplomaticEvent) -> SafeString:
        return label(event.get_standing_display(), STANDING_LOOKS[event.standing])

    @admin.display(description=_("places"))
    def place_list(self, event: DiplomaticEvent) -> str:
        return ", ".join(str(place) for place in event.places.all()) or "—"

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, told who asks: parts and claims are those that this reader sees."""
        event = super().get_object(request, object_id, from_field)
        if event is not None:
            event.reader = staff(request)
        return event

    @admin.display(description=pgettext_lazy("event", "in short"))
    def told(self, event: DiplomaticEvent) -> SafeString | str:
        reader = getattr(event, "reader", None)
        if reader is None:
            return "—"  # a page for a new one
        year = timezone.localdate().year
        parts = DiplomaticEvent.objects.visible_to(reader).filter(part_of=event).order_by("dated_first", "pk")
        context = {
            "when": edtf_words(event.dated),
            "standing": self.standing_label(event),
            "parts": [
                (str(part), reverse("admin:broadcasters_diplomaticevent_change", args=[part.pk])) for part in parts
            ],
            "next": [each for each in (anniversary_of(event, year), anniversary_of(event, year + 1)) if each]
            if event.is_yearly
            else [],
            "claims": Claim.objects.visible_to(reader).filter(event=event).count(),
            "claims_address": about_address("event", event.slug),
        }
        return SafeString(render_to_string("broadcasters/event_in_short.html", context))
