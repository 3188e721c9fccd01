"""Briefs in the demonstration: the director general of RTS, who is made up, has one sent every month."""

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from broadcasters.brief_constants import BriefFormat, BriefRhythm, Weekday
from broadcasters.models import BriefSubscription, Memorandum
from broadcasters.services.brief import make_brief, subscribe
from broadcasters.spans import span_of
from mediaexchange.core.models import User

DIRECTOR = "belgrade-director"
_MEMORANDUM = "ptrc-rts"


@transaction.atomic
def load_briefs() -> Iterator[str]:
    """Yields a line about them. Safe to repeat: a schedule that is there is kept, and no second brief is made."""
    director = User.objects.get(username=DIRECTOR)
    memorandum = Memorandum.objects.get(slug=_MEMORANDUM)
    fresh = 0
    if not BriefSubscription.objects.filter(person=director, memorandum=memorandum).exists():
        wanted = BriefSubscription(
            person=director, memorandum=memorandum, rhythm=BriefRhythm.MONTH, weekday=Weekday.MONDAY, hour=7,
            language="sr", format=BriefFormat.PDF,
        )  # fmt: skip
        subscribe(wanted, actor=director)
        make_brief(memorandum, actor=director, span=span_of("month", timezone.localdate()))
        fresh = 1
    yield f"Scheduled briefs: {fresh} new."
