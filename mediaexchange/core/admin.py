"""The platform's own pages, for superusers: the audit trail and the timetable."""

import json
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_celery_beat.admin import ClockedScheduleAdmin as BaseClockedScheduleAdmin
from django_celery_beat.admin import CrontabScheduleAdmin as BaseCrontabScheduleAdmin
from django_celery_beat.admin import PeriodicTaskAdmin as BasePeriodicTaskAdmin
from django_celery_beat.admin import PeriodicTaskForm, TaskSelectWidget
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule
from kombu import Producer
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import DropdownFilter, RangeDateTimeFilter
from unfold.forms import AdminOwnPasswordChangeForm
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from mediaexchange.core import (
    bell,
    calendar_pages,  # noqa: F401 — registers the page of calendars
)
from mediaexchange.core.admin_base import ExchangeAdmin
from mediaexchange.core.admin_help import HelpedFields
from mediaexchange.core.admin_history import ACTIONS
from mediaexchange.core.errors import Message
from mediaexchange.core.inbox import admin as inbox  # noqa: F401 — registers everybody's inbox
from mediaexchange.core.languages.localize import alphabetical
from mediaexchange.core.models import AuditEntry
from mediaexchange.core.search import pages  # noqa: F401 — registers the page of results

SCHEDULES = ("interval", "crontab", "solar", "clocked")
AUDITED_APPS = ("core", "broadcasters", "archive", "training", "correspondents", "productions", "newsexchange")

admin.site.unregister(Group)  # what a person may do follows from memberships
for _model in (PeriodicTask, IntervalSchedule, CrontabSchedule, SolarSchedule, ClockedSchedule):
    admin.site.unregister(_model)


class TableFilter(DropdownFilter):
    """The audited tables by name, from the models: asking a large trail for its tables would read all of it."""

    title = _("table")
    parameter_name = "table"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        models = [model for app in AUDITED_APPS for model in apps.get_app_config(app).get_models()]
        tables = [(model._meta.db_table, str(model._meta.verbose_name)) for model in models]
        return sorted(tables, key=lambda table: alphabetical(table[1]))

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(table_name=self.value()) if self.value() else queryset


