"""The page on which partners review a pilot: marks of each house side by side, one decision, what it proposes."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSingleDateWidget

from broadcasters.constants import ModuleState
from broadcasters.models import Broadcaster
from broadcasters.permissions import may
from mediaexchange.core.admin_base import staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.numbers import whole_number
from mediaexchange.core.validators import validate_day
from productions.admin.base import may_at, production_view
from productions.constants import HIGHEST_MARK, Criterion, PilotDecision
from productions.models import PilotReview, Production
from productions.services.pilot import (
    CHANGE,
    MARK,
    decide_pilot,
    mark_pilot,
    move_module_of,
    open_review,
    proposal_for,
    unmarked,
)
from productions.services.production import houses_that_may

_MEANS = {
    PilotDecision.GO: gettext_lazy("It goes into production."),
    PilotDecision.SCALE: gettext_lazy("It goes into production, and the module may be scaled."),
    PilotDecision.PAUSE: gettext_lazy("It is put on hold until somebody takes it off."),
    PilotDecision.STOP: gettext_lazy("It is stopped, with the reason."),
}


class OpenForm(HelpedForm):
    due_on = forms.DateField(
        label=gettext_lazy("due on"), required=False, localize=True, widget=UnfoldAdminSingleDateWidget,
        validators=[validate_day],
    )  # fmt: skip


@production_view(
    "pilot/", "pilot", title=gettext_lazy("Pilot review"), permission="productions.view_pilotreview", position=20
)
def pilot(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    """One button, one deed. What may be done, the services know."""
    form = OpenForm(request.POST if request.POST.get("deed") == "open" else None)
    if request.method == "POST" and _done(page, request, production, form):
        return HttpResponseRedirect(request.path)
    user = staff(request)
    reviews = list(
        production.pilot_reviews.select_related("opened_by", "decided_by", "module_move").prefetch_related(
            "marks__broadcaster", "marks__marked_by"
        )
    )
    for review in reviews:
        review.production = production
    current = next((review for review in reviews if not review.is_decided), None)
    own = houses_that_may(user, MARK, production)
    parties = production.module.parties.values_list("pk", flat=True)
    context = {
        "title": _("Pilot review"),
        "form": form,
        "current": current,
        "grid": _grid(current) if current else None,
        "own": [_sheet(current, house) for house in Broadcaster.objects.filter(pk__in=own)] if current else [],
        "unmarked": [criterion.label for criterion in unmarked(current)] if current else [],
        "decisions": [(value.value, value.label, _MEANS[value]) for value in PilotDecision],
        "past": [
            (review, _grid(review), _state(proposal_for(review, user))) for review in reviews if review.is_decided
        ],
        "may_open": current is None
        and production.is_pilot
        and not (production.stage.is_initial or production.stage.is_closed)
        and may_at(request, "productions.add_pilotreview", production),
        "may_decide": current is not None and may_at(request, CHANGE, production),
        "may_move_module": any(may(user, "broadcasters.move_module", party) for party in parties),
        "may_resume": production.is_held and may_at(request, "productions.change_production", production),
        "module": production.module,
    }
    return page.production_response(request, production, "productions/pilot.html", context)  # type: ignore[no-any-return]


def _done(page: Any, request: HttpRequest, production: Production, form: OpenForm) -> bool:
    """Do what was asked; False where the page is to be shown again with what was typed."""
    deed, user = request.POST.get("deed", ""), staff(request)
    if deed == "open":
        return form.is_valid() and page.tried(
            request, lambda: open_review(production, actor=user, due_on=form.cleaned_data["due_on"])
        )
    uid = request.POST.get("review", "")
    reviews = PilotReview.objects.visible_to(user).filter(production=production)
    review = get_object_or_404(reviews, pk=whole_number(uid) or 0)
    if deed == "mark":
        return _mark(page, request, review)
    if deed == "decide":
        decide = partial(
            decide_pilot, review, actor=user, decision=request.POST.get("decision", ""),
            reason=request.POST.get("reason", ""), with_module=request.POST.get("with_module") == "on",
        )  # fmt: skip
        if page.tried(request, decide):
            page.message_user(request, _("The decision is recorded."), messages.SUCCESS)
            return True
        return False
    if deed == "module" and page.tried(request, lambda: move_module_of(review, actor=user)):
        page.message_user(request, _("The module is moved on, with the reason of the review."), messages.SUCCESS)
    return True


def _mark(page: Any, request: HttpRequest, review: PilotReview) -> bool:
    house = get_object_or_404(Broadcaster, slug=request.POST.get("house", ""))

    def run() -> None:
        for criterion in Criterion:
            mark = whole_number(request.POST.get(f"mark-{criterion.value}", ""))
            if mark is not None:
                note = request.POST.get(f"note-{criterion.value}", "")[:5000]
                mark_pilot(
                    review, actor=staff(request), criterion=criterion, mark=mark, note=note, house=house
                )  # fmt: skip

    if page.tried(request, run):
        page.message_user(request, _("The marks are recorded."), messages.SUCCESS)
        return True
    return False


def _grid(review: PilotReview) -> list[tuple[Any, list[Any]]]:
    """Each criterion with the marks of all houses. They are shown side by side and never added up."""
    marks = list(review.marks.all())
    return [(criterion.label, [mark for mark in marks if mark.criterion == criterion]) for criterion in Criterion]


def _sheet(review: PilotReview, house: Broadcaster) -> dict[str, Any]:
    given = {mark.criterion: mark for mark in review.marks.all() if mark.broadcaster_id == house.pk}
    scale = range(1, HIGHEST_MARK + 1)
    lines = [(criterion.value, criterion.label, given.get(criterion.value)) for criterion in Criterion]
    return {"house": house, "lines": lines, "scale": scale}


def _state(state: str) -> Any:
    return ModuleState(state).label if state else ""
