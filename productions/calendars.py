"""What co-productions add to calendars: milestones, and the days on which windows of rights open and end."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from broadcasters.moments import both_zones
from broadcasters.querysets import member_ids
from mediaexchange.core.calendars import Event, earliest, source
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from productions.models import Milestone, Window
from productions.models.milestone import STATE_LABELS
from productions.window_words import period_of, places_of, platforms_of


@source("productions.milestones")
def milestones(user: User, *, broadcaster: UUID | None = None, module: UUID | None = None) -> list[Event]:
    """What a desk owes, what is owed under a module; a person's are those of the person's houses."""
    rows = Milestone.objects.visible_to(user).filter(Q(ends_at__gte=earliest()) | Q(done_at__gte=earliest()))
    if broadcaster is not None:
        rows = rows.filter(owner__broadcaster__uid=broadcaster)
    elif module is not None:
        rows = rows.filter(production__module__uid=module)
    else:
        rows = rows.owned_by(user)
    rows = rows.select_related("production", "owner__broadcaster")
    return [_milestone(row, user) for row in rows.order_by("ends_at", "pk")]


@source("productions.windows")
def windows(user: User, *, broadcaster: UUID | None = None, module: UUID | None = None) -> list[Event]:
    """Each opening and each end as an event of its own; whose they are goes as for milestones."""
    rows = Window.objects.visible_to(user).filter(Q(ends_at__isnull=True) | Q(ends_at__gte=earliest()))
    if broadcaster is not None:
        rows = rows.filter(holder__broadcaster__uid=broadcaster)
    elif module is not None:
        rows = rows.filter(production__module__uid=module)
    else:
        rows = rows.filter(holder__broadcaster__in=member_ids(user))
    found = []
    for row in rows.select_related("production", "holder__broadcaster").order_by("starts_at", "pk"):
        opens = _("Rights window opens: %(title)s (%(house)s)")
        found.append(_window(row, "opens", row.starts_at, opens))
        if row.ends_at is not None:
            found.append(_window(row, "ends", row.ends_at, _("Rights window ends: %(title)s (%(house)s)")))
    return found


def _milestone(row: Milestone, user: User) -> Event:
    title, production = localized(row, "title"), localized(row.production, "name")
    starts: date | datetime = row.starts_on or row.due_day
    ends: date | datetime = row.due_day
    lines = [f"{_('owner')}: {row.owner}", f"{_('status')}: {STATE_LABELS[row.state(timezone.now())]}"]
    if row.due_at is not None:
        starts, ends = row.due_at.astimezone(UTC), row.due_at.astimezone(UTC)
        zones = [row.time_zone, *([user.time_zone] if user.time_zone else [])]
        lines += [f"{local.city}: {local.text}" for local in both_zones(row.due_at, None, *zones)]
    return Event(
        row.uid,
        row.sequence,
        f"{title} ({production})",
        starts,
        ends,
        row.is_cancelled,
        row.changed_at,
        description="\n".join(lines),
        url=_page("productions_production_schedule", row.production_id),
    )


def _window(row: Window, what: str, at: datetime, said: str) -> Event:
    """An hour is shown for what is one moment: many calendars hide events that last no time."""
    names = {
        "title": localized(row.production, "name"),
        "house": localized(row.holder.broadcaster, "abbreviation") or str(row.holder),
    }
    about = [places_of(row), platforms_of(row), period_of(row), _("exclusive") if row.is_exclusive else ""]
    starts = at.astimezone(UTC)
    return Event(
        f"{row.uid}-{what}",
        row.sequence,
        said % names,
        starts,
        starts + timedelta(hours=1),
        not row.is_active,
        row.changed_at,
        description="\n".join(line for line in about if line),
        url=_page("productions_window_change", row.pk),
    )


def _page(name: str, pk: int) -> str:
    return urljoin(settings.PUBLIC_URL, reverse(f"admin:{name}", args=[pk]))
