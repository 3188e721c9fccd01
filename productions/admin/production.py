"""Productions: the list, the form, and the pages that belong to one."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.admin.base import houses_with, short_name
from archive.admin.filters import ByChoice, ByRecord, ByWord
from broadcasters.constants import Area
from broadcasters.models import Broadcaster, Module
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, TranslatedAdmin, in_all_languages, shown, staff
from mediaexchange.core.models import User
from productions.admin.base import Mounted, ProductionPagesAdmin, may_at, mounted_views, stage_label
from productions.admin.board import board
from productions.admin.overview import overview_of
from productions.constants import ProductionKind
from productions.models import Partner, Production, Stage, Theme
from productions.services.production import save_production


class ProductionForm(ServiceForm):
    def perform(self, answers: dict[str, Any]) -> Model:
        return save_production(
            self.instance, actor=self.user, changed=set(self.changed_data), themes=answers.get("themes")
        )


class KindFilter(ByChoice):
    title, parameter_name, column, choices_of = _("kind"), "kind", "kind", ProductionKind


class StageFilter(ByRecord):
    title, parameter_name, column = pgettext_lazy("production", "stage"), "stage", "stage"

    def records(self, user: User) -> QuerySet:
        return Stage.objects.visible_to(user)


class ThemeFilter(ByRecord):
    title, parameter_name, column = _("theme"), "theme", "themes"

    def records(self, user: User) -> QuerySet:
        return Theme.objects.visible_to(user)


class PartnerFilter(ByRecord):
    title, parameter_name, column = _("partner"), "partner", "partners__broadcaster"

    def records(self, user: User) -> QuerySet:
        return Broadcaster.objects.visible_to(user)


class ModuleFilter(ByRecord):
    title, parameter_name, column = _("module"), "module", "module"

    def records(self, user: User) -> QuerySet:
        return Module.objects.visible_to(user).filter(area=Area.CO_PRODUCTION)


class PilotFilter(ByWord):
    title, parameter_name = _("pilot"), "pilot"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {"yes": (_("pilots"), Q(is_pilot=True)), "held": (_("on hold"), Q(held_at__isnull=False))}


@admin.register(Production)
class ProductionAdmin(ProductionPagesAdmin, ServiceAdmin, TranslatedAdmin):
    form = ProductionForm
    list_display = ("shown_name", "stage_shown", "kind", "partners_shown", "slate_on", "module", "is_pilot")
    list_select_related = ("stage", "module")
    list_filter = (StageFilter, KindFilter, ThemeFilter, PartnerFilter, ModuleFilter, PilotFilter)
    search_fields = ("slug", *in_all_languages("name"))
    fields = (
        "slug", "made_by", "module", ("kind", "is_pilot"), "themes", "slate_on", ("episodes", "episode_minutes"),
        "languages", "rule_set", "name", "logline", "objectives",
    )  # fmt: skip

    shown_name = shown("name", _("title"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        partners = Partner.objects.select_related("broadcaster")
        rows: QuerySet[Any] = super().get_queryset(request).select_related("stage", "module", "made_by", "rule_set")
        return rows.prefetch_related(Prefetch("partners", partners))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        given = super().get_readonly_fields(request, obj)
        if obj is None:
            return given
        return (*given, "slug", "made_by", *(("module",) if obj.is_shared else ()))

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "made_by":
            return houses_with(request, "productions.add_production")
        if db_field.name == "module":
            return Module.objects.visible_to(staff(request)).filter(area=Area.CO_PRODUCTION)
        return super().get_field_queryset(db, db_field, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = list(houses_with(request, "productions.add_production")[:2])
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return given | ({"made_by": own[0].pk} if len(own) == 1 else {})

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> list[Any]:
        """Nothing: PostgreSQL keeps the trail, completely."""
        return []

    def boxes_of(self, request: HttpRequest, subject: Production) -> list[SafeString]:
        return [overview_of(request, subject)]

    @admin.display(description=pgettext_lazy("production", "stage"), ordering="stage__position")
    def stage_shown(self, production: Production) -> SafeString:
        return stage_label(production.stage)

    @admin.display(description=_("partners"))
    def partners_shown(self, production: Production) -> str:
        return ", ".join(short_name(partner.broadcaster) for partner in production.partners.all())

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path(
                f"<int:object_id>/{each.route}",
                self.admin_site.admin_view(self._mounted(each)),
                name=f"productions_production_{each.name}",
            )
            for each in mounted_views()
        ]
        shown_board = path("board/", self.admin_site.admin_view(self.board_view), name="productions_production_board")
        return [shown_board, *pages, *super().get_urls()]

    def board_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return board(self, request)

    def _mounted(self, each: Mounted) -> Any:
        def view(request: HttpRequest, object_id: int, **kwargs: Any) -> HttpResponse:
            production = self.get_object(request, str(object_id))
            if production is None:
                return self.missing(request, str(object_id))
            if not may_at(request, each.permission, production):
                raise PermissionDenied
            return each.view(self, request, production, **kwargs)

        return view
