"""What agreements add to calendars: ends of terms, last days for notice, promises, milestones of initiatives.

The first two are reckoned and stand in no row: a day that moves is another event.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from broadcasters.models import InitiativeMilestone, Memorandum, MinutesItem
from broadcasters.querysets import member_ids
from broadcasters.terms import next_term, term_of
from mediaexchange.core.calendars import Event, earliest, source
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User


@source("broadcasters.terms")
def terms(user: User, *, broadcaster: UUID | None = None, module: UUID | None = None) -> list[Event]:
    """Of the memoranda to which a desk is a party, on which a module rests; a person's are those of their houses."""
    rows = Memorandum.objects.visible_to(user).filter(in_force_on__isnull=False)
    if broadcaster is not None:
        rows = rows.filter(parties__broadcaster__uid=broadcaster)
    elif module is not None:
        rows = rows.filter(modules__uid=module)
    rows = rows.distinct().order_by("pk").prefetch_related("parties", "notices", "consents")
    return [event for row in rows for event in _of_term(row)]


@source("broadcasters.promises")
def promises(user: User, *, broadcaster: UUID | None = None, module: UUID | None = None) -> list[Event]:
    """What was promised in consultations, by whoever does it; none of it belongs to a module."""
    if module is not None:
        return []
    rows = MinutesItem.objects.visible_to(user).filter(due_on__gte=earliest().date())
    rows = rows.filter(owner__uid=broadcaster) if broadcaster else rows.filter(owner__in=member_ids(user))
    return [
        Event(
            row.uid, 1 if row.done_on else 0, localized(row, "topic"), row.due_on, row.due_on, False,
            row.minutes.written_at, description=localized(row, "decision"), url=_page("minutes", row.minutes_id),
        )
        for row in rows.select_related("minutes").order_by("pk")
        if row.due_on is not None
    ]  # fmt: skip


@source("broadcasters.initiatives")
def milestones(user: User, *, broadcaster: UUID | None = None, module: UUID | None = None) -> list[Event]:
    """Milestones that a desk owns, that stand under a module, or for which the person answers."""
    rows = InitiativeMilestone.objects.visible_to(user).filter(planned_on__gte=earliest().date())
    if broadcaster is not None:
        rows = rows.filter(owner__uid=broadcaster)
    elif module is not None:
        rows = rows.filter(initiative__module__uid=module)
    else:
        rows = rows.filter(Q(initiative__owners__responsible=user) | Q(done_by=user)).distinct()
    return [_milestone(row) for row in rows.select_related("initiative", "owner").order_by("pk")]


def _of_term(row: Memorandum) -> Iterator[Event]:
    term = term_of(row, timezone.localdate())
    if term is None:
        return
    title = {"title": localized(row, "name")}
    if term.last_on is not None:
        yield _reckoned(row, "ends", term.last_on, _("The term ends: %(title)s") % title)
        following = next_term(row, term)
        if following is not None:
            yield _reckoned(row, "goes-on", following.first_on, _("The next term begins: %(title)s") % title)
    if term.notice_by is not None:
        yield _reckoned(row, "notice", term.notice_by, _("Last day for notice: %(title)s") % title)


def _reckoned(row: Memorandum, what: str, on: date, summary: str) -> Event:
    since = datetime.combine(row.in_force_on or on, time(), UTC)
    return Event(
        f"{row.uid}-{what}-{on.isoformat()}", 0, summary, on, on, False, since, url=_page("memorandum", row.pk)
    )  # fmt: skip


def _milestone(row: InitiativeMilestone) -> Event:
    day = row.actual_on or row.planned_on
    lines = [f"{_('owner')}: {row.owner}", _("Reached.") if row.actual_on else ""]
    return Event(
        row.uid,
        row.sequence,
        f"{localized(row, 'title')} ({localized(row.initiative, 'name')})",
        day,
        day,
        row.is_cancelled,
        row.changed_at,
        description="\n".join(line for line in lines if line),
        url=_page("initiative", row.initiative_id),
    )


def _page(model: str, pk: int) -> str:
    return urljoin(settings.PUBLIC_URL, reverse(f"admin:broadcasters_{model}_change", args=[pk]))
