"""``GET /calendars/{token}.ics``: what its owner may see now, for calendars that ask again by themselves."""

import hashlib
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from mediaexchange.core.calendar_feeds import find_feed, note_reading, subject_of
from mediaexchange.core.calendar_format import CONTENT_TYPE
from mediaexchange.core.calendar_format import render as to_icalendar
from mediaexchange.core.calendars import events_for, subjects_of
from mediaexchange.core.context import acting
from mediaexchange.core.languages.tags import to_bcp47
from mediaexchange.core.limits import WINDOW_S, is_too_often
from mediaexchange.core.models import CalendarFeed

LIMIT = 60
_TOO_LONG = 100  # a token has 43 characters


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """200, or 304 for whoever holds the same bytes; 404 alike for unknown, revoked and no longer allowed.

    In its owner's language and zone, whoever's browser asks; no cookie is read or set, and no cache keeps it.
    """
    if is_too_often(request, "calendar", limit=LIMIT):
        context = {"message": _("Slow down and try again after the given time.")}
        response = render(request, "429.html", context, status=429)
        response.headers["Retry-After"] = str(WINDOW_S)
        return _guarded(response)
    feed = find_feed(token) if len(token) <= _TOO_LONG else None
    if feed is None:
        return _guarded(HttpResponse(status=404, content_type="text/plain"))
    with acting(feed.user_id):
        note_reading(feed)
    with override(feed.user.language), timezone.override(ZoneInfo(feed.user.time_zone)):
        content = to_icalendar(name_of(feed), events_for(feed.user, kind=feed.kind, subject=feed.subject_uid))
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type=CONTENT_TYPE, headers={"ETag": etag})
    response.headers["Content-Language"] = to_bcp47(feed.user.language)
    response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return _guarded(get_conditional_response(request, etag=etag, response=response) or response)


def name_of(feed: CalendarFeed) -> str:
    """What the calendar is called in the active language."""
    subject = subject_of(feed, subjects_of(feed.user)) if feed.subject_uid else None
    return _("Media exchange: %(what)s") % {"what": subject.name if subject else _("my calendar")}


def _guarded(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
