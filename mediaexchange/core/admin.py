"""The platform's own pages, for superusers: the audit trail and the timetable."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django_celery_beat.admin import ClockedScheduleAdmin as BaseClockedScheduleAdmin
from django_celery_beat.admin import CrontabScheduleAdmin as BaseCrontabScheduleAdmin
from django_celery_beat.admin import PeriodicTaskAdmin as BasePeriodicTaskAdmin
from django_celery_beat.admin import PeriodicTaskForm, TaskSelectWidget
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import DropdownFilter, RangeDateTimeFilter
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from mediaexchange.core.admin_base import ExchangeAdmin
from mediaexchange.core.models import AuditEntry
from mediaexchange.core.search import pages  # noqa: F401 — registers the page of results

AUDITED_APPS = ("core", "broadcasters", "newsexchange")

admin.site.unregister(Group)  # what a person may do follows from memberships
for _model in (PeriodicTask, IntervalSchedule, CrontabSchedule, SolarSchedule, ClockedSchedule):
    admin.site.unregister(_model)


class TableFilter(DropdownFilter):
    """The audited tables by name, from the models: asking a large trail for its tables would read all of it."""

    title = _("table")
    parameter_name = "table"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        models = [model for app in AUDITED_APPS for model in apps.get_app_config(app).get_models()]
        return sorted((model._meta.db_table, str(model._meta.verbose_name)) for model in models)

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(table_name=self.value()) if self.value() else queryset


class ActionFilter(DropdownFilter):
    title = _("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("insert", _("created")), ("update", _("changed")), ("delete", _("deleted"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ExchangeAdmin):
    """Read-only, also for superusers; the database refuses changes too.

    What the values were is on the row's own history page, for those who may change the row: superusers included,
    nobody reads other newsrooms' texts here.
    """

    list_display = ["moment", "action", "table_name", "row_pk", "actor_id", "columns", "request_id"]
    list_filter = [ActionFilter, TableFilter, ("at", RangeDateTimeFilter)]
    search_fields = ["=row_pk", "=request_id"]
    search_help_text = _("A row's key or a request's id.")
    paginator = InfinitePaginator

    fields = ["at", "action", "table_name", "row_pk", "actor_id", "request_id", "columns"]
    readonly_fields = ["columns"]

    @admin.display(description=_("at"), ordering="id")
    def moment(self, entry: AuditEntry) -> SafeString:
        text = date_format(localtime(entry.at), "SHORT_DATETIME_FORMAT")
        return format_html('<span class="whitespace-nowrap">{}</span>', text)

    @admin.display(description=_("columns"))
    def columns(self, entry: AuditEntry) -> str:
        return ", ".join(sorted(entry.changed))

    def narrowed(self, queryset: QuerySet[AuditEntry], request: HttpRequest) -> QuerySet[AuditEntry]:
        return queryset if self.has_view_permission(request) else queryset.none()

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_superuser)  # the sign-in page asks, too

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class TimetableTaskWidget(UnfoldAdminSelectWidget, TaskSelectWidget):
    """The registered tasks, in unfold's clothes."""


class TimetableForm(PeriodicTaskForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["regtask"].widget = TimetableTaskWidget()


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(BasePeriodicTaskAdmin, ModelAdmin):
    form = TimetableForm


@admin.register(IntervalSchedule, SolarSchedule)
class ScheduleAdmin(ModelAdmin):
    pass


@admin.register(CrontabSchedule)
class CrontabScheduleAdmin(BaseCrontabScheduleAdmin, ModelAdmin):
    pass


@admin.register(ClockedSchedule)
class ClockedScheduleAdmin(BaseClockedScheduleAdmin, ModelAdmin):
    pass
