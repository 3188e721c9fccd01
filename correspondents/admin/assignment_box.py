"""What stands above an assignment's form: facts, checklist, access, equipment, hand-overs, what was filed, buttons."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from archive.admin.base import page_link
from broadcasters.permissions import may
from correspondents.admin.base import (
    ACCESS_LOOK,
    HAND_OVER_LOOK,
    PRIORITY_LOOK,
    WISH_LOOK,
    assignment_label,
    in_both_zones,
    period_of,
)
from correspondents.admin.checklist import checklists_of
from correspondents.constants import ACCESS_MOVES, AccessStatus, AssignmentStatus, Priority, WishStatus
from correspondents.filed import Filed, kinds
from correspondents.findings import findings_of, say
from correspondents.models import Assignment, CoverageWish, FootageFiled, HandOver, Kit, KitBooking
from correspondents.services.access import ANSWER
from correspondents.services.telling import DESK
from mediaexchange.core.admin_base import label, staff
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import DEFAULT
from mediaexchange.core.models import User

AT_ONCE: dict[str, Message] = {
    "give": _("Give it"),
    "accept": pgettext_lazy("assignment", "Accept"),
    "start": pgettext_lazy("assignment", "Begin"),
    "redraft": _("Draft it anew"),
}
ASKED: dict[str, Message] = {
    "decline": pgettext_lazy("assignment", "Decline…"),
    "complete": pgettext_lazy("assignment", "End it…"),
    "hand-over": _("Hand over…"),
    "file": pgettext_lazy("assignment", "File…"),
    "cancel": pgettext_lazy("assignment", "Call off…"),
}
_OF_PERSON = {
    AssignmentStatus.ASSIGNED: ("accept", "decline"),
    AssignmentStatus.ACCEPTED: ("start", "decline", "hand-over"),
    AssignmentStatus.IN_PROGRESS: ("file", "hand-over", "complete"),
    AssignmentStatus.COMPLETED: ("file",),
}
_OF_DESK = {
    AssignmentStatus.DRAFT: ("give", "cancel"),
    AssignmentStatus.ASSIGNED: ("accept", "decline", "hand-over", "cancel"),
    AssignmentStatus.ACCEPTED: ("start", "decline", "hand-over", "cancel"),
    AssignmentStatus.IN_PROGRESS: ("file", "hand-over", "complete", "cancel"),
    AssignmentStatus.COMPLETED: ("file",),
    AssignmentStatus.DECLINED: ("redraft",),
}
_ANSWERS: dict[str, Message] = {
    AccessStatus.GRANTED: pgettext_lazy("access", "Grant"),
    AccessStatus.REFUSED: pgettext_lazy("access", "Refuse"),
    AccessStatus.WITHDRAWN: pgettext_lazy("access", "Take back"),
}


@dataclass(frozen=True, slots=True)
class Button:
    """``asks`` leads to a page with questions; otherwise it is done at once."""

    deed: str
    words: Message
    url: str
    asks: bool
    is_main: bool


def buttons_of(assignment: Assignment, user: User) -> list[Button]:
    """What this user may do now; the services have the last word. Reads ``correspondent``."""
    person = assignment.correspondent
    is_person = person is not None and person.user_id == user.pk
    status = AssignmentStatus(assignment.status)
    deeds: tuple[str, ...] = ()
    if may(user, DESK, assignment.broadcaster_id):
        deeds = _OF_DESK.get(status, ())
    elif is_person:
        deeds = _OF_PERSON.get(status, ())
    return [
        Button(
            deed,
            AT_ONCE.get(deed) or ASKED[deed],
            reverse("admin:correspondents_assignment_do", args=[assignment.pk])
            if deed in AT_ONCE
            else reverse("admin:correspondents_assignment_ask", args=[assignment.pk, deed]),
            deed in ASKED,
            place == 0,
        )
        for place, deed in enumerate(deeds)
    ]


def asked_of(assignment: Assignment, user: User) -> set[str]:
    """The deeds whose questions this user may be shown: they name colleagues and things of the house."""
    sides = [(DESK, assignment.broadcaster_id), *([(ANSWER, assignment.host_id)] if assignment.host_id else [])]
    is_side = assignment.host_id is not None and any(may(user, permission, house) for permission, house in sides)
    return {button.deed for button in buttons_of(assignment, user) if button.asks} | ({"access"} if is_side else set())


def box_of(request: HttpRequest, assignment: Assignment) -> SafeString:
    """In a constant number of statements, however much hangs on it."""
    user, language = staff(request), get_language() or DEFAULT
    is_desk = may(user, DESK, assignment.broadcaster_id)
    is_host = assignment.host_id is not None and may(user, ANSWER, assignment.host_id)
    person = assignment.told_person
    is_open = assignment.status in (*_OF_PERSON, AssignmentStatus.DRAFT) and assignment.status != "completed"
    other = [
        say(each) for each in findings_of([assignment], reader=user).get(assignment.pk, []) if "twice" in each.code
    ]
    context = {
        "assignment": assignment,
        "state": assignment_label(assignment),
        "priority": label(assignment.get_priority_display(), PRIORITY_LOOK[Priority(assignment.priority)]),
        "person": page_link(person, person.name_in(language)) if person else "—",
        "city": localized(assignment.place, "name"),
        "brief": localized(assignment, "brief"),
        "period": period_of(assignment),
        "event": page_link(assignment.event, localized(assignment.event, "name")) if assignment.event else "",
        "checklist": checklists_of([assignment], user)[assignment.pk] if is_open else None,
        "findings": other,
        "buttons": buttons_of(assignment, user),
        "accesses": _accesses(assignment, is_desk=is_desk, is_host=is_host),
        "may_ask_access": is_open and (is_desk or is_host) and assignment.host_id is not None,
        "bookings": _bookings(assignment, user),
        "kits": _kits(assignment, user) if is_desk and is_open else [],
        "hand_overs": _hand_overs(assignment, user, language),
        "wishes": [
            (wish, label(wish.get_status_display(), WISH_LOOK[WishStatus(wish.status)]), forms_of(wish))
            for wish in CoverageWish.objects.visible_to(user)
            .filter(assignment=assignment)
            .select_related("broadcaster")
        ],
        "filed": filed_of(assignment, user),
    }
    return SafeString(render_to_string("correspondents/assignment.html", context, request))


def forms_of(wish: CoverageWish) -> str:
    words = dict(CoverageWish._meta.get_field("forms").base_field.flatchoices)
    return ", ".join(str(words.get(form, form)) for form in wish.forms)


def filed_of(assignment: Assignment, user: User) -> list[tuple[Message, list[Filed]]]:
    """By kind, what came of it; those of other apps by what they have registered."""
    rows = FootageFiled.objects.visible_to(user).filter(assignment=assignment).select_related("item").order_by("pk")
    footage = [
        Filed(localized(row.item, "title"), reverse("admin:archive_item_change", args=[row.item_id]), row.filed_at)
        for row in rows
    ]
    listed = [(kind.title, kind.listed([assignment.pk], user).get(assignment.pk, [])) for kind in kinds()]
    return [(title, things) for title, things in [*listed, (_("Footage"), footage)] if things]


def _accesses(assignment: Assignment, *, is_desk: bool, is_host: bool) -> list[Any]:
    rows = []
    for access in assignment.accesses.select_related("institution"):
        state = label(access.get_status_display(), ACCESS_LOOK[AccessStatus(access.status)])
        moves = [(status, words) for status, words in _ANSWERS.items() if status in ACCESS_MOVES[access.status]]
        if not is_host:
            moves = [move for move in moves if is_desk and move[0] == AccessStatus.WITHDRAWN]
        rows.append((access, state, moves))
    return rows


def _bookings(assignment: Assignment, user: User) -> list[Any]:
    rows = KitBooking.objects.visible_to(user).filter(assignment=assignment).standing().select_related("kit")
    return [
        (row, in_both_zones(row.period.lower, row.period.upper, assignment.time_zone))
        for row in rows.order_by("kit__inventory_number")
    ]


def _kits(assignment: Assignment, user: User) -> list[Kit]:
    booked = KitBooking.objects.standing().filter(assignment=assignment).values("kit")
    rows = Kit.objects.visible_to(user).filter(broadcaster=assignment.broadcaster_id, is_active=True)
    return list(rows.exclude(pk__in=booked).order_by("inventory_number")[:200])


def _hand_overs(assignment: Assignment, user: User, language: str) -> list[Any]:
    rows = HandOver.objects.visible_to(user).filter(assignment=assignment)
    rows = rows.select_related("to_correspondent__broadcaster", "successor")
    return [hand_over_line(row, user, assignment, language) for row in rows]


def hand_over_line(row: HandOver, user: User, assignment: Assignment, language: str) -> dict[str, Any]:
    """A hand-over with what this user may answer. Reads ``to_correspondent`` and ``successor``."""
    taker = row.to_correspondent
    is_offered = row.status == "offered"
    giver = assignment.correspondent
    gives = may(user, DESK, assignment.broadcaster_id) or (giver is not None and giver.user_id == user.pk)
    return {
        "row": row,
        "to": taker.name_in(language),
        "house": taker.broadcaster,
        "state": label(row.get_status_display(), HAND_OVER_LOOK[row.status]),  # type: ignore[index]
        "at": in_both_zones(row.at, None, assignment.time_zone),
        "successor": page_link(row.successor) if row.successor else "",
        "may_answer": is_offered and (taker.user_id == user.pk or may(user, DESK, taker.broadcaster_id)),
        "may_withdraw": is_offered and gives,
        "decline": reverse("admin:correspondents_handover_decline", args=[row.pk]),
    }