class ActionFilter(DropdownFilter):
    title = _("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(ACTIONS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ExchangeAdmin):
    """Read-only, also for superusers; the database refuses changes too.

    What the values were is on the row's own history page, for those who may change the row: superusers included,
    nobody reads other newsrooms' texts here.
    """

    list_display = ["moment", "done", "table", "row_pk", "actor_id", "columns", "request_id"]
    list_filter = [ActionFilter, TableFilter, ("at", RangeDateTimeFilter)]
    search_fields = ["=row_pk", "=request_id"]
    search_help_text = _("A row's key or a request's id.")
    paginator = InfinitePaginator

    fields = ["at", "done", "table", "row_pk", "actor_id", "request_id", "columns"]
    readonly_fields = ["done", "table", "columns"]

    @admin.display(description=_("at"), ordering="id")
    def moment(self, entry: AuditEntry) -> SafeString:
        text = date_format(localtime(entry.at), "SHORT_DATETIME_FORMAT")
        return format_html('<span class="whitespace-nowrap">{}</span>', text)

    @admin.display(description=_("table"))
    def table(self, entry: AuditEntry) -> SafeString:
        return format_html("<code>{}</code>", entry.table_name)

    @admin.display(description=_("columns"))
    def columns(self, entry: AuditEntry) -> SafeString:
        return format_html("<code>{}</code>", ", ".join(sorted(entry.changed)))

    @admin.display(description=_("action"))
    def done(self, entry: AuditEntry) -> Message:
        return ACTIONS.get(entry.action, entry.action)

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


# The package makes the page of one's own password from this form and from no other.
AdminOwnPasswordChangeForm.base_fields["old_password"].help_text = _("The one with which you have signed in.")


class TimetableTaskWidget(UnfoldAdminSelectWidget, TaskSelectWidget):
    """The registered tasks, in unfold's clothes."""


class TimetableForm(PeriodicTaskForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["regtask"].widget = TimetableTaskWidget()

    def validate_unique(self) -> None:
        """The package's own check, which comes after this one, says the same in English only."""
        chosen = [name for name in SCHEDULES if self.cleaned_data.get(name)]
        if not chosen and self.instance.pk:  # the page's title names the task with its schedule
            self.instance.refresh_from_db(fields=SCHEDULES)
        if len(chosen) != 1:
            self.add_error(None, _("Choose one schedule: an interval, a crontab, a solar event or a point in time."))
        elif chosen == ["clocked"] and not self.cleaned_data.get("one_off"):
            self.add_error("one_off", _("What happens at a point in time happens once."))
        else:
            super().validate_unique()

    def _clean_json(self, field: str) -> str:
        value: str = self.cleaned_data[field]
        try:
            json.loads(value)
        except ValueError as error:
            raise forms.ValidationError(_("This is not valid JSON.")) from error
        return value


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(HelpedFields, BasePeriodicTaskAdmin, ModelAdmin):
    """Without what the package says in English only: schedules in words, and the column of all kinds of schedules."""

    form = TimetableForm
    change_form_template = None
    list_display = ["name", "job", "enabled", "when", "start_time", "last_run_at", "one_off"]
    list_filter = ["enabled", "one_off"]
    readonly_fields = ["last_run_at"]
    fieldsets = [
        (title, {**options, "fields": [name for name in options["fields"] if name != "crontab_translation"]})
        for title, options in BasePeriodicTaskAdmin.fieldsets
    ]

    @admin.display(description=_("task"), ordering="task")
    def job(self, task: PeriodicTask) -> SafeString:
        return format_html("<code>{}</code>", task.task)

    @admin.display(description=_("schedule"))
    def when(self, task: PeriodicTask) -> str:
        if task.clocked:
            return date_format(localtime(task.clocked.clocked_time), "SHORT_DATETIME_FORMAT")
        return str(next((schedule for name in SCHEDULES if (schedule := getattr(task, name))), "—"))

    @admin.action(description=_("Run selected tasks"))
    def run_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        """Send them to their queues now. The package's own says how many in a way that no other language can."""
        self.celery_app.loader.import_default_modules()
        chosen = list(queryset)
        unknown = [each.name for each in chosen if each.task not in self.celery_app.tasks]
        if unknown:
            told = _("No program knows these tasks, and none was run: %(names)s.") % {"names": ", ".join(unknown)}
            self.message_user(request, told, messages.ERROR)
            return
        try:
            with bell.sending() as producer:
                for each in chosen:
                    self._send(each, producer)
        except bell.UNHEARD:
            self.message_user(request, _("The workers cannot be reached. Try again soon."), messages.ERROR)
            return
        told = ngettext("%(count)d task was sent off.", "%(count)d tasks were sent off.", len(chosen))
        self.message_user(request, told % {"count": len(chosen)})

    def _send(self, task: PeriodicTask, producer: Producer) -> None:
        self.celery_app.tasks[task.task].apply_async(
            args=json.loads(task.args),
            kwargs=json.loads(task.kwargs),
            queue=task.queue or None,
            headers={"periodic_task_name": task.name},
            producer=producer,
            retry=False,
        )


@admin.register(IntervalSchedule, SolarSchedule)
class ScheduleAdmin(ModelAdmin):
    pass


@admin.register(CrontabSchedule)
class CrontabScheduleAdmin(BaseCrontabScheduleAdmin, ModelAdmin):
    inlines = ()  # the package's list of tasks has a column with an English name
    list_display = ["__str__"]
    fields = ["minute", "hour", "day_of_month", "month_of_year", "day_of_week", "timezone"]
    readonly_fields = ()


@admin.register(ClockedSchedule)
class ClockedScheduleAdmin(BaseClockedScheduleAdmin, ModelAdmin):
    inlines = ()
