"""People in public roles with every spelling of their names."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from broadcasters.admin.base import PartInline, RecordAdmin, link
from broadcasters.admin.claims import claims_link
from broadcasters.models import Person, PersonAlias
from mediaexchange.core.admin_base import in_all_languages, shown


class PersonAliasInline(PartInline, TabularInline):
    model = PersonAlias
    hide_title = True


@admin.register(Person)
class PersonAdmin(RecordAdmin):
    list_display = ["shown_name", "shown_description"]
    search_fields = ["slug", *in_all_languages("name"), "aliases__text"]
    fields = ["claims", "slug", "source_list", "sources", "name", "description"]
    readonly_fields = ["claims", "source_list"]
    inlines = [PersonAliasInline]

    shown_name = shown("name", _("name"))
    shown_description = shown("description", _("description"))

    @admin.display(description=_("claims"))
    def claims(self, person: Person) -> SafeString | str:
        return claims_link("person", person)

    @admin.display(description=_("according to"))
    def source_list(self, person: Person) -> SafeString | str:
        given = person.sources if isinstance(person.sources, list) else []
        rows = [source for source in given if isinstance(source, dict)]
        return format_html_join(
            "",
            '<p class="mb-3">{}<br>{}</p>',
            (
                (
                    link(str(row.get("url", "")), row.get("title", "")),
                    ", ".join(str(row[key]) for key in ("publisher", "published_on", "note") if row.get(key)),
                )
                for row in rows
            ),
        )
