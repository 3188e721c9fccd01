"""The way of a story between broadcasters: offered, taken, recalled."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Airing, Broadcaster, Module
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.validators import validate_language_tag
from newsexchange.constants import OfferStatus, RecallKind, RequestStatus, Road, UseKind
from newsexchange.models.story import Story
from newsexchange.querysets import (
    OfferQuerySet,
    RecallNoticeQuerySet,
    RecallQuerySet,
    ReceiptQuerySet,
    StoryRequestQuerySet,
    TakeQuerySet,
    UseQuerySet,
)

_OFFER_MOVES = {
    OfferStatus.OPEN: {OfferStatus.TAKEN, OfferStatus.DECLINED, OfferStatus.WITHDRAWN},
    OfferStatus.DECLINED: {OfferStatus.OPEN},  # offered again
    OfferStatus.WITHDRAWN: {OfferStatus.OPEN},
    OfferStatus.TAKEN: set(),
}


class Offer(models.Model):
    """A story put before a partner. Declining needs no reason; there is no duty to air."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    story = models.ForeignKey(Story, models.CASCADE, related_name="offers", verbose_name=_("story"))
    to_broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="offers_received", verbose_name=_("offered to")
    )
    module = models.ForeignKey(
        Module, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("module")
    )
    status = models.CharField(_("status"), max_length=10, choices=OfferStatus.choices, default=OfferStatus.OPEN)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    offered_at = models.DateTimeField(_("offered at"), db_default=Now())
    opened_at = models.DateTimeField(null=True, editable=False)  # since when the partner could have read it
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True)

    shown_as = ""  # what to call the story before whoever may not see it any more

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["-offered_at", "-id"]
        indexes = [models.Index(fields=["to_broadcaster", "story", "status"], name="newsexchange_offer_access")]
        constraints = [
            models.UniqueConstraint(fields=["story", "to_broadcaster"], name="newsexchange_offer_once"),
            models.CheckConstraint(
                name="newsexchange_offer_status", condition=Q(status__in=[value.value for value in OfferStatus])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shown_as or self.story} → {self.to_broadcaster}"

    def move_to(self, status: OfferStatus) -> None:
        """Take a new status. Raises ConflictError for an answer that was already given another way."""
        if status not in _OFFER_MOVES[OfferStatus(self.status)]:
            raise ConflictError(
                "offer-move-refused",
                _("The offer is already “%(current)s”.") % {"current": OfferStatus(self.status).label},
                current=self.status,
                wanted=str(status),
            )
        self.status = status


class Take(models.Model):
    """A partner's decision to use a story, with the credit duty accepted. The row outlives recalls: it is a ledger."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    story = models.ForeignKey(Story, models.CASCADE, related_name="takes", verbose_name=_("story"))
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="takes", verbose_name=_("taken by"))
    offer = models.OneToOneField(Offer, models.PROTECT, related_name="take", verbose_name=_("offer"))
    story_version = models.PositiveIntegerField(_("version"))
    conditions = models.JSONField(_("conditions accepted"), default=list, blank=True)  # statements: {"code", "values"}
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField(_("taken at"), db_default=Now())

    objects = TakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("take")
        verbose_name_plural = _("takes")
        ordering = ["-taken_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["story", "broadcaster"], name="newsexchange_take_once")]

    def __str__(self) -> str:
        return f"{self.story} ← {self.broadcaster}"


class Recall(models.Model):
    """The withdrawal of a story from everybody who ever had it. Never deleted."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    story = models.ForeignKey(Story, models.PROTECT, related_name="recalls", verbose_name=_("story"))
    kind = models.CharField(_("kind"), max_length=10, choices=RecallKind.choices)
    reason = models.TextField(_("reason"), blank=True, default="")
    story_version = models.PositiveIntegerField(_("version"))
    recalled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    recalled_at = models.DateTimeField(_("recalled at"), db_default=Now())

    objects = RecallQuerySet.as_manager()

    class Meta:
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        ordering = ["-recalled_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.story_name}"

    @property
    def story_name(self) -> str:
        """Whose story it was, when it came out and how its identity begins: its words must not come back this way."""
        home = self.story.broadcaster
        moment = localtime(self.story.published_at or self.recalled_at)
        name = localized(home, "abbreviation") or str(home)
        return f"{name} · {date_format(moment, 'SHORT_DATETIME_FORMAT')} · {str(self.story.uid)[:8]}…"


class RecallNotice(models.Model):
    """One broadcaster that had the story, and whether it has confirmed that the story is gone there too."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    recall = models.ForeignKey(Recall, models.CASCADE, related_name="notices", verbose_name=_("recall"))
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("broadcaster"))
    due_at = models.DateTimeField(_("acknowledge by"))
    reminded_at = models.DateTimeField(null=True, editable=False)  # when both sides were told that it is overdue
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    lifted_at = models.DateTimeField(_("story usable again"), null=True)  # before it was acknowledged
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = RecallNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("recall notice")
        verbose_name_plural = _("recall notices")
        ordering = ["-recall__recalled_at", "broadcaster"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="newsexchange_notice_due",
                condition=Q(acknowledged_at__isnull=True, reminded_at__isnull=True),
            )
        ]
        constraints = [models.UniqueConstraint(fields=["recall", "broadcaster"], name="newsexchange_recallnotice_once")]

    def __str__(self) -> str:
        return f"{self.recall} · {self.broadcaster}"

    @property
    def is_waiting(self) -> bool:
        """Neither acknowledged nor lifted. ``RecallNoticeQuerySet.unanswered`` is the same in SQL."""
        return self.acknowledged_at is None and self.lifted_at is None

    @property
    def is_overdue(self) -> bool:
        """Not acknowledged though its time is up, by this process's clock."""
        return self.is_waiting and self.due_at < timezone.now()


class Receipt(models.Model):
    """That a broadcaster received a story, and by which road. Kept for ever: recalls go by it."""

    story = models.ForeignKey(Story, models.PROTECT, related_name="receipts", verbose_name=_("story"))
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("broadcaster"))
    road = models.CharField(_("road"), max_length=10, choices=Road.choices)
    first_version = models.PositiveIntegerField(_("first version"))
    last_version = models.PositiveIntegerField(_("last version"))
    first_at = models.DateTimeField(_("first received"), db_default=Now())
    last_at = models.DateTimeField(_("last received"), db_default=Now())

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["-first_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["story", "broadcaster", "road"], name="newsexchange_receipt_once")
        ]

    def __str__(self) -> str:
        return f"{self.story_id} → {self.broadcaster_id} · {self.road}"


class Use(models.Model):
    """What became of a take: an airing on a channel, or a link to where it stands."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    take = models.ForeignKey(Take, models.PROTECT, related_name="uses", verbose_name=_("take"))
    kind = models.CharField(_("kind"), max_length=10, choices=UseKind.choices)
    airing = models.OneToOneField(
        Airing, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("airing")
    )
    url = models.URLField(_("link"), max_length=1000, blank=True, default="")
    used_at = models.DateTimeField(_("used at"))
    note = models.TextField(_("note"), blank=True, default="")
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reported_at = models.DateTimeField(_("reported at"), db_default=Now())

    objects = UseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use")
        verbose_name_plural = _("uses")
        ordering = ["-used_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="newsexchange_use_is_shown",
                condition=Q(kind=UseKind.AIRING, airing__isnull=False) | (Q(kind=UseKind.LINK) & ~Q(url="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.take} · {self.get_kind_display()}"


_REQUEST_MOVES = {
    RequestStatus.ASKED: {RequestStatus.ACKNOWLEDGED, RequestStatus.FILLED, RequestStatus.DECLINED},
    RequestStatus.ACKNOWLEDGED: {RequestStatus.FILLED, RequestStatus.DECLINED},
    RequestStatus.FILLED: set(),
    RequestStatus.DECLINED: set(),
}


class StoryRequest(models.Model):
    """One broadcaster asks another for a story. Declining needs no reason."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    from_broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="requests_made", verbose_name=_("asked by")
    )
    to_broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="requests_received", verbose_name=_("asked of")
    )
    subject = models.CharField(_("what is wanted"), max_length=300)
    text = models.TextField(_("in detail"), blank=True, default="")
    language = models.CharField(
        _("language"), max_length=35, blank=True, default="", validators=[validate_language_tag]
    )
    needed_by = models.DateTimeField(_("needed by"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=RequestStatus.choices, default=RequestStatus.ASKED)
    story = models.ForeignKey(
        Story, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("story")
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(_("asked at"), db_default=Now())
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True)

    objects = StoryRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("story request")
        verbose_name_plural = _("story requests")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="newsexchange_storyrequest_of_another", condition=~Q(from_broadcaster=models.F("to_broadcaster"))
            ),
            models.CheckConstraint(
                name="newsexchange_storyrequest_filled_by_a_story",
                condition=~Q(status=RequestStatus.FILLED) | Q(story__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def move_to(self, status: RequestStatus) -> None:
        """Take a new status. Raises ConflictError for a request that was answered another way."""
        if status not in _REQUEST_MOVES[RequestStatus(self.status)]:
            raise ConflictError(
                "request-move-refused",
                _("The request is already “%(current)s”.") % {"current": RequestStatus(self.status).label},
                current=self.status,
                wanted=str(status),
            )
        self.status = status
