"""Programmes: what partners train each other in."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from archive.admin.base import houses_with
from archive.admin.filters import HouseFilter
from broadcasters.constants import Area
from broadcasters.models import Module
from mediaexchange.core.admin_base import ServiceForm, in_all_languages, shown, staff
from training.admin.base import TrainingRecordAdmin
from training.models import Programme
from training.services.programme import save_programme


class ProgrammeForm(ServiceForm):
    def perform(self, answers: dict[str, Any]) -> Model:
        return save_programme(self.instance, actor=self.user, changed=set(self.changed_data))


@admin.register(Programme)
class ProgrammeAdmin(TrainingRecordAdmin):
    form = ProgrammeForm
    list_display = ("shown_name", "broadcaster", "module", "topics_said", "is_active")
    list_select_related = ("broadcaster", "module")
    list_filter = (HouseFilter, "is_active")
    search_fields = ("slug", *in_all_languages("name"))
    fields = ("slug", "broadcaster", "module", "topics", "languages", "is_active", "name", "description")

    shown_name = shown("name", _("name"))

    @admin.display(description=_("topics"))
    def topics_said(self, programme: Programme) -> str:
        labels = dict(Programme._meta.get_field("topics").base_field.flatchoices)
        return ", ".join(str(labels.get(topic, topic)) for topic in programme.topics) or "—"

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "broadcaster":
            return houses_with(request, "training.add_programme")
        if db_field.name == "module":
            return Module.objects.visible_to(staff(request)).filter(area=Area.TRAINING)
        return super().get_field_queryset(db, db_field, request)
