"""Windows of rights: the calendar, a window's page with its showings, and what is counted against it."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.admin.filters import ByWord
from archive.admin.item_deeds import ReasonForm
from broadcasters.moments import both_zones
from broadcasters.permissions import may
from mediaexchange.core.admin_base import ServiceAdmin, label, staff
from mediaexchange.core.models import User
from productions.admin.base import ProductionPagesAdmin, header_of
from productions.admin.schedule import choose_production, production_named
from productions.admin.window_calendar import all_windows
from productions.admin.window_forms import AiredForm, FigureForm, ShowingForm, WindowForm
from productions.models import AudienceFigure, Partner, Run, Window
from productions.services.production import houses_that_may
from productions.services.run import cancel_run, plan_run, record_figure, report_run
from productions.services.window import cancel_window
from productions.window_words import exclusivity_of, facts_of, period_of, places_of, platforms_of, runs_said

RUN, FIGURE = "productions.add_run", "productions.add_audiencefigure"


class HoldsFilter(ByWord):
    title, parameter_name = gettext_lazy("holds"), "holds"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        now = timezone.now()
        ended, stands = Q(ends_at__lte=now), Q(cancelled_at__isnull=True)
        return {
            "now": (gettext_lazy("now"), stands & Q(starts_at__lte=now) & ~ended),
            "later": (gettext_lazy("later"), stands & Q(starts_at__gt=now)),
            "over": (gettext_lazy("no longer"), stands & ended),
            "cancelled": (gettext_lazy("cancelled"), ~stands),
        }


@admin.register(Window)
class WindowAdmin(ProductionPagesAdmin, ServiceAdmin):
    form = WindowForm
    list_display = ("holder", "production", "where", "when", "exclusive", "counted")
    list_select_related = ("production", "holder__broadcaster")
    list_filter = (HoldsFilter,)
    fieldsets = (
        (None, {"fields": (
            "holder", "territories", "is_elsewhere", "platforms", "languages", "is_exclusive",
            ("starts_on", "starts_time"), ("ends_on", "ends_time"), "time_zone",
            ("runs", "repeat_length", "repeat_unit"), "note",
        )}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("production__stage", "holder__broadcaster")

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if production_named(request, "productions.add_window") is None:
            return choose_production(self, request)
        response: HttpResponse = super().add_view(request, *args, **kwargs)
        return response

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        production = obj.production if obj else production_named(request, "productions.add_window")
        form.production = production
        if "holder" in form.base_fields and production is not None:
            partners = Partner.objects.filter(production=production)
            form.base_fields["holder"].queryset = partners.select_related("broadcaster")
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return ((None, {"fields": ("note",)}),)
        return self.fieldsets

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was called off stays as it was."""
        return super().has_change_permission(request, obj) and (obj is None or obj.is_active)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "holder":
            return Partner.objects.visible_to(staff(request)).select_related("broadcaster")
        return super().get_field_queryset(db, db_field, request)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(self.address(obj))

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> list[Any]:
        """Nothing: PostgreSQL keeps the trail, completely."""
        return []

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("calendar/", view(self.calendar_view), name="productions_window_calendar"),
            path("<int:pk>/plan/", view(self.plan_view), name="productions_window_plan"),
            path("<int:pk>/aired/", view(self.aired_view), name="productions_window_aired"),
            path("<int:pk>/cancel/", view(self.cancel_view), name="productions_window_cancel"),
            path("<int:pk>/showing/<int:run>/aired/", view(self.aired_view), name="productions_window_run_aired"),
            path("<int:pk>/showing/<int:run>/cancel/", view(self.take_back_view), name="productions_window_run_cancel"),
            path("<int:pk>/showing/<int:run>/audience/", view(self.figure_view), name="productions_window_figure"),
            *super().get_urls(),
        ]

    def boxes_of(self, request: HttpRequest, subject: Window) -> list[SafeString]:
        user = staff(request)
        figures = AudienceFigure.objects.select_related("stated_by").order_by("-as_of", "-pk")
        showings = subject.showings.select_related("channel", "airing").prefetch_related(Prefetch("figures", figures))
        house = subject.holder.broadcaster
        zones = [subject.time_zone, timezone.get_current_timezone_name()]
        context = header_of(request, subject.production) | {
            "window": subject,
            "facts": facts_of(subject),
            "rows": [(run, both_zones(run.starts_at, None, *zones)) for run in showings],
            "may_run": subject.is_active and may(user, RUN, house.pk),
            "may_state": bool(houses_that_may(user, FIGURE, subject.production)),
            "may_change": self.has_change_permission(request, subject),
            "calendar": reverse("admin:productions_production_windows", args=[subject.production_id]),
        }
        return [SafeString(render_to_string("productions/window_box.html", context, request))]

    def calendar_view(self, request: HttpRequest) -> HttpResponse:
        return all_windows(self, request)

    def plan_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        window = self._seen(request, pk)
        self._require_run(request, window)

        def run(form: ShowingForm) -> None:
            planned = plan_run(window, actor=staff(request), **form.answers())
            said = (
                _("The showing is planned: it repeats run %(number)d.")
                if planned.is_repeat
                else _("The showing is planned: run %(number)d.")
            )
            self.message_user(request, said % {"number": planned.number}, messages.SUCCESS)

        return self._asked(request, window, ShowingForm, run, title=_("Plan a showing"))

    def aired_view(self, request: HttpRequest, pk: int, run: int | None = None) -> HttpResponse:
        window = self._seen(request, pk)
        self._require_run(request, window)
        planned = self._showing(window, run) if run is not None else None

        def store(form: AiredForm) -> None:
            aired = report_run(window, actor=staff(request), planned=planned, **form.answers())
            said = (
                _("The airing is counted: it repeats run %(number)d.")
                if aired.is_repeat
                else _("The airing is counted: run %(number)d.")
            )
            self.message_user(request, said % {"number": aired.number}, messages.SUCCESS)

        initial = {}
        if planned is not None:
            local = timezone.localtime(planned.starts_at, ZoneInfo(window.time_zone))
            initial = {
                "channel": planned.channel_id, "day": local.date(), "hour": local.time(),
                "platform": planned.platform, "language": planned.language,
            }  # fmt: skip
        return self._asked(request, window, AiredForm, store, title=_("Report an airing"), initial=initial)

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        window = self._seen(request, pk)
        if not self.has_change_permission(request, window):
            raise PermissionDenied

        def run(answers: dict[str, Any]) -> None:
            cancel_window(window, actor=staff(request), reason=answers["reason"])

        return self.ask(request, window, title=_("Call the window off"), form=ReasonForm, run=run)

    def take_back_view(self, request: HttpRequest, pk: int, run: int) -> HttpResponse:
        window = self._seen(request, pk)
        self._require_run(request, window)
        showing = self._showing(window, run)

        def store(answers: dict[str, Any]) -> None:
            cancel_run(showing, actor=staff(request), reason=answers["reason"])

        explanation = _("It stays on record and counts no longer; the others are counted afresh.")
        return self.ask(
            request, window, title=_("Take the showing back"), form=ReasonForm, run=store, explanation=explanation
        )

    def figure_view(self, request: HttpRequest, pk: int, run: int) -> HttpResponse:
        window = self._seen(request, pk)
        showing = self._showing(window, run)
        houses = houses_that_may(staff(request), FIGURE, window.production)
        if not houses:
            raise PermissionDenied

        def store(form: FigureForm) -> None:
            record_figure(showing, actor=staff(request), **form.cleaned_data)

        initial = {"stated_by": houses[0]} if len(houses) == 1 else {}
        return self._asked(
            request, window, FigureForm, store, title=_("State a figure of the audience"), initial=initial,
            arguments={"houses": houses},
        )  # fmt: skip

    def _asked(
        self,
        request: HttpRequest,
        window: Window,
        form_class: Any,
        run: Any,
        *,
        title: str,
        initial: dict[str, Any] | None = None,
        arguments: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A form that knows its window; a rule's refusal stands in it, with what was typed."""
        more = {"window": window} if arguments is None else arguments
        form: forms.Form = form_class(request.POST if request.method == "POST" else None, initial=initial, **more)
        if request.method == "POST" and form.is_valid() and self.tried(request, lambda: run(form)):
            return HttpResponseRedirect(self.address(window))
        context = {"title": title, "form": form, "explanation": ""}
        return self.page(request, "core/admin/ask.html", window, context)

    def _seen(self, request: HttpRequest, pk: int) -> Window:
        window: Window | None = self.get_queryset(request).filter(pk=pk).first()
        if window is None:
            raise Http404
        return window

    def _showing(self, window: Window, pk: int) -> Run:
        run: Run | None = window.showings.counted().filter(pk=pk).select_related("window", "channel").first()
        if run is None:
            raise Http404
        run.window = window
        return run

    def _require_run(self, request: HttpRequest, window: Window) -> None:
        if not may(staff(request), RUN, window.holder.broadcaster_id):
            raise PermissionDenied

    @admin.display(description=gettext_lazy("scope"))
    def where(self, window: Window) -> str:
        return f"{places_of(window)} · {platforms_of(window)}"

    @admin.display(description=gettext_lazy("period"), ordering="starts_at")
    def when(self, window: Window) -> str:
        return period_of(window)

    @admin.display(description=gettext_lazy("exclusive"), ordering="is_exclusive")
    def exclusive(self, window: Window) -> SafeString:
        if not window.is_active:
            return label(_("cancelled"), "danger")
        return label(exclusivity_of(window), "warning" if window.is_exclusive else "")

    @admin.display(description=gettext_lazy("runs"))
    def counted(self, window: Window) -> str:
        return runs_said(window)
