"""What people are told of assignments, papers, hand-overs and coverage; each sentence is made when it is read."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from broadcasters.anniversaries import anniversary_of
from broadcasters.models import DiplomaticEvent
from correspondents.constants import PaperStatus
from correspondents.models import Assignment, CoverageWish, HandOver, Paper
from correspondents.moments import days_between
from mediaexchange.core.inbox.constants import Way
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.notifications import Link, NotificationKind, page_of, register, sentences
from mediaexchange.core.rights.words import territory_label

Say = Callable[[Any], str]


def _kind(
    code: str,
    title: Any,
    subjects: Callable[[], QuerySet[Any]],
    say: Say,
    *,
    permission: str,
    usual: Way = Way.AT_ONCE,
    link: Link | None = None,
) -> NotificationKind:
    def tell(rows: list[Notification]) -> dict[int, str]:
        return sentences(rows, subjects(), say)

    return register(
        NotificationKind(
            f"correspondents.{code}", tell, link or page_of(subjects), title, f"correspondents.{permission}", usual
        )
    )


def _about(assignment: Assignment) -> dict[str, str]:
    first, last = days_between(assignment.starts_at, assignment.ends_at, assignment.time_zone)
    return {
        "title": localized(assignment, "title"),
        "place": localized(assignment.place, "name"),
        "first": date_format(first, "SHORT_DATE_FORMAT"),
        "last": date_format(last, "SHORT_DATE_FORMAT"),
    }


def _of_assignment(pattern: Any) -> Say:
    return lambda assignment: str(pattern) % _about(assignment)


def _accesses(rows: list[Notification]) -> dict[int, str]:
    """Which access it was and what became of it then stand in the key."""
    seen = _assignments().visible_to(rows[0].recipient)  # type: ignore[attr-defined]
    found = {assignment.uid: assignment for assignment in seen.filter(uid__in={row.subject_uid for row in rows})}
    said = {}
    for row in rows:
        uid, _separator, status = row.key.partition(" ")
        accesses = found[row.subject_uid].accesses.all() if row.subject_uid in found else ()
        for access in accesses:
            if str(access.uid) == uid:
                access.status = status
                words = {"title": localized(found[row.subject_uid], "title"), "answered": str(access)}
                said[row.pk] = _("Access for “%(title)s”: %(answered)s.") % words
    return said


def _hand_over(hand_over: HandOver) -> str:
    return _("Hand-over of “%(title)s” on %(day)s: %(status)s.") % {
        "title": localized(hand_over.assignment, "title"),
        "day": date_format(hand_over.at.astimezone(ZoneInfo(hand_over.assignment.time_zone)), "SHORT_DATE_FORMAT"),
        "status": hand_over.get_status_display(),
    }


def _about_paper(paper: Paper) -> dict[str, str]:
    return {"paper": capfirst(paper.get_kind_display()), "country": territory_label(paper.country_code)}


def _paper_ends(paper: Paper) -> str:
    return _("%(paper)s (%(country)s) is valid until %(day)s.") % {
        **_about_paper(paper),
        "day": date_format(paper.valid_until, "SHORT_DATE_FORMAT") if paper.valid_until else "—",
    }


def _paper_wanted(paper: Paper) -> str:
    if paper.status != PaperStatus.WANTED:
        return _paper_ended(paper)  # by now it is on its way, or nobody needs it
    return _("%(paper)s (%(country)s) must be applied for by %(day)s.") % {
        **_about_paper(paper),
        "day": date_format(paper.apply_by_on, "SHORT_DATE_FORMAT") if paper.apply_by_on else "—",
    }


def _paper_ended(paper: Paper) -> str:
    return _("%(paper)s (%(country)s): %(status)s.") % {**_about_paper(paper), "status": paper.get_status_display()}


def _coverage(wish: CoverageWish) -> str:
    return _("Coverage of “%(event)s”: %(status)s.") % {
        "event": localized(wish.event, "name"),
        "status": wish.get_status_display(),
    }


def _anniversaries(rows: list[Notification]) -> dict[int, str]:
    """The year stands in the key; the day is reckoned when it is read."""
    seen = DiplomaticEvent.objects.visible_to(rows[0].recipient)
    found = {event.uid: event for event in seen.filter(uid__in={row.subject_uid for row in rows})}
    said = {}
    for row in rows:
        event = found.get(row.subject_uid)
        anniversary = anniversary_of(event, _year_of(row)) if event else None
        if anniversary is not None:
            said[row.pk] = ngettext(
                "“%(event)s”: %(years)d year, %(when)s. Nobody has planned it for your house yet.",
                "“%(event)s”: %(years)d years, %(when)s. Nobody has planned it for your house yet.",
                anniversary.years,
            ) % {"event": localized(anniversary.event, "name"), "years": anniversary.years, "when": anniversary.when}
    return said


def _plan(row: Notification) -> str:
    event = DiplomaticEvent.objects.visible_to(row.recipient).filter(uid=row.subject_uid).first()
    return reverse("admin:correspondents_anniversary", args=[event.pk, _year_of(row)]) if event else ""


def _year_of(row: Notification) -> int:
    return int(row.key.partition(" ")[0])


def _assignments() -> QuerySet[Assignment]:
    return Assignment.objects.select_related("place").prefetch_related("accesses")


def _hand_overs() -> QuerySet[HandOver]:
    return HandOver.objects.select_related("assignment")


def _wishes() -> QuerySet[CoverageWish]:
    return CoverageWish.objects.select_related("event")


for _code, _title, _pattern in (
    (
        "assigned",
        gettext_lazy("An assignment is given"),
        gettext_lazy("“%(title)s”, %(place)s, %(first)s–%(last)s: the assignment is given."),
    ),
    (
        "accepted",
        gettext_lazy("An assignment is accepted"),
        gettext_lazy("“%(title)s”, %(place)s, %(first)s–%(last)s: the assignment is accepted."),
    ),
    (
        "declined",
        gettext_lazy("An assignment is declined"),
        gettext_lazy("“%(title)s”, %(place)s, %(first)s–%(last)s: the assignment is declined."),
    ),
    (
        "started",
        gettext_lazy("An assignment has begun"),
        gettext_lazy("“%(title)s”, %(place)s, %(first)s–%(last)s: the assignment has begun."),
    ),
    (
        "cancelled",
        gettext_lazy("An assignment is cancelled"),
        gettext_lazy("“%(title)s”, %(place)s, %(first)s–%(last)s: the assignment is cancelled."),
    ),
    (
        "assignment-changed",
        gettext_lazy("An assignment has changed"),
        gettext_lazy("“%(title)s”, %(place)s, %(first)s–%(last)s: the assignment has changed."),
    ),
):
    _kind(_code, _title, _assignments, _of_assignment(_pattern), permission="view_assignment")

register(
    NotificationKind(
        "correspondents.access",
        _accesses,
        page_of(_assignments),
        gettext_lazy("Access is asked for, granted or refused"),
        "correspondents.view_assignment",
        Way.AT_ONCE,
    )
)
_kind("hand-over", gettext_lazy("An assignment is handed over"), _hand_overs, _hand_over, permission="view_handover")
_kind("paper-ends", gettext_lazy("A paper ends soon"), Paper.objects.all, _paper_ends, permission="view_paper")
_kind(
    "paper-due", gettext_lazy("A paper is to be applied for"), Paper.objects.all, _paper_wanted, permission="view_paper"
)
_kind(
    "paper-ended",
    gettext_lazy("A paper is refused, revoked or over"),
    Paper.objects.all,
    _paper_ended,
    permission="view_paper",
)
_kind(
    "coverage",
    gettext_lazy("Coverage is planned or delivered"),
    _wishes,
    _coverage,
    permission="view_coveragewish",
    usual=Way.DIGEST,
    link=page_of(_wishes, shows="event_id", view="correspondents_plannedevent_change"),
)
register(
    NotificationKind(
        "correspondents.anniversary",
        _anniversaries,
        _plan,
        gettext_lazy("An anniversary comes near"),
        "correspondents.add_plannedevent",
        Way.DIGEST,
    )
)
