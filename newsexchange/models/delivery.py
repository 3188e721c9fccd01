"""Who wants to be told what, every single telling, and what partners push: subscriptions and two ledgers."""

from datetime import time
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Broadcaster
from mediaexchange.core.models import OutboxEvent
from mediaexchange.core.secrets import EncryptedTextField
from newsexchange.constants import ContentKind, DeliveryStatus, Destination, InboundStatus
from newsexchange.models.feed import Feed
from newsexchange.querysets import (
    DeliveryAttemptQuerySet,
    DeliveryQuerySet,
    InboundDeliveryQuerySet,
    SubscriptionQuerySet,
)


class Subscription(models.Model):
    """A broadcaster's saved filter and where what passes it goes. An empty list of the filter lets everything pass.

    ``secret`` signs webhooks (Standard Webhooks); during a rotation ``previous_secret`` signs too, until its end.
    The columns from ``failures`` on are the circuit breaker's and are written by the dispatcher alone.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="subscriptions", verbose_name=_("broadcaster")
    )
    name = models.CharField(_("name"), max_length=200)
    is_active = models.BooleanField(_("active"), default=True)

    topics = ArrayField(models.CharField(max_length=40), verbose_name=_("topics"), default=list, blank=True)
    languages = ArrayField(
        models.CharField(max_length=35),
        verbose_name=_("languages"),
        default=list,
        blank=True,
        help_text=_("Only stories with text of their own in one of these."),
    )
    kinds = ArrayField(
        models.CharField(max_length=12, choices=ContentKind.choices),
        verbose_name=_("kinds of content"),
        default=list,
        blank=True,
    )
    origins = models.ManyToManyField(
        Broadcaster, related_name="+", blank=True, verbose_name=_("origins"), help_text=_("None means all.")
    )
    only_clear = models.BooleanField(
        _("only what may be used at home"), default=False, help_text=_("Leaves out what is barred in the home country.")
    )

    destination = models.CharField(_("destination"), max_length=10, choices=Destination.choices)
    url = models.CharField(_("address"), max_length=1000, blank=True, default="")
    secret = EncryptedTextField(_("secret"), blank=True, default="", editable=False)
    previous_secret = EncryptedTextField(blank=True, default="", editable=False)
    previous_secret_until = models.DateTimeField(null=True, editable=False)
    folder = models.CharField(
        _("folder"), max_length=200, blank=True, default="", help_text=_("Below the exchange's drop storage.")
    )
    formats = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("formats"),
        default=list,
        blank=True,
        help_text=_("Documents that are dropped, such as “ninjs-3.1”."),
    )
    email = models.EmailField(_("e-mail"), blank=True, default="")
    digest_at = models.TimeField(
        _("digest at"), default=time(6, 0), help_text=_("Every day, in the broadcaster's time zone.")
    )

    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    trips = models.PositiveSmallIntegerField(default=0, editable=False)  # how often the breaker opened in a row
    open_until = models.DateTimeField(_("pausing until"), null=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_error_at = models.DateTimeField(_("last error"), null=True, editable=False)
    last_error = models.CharField(_("error"), max_length=300, blank=True, default="", editable=False)
    disabled_at = models.DateTimeField(_("disabled"), null=True, editable=False)  # the other side said 410 Gone
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["broadcaster", "name", "id"]
        constraints = [
            models.CheckConstraint(
                name="newsexchange_subscription_has_an_address",
                condition=Q(destination=Destination.PULL)
                | (Q(destination__in=[Destination.WEBHOOK, Destination.HUB]) & ~Q(url=""))
                | (Q(destination=Destination.DROP) & ~Q(folder=""))
                | (Q(destination=Destination.EMAIL) & ~Q(email="")),
            ),
            models.CheckConstraint(
                name="newsexchange_subscription_webhook_is_signed",
                condition=~Q(destination=Destination.WEBHOOK) | ~Q(secret=""),
            ),
            models.CheckConstraint(
                name="newsexchange_subscription_only_drops_have_a_folder",
                condition=Q(destination=Destination.DROP) | Q(folder="", formats=[]),
            ),
            models.UniqueConstraint(
                fields=["folder"], name="newsexchange_subscription_folder_once", condition=~Q(folder="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One event for one subscription: the obligation, and afterwards the record that it was met. ``uid`` is its id
    to the other side, the same at every attempt and replay."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    subscription = models.ForeignKey(
        Subscription, models.CASCADE, related_name="deliveries", verbose_name=_("subscription")
    )
    event = models.ForeignKey(OutboxEvent, models.PROTECT, related_name="+", verbose_name=_("event"))
    subject_uid = models.UUIDField(_("subject UID"))  # the event's, so that order within a story needs no join
    position = models.BigIntegerField(_("position"))  # the event's
    status = models.CharField(
        _("status"), max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    leased_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    response_status = models.PositiveSmallIntegerField(_("answer"), null=True)
    error = models.CharField(_("error"), max_length=300, blank=True, default="")
    duration_ms = models.PositiveIntegerField(_("duration in ms"), null=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["subscription", "due_at", "position"],
                name="newsexchange_delivery_next",
                condition=Q(status=DeliveryStatus.PENDING),
            ),
            models.Index(fields=["subject_uid", "subscription", "position"], name="newsexchange_delivery_story"),
            models.Index(fields=["subscription", "-id"], name="newsexchange_delivery_ledger"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "event"], name="newsexchange_delivery_once"),
            models.CheckConstraint(
                name="newsexchange_delivery_finished",
                condition=Q(status=DeliveryStatus.PENDING) | Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uid}"


class DeliveryAttempt(models.Model):
    """An attempt that failed. What succeeded stands in the delivery itself."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="failed_attempts", verbose_name=_("delivery"))
    number = models.PositiveSmallIntegerField(_("attempt"))
    at = models.DateTimeField(_("at"), db_default=Now())
    response_status = models.PositiveSmallIntegerField(_("answer"), null=True)
    error = models.CharField(_("error"), max_length=300, blank=True, default="")
    duration_ms = models.PositiveIntegerField(_("duration in ms"), null=True)

    objects = DeliveryAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("failed attempt")
        verbose_name_plural = _("failed attempts")
        ordering = ["delivery", "number", "id"]

    def __str__(self) -> str:
        return f"{self.delivery_id} · {self.number}"


