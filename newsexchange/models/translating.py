"""Machine translation: a house's services, its queue of orders, and its memory of what people have approved."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.models import Broadcaster
from mediaexchange.core.secrets import EncryptedTextField
from mediaexchange.core.validators import validate_language_tag
from newsexchange.constants import OrderError, OrderStatus, TranslationAdapter
from newsexchange.models.story import Story
from newsexchange.translation_querysets import (
    MemorySegmentQuerySet,
    TranslationOrderQuerySet,
    TranslationProviderQuerySet,
)


class TranslationProvider(models.Model):
    """A house's own account with something that translates. Several are asked in the order of ``position``."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="translation_providers", verbose_name=_("broadcaster")
    )
    name = models.CharField(_("name"), max_length=200)
    adapter = models.CharField(_("kind"), max_length=15, choices=TranslationAdapter.choices)
    url = models.CharField(
        _("address"), max_length=1000, blank=True, default="", help_text=_("Empty: the service's usual one.")
    )
    region = models.CharField(
        _("region"), max_length=60, blank=True, default="", help_text=_("Azure only, for a key that belongs to one.")
    )
    secret = EncryptedTextField(_("key"), blank=True, default="")
    languages = ArrayField(
        models.CharField(max_length=35, validators=[validate_language_tag]),
        verbose_name=_("languages"),
        default=list,
        blank=True,
        help_text=_("Among which it translates. None: those it is known for."),
    )
    least_percent = models.PositiveSmallIntegerField(
        _("least likeness in per cent"),
        default=75,
        validators=[MinValueValidator(50), MaxValueValidator(100)],
        help_text=_("Memory only: sentences that are less alike are not offered."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1, help_text=_("The lowest is asked first."))
    is_active = models.BooleanField(_("active"), default=True)
    sees_confidential = models.BooleanField(
        _("may get confidential texts"),
        default=False,
        help_text=_(
            "Texts that are not out yet (drafts, embargo, held, withheld) or that have restrictions or usage terms. "
            "Without this they do not leave the house."
        ),
    )
    monthly_characters = models.PositiveIntegerField(
        _("characters a month"), null=True, blank=True, help_text=_("Empty: no limit of ours.")
    )

    objects = TranslationProviderQuerySet.as_manager()

    class Meta:
        verbose_name = _("translation service")
        verbose_name_plural = _("translation services")
        ordering = ["broadcaster", "position", "id"]
        constraints = [
            models.CheckConstraint(
                name="newsexchange_translationprovider_adapter",
                condition=Q(adapter__in=[value.value for value in TranslationAdapter]),
            ),
            models.CheckConstraint(
                name="newsexchange_translationprovider_percent", condition=Q(least_percent__range=(50, 100))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_external(self) -> bool:
        """Whether texts leave the house on their way to it."""
        return self.adapter not in (TranslationAdapter.NULL, TranslationAdapter.MEMORY)


class TranslationSpending(models.Model):
    """Characters sent to a service in one month of UTC, counted before they are sent."""

    provider = models.ForeignKey(TranslationProvider, models.CASCADE, related_name="spending")
    month = models.DateField()  # its first day
    characters = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("characters sent")
        verbose_name_plural = _("characters sent")
        constraints = [models.UniqueConstraint(fields=["provider", "month"], name="newsexchange_spending_once")]

    def __str__(self) -> str:
        return f"{self.provider_id} · {self.month:%Y-%m} · {self.characters}"


class TranslationOrder(models.Model):
    """A machine translation that somebody wants, and what came of it until a person has decided.

    The machine's words stand in ``segments`` and nowhere else; only an approval makes an edition of them. ``source``
    holds the text they were made from: {"headline", "summary", "body"}. A segment is {"field", "source", "text",
    "provider", "model", "percent", "at"}; ``percent`` is None for what no memory gave.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    story = models.ForeignKey(Story, models.CASCADE, related_name="translation_orders", verbose_name=_("story"))
    source_version = models.PositiveIntegerField(_("from version"))
    source_hash = models.CharField(max_length=64, editable=False)
    source_language = models.CharField(pgettext_lazy("language", "from"), max_length=35)
    target_language = models.CharField(_("into"), max_length=35)
    source = models.JSONField(default=dict, editable=False)
    segments = models.JSONField(default=list, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=OrderStatus.choices, default=OrderStatus.QUEUED)
    error = models.CharField(_("error"), max_length=20, choices=OrderError.choices, blank=True, default="")
    error_detail = models.CharField(_("details"), max_length=300, blank=True, default="")
    provider = models.ForeignKey(
        TranslationProvider, models.SET_NULL, null=True, related_name="orders", verbose_name=_("service")
    )
    tool = models.CharField(_("tool"), max_length=200, blank=True, default="")  # as the edition will declare it
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    leased_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("ordered by")
    )
    created_at = models.DateTimeField(_("ordered at"), db_default=Now())
    finished_at = models.DateTimeField(_("finished at"), null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("reviewer")
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")

    objects = TranslationOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("machine translation")
        verbose_name_plural = _("machine translations")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="newsexchange_order_due",
                condition=Q(status__in=[OrderStatus.QUEUED, OrderStatus.WORKING]),
            ),
            models.Index(fields=["story", "-id"], name="newsexchange_order_story"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "source_version", "source_hash", "target_language"],
                name="newsexchange_order_once",
                condition=~Q(status__in=[OrderStatus.FAILED, OrderStatus.CANCELED, OrderStatus.REJECTED]),
            ),
            models.CheckConstraint(
                name="newsexchange_order_status", condition=Q(status__in=[value.value for value in OrderStatus])
            ),
            models.CheckConstraint(
                name="newsexchange_order_decided_by_a_person",
                condition=~Q(status__in=[OrderStatus.APPROVED, OrderStatus.REJECTED])
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="newsexchange_order_lease",
                condition=~Q(status=OrderStatus.WORKING) | Q(lease_token__isnull=False, leased_until__isnull=False),
            ),
            models.CheckConstraint(
                name="newsexchange_order_says_why",
                condition=~Q(status=OrderStatus.FAILED) | ~Q(error=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_language} → {self.target_language}"


class MemorySegment(models.Model):
    """A sentence and its translation as a person approved them; they belong to the house whose edition it was.

    ``bands`` are numbers of which sentences that are alike share one: PostgreSQL's own trigrams know no letters beyond
    ASCII where its locale is C, and for every sentence would read most of the others.
    """

    broadcaster = models.ForeignKey(Broadcaster, models.CASCADE, related_name="memory", verbose_name=_("broadcaster"))
    story = models.ForeignKey(Story, models.CASCADE, related_name="memory", verbose_name=_("story"))
    story_version = models.PositiveIntegerField(_("version"))
    source_language = models.CharField(pgettext_lazy("language", "from"), max_length=35)
    target_language = models.CharField(_("into"), max_length=35)
    source_hash = models.CharField(max_length=64, editable=False)
    source = models.TextField(_("source"))
    target = models.TextField(_("translation"))
    bands = ArrayField(models.IntegerField(), default=list, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved at"), db_default=Now())

    objects = MemorySegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("remembered sentence")
        verbose_name_plural = _("translation memory")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["broadcaster", "source_language", "target_language", "source_hash"],
                name="newsexchange_memory_exact",
            ),
            GinIndex(fields=["bands"], name="newsexchange_memory_bands"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "source_language", "target_language", "source_hash"], name="newsexchange_memory_once"
            )
        ]

    def __str__(self) -> str:
        return self.source
