"""Member organisations and their channels; a newsroom's API keys are issued here."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from broadcasters.admin.api_key import NetworksField
from broadcasters.admin.base import RecordAdmin, ShownInline, administered
from broadcasters.models import Broadcaster, Channel
from broadcasters.services.account import issue_api_key
from mediaexchange.core.admin_base import in_all_languages, shown, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.keys import SCOPES
from mediaexchange.core.validators import validate_day


class IssueKeyForm(HelpedForm):
    name = forms.CharField(
        label=_("What the key is for"), max_length=100, widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"})
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), choices=list(SCOPES.items()), widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    expires_at = forms.DateField(
        label=_("last day"),
        required=False,
        widget=UnfoldAdminSingleDateWidget,
        validators=[validate_day],
        help_text=_("To its end, by your clocks. Empty: until somebody revokes the key."),
    )

    networks = NetworksField()

    def clean_expires_at(self) -> datetime | None:
        day: date | None = self.cleaned_data["expires_at"]
        return make_aware(datetime.combine(day + timedelta(days=1), time())) if day else None


class ChannelInline(ShownInline, TabularInline):
    model = Channel
    fields = ["linked_name", "kind", "languages", "foreign_share_cap_percent", "is_live"]
    readonly_fields = ["linked_name"]
    hide_title = True

    @admin.display(description=_("name"))
    def linked_name(self, channel: Channel) -> SafeString:
        address = reverse("admin:broadcasters_channel_change", args=[channel.pk])
        return format_html('<a href="{}" class="text-link">{}</a>', address, channel)


@admin.register(Broadcaster)
class BroadcasterAdmin(RecordAdmin):
    list_display = ["shown_name", "shown_abbreviation", "country_code", "home_city", "ownership", "is_active"]
    list_filter = [("ownership", ChoicesDropdownFilter), "is_active"]
    list_select_related = ["home_city"]
    search_fields = ["slug", *in_all_languages("name", "abbreviation")]
    autocomplete_fields = ["home_city"]
    inlines = [ChannelInline]
    actions_detail = ["issue_key"]

    shown_name = shown("name", _("name"))
    shown_abbreviation = shown("abbreviation", _("abbreviation"))

    def owners(self, obj: Broadcaster) -> Iterable[int]:
        return [obj.pk]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """New members join by a decision of the platform, not of one of them."""
        return bool(request.user.is_superuser)

    def has_issue_key_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return administered(staff(request), "core.add_apikey").filter(pk=object_id).exists()

    @action(description=_("Issue an API key"), url_path="issue-key", icon="key", permissions=["issue_key"])
    def issue_key(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for a purpose and scopes; the answer's page shows the key's text, and no other page ever does."""
        broadcaster = self.get_object(request, object_id)
        if broadcaster is None:
            raise PermissionDenied
        user = staff(request)
        actor = None if user.is_superuser else user  # the platform's administrator acts as the system

        def run(answers: dict[str, Any]) -> HttpResponse:
            key, text = issue_api_key(broadcaster, actor=actor, **answers)
            context = {"title": _("API key"), "key": key, "text": text}
            return self.page(request, "broadcasters/admin/new_key.html", broadcaster, context)

        return self.ask(request, broadcaster, title=_("Issue an API key"), form=IssueKeyForm, run=run)


@admin.register(Channel)
class ChannelAdmin(RecordAdmin):
    list_display = ["shown_name", "broadcaster", "kind", "languages", "foreign_share_cap_percent", "is_live"]
    list_filter = [("broadcaster", RelatedDropdownFilter), ("kind", ChoicesDropdownFilter), "is_live"]
    list_select_related = ["broadcaster"]
    search_fields = ["slug", *in_all_languages("name")]
    autocomplete_fields = ["broadcaster"]

    shown_name = shown("name", _("name"))

    def owners(self, obj: Channel) -> Iterable[int]:
        return [obj.broadcaster_id]

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> Any:
        if db_field.name == "broadcaster":
            return administered(staff(request), "broadcasters.add_channel")
        return super().get_field_queryset(db, db_field, request)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        given = super().get_readonly_fields(request, obj)
        return (*given, "broadcaster") if obj is not None else given
