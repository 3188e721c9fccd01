"""What countries demand, as data that administrators correct; and the skills that houses ask for."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.admin.filters import ByChoice
from broadcasters.admin.base import RecordAdmin
from correspondents.constants import PaperKind
from correspondents.models import CountryRequirement, Skill
from correspondents.services.checklist import save_requirement
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, in_all_languages, shown
from mediaexchange.core.rights.words import territory_label


class RequirementForm(ServiceForm):
    def perform(self, answers: dict[str, Any]) -> Model:
        return save_requirement(self.instance, changed=set(self.changed_data))


class KindFilter(ByChoice):
    title, parameter_name, column, choices_of = pgettext_lazy("paper", "kind"), "kind", "kind", PaperKind


@admin.register(CountryRequirement)
class CountryRequirementAdmin(ServiceAdmin, RecordAdmin):
    form = RequirementForm
    list_display = (
        "country",
        "shown_name",
        "kind",
        "is_compulsory",
        "for_whom",
        "lead_days",
        "decision_days",
        "is_active",
    )
    list_filter = ("country_code", KindFilter, "is_compulsory", "is_active")
    search_fields = ("slug", *in_all_languages("name", "authority"))
    fields = (
        "slug", "country_code", "kind", "term", "is_compulsory", "for_whom",
        ("validity_days", "lead_days", "decision_days"), "counts_working_days", "time_zone", "is_active", "sources",
        "name", "authority", "papers", "note",
    )  # fmt: skip

    shown_name = shown("name", _("name"))

    def get_ordering(self, request: HttpRequest) -> Any:
        return ("country_code", "-is_compulsory", "slug")

    @admin.display(description=_("country"), ordering="country_code")
    def country(self, line: CountryRequirement) -> str:
        return territory_label(line.country_code)


@admin.register(Skill)
class SkillAdmin(RecordAdmin):
    list_display = ("shown_name", "slug")
    search_fields = ("slug", *in_all_languages("name"))
    fields = ("slug", "name")

    shown_name = shown("name", _("name"))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Skills are not searched for."""
