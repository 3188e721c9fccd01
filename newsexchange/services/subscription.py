"""What owners do with their subscriptions: make, change, pause, rotate the secret, try out, remove."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core import bell
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import OutboxEvent, User
from mediaexchange.core.outbox import record
from mediaexchange.core.outgoing.configuration import allowed_addresses
from mediaexchange.core.outgoing.errors import OutgoingError
from mediaexchange.core.outgoing.guard import AddressGuard
from newsexchange.constants import Destination
from newsexchange.delivery.signing import new_secret
from newsexchange.formats.registry import DOCUMENTS
from newsexchange.models import LeftFolder, Subscription
from newsexchange.services.digest import redate_digest
from newsexchange.services.drop import leave_folder

ROTATION = timedelta(hours=24)  # how long the secret before signs too
CHANGEABLE = frozenset(
    {
        "name",
        "is_active",
        "topics",
        "languages",
        "kinds",
        "only_clear",
        "url",
        "folder",
        "formats",
        "email",
        "digest_at",
    }
)
_CHANGE = "newsexchange.change_subscription"
_TOPIC = re.compile(r"medtop:\d{8}")
_FOLDER = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*){0,5}")
_BREAKER_CLOSED: Mapping[str, Any] = {"failures": 0, "trips": 0, "open_until": None, "disabled_at": None}


@transaction.atomic
def create_subscription(
    broadcaster: Broadcaster, *, actor: User | None, origins: list[Broadcaster] | None = None, **values: Any
) -> Subscription:
    """Subscribe for a broadcaster; a webhook's ``secret`` is in the row returned, to be shown this once.

    Raises DomainError for an address that cannot be reached or a filter that cannot be, ConflictError for a folder in
    use.
    """
    require(actor, "newsexchange.add_subscription", broadcaster)
    subscription = Subscription(broadcaster=broadcaster, **values)
    if subscription.destination == Destination.WEBHOOK:
        subscription.secret = new_secret()
    _check(subscription)
    subscription.save()
    subscription.origins.set(origins or [])
    return subscription


@transaction.atomic
def change_subscription(
    subscription: Subscription, *, actor: User | None, origins: list[Broadcaster] | None = None, **changes: Any
) -> Subscription:
    """Write these fields, and ``origins`` unless None. Making it active also closes the breaker and ends a disabling.

    What waits goes to the new address; what lies in an old folder is taken out of it by the drop task. Raises what
    ``create_subscription`` raises.
    """
    subscription = _locked(subscription, actor)
    if unknown := changes.keys() - CHANGEABLE:
        raise TypeError(f"Not to be changed: {sorted(unknown)}")
    was_at = subscription.url
    if subscription.folder and changes.get("folder", subscription.folder) != subscription.folder:
        leave_folder(subscription)
    for name, value in changes.items():
        setattr(subscription, name, value)
    if changes.get("is_active") or subscription.url != was_at:
        changes |= _BREAKER_CLOSED
        for name, value in _BREAKER_CLOSED.items():
            setattr(subscription, name, value)
    _check(subscription)
    subscription.save(update_fields=[*changes])
    if origins is not None:
        subscription.origins.set(origins)
    if "digest_at" in changes:
        redate_digest(subscription)
    transaction.on_commit(bell.ring)
    return subscription


@transaction.atomic
def rotate_secret(subscription: Subscription, *, actor: User | None) -> Subscription:
    """Give it a new secret, to be shown this once; the one before signs too for a day, unless rotated again.

    Raises DomainError for what is not signed.
    """
    subscription = _locked(subscription, actor)
    if subscription.destination != Destination.WEBHOOK:
        raise DomainError("not-signed", _("Only webhooks are signed."))
    subscription.previous_secret, subscription.secret = subscription.secret, new_secret()
    subscription.save(update_fields=["secret", "previous_secret"])
    Subscription.objects.filter(pk=subscription.pk).update(previous_secret_until=Now() + ROTATION)
    subscription.refresh_from_db(fields=["previous_secret_until"])
    return subscription


@transaction.atomic
def ping_subscription(subscription: Subscription, *, actor: User | None) -> OutboxEvent:
    """Send a "subscription.test" through the whole machinery to this one webhook; how it went stands in the ledger.

    A breaker that is open lets it try. Raises DomainError for other destinations, ConflictError for a paused one.
    """
    subscription = _locked(subscription, actor)
    if subscription.destination != Destination.WEBHOOK:
        raise DomainError("not-a-webhook", _("Only webhooks can be tried out."))
    if not subscription.is_active or subscription.disabled_at is not None:
        raise ConflictError(
            "subscription-paused", _("The subscription is paused; make it active first."), current="paused"
        )
    Subscription.objects.filter(pk=subscription.pk).update(open_until=None)
    transaction.on_commit(bell.ring)
    return record(
        "subscription.test",
        subject_type="subscription",
        subject_uid=subscription.uid,
        audience=[subscription.broadcaster_id],
        actor=actor,
    )


@transaction.atomic
def delete_subscription(subscription: Subscription, *, actor: User | None) -> None:
    """Remove it with its ledger; what lies in its folder follows. ConflictError once it has told of a recall: that must
    stay on record, so pause it."""
    # For its removal the row is locked as a fan-out would have to wait for it: before its deliveries are.
    subscription = _locked(subscription, actor, to_remove=True)
    if subscription.deliveries.filter(event__kind="story.recalled").exists():
        raise ConflictError(
            "ledger-kept", _("It has told of recalls, and that stays on record. Pause it instead."), current="in use"
        )
    if subscription.folder:
        leave_folder(subscription)
    subscription.delete()


def _locked(subscription: Subscription, actor: User | None, *, to_remove: bool = False) -> Subscription:
    """The row, locked before any of its deliveries: everybody who changes both does it in this order."""
    require(actor, _CHANGE, subscription.broadcaster_id)
    return Subscription.objects.select_for_update(of=("self",), no_key=not to_remove).get(pk=subscription.pk)


def _check(subscription: Subscription) -> None:
    """What the database cannot check. Raises DomainError or ConflictError."""
    if not all(map(_TOPIC.fullmatch, subscription.topics)):
        raise DomainError("bad-topic", _("Topics are IPTC Media Topics such as medtop:01000000."))
    if subscription.destination != Destination.DROP:
        _check_without_drop(subscription)
    match subscription.destination:
        case Destination.WEBHOOK | Destination.HUB:
            _check_address(subscription)
        case Destination.DROP:
            _check_drop(subscription)
        case Destination.EMAIL:
            _check_email(subscription.email)


def _check_address(subscription: Subscription) -> None:
    guard = AddressGuard(allowed_addresses())
    try:
        target = guard.target(subscription.url)
    except OutgoingError as error:
        raise DomainError("bad-address", _("This address cannot be used."), reason=error.code) from error
    must_be_encrypted = subscription.destination == Destination.WEBHOOK and target.pair not in allowed_addresses()
    if must_be_encrypted and target.scheme != "https":
        raise DomainError("bad-address", _("A webhook's address begins with https."), reason="not-encrypted")


def _check_without_drop(subscription: Subscription) -> None:
    """A folder belongs to whoever drops into it."""
    if subscription.folder or subscription.formats:
        raise DomainError("not-a-drop", _("Only a file drop has a folder and formats."))


def _check_drop(subscription: Subscription) -> None:
    home = subscription.broadcaster.slug
    if not _FOLDER.fullmatch(subscription.folder):
        raise DomainError("bad-folder", _("A folder is made of small letters, digits, hyphens and slashes."))
    if subscription.folder.split("/")[0] != home:
        raise DomainError(
            "bad-folder", _("A folder begins with “%(home)s/”.") % {"home": home}, folder=subscription.folder
        )
    if unknown := sorted(set(subscription.formats) - DOCUMENTS.keys()):
        raise DomainError("unknown-format", _("There is no such document."), formats=unknown)
    if LeftFolder.objects.filter(folder=subscription.folder).exists():
        raise ConflictError("folder-in-use", _("This folder is still being emptied; try again in some minutes."))
    others = Subscription.objects.filter(folder=subscription.folder).exclude(pk=subscription.pk)
    if others.exists():
        raise ConflictError("folder-in-use", _("Another subscription drops into this folder."))


def _check_email(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        raise DomainError("bad-address", _("This is not an e-mail address."), reason="email") from error
