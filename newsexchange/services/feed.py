"""Deeds of staff on their feeds."""

import secrets
from base64 import b64encode
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from broadcasters.permissions import require
from mediaexchange.core.models import User
from newsexchange.models import Feed

ROTATION = timedelta(hours=24)  # how long the secret before is still accepted
_SECRET_BYTES = 32
_SECRET_PREFIX = "whsec_"  # noqa: S105 — what Standard Webhooks begins a secret with


@transaction.atomic
def start_feed(feed: Feed, *, actor: User) -> Feed:
    """Fetch the feed again, at once; what was held against its address is forgotten. Safe to repeat."""
    feed = _locked(feed)
    require(actor, "newsexchange.change_feed", feed.broadcaster_id)
    if not feed.is_active:
        Feed.objects.filter(pk=feed.pk).update(is_active=True, gone_since=None, next_sync_at=Now())
        feed.refresh_from_db(fields=["is_active", "gone_since", "next_sync_at"])
    return feed


@transaction.atomic
def stop_feed(feed: Feed, *, actor: User) -> Feed:
    """Fetch it no more and accept no pushes; its stories stay. Safe to repeat."""
    feed = _locked(feed)
    require(actor, "newsexchange.change_feed", feed.broadcaster_id)
    if feed.is_active:
        feed.is_active = False
        feed.save(update_fields=["is_active"])
    return feed


@transaction.atomic
def rotate_inbound_secret(feed: Feed, *, actor: User) -> str:
    """Make a new secret for what partners push, and return it: it is shown once. The one before lives for a day."""
    feed = _locked(feed)
    require(actor, "newsexchange.change_feed", feed.broadcaster_id)
    secret = _SECRET_PREFIX + b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    feed.previous_inbound_secret = feed.inbound_secret
    feed.previous_inbound_secret_until = timezone.now() + ROTATION if feed.inbound_secret else None
    feed.inbound_secret = secret
    feed.save(update_fields=["inbound_secret", "previous_inbound_secret", "previous_inbound_secret_until"])
    return secret


def _locked(feed: Feed) -> Feed:
    return Feed.objects.select_for_update(of=("self",), no_key=True).get(pk=feed.pk)
