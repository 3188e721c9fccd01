"""The page on which a desk takes an anniversary of the diplomatic calendar into its planning."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminSelectWidget

from archive.admin.base import houses_with
from broadcasters.anniversaries import anniversary_of
from broadcasters.models import Broadcaster, DiplomaticEvent, Module
from correspondents.anniversaries import proposals
from correspondents.models import PlannedEvent
from correspondents.services.anniversary import PLAN, plan_anniversary
from mediaexchange.core.admin_base import ExchangeAdmin, refusal, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.errors import DomainError


class AnniversaryForm(HelpedForm):
    broadcaster = forms.ModelChoiceField(
        label=_("broadcaster"),
        queryset=Broadcaster.objects.none(),
        widget=UnfoldAdminSelectWidget,
        help_text=_("The house that plans it. Each house plans an anniversary once."),
    )
    module = forms.ModelChoiceField(
        label=_("module"),
        queryset=Module.objects.none(),
        widget=UnfoldAdminSelectWidget,
        required=False,
        help_text=_("Its parties see the event and say what they want of it. Empty: your module of correspondents."),
    )


def anniversary_view(page: ExchangeAdmin, request: HttpRequest, event_id: int, year: int) -> HttpResponse:
    """Asks for the house and the module; leads to what is planned already, and to the event for those who only read."""
    user = staff(request)
    event = DiplomaticEvent.objects.visible_to(user).yearly().filter(pk=event_id).first()
    anniversary = anniversary_of(event, year) if event else None
    if event is None or anniversary is None:
        return page.missing(request, str(event_id))
    found = proposals(user, anniversary.first_on, anniversary.last_on)
    planned = next((each.planned for each in found if each.anniversary == anniversary), None)
    if planned is not None:
        return HttpResponseRedirect(page.address(planned))
    back = reverse("admin:broadcasters_diplomaticevent_change", args=[event.pk])
    houses = houses_with(request, PLAN)
    if not houses.exists():
        return HttpResponseRedirect(back)
    form = AnniversaryForm(request.POST if request.method == "POST" else None)
    form.fields["broadcaster"].queryset = houses  # type: ignore[attr-defined]
    form.fields["module"].queryset = Module.objects.visible_to(user).running()  # type: ignore[attr-defined]
    if len(houses) == 1:
        form.initial["broadcaster"] = houses[0].pk
    if request.method == "POST" and form.is_valid():
        stored = _plan(form, event, year, user)
        if stored is not None:
            return HttpResponseRedirect(page.address(stored))
    years = ngettext("%(years)d year", "%(years)d years", anniversary.years) % {"years": anniversary.years}
    context: dict[str, Any] = {
        "title": _("Plan this anniversary"),
        "form": form,
        "back": back,
        "explanation": f"{event}: {years}, {anniversary.when}",
    }
    return page.page(request, "core/admin/ask.html", event, context)


def _plan(form: forms.Form, event: DiplomaticEvent, year: int, user: Any) -> PlannedEvent | None:
    answers = form.cleaned_data
    try:
        return plan_anniversary(event, year, actor=user, broadcaster=answers["broadcaster"], module=answers["module"])
    except DomainError as error:
        form.add_error(None, refusal(error))
        return None
