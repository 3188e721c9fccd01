"""What waits for a producer: what partners wait for first, then what comes due."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.constants import Role
from broadcasters.querysets import member_ids_with
from mediaexchange.core.desks import DeskItem, Urgency
from mediaexchange.core.models import User
from productions.constants import BudgetStatus, DeliverableStatus, InstalmentStatus
from productions.models import (
    Budget,
    BudgetApproval,
    Decision,
    Deliverable,
    Instalment,
    Milestone,
    Note,
    Partner,
    PilotMark,
    PilotReview,
    Production,
    Revision,
    Window,
)

_SOON = timedelta(days=14)
_MONTH = timedelta(days=30)
_PRODUCER: Any = (Role.PRODUCER, Role.ADMINISTRATOR)
_MONEY: Any = (Role.PRODUCER, Role.RIGHTS_OFFICER, Role.ADMINISTRATOR)


def _today() -> date:
    """In UTC; which day it is where something is due, its own page says."""
    return timezone.now().date()


def _partners(user: User, permission: str, production: str) -> QuerySet[Partner]:
    """The user's own houses among the partners of the production that this column of the outer row names."""
    houses = member_ids_with(user, permission)
    return Partner.objects.filter(production=OuterRef(production), broadcaster__in=houses)


def _decisions(user: User) -> QuerySet[Revision]:
    """Current revisions of which one's own house has said nothing yet."""
    said = Decision.objects.filter(
        revision=OuterRef(OuterRef("pk")), broadcaster=OuterRef("broadcaster"), withdrawn_at__isnull=True
    )
    silent = _partners(user, "productions.add_decision", "production").filter(~Exists(said))
    rows = Revision.objects.visible_to(user).current().filter(production__stage__is_closed=False)
    return rows.filter(Exists(silent))


def _noted(user: User) -> QuerySet[Revision]:
    """One's own house's current revisions with notes that are not settled."""
    notes = Note.objects.filter(revision=OuterRef("pk"), parent__isnull=True, resolved_at__isnull=True)
    houses = member_ids_with(user, "productions.change_note")
    return Revision.objects.visible_to(user).current().filter(Exists(notes), broadcaster__in=houses)


def _milestones(user: User) -> QuerySet[Milestone]:
    houses = member_ids_with(user, "productions.change_milestone")
    rows = Milestone.objects.visible_to(user).filter(owner__broadcaster__in=houses, production__stage__is_closed=False)
    return rows.filter(done_at__isnull=True, is_cancelled=False, ends_at__lte=Now() + _SOON)


def _instalments(user: User) -> QuerySet[Instalment]:
    """What one's own house has to pay: invoiced, or due within two weeks, or due since its milestone is done."""
    houses = member_ids_with(user, "productions.change_instalment")
    due = Q(due_on__lte=_today() + _SOON) | Q(milestone__done_at__isnull=False) | Q(status=InstalmentStatus.INVOICED)
    rows = Instalment.objects.visible_to(user).filter(due, payer__broadcaster__in=houses)
    return rows.exclude(status=InstalmentStatus.PAID)


def _windows(user: User) -> QuerySet[Window]:
    houses = member_ids_with(user, "productions.change_window")
    near = Q(ends_at__gt=Now(), ends_at__lte=Now() + _MONTH)
    return Window.objects.visible_to(user).active().filter(near, holder__broadcaster__in=houses)


def _owed(user: User) -> QuerySet[Deliverable]:
    """What one's own house has to hand over: rejected, or due within two weeks."""
    houses = member_ids_with(user, "productions.change_deliverable")
    near = Q(status=DeliverableStatus.REJECTED) | Q(status=DeliverableStatus.DUE, due_on__lte=_today() + _SOON)
    return Deliverable.objects.visible_to(user).filter(near, supplier__in=houses)


def _handed_over(user: User) -> QuerySet[Deliverable]:
    houses = member_ids_with(user, "productions.change_deliverable")
    return Deliverable.objects.visible_to(user).filter(broadcaster__in=houses, status=DeliverableStatus.DELIVERED)


def _budgets(user: User) -> QuerySet[Budget]:
    approved = BudgetApproval.objects.filter(budget=OuterRef(OuterRef("pk")), partner=OuterRef("pk"))
    silent = _partners(user, "productions.approve_budget", "production").filter(~Exists(approved))
    return Budget.objects.visible_to(user).filter(Exists(silent), status=BudgetStatus.SUBMITTED)


def _pilots(user: User) -> QuerySet[Production]:
    """Pilots under review to which one's own house has given no mark."""
    marked = PilotMark.objects.filter(
        review__production=OuterRef(OuterRef("pk")),
        review__decided_at__isnull=True,
        broadcaster=OuterRef("broadcaster"),
    )
    silent = _partners(user, "productions.add_pilotmark", "pk").filter(~Exists(marked))
    under_review = PilotReview.objects.filter(production=OuterRef("pk"), decided_at__isnull=True)
    return Production.objects.visible_to(user).filter(Exists(under_review), Exists(silent))


ITEMS = (
    DeskItem(
        "productions.decisions", _("Cuts and scripts to approve"), "productions.revision", _PRODUCER,
        "productions.add_decision", "approval", Urgency.ANSWER, _decisions, late=lambda: Q(due_at__lt=Now()),
    ),
    DeskItem(
        "productions.budgets", _("Budgets to approve"), "productions.budget", _PRODUCER,
        "productions.approve_budget", "account_balance_wallet", Urgency.ANSWER, _budgets,
    ),
    DeskItem(
        "productions.pilots", _("Pilots to mark"), "productions.production", _PRODUCER,
        "productions.add_pilotmark", "experiment", Urgency.ANSWER, _pilots,
    ),
    DeskItem(
        "productions.received", _("Deliverables to accept"), "productions.deliverable", _PRODUCER,
        "productions.change_deliverable", "inventory", Urgency.ANSWER, _handed_over,
    ),
    DeskItem(
        "productions.milestones", _("Milestones due within 14 days"), "productions.milestone", _PRODUCER,
        "productions.change_milestone", "flag", Urgency.SOON, _milestones, late=lambda: Q(ends_at__lt=Now()),
    ),
    DeskItem(
        "productions.deliverables", _("Deliverables due within 14 days"), "productions.deliverable", _PRODUCER,
        "productions.change_deliverable", "inventory_2", Urgency.SOON, _owed, late=lambda: Q(due_on__lt=_today()),
    ),
    DeskItem(
        "productions.instalments", _("Instalments to pay"), "productions.instalment", _MONEY,
        "productions.change_instalment", "payments", Urgency.SOON, _instalments,
        late=lambda: Q(pk__in=Instalment.objects.overdue().values("pk")),
    ),
    DeskItem(
        "productions.windows", _("Rights windows that end within 30 days"), "productions.window", _MONEY,
        "productions.change_window", "event_busy", Urgency.SOON, _windows,
    ),
    DeskItem(
        "productions.notes", _("Cuts and scripts with open notes"), "productions.revision", _PRODUCER,
        "productions.change_note", "rate_review", Urgency.WORK, _noted,
    ),
)  # fmt: skip
