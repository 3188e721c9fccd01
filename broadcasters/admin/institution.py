"""Embassies, ministries, museums, ensembles and companies around the cooperation."""

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from broadcasters.admin.base import RecordAdmin
from broadcasters.admin.claims import claims_link
from broadcasters.models import Institution
from mediaexchange.core.admin_base import in_all_languages, shown
from mediaexchange.core.edtf_words import edtf_words


@admin.register(Institution)
class InstitutionAdmin(RecordAdmin):
    list_display = ["shown_name", "kind", "country_code", "city", "shown_opened", "existence"]
    list_filter = [("kind", ChoicesDropdownFilter), ("existence", ChoicesDropdownFilter)]
    list_select_related = ["city"]
    search_fields = ["slug", *in_all_languages("name")]
    autocomplete_fields = ["city"]
    fields = ["claims", "slug", "kind", "country_code", "city", "existence", "opened", "note", "name"]
    readonly_fields = ["claims"]

    shown_name = shown("name", _("name"))

    @admin.display(description=pgettext_lazy("institution", "opened"), ordering="opened_first")
    def shown_opened(self, institution: Institution) -> str:
        return edtf_words(institution.opened) or "—"

    @admin.display(description=_("claims"))
    def claims(self, institution: Institution) -> SafeString | str:
        return claims_link("institution", institution)
