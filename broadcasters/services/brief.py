"""Briefs: figures frozen for a person, and who has them made and sent by themselves."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.brief_constants import PauseReason
from broadcasters.formats.brief_content import content_of
from broadcasters.health import health_of
from broadcasters.models import Brief, BriefSubscription, Broadcaster, Memorandum, Party
from broadcasters.querysets import member_ids
from broadcasters.services.saving import refusals
from broadcasters.spans import Span, span_of
from mediaexchange.core.errors import ForbiddenError
from mediaexchange.core.models import User


def counted_brief(memorandum: Memorandum, person: User, span: Span, *, at: datetime | None = None) -> Brief:
    """What a brief would say at this moment, unsaved. Raises ForbiddenError for people of no party."""
    at = at or timezone.now()
    if not Memorandum.objects.visible_to(person).filter(pk=memorandum.pk).exists():
        raise ForbiddenError("not-a-party", _("Only people of a party are given figures of an agreement."))
    parties = Party.objects.filter(memorandum=memorandum, broadcaster__in=member_ids(person))
    readers = list(Broadcaster.objects.filter(pk__in=parties.values("broadcaster")).order_by("slug"))
    content = content_of(health_of(memorandum, span, person, at=at), readers)
    return Brief(person=person, memorandum=memorandum, period=span.code, as_of=at, content=content)


@transaction.atomic
def make_brief(memorandum: Memorandum, *, actor: User, span: Span, at: datetime | None = None) -> Brief:
    """Freeze the figures for the actor, under the actor's rights. Each call makes another brief, of its own moment."""
    brief = counted_brief(memorandum, actor, span, at=at)
    brief.save()
    return brief


@transaction.atomic
def subscribe(subscription: BriefSubscription, *, actor: User, at: datetime | None = None) -> BriefSubscription:
    """Have it sent from the next period's end on. For oneself alone, and only for agreements that one sees.

    Also after a change: what was sent for a period is never sent again. Raises ForbiddenError, and DomainError for what
    one has already.
    """
    _require_own(subscription, actor)
    if not Memorandum.objects.visible_to(actor).filter(pk=subscription.memorandum_id).exists():
        raise ForbiddenError("not-a-party", _("Only people of a party are given figures of an agreement."))
    subscription.next_due_at = next_due_at(subscription, at or timezone.now())
    with refusals():
        subscription.save()
    return subscription


@transaction.atomic
def pause_subscription(
    subscription: BriefSubscription, *, actor: User | None, reason: PauseReason = PauseReason.ASKED
) -> None:
    """Nothing is sent until it is resumed. Safe to repeat; None is the system itself."""
    if actor is not None:
        _require_own(subscription, actor)
    BriefSubscription.objects.filter(pk=subscription.pk, paused="").update(paused=reason)


@transaction.atomic
def resume_subscription(subscription: BriefSubscription, *, actor: User, at: datetime | None = None) -> None:
    """Send it again from the next period's end on; what fell into the pause is not sent afterwards."""
    subscription = BriefSubscription.objects.select_for_update(of=("self",), no_key=True).get(pk=subscription.pk)
    subscription.paused = ""
    subscribe(subscription, actor=actor, at=at)


@transaction.atomic
def unsubscribe(subscription: BriefSubscription, *, actor: User) -> None:
    _require_own(subscription, actor)
    BriefSubscription.objects.filter(pk=subscription.pk).delete()


def last_month_of(person: User) -> Span:
    """The last whole month by the person's own clocks: what a brief is about where nothing else is asked for."""
    return span_of("month", timezone.localdate(timezone=ZoneInfo(person.time_zone))).before()


def due_at(subscription: BriefSubscription, span: Span) -> datetime:
    """When the brief of this period goes out: the first wanted weekday after its last day, by the person's clocks."""
    after = span.last + timedelta(days=1)
    day = after + timedelta(days=(int(subscription.weekday) - after.weekday()) % 7)
    return datetime.combine(day, time(subscription.hour), ZoneInfo(subscription.person.time_zone))


def next_due_at(subscription: BriefSubscription, at: datetime) -> datetime:
    """The first such moment after this one."""
    return due_at(subscription, span_due(subscription, at).after())


def span_due(subscription: BriefSubscription, at: datetime) -> Span:
    """The last period whose brief was due at this moment or before."""
    local = at.astimezone(ZoneInfo(subscription.person.time_zone)).date()
    span = span_of(subscription.rhythm, local)
    while due_at(subscription, span) > at:
        span = span.before()
    return span


def _require_own(subscription: BriefSubscription, actor: User) -> None:
    if subscription.person_id != actor.pk:
        raise ForbiddenError("not-yours", _("Everybody has briefs sent to themselves alone."))
