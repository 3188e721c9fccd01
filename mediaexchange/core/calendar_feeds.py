"""Secret addresses of calendars: made, found, revoked. Until then whoever knows one reads with its owner's eyes."""

import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.calendars import Subject, subjects_of
from mediaexchange.core.errors import DomainError, ForbiddenError
from mediaexchange.core.models import CalendarFeed, CalendarKind, User

_NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def make_feed(user: User, *, kind: str, subject: UUID | None = None) -> CalendarFeed:
    """The user's living address for this calendar, a new one if there is none. Safe to repeat.

    Raises ForbiddenError for service accounts, whose keys have scopes that an address would go round; DomainError for
    a desk or module whose calendar the user may not read.
    """
    if user.is_service:
        raise ForbiddenError("for-people-only", _("Calendar addresses are for people, not for service accounts."))
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not _may_have(user, kind, subject):
        raise DomainError("no-such-calendar", _("There is no such calendar that you can see."))
    mine = CalendarFeed.objects.visible_to(user).alive()
    there = mine.filter(kind=kind, subject_uid=subject).first()  # NULL is asked for as IS NULL
    if there is not None:
        return there
    token = secrets.token_urlsafe(32)
    return CalendarFeed.objects.create(user=user, kind=kind, subject_uid=subject, digest=_digest(token), token=token)


@transaction.atomic
def revoke_feed(feed: CalendarFeed) -> None:
    """The address leads nowhere from now on. Safe to repeat; the first moment stays."""
    CalendarFeed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(revoked_at=Now(), token="")


def find_feed(token: str) -> CalendarFeed | None:
    """The living address behind a token whose owner may still read that calendar; None for any other."""
    feeds = CalendarFeed.objects.alive().select_related("user").defer("token")
    feed = feeds.filter(digest=_digest(token)).first()
    return feed if feed and _may_have(feed.user, feed.kind, feed.subject_uid) else None


def note_reading(feed: CalendarFeed) -> None:
    """That it was read, once an hour."""
    now = timezone.now()
    if feed.last_read_at is None or feed.last_read_at < now - _NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=Now())


def address_of(feed: CalendarFeed) -> str:
    """What its owner gives to a calendar; "" once it is revoked."""
    return settings.PUBLIC_URL + reverse("calendar", args=[feed.token]) if feed.token else ""


def subject_of(feed: CalendarFeed, subjects: list[Subject]) -> Subject | None:
    """The desk or module it is of, among these."""
    return next((each for each in subjects if (each.kind, each.uid) == (feed.kind, feed.subject_uid)), None)


def _may_have(user: User, kind: str, subject: UUID | None) -> bool:
    if kind == CalendarKind.PERSON:
        return subject is None
    return any((each.kind, each.uid) == (kind, subject) for each in subjects_of(user))


def _digest(token: str) -> str:
    return hmac.new(settings.API_KEY_PEPPER.encode(), f"calendar:{token}".encode(), "sha256").hexdigest()