class Fanout(models.Model):
    """How far into the outbox deliveries have been made of events; one row."""

    name = models.CharField(max_length=20, primary_key=True)
    position = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("fan-out")
        verbose_name_plural = _("fan-outs")

    def __str__(self) -> str:
        return f"{self.name} {self.position}"


class LeftFolder(models.Model):
    """A drop folder that is no subscription's any more, while there may be something of ours in it. Nobody gets it."""

    folder = models.CharField(_("folder"), max_length=200, unique=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    emptied_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("folder to be emptied")
        verbose_name_plural = _("folders to be emptied")

    def __str__(self) -> str:
        return self.folder


class InboundDelivery(models.Model):
    """A document that a partner pushed to a feed: kept before it is acknowledged, read afterwards by a worker."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    feed = models.ForeignKey(Feed, models.CASCADE, related_name="inbound", verbose_name=_("feed"))
    message_id = models.CharField(_("message"), max_length=255)
    payload = models.BinaryField(_("payload"))
    content_type = models.CharField(_("content type"), max_length=200, blank=True, default="")
    status = models.CharField(_("status"), max_length=10, choices=InboundStatus.choices, default=InboundStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    outcomes = models.JSONField(_("outcomes"), default=list)
    received_at = models.DateTimeField(_("received at"), db_default=Now())
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = InboundDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("pushed document")
        verbose_name_plural = _("pushed documents")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], name="newsexchange_inbound_waiting", condition=Q(status=InboundStatus.WAITING))
        ]
        constraints = [models.UniqueConstraint(fields=["feed", "message_id"], name="newsexchange_inbound_once")]

    def __str__(self) -> str:
        return self.message_id
