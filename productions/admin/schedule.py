"""Schedules: the chart of milestones against a baseline, with the same in a table, and what is done to milestones."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.admin.filters import ByWord
from broadcasters.moments import both_zones
from broadcasters.permissions import may
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, TranslatedAdmin, label, shown, staff
from mediaexchange.core.models import User
from mediaexchange.core.numbers import whole_number
from productions.admin.base import ProductionPagesAdmin, header_of, may_at, production_view
from productions.gantt import chart_of, said_days
from productions.models import Baseline, Milestone, Partner, Production
from productions.models.milestone import STATE_LABELS
from productions.services.baseline import Shift, compare, lock_baseline
from productions.services.schedule import (
    CHANGE,
    cancel_milestone,
    finish_milestone,
    reopen_milestone,
    save_milestone,
)

LOOKS = {"done": "success", "late": "danger", "open": "info", "cancelled": ""}
_DEEDS: dict[str, Callable[..., Milestone]] = {
    "finish": finish_milestone,
    "reopen": reopen_milestone,
    "cancel": cancel_milestone,
}


class MilestoneForm(ServiceForm):
    production: Production

    def perform(self, answers: dict[str, Any]) -> Model:
        if self.instance.pk is None:
            self.instance.production = self.production
        waits_for = answers["depends_on"] if "depends_on" in self.changed_data else None
        return save_milestone(self.instance, actor=self.user, changed=set(self.changed_data), waits_for=waits_for)


class StateFilter(ByWord):
    title, parameter_name = gettext_lazy("status"), "state"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        is_open = Q(done_at__isnull=True, is_cancelled=False)
        now = timezone.now()
        return {
            "late": (STATE_LABELS["late"], is_open & Q(ends_at__lte=now)),
            "open": (STATE_LABELS["open"], is_open & Q(ends_at__gt=now)),
            "done": (STATE_LABELS["done"], Q(done_at__isnull=False)),
            "cancelled": (STATE_LABELS["cancelled"], Q(is_cancelled=True)),
        }


@admin.register(Milestone)
class MilestoneAdmin(ProductionPagesAdmin, ServiceAdmin, TranslatedAdmin):
    """Planned from the page of a production's schedule."""

    form = MilestoneForm
    list_display = ("shown_title", "production", "owner", "due", "state_shown")
    list_select_related = ("production", "owner__broadcaster")
    list_filter = (StateFilter,)
    ordering = ("ends_at", "id")
    fields = ("title", "owner", ("starts_on", "due_on"), "due_at", "time_zone", "position", "depends_on")

    shown_title = shown("title", gettext_lazy("title"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("production__stage", "owner__broadcaster")

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if production_named(request, "productions.add_milestone") is None:
            return choose_production(self, request)
        response: HttpResponse = super().add_view(request, *args, **kwargs)
        return response

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        production = obj.production if obj else production_named(request, "productions.add_milestone")
        form.production = production
        if "owner" in form.base_fields and production is not None:
            partners = Partner.objects.filter(production=production)
            form.base_fields["owner"].queryset = partners.select_related("broadcaster")
        if "depends_on" in form.base_fields and production is not None:
            others = Milestone.objects.filter(production=production, is_cancelled=False)
            form.base_fields["depends_on"].queryset = others.exclude(pk=obj.pk) if obj else others
        if "time_zone" in form.base_fields:
            form.base_fields["time_zone"].required = False
            form.base_fields["time_zone"].help_text = _("Empty: that of the owner.")
        return form

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "owner":
            return Partner.objects.visible_to(staff(request)).select_related("broadcaster")
        return super().get_field_queryset(db, db_field, request)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        super().response_add(request, obj, post_url_continue)
        if "_addanother" in request.POST:
            return HttpResponseRedirect(request.get_full_path())
        return HttpResponseRedirect(schedule_of(obj.production_id))

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> list[Any]:
        """Nothing: PostgreSQL keeps the trail, completely."""
        return []

    def boxes_of(self, request: HttpRequest, subject: Milestone) -> list[SafeString]:
        moments = both_zones(subject.late_from, None, subject.time_zone, timezone.get_current_timezone_name())
        context = header_of(request, subject.production) | {
            "milestone": subject,
            "state": state_label(subject),
            "moments": moments,
            "schedule": schedule_of(subject.production_id),
            "waits_for": subject.depends_on.all(),
            "deeds": deeds_for(staff(request), subject, may_change=self.has_change_permission(request, subject)),
        }
        return [SafeString(render_to_string("productions/milestone_box.html", context, request))]

    @admin.display(description=gettext_lazy("due"), ordering="ends_at")
    def due(self, milestone: Milestone) -> Any:
        return milestone.due_day

    @admin.display(description=gettext_lazy("status"))
    def state_shown(self, milestone: Milestone) -> SafeString:
        return state_label(milestone)


@production_view(
    "schedule/", "schedule", title=gettext_lazy("Schedule"), permission="productions.view_milestone", position=30
)
def schedule(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    """The chart and its table; deeds of milestones, and the lock of a baseline, come by POST."""
    if request.method == "POST":
        _run(page, request, production)
        return HttpResponseRedirect(request.get_full_path())
    baselines = list(production.baselines.filter(locked_at__isnull=False).select_related("locked_by"))
    wanted = request.GET.get("baseline", "")
    chosen = next((each for each in baselines if str(each.pk) == wanted), None if wanted == "0" else _newest(baselines))
    shifts = compare(production, chosen)
    user = staff(request)
    addresses = {
        shift.milestone.pk: reverse("admin:productions_milestone_change", args=[shift.milestone.pk]) for shift in shifts
    }
    may_change = may_at(request, CHANGE, production) and not production.stage.is_closed
    context = {
        "title": _("Schedule"),
        "chart": chart_of(shifts, timezone.localdate(), addresses) if shifts else None,
        "rows": [_row(shift, addresses, user, may_change=may_change) for shift in shifts],
        "baselines": baselines,
        "chosen": chosen,
        "may_lock": may_at(request, "productions.add_baseline", production),
        "may_change": may_change,
        "add": f"{reverse('admin:productions_milestone_add')}?production={production.pk}",
    }
    response: HttpResponse = page.production_response(request, production, "productions/schedule.html", context)
    return response


def production_named(request: HttpRequest, permission: str) -> Production | None:
    """The production that the address names, if the reader may add something to it."""
    named = whole_number(request.GET.get("production", ""))
    if named is None:
        return None
    return Production.objects.changeable_by(staff(request), permission).filter(pk=named).first()


def choose_production(page: Any, request: HttpRequest) -> HttpResponse:
    """Parts are begun on the page of their production."""
    page.message_user(request, _("Choose the production first, then add it there."), messages.INFO)
    return HttpResponseRedirect(reverse("admin:productions_production_board"))


def schedule_of(production_id: int) -> str:
    return reverse("admin:productions_production_schedule", args=[production_id])


def state_label(milestone: Milestone) -> SafeString:
    state = milestone.state(timezone.now())
    return label(STATE_LABELS[state], LOOKS[state])


def deeds_for(user: User, milestone: Milestone, *, may_change: bool) -> list[tuple[str, str]]:
    """(deed, its words): what this person may do about it now."""
    found = []
    if may(user, CHANGE, milestone.owner.broadcaster_id) and not milestone.is_cancelled:
        found.append(("reopen", _("Not done after all")) if milestone.is_done else ("finish", _("Done")))
    if may_change and milestone.is_open:
        found.append(("cancel", _("Call off")))
    return found


def _newest(baselines: list[Baseline]) -> Baseline | None:
    return baselines[0] if baselines else None


def _row(shift: Shift, addresses: dict[int, str], user: User, *, may_change: bool) -> dict[str, Any]:
    milestone = shift.milestone
    return {
        "shift": shift,
        "milestone": milestone,
        "address": addresses[milestone.pk],
        "state": state_label(milestone),
        "days": said_days(shift, timezone.localdate()) if shift.planned or not milestone.is_cancelled else "—",
        "deeds": deeds_for(user, milestone, may_change=may_change) if may_change else [],
    }


def _run(page: Any, request: HttpRequest, production: Production) -> None:
    actor, deed = staff(request), request.POST.get("deed", "")
    if deed == "lock":
        run: Callable[[], object] = partial(
            lock_baseline, production, actor=actor, name=request.POST.get("name", "")[:200]
        )
        said = _("The baseline is locked: nobody can change it any more.")
    elif deed in _DEEDS:
        named = request.POST.get("milestone", "")
        milestone = get_object_or_404(production.milestones, pk=whole_number(named) or 0)
        run, said = partial(_DEEDS[deed], milestone, actor=actor), _("Stored.")
    else:
        raise PermissionDenied
    if page.tried(request, run):
        page.message_user(request, said, messages.SUCCESS)
