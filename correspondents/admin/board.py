"""The assignment board: every state a column; who, where, when, and what is missing until when."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from correspondents.admin.base import PRIORITY_LOOK, assignment_label, period_of
from correspondents.admin.checklist import Checklist, checklists_of
from correspondents.constants import AssignmentStatus, Priority
from correspondents.models import Assignment
from mediaexchange.core.admin_base import ExchangeAdmin, label, staff
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import DEFAULT

IN_A_COLUMN = 40
COLUMNS = (
    AssignmentStatus.DRAFT,
    AssignmentStatus.ASSIGNED,
    AssignmentStatus.ACCEPTED,
    AssignmentStatus.IN_PROGRESS,
    AssignmentStatus.DECLINED,
    AssignmentStatus.COMPLETED,
)
_RECENT = timedelta(days=60)
_WITH_CHECKLIST = (
    AssignmentStatus.DRAFT, AssignmentStatus.ASSIGNED, AssignmentStatus.ACCEPTED, AssignmentStatus.IN_PROGRESS,
)  # fmt: skip
SIDES: dict[str, Message] = {"": _("all"), "sent": _("sent by us"), "hosted": _("coming to us")}


@dataclass(frozen=True, slots=True)
class Card:
    """One assignment as its column shows it; ``person`` is "" for a draft without one."""

    assignment: Assignment
    url: str
    person: str
    city: str
    period: SafeString | str
    priority: SafeString | str
    checklist: Checklist | None


@dataclass(frozen=True, slots=True)
class Column:
    """``more`` leads to all of them where not all are shown."""

    status: str
    title: str
    state: SafeString
    cards: list[Card]
    more: str


def board_view(page: ExchangeAdmin, request: HttpRequest) -> HttpResponse:
    user = staff(request)
    side = request.GET.get("side", "")
    side = side if side in SIDES else ""
    rows = Assignment.objects.visible_to(user)
    if side == "sent":
        rows = rows.own(user)
    elif side == "hosted":
        rows = rows.hosted_by(user)
    request.current_app = page.admin_site.name
    context = {
        **page.admin_site.each_context(request),
        "title": _("Assignment board"),
        "opts": page.opts,
        "media": page.media,
        "columns": columns_of(rows, request),
        "sides": [(value, words, value == side) for value, words in SIDES.items()],
        "may_add": page.has_add_permission(request),
    }
    return TemplateResponse(request, "correspondents/board.html", context)


def columns_of(rows: QuerySet[Assignment], request: HttpRequest) -> list[Column]:
    """In a constant number of statements: one a column, two for all checklists."""
    recent = Q(ended_at__gte=timezone.now() - _RECENT) | Q(ended_at__isnull=True)
    rows = rows.select_related("correspondent", "place", "broadcaster", "host")
    found = {
        status: list(rows.filter(recent, status=status).order_by("period", "pk")[: IN_A_COLUMN + 1])
        for status in COLUMNS
    }
    shown = {status: cards[:IN_A_COLUMN] for status, cards in found.items()}
    checked = checklists_of([row for status in _WITH_CHECKLIST for row in shown[status]], staff(request))
    everything = reverse("admin:correspondents_assignment_changelist")
    return [
        Column(
            status,
            str(status.label),
            assignment_label(Assignment(status=status)),
            [card_of(row, checked.get(row.pk)) for row in shown[status]],
            f"{everything}?status={status}" if len(found[status]) > IN_A_COLUMN else "",
        )
        for status in COLUMNS
    ]


def card_of(row: Assignment, checklist: Checklist | None) -> Card:
    is_usual = row.priority in (Priority.NORMAL, Priority.LOW)
    language, person = get_language() or DEFAULT, row.told_person
    return Card(
        row,
        reverse("admin:correspondents_assignment_change", args=[row.pk]),
        person.name_in(language) if person else "",
        localized(row.place, "name"),
        period_of(row),
        "" if is_usual else label(row.get_priority_display(), PRIORITY_LOOK[Priority(row.priority)]),
        checklist,
    )
