"""On a memorandum's page: whether it is only announced, its term, what follows, notices, consents, and their deeds."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget, UnfoldAdminTextareaWidget

from broadcasters.admin.base import administered
from broadcasters.constants import Renewal
from broadcasters.models import Broadcaster, Memorandum
from broadcasters.services.notice import consent_to_renewal, give_notice, withdraw_notice
from broadcasters.terms import last_day_after_notice, next_term, term_of
from mediaexchange.core.admin_base import label, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.languages.sentences import one_stop


class HouseForm(HelpedForm):
    broadcaster = forms.ModelChoiceField(
        label=_("For"), queryset=Broadcaster.objects.none(), widget=UnfoldAdminSelectWidget,
        help_text=_("The party for which you act."),
    )  # fmt: skip


class NoticeForm(HouseForm):
    given_on = forms.DateField(
        label=pgettext_lazy("notice", "given on"), required=False, widget=UnfoldAdminSingleDateWidget,
        help_text=_(
            "The day on which the other parties got it. The last day in force follows from it. "
            "Empty: today, where the party is."
        ),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), required=False, widget=UnfoldAdminTextareaWidget, help_text=_("Every party reads it.")
    )


class TermPages:
    """Columns and deeds for the admin of memoranda."""

    @admin.display(description=_("standing"))
    def standing(self, memorandum: Memorandum) -> SafeString | str:
        if memorandum._state.adding:
            return "—"
        if memorandum.is_only_announced:
            said = _("No source confirms that it was signed; who announces it stands below, with each party.")
            return format_html("{} {}", label(_("announced only"), "warning"), said)
        return label(_("signed or reported as signed"), "success")

    @admin.display(description=_("term"))
    def present_term(self, memorandum: Memorandum) -> SafeString | str:
        """The term of today and what comes of it."""
        term = term_of(memorandum, timezone.localdate()) if memorandum.pk else None
        if term is None:
            return str(_("Not in force, or it is not known since when."))
        lines = [
            _("Term %(number)s, from %(first)s to %(last)s.")
            % {"number": term.number, "first": _day(term.first_on), "last": _day(term.last_on)}
        ]
        following = next_term(memorandum, term)
        if term.is_ended:
            lines.append(str(_("It ends by notice.")))
        elif following is not None:
            lines.append(_("The next term begins on %(day)s.") % {"day": _day(following.first_on)})
        if term.notice_by:
            lines.append(_("Last day for giving notice: %(day)s.") % {"day": _day(term.notice_by)})
        return _lines(lines)

    @admin.display(description=_("notices of termination"))
    def notice_list(self, memorandum: Memorandum) -> SafeString | str:
        if memorandum._state.adding:
            return "—"
        rows = memorandum.notices.select_related("broadcaster")
        return _lines(
            _("%(house)s on %(given)s; last day %(last)s.")
            % {"house": row.broadcaster, "given": _day(row.given_on), "last": _day(row.last_on)}
            + (" " + str(_("Taken back on %(day)s.") % {"day": _day(row.withdrawn_on)}) if row.withdrawn_on else "")
            for row in rows
        )

    @admin.display(description=_("consents to renewal"))
    def consent_list(self, memorandum: Memorandum) -> SafeString | str:
        if memorandum._state.adding:
            return "—"
        rows = memorandum.consents.select_related("broadcaster")
        return _lines(
            _("Term %(number)s: %(house)s on %(day)s.")
            % {"number": row.term_number, "house": row.broadcaster, "day": _day(row.consented_on)}
            for row in rows
        )

    @action(description=_("Give notice"), icon="logout", permissions=["leave"])
    def give_notice(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._deed(request, object_id, _("Give notice"), NoticeForm, give_notice)

    @action(description=_("Take notice back"), icon="undo", permissions=["stay"])
    def take_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def withdraw(memorandum: Memorandum, *, actor: Any, broadcaster: Broadcaster) -> None:
            for notice in memorandum.notices.standing().filter(broadcaster=broadcaster):
                withdraw_notice(notice, actor=actor)

        return self._deed(request, object_id, _("Take notice back"), HouseForm, withdraw)

    @action(description=_("Agree to renewal"), icon="event_repeat", permissions=["renew"])
    def agree(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._deed(request, object_id, _("Agree to renewal"), HouseForm, consent_to_renewal)

    def has_leave_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """While it is in force, for houses that have not given notice."""
        row, houses = self._asked(request, object_id)
        if row is None:
            return False
        staying = houses.exclude(pk__in=row.notices.standing().values("broadcaster"))
        return any(last_day_after_notice(row, house.today()) is not None for house in staying)

    def has_stay_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        row, houses = self._asked(request, object_id)
        return row is not None and row.notices.standing().filter(broadcaster__in=houses).exists()

    def has_renew_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        row, houses = self._asked(request, object_id)
        if row is None or row.renewal != Renewal.AGREED:
            return False
        return any(term_of(row, house.today()) is not None for house in houses)

    def _asked(self, request: HttpRequest, object_id: Any) -> tuple[Memorandum | None, Any]:
        row = self.get_object(request, str(object_id)) if object_id else None  # type: ignore[attr-defined]
        return row, self._houses(request, row) if row else Broadcaster.objects.none()

    def _houses(self, request: HttpRequest, memorandum: Memorandum) -> Any:
        own = administered(staff(request), "broadcasters.add_terminationnotice")
        return own.filter(pk__in=memorandum.parties.values("broadcaster"))

    def _deed(
        self, request: HttpRequest, object_id: str, title: Any, form: type[forms.Form], deed: Any
    ) -> HttpResponse:
        page: Any = self
        memorandum = page.get_object(request, object_id)
        if memorandum is None:
            missing: HttpResponse = page.missing(request, object_id)
            return missing
        houses = self._houses(request, memorandum)
        if not houses.exists():
            raise PermissionDenied
        field = forms.ModelChoiceField(
            label=_("For"), queryset=houses, widget=UnfoldAdminSelectWidget, initial=houses.first(),
            help_text=_("The party for which you act."),
        )  # fmt: skip
        chosen = type(form.__name__, (form,), {"broadcaster": field})

        def run(answers: dict[str, Any]) -> None:
            deed(memorandum, actor=staff(request), **answers)

        answer: HttpResponse = page.ask(request, memorandum, title=title, form=chosen, run=run)
        return answer


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else "—"


def _lines(lines: Iterable[object]) -> SafeString | str:
    return format_html_join("", "<div>{}</div>", ((one_stop(str(line)),) for line in lines)) or "—"
