"""Places with their other names."""

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from broadcasters.admin.base import PartInline, RecordAdmin
from broadcasters.admin.claims import claims_link
from broadcasters.models import Place, PlaceName
from mediaexchange.core.admin_base import in_all_languages, shown


class PlaceNameInline(PartInline, TabularInline):
    model = PlaceName
    hide_title = True


@admin.register(Place)
class PlaceAdmin(RecordAdmin):
    list_display = ["shown_name", "kind", "country_code", "parent", "time_zone", "existence"]
    list_filter = [("kind", ChoicesDropdownFilter), ("existence", ChoicesDropdownFilter)]
    list_select_related = ["parent"]
    search_fields = ["slug", *in_all_languages("name"), "variants__text"]
    autocomplete_fields = ["parent"]
    fields = ["claims", "slug", "kind", "country_code", "parent", "time_zone", "existence", "name"]
    readonly_fields = ["claims"]
    inlines = [PlaceNameInline]

    shown_name = shown("name", _("name"))

    @admin.display(description=_("claims"))
    def claims(self, place: Place) -> SafeString | str:
        return claims_link("place", place)
