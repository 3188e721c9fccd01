"""Equipment with who has it when, and what each house does about overlaps."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.admin.base import houses_with
from archive.admin.filters import ByChoice, HouseFilter
from broadcasters.constants import Area
from broadcasters.models import Module
from broadcasters.permissions import may
from correspondents.admin.base import CorrespondentsAdmin, CorrespondentsRecordAdmin, assignment_label, in_both_zones
from correspondents.constants import Effect, KitKind
from correspondents.models import Kit, KitBooking, OverlapPolicy
from correspondents.services.kit import save_kit
from mediaexchange.core.admin_base import ServiceForm, in_all_languages, label, shown, staff

_EFFECT_LOOK = {Effect.BLOCK: "danger", Effect.WARN: "warning", Effect.IGNORE: ""}


class KitForm(ServiceForm):
    def perform(self, answers: dict[str, Any]) -> Model:
        return save_kit(self.instance, actor=self.user, changed=set(self.changed_data))


class KindFilter(ByChoice):
    title, parameter_name, column, choices_of = pgettext_lazy("kit", "kind"), "kind", "kind", KitKind


@admin.register(Kit)
class KitAdmin(CorrespondentsRecordAdmin):
    form = KitForm
    list_display = ("shown_name", "inventory_number", "kind", "broadcaster", "is_active")
    list_select_related = ("broadcaster",)
    list_filter = (KindFilter, HouseFilter, "is_active")
    search_fields = ("inventory_number", "serial_number", *in_all_languages("name"))
    fields = ("broadcaster", "kind", "inventory_number", "serial_number", "is_active", "name")

    shown_name = shown("name", _("name"))

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "broadcaster":
            return houses_with(request, "correspondents.add_kit")
        return super().get_field_queryset(db, db_field, request)

    def boxes_of(self, request: HttpRequest, subject: Kit) -> list[SafeString]:
        rows = KitBooking.objects.visible_to(staff(request)).filter(kit=subject).standing()
        bookings = [
            (row.assignment, assignment_label(row.assignment),
             in_both_zones(row.period.lower, row.period.upper, row.assignment.time_zone))
            for row in rows.select_related("assignment").order_by("-period")[:50]
        ]  # fmt: skip
        return [SafeString(render_to_string("correspondents/kit.html", {"bookings": bookings}, request))]


@admin.register(OverlapPolicy)
class OverlapPolicyAdmin(CorrespondentsAdmin):
    """Written as they are: the database reads them when it decides."""

    list_display = ("broadcaster", "module_said", "rule", "effect_said")
    list_select_related = ("broadcaster", "module")
    list_filter = (HouseFilter,)
    fields = ("broadcaster", "module", "rule", "effect")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("broadcaster", "module", "rule") if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Without a policy the usual effect holds again."""
        house = obj.broadcaster_id if obj is not None else None
        return house is None or may(staff(request), "correspondents.delete_overlappolicy", house)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "broadcaster":
            return houses_with(request, "correspondents.add_overlappolicy")
        if db_field.name == "module":
            return Module.objects.visible_to(staff(request)).filter(area=Area.CORRESPONDENTS)
        return super().get_field_queryset(db, db_field, request)

    @admin.display(description=_("module"))
    def module_said(self, policy: OverlapPolicy) -> str:
        return str(policy.module) if policy.module else str(_("everywhere else"))

    @admin.display(description=_("effect"), ordering="effect")
    def effect_said(self, policy: OverlapPolicy) -> SafeString:
        return label(policy.get_effect_display(), _EFFECT_LOOK[Effect(policy.effect)])
