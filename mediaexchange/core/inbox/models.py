"""Notifications: that somebody is told of something. What they are told is read from its row, whenever it is shown."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.inbox.constants import MailStatus, Way
from mediaexchange.core.inbox.querysets import (
    NotificationChoiceQuerySet,
    NotificationMailQuerySet,
    NotificationQuerySet,
)


class NotificationMail(models.Model):
    """What was due for a person at one time, in one message; its Message-ID is this row’s, however often it is sent."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("recipient")
    )
    status = models.CharField(_("status"), max_length=10, choices=MailStatus.choices, default=MailStatus.PENDING)
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_token = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)

    objects = NotificationMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail of notifications")
        verbose_name_plural = _("mails of notifications")
        constraints = [
            models.CheckConstraint(
                name="core_notificationmail_status", condition=Q(status__in=[each.value for each in MailStatus])
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="core_notificationmail_due", condition=Q(status=MailStatus.PENDING))
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Notification(models.Model):
    """That a person is told of a subject: no word of it, and nobody's name, is kept here.

    ``key`` tells occasions of the same kind and subject apart; each is told once. ``mail_due_at`` None is for what is
    not mailed. ``text`` is filled for whoever shows rows, and never stored.
    """

    text: str = ""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", verbose_name=_("recipient")
    )
    kind = models.CharField(_("kind"), max_length=60)
    subject_type = models.CharField(_("subject"), max_length=40)
    subject_uid = models.UUIDField(_("subject UID"))
    key = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    read_at = models.DateTimeField(_("read at"), null=True, editable=False)
    mail_due_at = models.DateTimeField(null=True, editable=False)
    mail = models.ForeignKey(NotificationMail, models.SET_NULL, null=True, related_name="notifications", editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "subject_uid", "key"], name="core_notification_once")
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="core_notification_inbox"),
            models.Index(fields=["recipient"], name="core_notification_unread", condition=Q(read_at__isnull=True)),
            models.Index(
                fields=["mail_due_at"],
                name="core_notification_to_gather",
                condition=Q(mail__isnull=True, read_at__isnull=True, mail_due_at__isnull=False),
            ),
            models.Index(fields=["created_at"], name="core_notification_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_uid}"


class NotificationChoice(models.Model):
    """How a person wants to be told of one kind; without a row, as is usual for it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_choices", verbose_name=_("user")
    )
    kind = models.CharField(_("kind"), max_length=60)
    way = models.CharField(_("way"), max_length=10, choices=Way.choices)

    objects = NotificationChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice of notifications")
        verbose_name_plural = _("choices of notifications")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="core_notificationchoice_once"),
            models.CheckConstraint(
                name="core_notificationchoice_way", condition=Q(way__in=[each.value for each in Way])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.way}"
