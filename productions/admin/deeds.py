"""What is done to a whole production: moved, shared with its partners, taken off hold."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from mediaexchange.core.admin_base import staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.languages.localize import localized
from productions.admin.base import may_at, production_view
from productions.models import Production
from productions.querysets import CHANGE
from productions.services.production import resume_production, share_production
from productions.services.stage import move_production, steps_of


class MoveForm(HelpedForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept in the history; every partner reads it."),
        widget=UnfoldAdminTextareaWidget,
        max_length=2000,
    )

    def __init__(self, *args: Any, is_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_needed


@production_view("go/", "go", permission=CHANGE)
def go(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    """Where the board's lists of stages lead: to the page that asks before it moves."""
    wanted = request.GET.get("stage", "")
    slugs = {step.stage.slug for step in steps_of(production)}
    if wanted not in slugs:
        return HttpResponseRedirect(page.address(production))
    return HttpResponseRedirect(reverse("admin:productions_production_move", args=[production.pk, wanted]))


@production_view("move/<slug:stage>/", "move", permission=CHANGE)
def move(page: Any, request: HttpRequest, production: Production, stage: str) -> HttpResponse:
    """Shows what is in the way, each with its link; asks for the reason where nothing is."""
    step = next((each for each in steps_of(production) if each.stage.slug == stage), None)
    if step is None:
        return page.missing(request, str(production.pk))  # type: ignore[no-any-return]
    form = MoveForm(request.POST if request.method == "POST" else None, is_needed=step.move.needs_reason)

    def run() -> None:
        move_production(production, actor=staff(request), stage=step.stage, reason=form.cleaned_data.get("reason", ""))

    if request.method == "POST" and form.is_valid() and page.tried(request, run):
        said = _("“%(title)s” is now at this stage: %(stage)s.")
        names = {"title": localized(production, "name"), "stage": localized(step.stage, "name")}
        page.message_user(request, said % names, messages.SUCCESS)
        return HttpResponseRedirect(page.address(production))
    title = _("Move to “%(stage)s”") % {"stage": localized(step.stage, "name")}
    context = {"title": title, "form": form, "step": step, "board": reverse("admin:productions_production_board")}
    return page.production_response(request, production, "productions/move.html", context)  # type: ignore[no-any-return]


@production_view("share/", "share", permission=CHANGE)
def share(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    def run(_answers: dict[str, Any]) -> None:
        share_production(production, actor=staff(request))

    explanation = _("All partners see the production from now on. It cannot be taken back.")
    return page.ask(  # type: ignore[no-any-return]
        request, production, title=_("Share with the partners"), run=run, explanation=explanation
    )


@production_view("resume/", "resume", permission=CHANGE)
def resume(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    def run(_answers: dict[str, Any]) -> None:
        resume_production(production, actor=staff(request))

    return page.ask(  # type: ignore[no-any-return]
        request, production, title=_("Take off hold"), run=run,
        explanation=_("The production goes on from where it stands."),
    )  # fmt: skip


def require_change(request: HttpRequest, production: Production) -> None:
    """Raises PermissionDenied for those who only read it."""
    if not may_at(request, CHANGE, production):
        raise PermissionDenied
