"""Turning an anniversary of the diplomatic calendar into a planned event, and reminding desks of those to come."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from broadcasters.anniversaries import Anniversary, anniversaries, anniversary_of
from broadcasters.constants import RUNNING_STATES, Area
from broadcasters.models import Broadcaster, DiplomaticEvent, Module
from broadcasters.permissions import require
from broadcasters.services.recipients import people_with
from correspondents.anniversaries import houses_without
from correspondents.constants import EventKind
from correspondents.models import PlannedEvent
from correspondents.services.event import save_event
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.notifications import notify

PLAN = "correspondents.add_plannedevent"


@transaction.atomic
def plan_anniversary(
    event: DiplomaticEvent,
    year: int,
    *,
    actor: User | None,
    broadcaster: Broadcaster,
    module: Module | None = None,
) -> PlannedEvent:
    """Put the anniversary into a house's planning calendar, once; the second time gives what is there already.

    Without ``module`` it is shared under the house's running module of correspondents, if there is just one.

    Raises DomainError for a year without an anniversary, ForbiddenError.
    """
    require(actor, PLAN, broadcaster)
    stored = DiplomaticEvent.objects.select_for_update(of=("self",), no_key=True).get(pk=event.pk)
    planned = PlannedEvent.objects.filter(broadcaster=broadcaster, anniversary_of=stored, anniversary_year=year).first()
    if planned is not None:
        return planned
    is_marked = stored.is_yearly and stored.is_published
    anniversary = anniversary_of(stored, year) if is_marked else None
    if anniversary is None:
        raise DomainError("no-anniversary", _("There is no such anniversary."))
    place = stored.places.order_by("pk").first()
    return save_event(
        PlannedEvent(
            slug=f"{stored.slug[:20]}-{stored.pk}-{year}-{broadcaster.slug[:14]}",
            broadcaster=broadcaster,
            module=module or _scheme_of(broadcaster),
            kind=EventKind.COMMEMORATION,
            dated=anniversary.dated,
            place=place,
            anniversary_of=stored,
            anniversary_year=year,
            sources=[
                {"title": source.title, "publisher": source.publisher, "url": source.url}
                for source in stored.sources.all()
            ],
            **_texts(anniversary),
        ),
        actor=actor,
        institutions=list(stored.institutions.all()),
    )


def remind_of_anniversaries() -> int:
    """Tell the desks of anniversaries that come near and are not planned; returns of how many. Safe at any time.

    By the step that has been reached last, each once. Of what happened in a month the first day of the month counts.
    """
    steps: list[int] = settings.ANNIVERSARY_NOTICE_DAYS
    if not steps:
        return 0
    today = timezone.now().date()
    found = anniversaries(DiplomaticEvent.objects.all(), today, today + timedelta(days=max(steps)))
    near = [each for each in found if _left(each, today) >= 0]
    without = houses_without(near)
    for each in near:
        reached = [step for step in steps if _left(each, today) <= step]
        houses = without[each.event.pk, each.year]
        if reached and houses:
            with transaction.atomic():
                notify(
                    "correspondents.anniversary", to=people_with(PLAN, houses), subject_type="event",
                    subject_uid=each.event.uid, key=f"{each.year} {min(reached)}",
                )  # fmt: skip
    return len(near)


def _left(anniversary: Anniversary, today: date) -> int:
    return (anniversary.first_on - today).days


def _scheme_of(broadcaster: Broadcaster) -> Module | None:
    modules = Module.objects.filter(parties=broadcaster, area=Area.CORRESPONDENTS, state__in=RUNNING_STATES)[:2]
    return modules[0] if len(modules) == 1 else None


def _texts(anniversary: Anniversary) -> dict[str, str]:
    """In every language in which the event has a name."""
    texts: dict[str, str] = {}
    for language in STORED:
        name = getattr(anniversary.event, f"name_{language}")
        if not name:
            continue
        with override(language):
            years = ngettext("%(years)d year", "%(years)d years", anniversary.years) % {"years": anniversary.years}
        texts[f"name_{language}"] = f"{name[:170]}: {years}"
        texts[f"description_{language}"] = getattr(anniversary.event, f"note_{language}") or ""
    return texts
