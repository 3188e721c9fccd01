"""What a workshop's page asks before somebody is withdrawn, and what it says afterwards."""

from collections.abc import Collection, Iterator

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from mediaexchange.core.admin_help import HelpedForm
from training.models import Enrolment
from training.services.enrolment import GivenUp


class WithdrawForm(HelpedForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Stands on the workshop’s page; it may stay empty."),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextareaWidget,
    )


def after_withdrawal(given_up: GivenUp, known: Collection[int]) -> Iterator[str]:
    """A line each; ``known`` are the enrolments whose person may be named."""
    yield _("%(person)s is withdrawn.") % {"person": given_up.enrolment.participant}
    for heir in given_up.heirs:
        yield _("The seat is offered to %(person)s.") % {"person": _called(heir, known)}
    if given_up.passed_over:
        people = "; ".join(_called(each, known) for each in given_up.passed_over)
        yield _("Passed over, since all seats of their house are taken: %(people)s.") % {"people": people}


def _called(enrolment: Enrolment, known: Collection[int]) -> str:
    words = {"person": str(enrolment.participant), "house": str(enrolment.broadcaster)}
    if enrolment.pk in known:
        return _("%(person)s (%(house)s)") % words
    return _("somebody of %(house)s") % words
