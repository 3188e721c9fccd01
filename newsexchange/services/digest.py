"""The e-mail digest: everything that is due for a subscription in one message, in its broadcaster's language.

What may be in it is asked when it is sent. A message is sent under a lease; its Message-ID is that of its oldest
delivery, so that a server that sees the same message twice can tell.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from smtplib import SMTPException
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from broadcasters.models import Broadcaster
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import DEFAULT, shown_language, to_bcp47
from newsexchange.constants import DeliveryStatus, Destination, Road
from newsexchange.delivery.checking import Checked, checked
from newsexchange.models import Delivery, Story, Subscription
from newsexchange.parsing.sanitise import html_to_text
from newsexchange.rights import decisions_for, said
from newsexchange.services.claiming import Claim, claim_due
from newsexchange.services.delivery import delivered, finish, missed
from newsexchange.services.receipt import note_receipts
from newsexchange.text import text_of

EACH = 300  # deliveries in one message
AT_ONCE = 10 * EACH
SENDING = timedelta(minutes=5)  # a lease while a mail server takes its time
_NEW = frozenset({"story.published", "story.offered", "story.released", "story.restored"})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Item:
    """A story as a digest tells it, in the digest's language."""

    headline: str
    language: str
    summary: str
    origin: str
    link: str
    is_new: bool
    conditions: list[str]
    usage_terms: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A story that must not be used any more: its words are not repeated."""

    uid: str
    kind: str
    at: datetime
    reason: str


@dataclass(slots=True)
class Digest:
    language: str
    withdrawn: list[Withdrawn] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)


def send_digests() -> int:
    """Send each subscription that has something due one message; returns how many messages went out."""
    groups: dict[int, list[Claim]] = defaultdict(list)
    for delivery in claim_due([Destination.EMAIL], AT_ONCE, each=EACH):
        groups[delivery.subscription_id].append(delivery)
    return sum(_send(group) for group in groups.values())


def _send(claimed: Sequence[Claim]) -> bool:
    ours = _still_ours(claimed)
    passed, refused = checked(ours)
    finish(refused)
    if not passed:
        return False
    subscription = passed[0].subscription
    with override(mail_language(subscription.broadcaster)), timezone.override(subscription.broadcaster.time_zone):
        digest = _compose(passed, subscription.broadcaster)
        message = _message(digest, subscription, passed[0].delivery)
    try:
        message.send()
    except (SMTPException, OSError) as error:
        _postpone([item.delivery for item in passed], f"mail: {type(error).__name__}")
        return False
    note_receipts([story.pk for story in digest.stories], [subscription.broadcaster_id], Road.EMAIL)
    finish([delivered(item.delivery) for item in passed])
    return True


def _still_ours(claimed: Sequence[Claim]) -> list[Claim]:
    """Those whose lease still stands, which it now does for as long as sending may take."""
    mine = Delivery.objects.filter(
        pk__in=[delivery.pk for delivery in claimed],
        lease_token=claimed[0].lease_token,
        status=DeliveryStatus.PENDING,
        leased_until__gt=Now(),
    )
    mine.update(leased_until=Now() + SENDING)
    kept = set(mine.values_list("pk", flat=True))
    return [delivery for delivery in claimed if delivery.pk in kept]


@transaction.atomic
def _postpone(deliveries: list[Claim], error: str) -> None:
    """By the ladder, and together: what was one message stays one."""
    log.warning("digest.failed", subscription=deliveries[0].subscription_id, error=error)
    stood = finish([missed(delivery, error) for delivery in deliveries])
    again = Delivery.objects.filter(pk__in=stood, status=DeliveryStatus.PENDING)
    if latest := again.order_by("due_at").last():
        again.update(due_at=latest.due_at)


def _compose(passed: Sequence[Checked], broadcaster: Broadcaster) -> Digest:
    """One entry a story, by its last event: a story that was withdrawn after it was announced is only withdrawn.

    Unless it may be used again at this moment: an old withdrawal may be sent again.
    """
    digest = Digest(mail_language(broadcaster))
    by_story: dict[str, list[Checked]] = defaultdict(list)
    for item in passed:  # in the order of events
        by_story[str(item.event.subject_uid)].append(item)
    told: list[tuple[Story, bool]] = []
    back = _back_again(passed, broadcaster)
    for uid, items in by_story.items():
        last = items[-1]
        if last.event.is_retraction and (last.story is None or last.story.pk not in back):
            digest.withdrawn.append(Withdrawn(uid, _word(last), last.event.at, str(last.event.data.get("reason", ""))))
        elif last.story is not None:
            told.append((last.story, any(item.event.kind in _NEW for item in items)))
    digest.stories = [story for story, _is_new in told]
    prefetch_related_objects(digest.stories, "editions")
    decisions = decisions_for(digest.stories, broadcaster)
    for story, is_new in told:
        conditions = said(decisions[story.pk].conditions, broadcaster)
        digest.items.append(_item(story, digest.language, is_new, [str(line["message"]) for line in conditions]))
    return digest


def _back_again(passed: Sequence[Checked], broadcaster: Broadcaster) -> set[int]:
    """Ids of the stories withdrawn by one of these events that the broadcaster may use all the same at this moment."""
    ids = {item.story.pk for item in passed if item.story and item.event.is_retraction}
    standing = list(Story.objects.filter(pk__in=ids).not_withdrawn().seen_by([broadcaster.pk])) if ids else []
    decisions = decisions_for(standing, broadcaster)
    return {story.pk for story in standing if decisions[story.pk].is_allowed}


def _item(story: Story, language: str, is_new: bool, conditions: list[str]) -> Item:
    text = text_of(story, language)
    return Item(
        headline=text.headline or story.slugline or str(story.uid),
        language=text.language,
        summary=html_to_text(text.summary),
        origin=localized(story.broadcaster, "name"),
        link=settings.PUBLIC_URL + reverse("admin:newsexchange_story_change", args=[story.pk]),
        is_new=is_new,
        conditions=conditions,
        usage_terms=story.usage_terms,
    )


def _word(item: Checked) -> str:
    match item.event.data.get("recall_kind"):
        case "kill":
            return _("Killed: do not use, remove everything.")
        case "withhold":
            return _("Withheld: do not use until further notice.")
    return _("No longer available to you: do not use.")


def _message(digest: Digest, subscription: Subscription, oldest: Claim) -> EmailMultiAlternatives:
    today = date_format(timezone.localtime(), "SHORT_DATE_FORMAT")
    if digest.withdrawn and not digest.items:
        subject = _("Recalled stories, %(date)s") % {"date": today}
    else:
        subject = _("News exchange, %(date)s") % {"date": today}
    context = {"digest": digest, "subscription": subscription, "subject": subject, "tag": to_bcp47(digest.language)}
    message = EmailMultiAlternatives(
        subject,
        render_to_string("newsexchange/digest.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [subscription.email],
        headers={
            "Message-ID": f"<digest.{oldest.uid}@{urlsplit(settings.PUBLIC_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": to_bcp47(digest.language),
        },
    )
    message.attach_alternative(render_to_string("newsexchange/digest.html", context), "text/html")
    return message


def mail_language(broadcaster: Broadcaster) -> str:
    """The first of the broadcaster's working languages that we speak."""
    return next((shown for tag in broadcaster.working_languages if (shown := shown_language(tag))), DEFAULT)


def redate_digest(subscription: Subscription) -> None:
    """Move what waits for the old hour to the new one. What has failed before keeps to its ladder."""
    waiting = subscription.deliveries.filter(
        status=DeliveryStatus.PENDING, attempts=0, due_at__gt=Now(), leased_until__isnull=True
    )
    waiting.update(due_at=next_digest_at(subscription, timezone.now()))


def next_digest_at(subscription: Subscription, now: datetime) -> datetime:
    """The next moment after ``now`` at which the broadcaster's clocks show ``digest_at``.

    In the night without that time (the clocks go forward) it is as much later as they jump; in the night that has it
    twice it is once. Reads ``subscription.broadcaster``.
    """
    zone = ZoneInfo(subscription.broadcaster.time_zone)
    day = now.astimezone(zone).date()
    for later in (0, 1, 2):
        moment = datetime.combine(day + timedelta(days=later), subscription.digest_at, zone).astimezone(now.tzinfo)
        if moment > now:
            return moment
    raise AssertionError("Of three days one lies ahead.")
