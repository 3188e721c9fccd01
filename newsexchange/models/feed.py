"""A partner's feed with its health, and what of it could not become a story."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Broadcaster, Module
from mediaexchange.core.secrets import EncryptedTextField
from mediaexchange.core.validators import validate_language_tag
from newsexchange.constants import FeedAuth, FeedFormat, QuarantineReason, QuarantineStatus, RuleAction, RuleField
from newsexchange.querysets import FeedQuerySet, FeedRuleQuerySet, QuarantineQuerySet


class Feed(models.Model):
    """Where a broadcaster's stories come from. Bookkeeping columns are written by the sync alone."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="feeds", verbose_name=_("broadcaster"))
    url = models.CharField(
        _("address"),
        max_length=1000,
        blank=True,
        default="",
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Empty for documents that are delivered by hand."),
    )
    format = models.CharField(_("format"), max_length=12, choices=FeedFormat.choices, default=FeedFormat.AUTO)
    language = models.CharField(
        _("language"),
        max_length=35,
        blank=True,
        default="",
        validators=[validate_language_tag],
        help_text=_("For entries that declare none; empty means as the document says."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_open = models.BooleanField(
        _("open"), default=False, help_text=_("Its stories also go into the public open feeds, unless restricted.")
    )
    is_own_output = models.BooleanField(
        _("own output"),
        default=False,
        db_default=False,
        help_text=_(
            "The broadcaster alone fills it. Only such a feed may renew or recall, under our identity, stories of the "
            "broadcaster that it did not bring itself."
        ),
    )
    module = models.ForeignKey(
        Module,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="feeds",
        verbose_name=_("module"),
        help_text=_("While this module runs, new stories are offered to all its parties."),
    )
    interval = models.DurationField(_("shortest interval"), default=timedelta(minutes=15))
    max_interval = models.DurationField(_("longest interval"), default=timedelta(hours=24))
    quiet_after = models.DurationField(
        _("worrying silence"), default=timedelta(days=2), help_text=_("Without a new story for this long it is quiet.")
    )

    fetches_media = models.BooleanField(
        _("fetch media"), default=False, help_text=_("Keep a verified copy of the media files its stories name.")
    )

    auth_kind = models.CharField(_("credentials"), max_length=10, choices=FeedAuth.choices, default=FeedAuth.NONE)
    auth_name = models.CharField(
        _("user or header"), max_length=200, blank=True, default="", help_text=_("The user name, or the header's name.")
    )
    auth_secret = EncryptedTextField(_("password or token"), blank=True, default="")
    inbound_secret = EncryptedTextField(blank=True, default="", editable=False)  # signs what partners push
    previous_inbound_secret = EncryptedTextField(blank=True, default="", editable=False)
    previous_inbound_secret_until = models.DateTimeField(null=True, editable=False)

    etag = models.CharField(max_length=500, blank=True, default="", editable=False)
    last_modified = models.CharField(max_length=100, blank=True, default="", editable=False)
    content_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    next_sync_at = models.DateTimeField(_("next sync"), db_default=Now(), editable=False)
    current_interval = models.DurationField(default=timedelta(0), editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    lease_token = models.UUIDField(null=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_new_at = models.DateTimeField(_("last new story"), null=True, editable=False)
    last_error_at = models.DateTimeField(_("last error"), null=True, editable=False)
    last_error = models.CharField(_("error"), max_length=300, blank=True, default="", editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    redirect_url = models.CharField(max_length=1000, blank=True, default="", editable=False)
    redirect_since = models.DateTimeField(null=True, editable=False)
    gone_since = models.DateTimeField(_("gone since"), null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        ordering = ["slug"]
        indexes = [
            models.Index(fields=["next_sync_at"], name="newsexchange_feed_due", condition=models.Q(is_active=True))
        ]
        constraints = [
            models.CheckConstraint(
                name="newsexchange_feed_intervals",
                condition=models.Q(interval__gte=timedelta(seconds=1), max_interval__gte=models.F("interval")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def health(self) -> str:
        """One word: ``stopped``, ``failing``, ``new``, ``quiet`` or ``healthy``."""
        if not self.is_active:
            return "stopped"
        if self.failures:
            return "failing"
        if self.last_success_at is None:
            return "new"
        if (self.last_new_at or self.created_at) < timezone.now() - self.quiet_after:
            return "quiet"
        return "healthy"


class FeedRule(models.Model):
    """When an entry of the feed is like this, then do that. Rules are asked in order; "leave out" ends the asking."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="rules", verbose_name=_("feed"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)
    field = models.CharField(_("when"), max_length=10, choices=RuleField.choices, default=RuleField.ALWAYS)
    value = models.CharField(_("value"), max_length=200, blank=True, default="")
    action = models.CharField(_("then"), max_length=10, choices=RuleAction.choices)
    tag = models.CharField(
        _("tag"), max_length=200, blank=True, default="", help_text=_("A keyword, or a topic such as medtop:01000000.")
    )
    offer_to = models.ManyToManyField(Broadcaster, related_name="+", blank=True, verbose_name=_("offer to"))

    objects = FeedRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed rule")
        verbose_name_plural = _("feed rules")
        ordering = ["feed", "position", "id"]
        constraints = [
            models.CheckConstraint(
                name="newsexchange_feedrule_compares", condition=models.Q(field=RuleField.ALWAYS) | ~models.Q(value="")
            ),
            models.CheckConstraint(
                name="newsexchange_feedrule_tags", condition=~models.Q(action=RuleAction.TAG) | ~models.Q(tag="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()} {self.value} → {self.get_action_display()}"


class FeedMemory(models.Model):
    """What the last document of a feed held and led to: lets the next one be read without what has not changed in it.

    Losing it loses nothing: everything is read again. See ``newsexchange.services.remembering``.
    """

    feed = models.OneToOneField(Feed, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("feed"))
    entries = models.BinaryField()

    class Meta:
        verbose_name = _("memory of a feed")
        verbose_name_plural = _("memories of feeds")
        ordering = ["feed"]

    def __str__(self) -> str:
        return str(self.pk)


class QuarantinedEntry(models.Model):
    """What a feed sent and nobody could use, whole, with the reason. The same payload again counts, never doubles."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    feed = models.ForeignKey(Feed, models.CASCADE, related_name="quarantine", verbose_name=_("feed"))
    guid = models.CharField(_("identity in the feed"), max_length=1000, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=30, choices=QuarantineReason.choices)
    detail = models.TextField(_("detail"), blank=True, default="")
    payload = models.BinaryField(_("payload"))
    payload_hash = models.CharField(max_length=64)
    content_type = models.CharField(_("content type"), max_length=200, blank=True, default="")
    format = models.CharField(max_length=12, blank=True, default="")
    status = models.CharField(
        _("status"), max_length=10, choices=QuarantineStatus.choices, default=QuarantineStatus.OPEN
    )
    times_seen = models.PositiveIntegerField(_("times seen"), default=1)
    first_seen_at = models.DateTimeField(_("first seen"), db_default=Now())
    last_seen_at = models.DateTimeField(_("last seen"), db_default=Now())
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    objects = QuarantineQuerySet.as_manager()

    class Meta:
        verbose_name = _("quarantined entry")
        verbose_name_plural = _("quarantine")
        ordering = ["-last_seen_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["feed", "payload_hash", "reason"], name="newsexchange_quarantine_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.guid}".rstrip()
