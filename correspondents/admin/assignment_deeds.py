"""What is done on an assignment's page: one button, one deed; what needs words asks on a page of its own."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from correspondents.admin.assignment_box import asked_of
from correspondents.admin.assignment_forms import AccessForm, FileForm, HandOverForm, WhyForm
from correspondents.admin.base import CorrespondentsAdmin, by_clocks
from correspondents.constants import AccessStatus
from correspondents.models import Assignment, Kit, KitBooking
from correspondents.services.access import answer_access, ask_access
from correspondents.services.assignment import (
    accept_assignment,
    cancel_assignment,
    complete_assignment,
    decline_assignment,
    give_assignment,
    redraft_assignment,
    start_assignment,
)
from correspondents.services.hand_over import offer_hand_over
from correspondents.services.kit import book_kit, release_booking
from mediaexchange.core.admin_base import refusal, staff
from mediaexchange.core.errors import DomainError, Message
from mediaexchange.core.numbers import whole_number

_DEEDS: dict[str, Callable[..., Assignment]] = {
    "give": give_assignment,
    "accept": accept_assignment,
    "start": start_assignment,
    "redraft": redraft_assignment,
}
_TITLES: dict[str, Message] = {
    "decline": pgettext_lazy("assignment", "Decline"),
    "complete": pgettext_lazy("assignment", "End it"),
    "cancel": pgettext_lazy("assignment", "Call off"),
    "hand-over": _("Hand over"),
    "access": _("Ask for access"),
    "file": pgettext_lazy("assignment", "File"),
}
_MEANS: dict[str, Message] = {
    "decline": _("Your house reads the reason. Equipment and hand-overs are let go."),
    "complete": _("What is left of the period is free again, for the person and the equipment."),
    "cancel": _("Everybody who has to do with it is told. Coverage that hung on it is wanted again."),
    "hand-over": _("The rest of the assignment passes on as soon as the other side takes over; both sides are told."),
    "access": _("The host’s desk answers. Without an institution it is asked for all of the sphere."),
    "file": _("Link what came of the assignment. A wish that it answers counts as delivered."),
}


class AssignmentDeeds(CorrespondentsAdmin):
    def get_urls(self) -> list[URLPattern]:
        return [
            self.named_page("do/", self.do_view, "do"),
            self.named_page("ask/<slug:deed>/", self.ask_view, "ask"),
            *super().get_urls(),
        ]

    def require_view(self, request: HttpRequest) -> None:
        """Raises PermissionDenied for a role that sees no assignments."""
        if not self.has_view_permission(request):
            raise PermissionDenied

    def do_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Done at once. What may be done, the services know."""
        assignment = self.get_object(request, str(object_id))
        if assignment is None:
            return self.missing(request, str(object_id))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        deed, actor = request.POST.get("deed", ""), staff(request)
        if deed in _DEEDS:
            if self.tried(request, partial(_DEEDS[deed], assignment, actor=actor)):
                assignment.refresh_from_db()
                said = _("Now: %(status)s.") % {"status": assignment.get_status_display()}
                self.message_user(request, said, messages.SUCCESS)
        elif deed == "answer-access":
            access = get_object_or_404(assignment.accesses, pk=_number(request, "access"))
            status = request.POST.get("status", "")
            if status in AccessStatus.values:
                conditions = request.POST.get("conditions", "")
                answer = partial(answer_access, access, actor=actor, status=status, conditions=conditions)
                if self.tried(request, answer):
                    self.message_user(request, _("Both sides are told."), messages.SUCCESS)
        elif deed == "book":
            kit = get_object_or_404(Kit.objects.visible_to(actor), pk=_number(request, "kit"))
            if self.tried(request, partial(book_kit, kit, assignment, actor=actor)):
                self.message_user(request, _("It is booked."), messages.SUCCESS)
        elif deed == "release":
            bookings = KitBooking.objects.visible_to(actor).filter(assignment=assignment)
            booking = get_object_or_404(bookings, pk=_number(request, "booking"))
            if self.tried(request, partial(release_booking, booking, actor=actor)):
                self.message_user(request, _("It is given back."), messages.SUCCESS)
        return self.back(request, assignment)

    def ask_view(self, request: HttpRequest, object_id: int, deed: str) -> HttpResponse:
        """A page with the questions of one deed; a refusal stands in its form, and nothing typed is lost."""
        assignment = self.get_object(request, str(object_id))
        if assignment is None or deed not in _TITLES:
            return self.missing(request, str(object_id))
        if deed not in asked_of(assignment, staff(request)):
            raise PermissionDenied
        back = next_of(request) or self.address(assignment)
        form = self._form(request, assignment, deed)
        if request.method == "POST" and form.is_valid():
            try:
                self._perform(request, assignment, deed, form.cleaned_data)
            except DomainError as error:
                form.add_error(None, refusal(error))
            else:
                self.message_user(request, _("It is done."), messages.SUCCESS)
                return HttpResponseRedirect(back)
        context = {"title": _TITLES[deed], "form": form, "explanation": _MEANS[deed], "back": back}
        return self.page(request, "core/admin/ask.html", assignment, context)

    def _form(self, request: HttpRequest, assignment: Assignment, deed: str) -> forms.Form:
        data = request.POST if request.method == "POST" else None
        user = staff(request)
        if deed in ("decline", "cancel"):
            return WhyForm(data)
        if deed == "hand-over":
            return HandOverForm(data, assignment=assignment, user=user)
        if deed == "access":
            return AccessForm(data)
        if deed == "file":
            return FileForm(data, assignment=assignment, user=user)
        return forms.Form(data)

    def _perform(self, request: HttpRequest, assignment: Assignment, deed: str, answers: dict[str, Any]) -> None:
        actor = staff(request)
        if deed == "decline":
            decline_assignment(assignment, actor=actor, reason=answers["reason"])
        elif deed == "cancel":
            cancel_assignment(assignment, actor=actor, reason=answers["reason"])
        elif deed == "complete":
            complete_assignment(assignment, actor=actor)
        elif deed == "hand-over":
            offer_hand_over(
                assignment, actor=actor, to_correspondent=answers["to_correspondent"],
                at=by_clocks(answers["at"], assignment.time_zone), matters=answers["matters"],
            )  # fmt: skip
        elif deed == "access":
            ask_access(assignment, actor=actor, **answers)
        else:
            answers["thing"](actor, answers["wish"])


def _number(request: HttpRequest, name: str) -> int:
    return whole_number(request.POST.get(name)) or 0


def next_of(request: HttpRequest) -> str:
    """The page of ours that a link came from."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if is_ours else ""
