"""What stands above a workshop's form: facts, seats by house, everybody on the way in, and the buttons for it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import may
from mediaexchange.core.admin_base import staff
from mediaexchange.core.errors import Message
from mediaexchange.core.models import User
from training.admin.base import enrolment_label, in_both_zones, workshop_label
from training.constants import ACTIVE, SEATED, WORKSHOP_MOVES, EnrolmentStatus, WorkshopStatus
from training.models import Enrolment, Participant, Workshop
from training.tokens import calendar_address

SEND, HOST = "training.add_enrolment", "training.change_enrolment"
MOST_PEOPLE = 300
MOVES: dict[str, Message] = {
    WorkshopStatus.OPEN: _("Open for enrolment"),
    WorkshopStatus.RUNNING: _("Begin"),
    WorkshopStatus.COMPLETED: _("Complete"),
    WorkshopStatus.CANCELLED: _("Cancel the workshop"),
}


@dataclass(frozen=True, slots=True)
class House:
    """Seats of one house: how many it has, how many it may have at most, how many of it wait."""

    name: str
    taken: int
    quota: int | None
    waiting: int
    nominated: int


@dataclass(frozen=True, slots=True)
class Line:
    """One enrolment with what this user may do about it: (deed, label) pairs."""

    enrolment: Enrolment
    state: SafeString
    until: SafeString | str
    deeds: list[tuple[str, Message]]
    reject_url: str
    withdraw_url: str


def board_of(page: Any, request: HttpRequest, workshop: Workshop) -> list[SafeString]:
    user = staff(request)
    hosts = may(user, HOST, workshop.broadcaster_id)
    rows = Enrolment.objects.visible_to(user).filter(workshop=workshop).with_people()
    active = list(rows.with_place().filter(status__in=ACTIVE).order_by("status", "queue_number", "pk"))
    order = [EnrolmentStatus.CONFIRMED, EnrolmentStatus.OFFERED, EnrolmentStatus.NOMINATED, EnrolmentStatus.WAITING]
    active.sort(key=lambda row: (order.index(EnrolmentStatus(row.status)), row.queue_number or 0, row.pk))
    sessions = [
        (session, in_both_zones(session.starts_at, session.ends_at, workshop))
        for session in workshop.sessions.select_related("place")
    ]
    context = {
        "workshop": workshop,
        "state": workshop_label(workshop),
        "hosts": hosts,
        "sessions": sessions,
        "houses": houses_of(workshop),
        "lines": [_line(workshop, row, user, hosts=hosts) for row in active],
        "past": [(row, enrolment_label(row)) for row in rows.exclude(status__in=ACTIVE).order_by("-changed_at")[:50]],
        "people": people_for(user, workshop),
        "moves": [
            (reverse("admin:training_workshop_move", args=[workshop.pk, status]), MOVES[status])
            for status in MOVES
            if hosts and status in WORKSHOP_MOVES[workshop.status]
        ],
        "free": workshop.seats_free,
        "calendar": calendar_address(workshop),
        "is_paused": not workshop.programme.module.is_running,
    }
    return [SafeString(render_to_string("training/board.html", context, request))]


def houses_of(workshop: Workshop) -> list[House]:
    """Counts, which every party may know; in a constant number of statements."""
    quotas = {quota.broadcaster_id: quota.seats for quota in workshop.quotas.all()}
    counted = {
        row["broadcaster"]: row
        for row in Enrolment.objects.filter(workshop=workshop)
        .order_by()
        .values("broadcaster")
        .annotate(
            taken=Count("pk", filter=Q(status__in=SEATED)),
            waiting=Count("pk", filter=Q(status=EnrolmentStatus.WAITING)),
            nominated=Count("pk", filter=Q(status=EnrolmentStatus.NOMINATED)),
        )
    }
    nothing = {"taken": 0, "waiting": 0, "nominated": 0}
    found = []
    for party in workshop.programme.module.parties.all():
        row = counted.get(party.pk, nothing)
        found.append(House(str(party), row["taken"], quotas.get(party.pk), row["waiting"], row["nominated"]))
    return found


def people_for(user: User, workshop: Workshop) -> list[Participant]:
    """Whom this user could nominate now."""
    if not workshop.takes_enrolments:
        return []
    there = Enrolment.objects.active().filter(workshop=workshop).values("participant")
    people = Participant.objects.own(user).filter(
        anonymised_at__isnull=True, consents__purpose="participation", consents__withdrawn_at__isnull=True
    )
    return list(people.exclude(pk__in=there).order_by("name_cyrl", "name_latn")[:MOST_PEOPLE])


def _line(workshop: Workshop, row: Enrolment, user: User, *, hosts: bool) -> Line:
    sends = may(user, SEND, row.broadcaster_id)
    deeds: list[tuple[str, Message]] = []
    if row.status == EnrolmentStatus.NOMINATED and hosts:
        deeds.append(("confirm", _("Confirm")))
    if row.status == EnrolmentStatus.OFFERED and sends:
        deeds.append(("accept", _("Accept the seat")))
    withdraws = (sends or hosts) and workshop.status != WorkshopStatus.COMPLETED
    rejects = hosts and row.status in (EnrolmentStatus.NOMINATED, EnrolmentStatus.WAITING)
    return Line(
        row,
        enrolment_label(row),
        in_both_zones(row.offer_ends_at, None, workshop) if row.offer_ends_at else "",
        deeds,
        reverse("admin:training_workshop_reject", args=[workshop.pk, row.pk]) if rejects else "",
        reverse("admin:training_workshop_withdraw", args=[workshop.pk, row.pk]) if withdraws else "",
    )
