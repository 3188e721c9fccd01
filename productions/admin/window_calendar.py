"""The calendar of windows by month, of one production or of all; and what stands against a window that could be."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from archive.admin.footage_words import TerritoriesField, platform_choices, several, territory_choices
from archive.periods import start_of
from mediaexchange.core.admin_base import refusal, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.errors import DomainError
from mediaexchange.core.rights.territories import ALIASES, CODES
from mediaexchange.core.rights.words import platform_label, territory_label
from productions.admin.base import may_at, production_view
from productions.admin.window_forms import day_field
from productions.models import Partner, Production, Window
from productions.services.window import conflict_reason, conflicts_of
from productions.window_calendar import By, calendar_of, days_of
from productions.window_words import facts_of

MOST = 400
LENGTHS = ("3", "6", "12", "24", "36")


class CheckForm(HelpedForm):
    """A window that nobody stores, to see what stands against it."""

    holder = forms.ModelChoiceField(
        label=gettext_lazy("holder"), queryset=Partner.objects.none(), widget=UnfoldAdminSelectWidget
    )
    territories = TerritoriesField()
    platforms = several(gettext_lazy("platforms"), platform_choices, gettext_lazy("None is every platform."))
    first_on = day_field(gettext_lazy("first day"))
    last_on = day_field(gettext_lazy("last day"), required=False)
    is_exclusive = forms.BooleanField(label=gettext_lazy("exclusive"), required=False)

    def __init__(self, *args: Any, production: Production, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.production = production
        self.fields["holder"].queryset = production.partners.select_related("broadcaster")  # type: ignore[attr-defined]

    def window(self) -> Window:
        given = self.cleaned_data
        zone = given["holder"].broadcaster.time_zone
        return Window(
            production=self.production,
            holder=given["holder"],
            territories=given["territories"],
            platforms=given["platforms"],
            is_exclusive=given["is_exclusive"],
            time_zone=zone,
            starts_at=start_of(given["first_on"], zone),
            ends_at=start_of(given["last_on"] + timedelta(days=1), zone) if given["last_on"] else None,
        )


@production_view(
    "windows/", "windows", title=gettext_lazy("Rights windows"), permission="productions.view_window", position=70
)
def windows(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    """The calendar of one production, with the question whether another window could be."""
    is_asked = "holder" in request.GET
    form = CheckForm(request.GET if is_asked else None, production=production)
    proposed, found, problem = None, [], ""
    if is_asked and form.is_valid():
        proposed = form.window()
        try:
            found = conflicts_of(proposed)
        except DomainError as error:
            proposed, problem = None, refusal(error)
    context = _calendar(request, Window.objects.filter(production=production), proposed, found) | {
        "title": _("Rights windows"),
        "check": form,
        "problem": problem,
        "proposed": proposed,
        "conflicts": [conflict_reason(proposed, other) for other in found] if proposed else [],
        "add": f"{reverse('admin:productions_window_add')}?production={production.pk}"
        if may_at(request, "productions.add_window", production)
        else "",
        "form": form,
    }
    response: HttpResponse = page.production_response(request, production, "productions/windows.html", context)
    return response


def all_windows(page: Any, request: HttpRequest) -> HttpResponse:
    """The calendar of everything that the reader sees."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    rows = Window.objects.visible_to(staff(request))
    context = page.admin_site.each_context(request) | _calendar(request, rows, None, [])
    context |= {"title": _("Calendar of rights windows"), "opts": page.opts, "media": page.media}
    request.current_app = page.admin_site.name
    return TemplateResponse(request, "productions/window_calendar.html", context)


def _calendar(request: HttpRequest, rows: Any, proposed: Window | None, found: list[Window]) -> dict[str, Any]:
    asked = request.GET
    first, last = _months(asked.get("from", ""), asked.get("months", ""))
    by = asked.get("by", "") if asked.get("by") in By.values else By.PARTNER.value
    platform, territory = asked.get("platform", ""), asked.get("territory", "")
    territory = ALIASES.get(territory, territory)
    if platform in dict(platform_choices()):
        rows = rows.for_platform(platform)
    if territory in CODES:
        rows = rows.in_territory(territory)
    zone = timezone.get_current_timezone_name()
    rows = rows.active().between(start_of(first, zone), start_of(last + timedelta(days=1), zone))
    shown = list(rows.select_related("production", "holder__broadcaster").order_by("starts_at", "pk")[: MOST + 1])
    addresses: dict[int | None, str] = {
        each.pk: reverse("admin:productions_window_change", args=[each.pk]) for each in shown
    }
    chart = calendar_of(
        shown[:MOST], by=by, first=first, last=last, today=timezone.localdate(), addresses=addresses,
        proposed=proposed, against=frozenset(each.pk for each in found),
    )  # fmt: skip
    facts = [(each, addresses[each.pk], facts_of(each), days_of(each)) for each in shown[:MOST]]
    return {
        "chart": chart if chart.lines else None,
        "rows": facts,
        "is_cut": len(shown) > MOST,
        "most": MOST,
        "by": by,
        "ways": By.choices,
        "from": first.strftime("%Y-%m"),
        "lengths": LENGTHS,
        "length": asked.get("months") if asked.get("months") in LENGTHS else "12",
        "platform": platform,
        "platforms": [(name, platform_label(name)) for name, _label in platform_choices()],
        "territory": territory,
        "territories": [(code, territory_label(code)) for code, _label in territory_choices() if code in CODES],
        "against": {each.pk for each in found},
    }


def _months(first: str, number: str) -> tuple[date, date]:
    """First and last day of so many months from one that is written as YYYY-MM; this month and a year by default."""
    try:
        begins = date.fromisoformat(f"{first}-01")
    except ValueError:
        begins = timezone.localdate().replace(day=1)
    count = int(number) if number in LENGTHS else 12
    begins = max(min(begins, date(2090, 1, 1)), date(1990, 1, 1))
    month = begins.month - 1 + count
    after = date(begins.year + month // 12, month % 12 + 1, 1)
    return begins, after - timedelta(days=1)
