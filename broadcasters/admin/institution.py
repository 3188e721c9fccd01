"""Embassies, ministries, museums, ensembles and companies around the cooperation."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from broadcasters.admin.base import RecordAdmin
from broadcasters.models import Institution
from mediaexchange.core.admin_base import in_all_languages, shown


@admin.register(Institution)
class InstitutionAdmin(RecordAdmin):
    list_display = ["shown_name", "kind", "country_code", "city"]
    list_filter = [("kind", ChoicesDropdownFilter)]
    list_select_related = ["city"]
    search_fields = ["slug", *in_all_languages("name")]
    autocomplete_fields = ["city"]

    shown_name = shown("name", _("name"))
