"""From "we need 40 seconds of 1961" to a licence: requests, their lines, licences."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.constants import REQUEST_MOVES, GrantStatus, LineStatus, RequestStatus
from archive.models.base import codes, one_of
from archive.models.item import Item
from archive.models.segment import Segment
from archive.querysets import LicenceQuerySet, RequestPartQuerySet, RequestQuerySet
from broadcasters.models import Broadcaster, Module
from broadcasters.models.organisations import language_tags
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.validators import validate_time_zone


class FootageRequest(models.Model):
    """One house asks another for footage. Only the holder decides, line by line."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="footage_requests", verbose_name=_("requested by")
    )
    holder = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="footage_requests_received", verbose_name=_("holder")
    )
    module = models.ForeignKey(Module, models.PROTECT, related_name="footage_requests", verbose_name=_("module"))
    purpose = models.TextField(_("purpose"))
    production_title = models.CharField(_("for the production"), max_length=300, blank=True, default="")
    territories = codes(_("territories"))
    platforms = codes(_("platforms"), 20)
    languages = language_tags(_("language versions"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    time_zone = models.CharField(_("time zone"), max_length=40, validators=[validate_time_zone])
    is_exclusive = models.BooleanField(_("exclusive"), default=False)
    status = models.CharField(
        _("status"), max_length=16, choices=RequestStatus.choices, default=RequestStatus.SUBMITTED
    )
    answer = models.TextField(_("answer of the holder"), blank=True, default="")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("footage request")
        verbose_name_plural = _("footage requests")
        ordering = ["-id"]
        constraints = [
            one_of("status", RequestStatus, "archive_request_status"),
            models.CheckConstraint(name="archive_request_period", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="archive_request_of_another", condition=~Q(broadcaster=F("holder"))),
            models.CheckConstraint(name="archive_request_purpose", condition=~Q(purpose="")),
        ]

    def __str__(self) -> str:
        return f"{self.broadcaster} → {self.holder} · {self.get_status_display()}"

    def move_to(self, status: str) -> None:
        """Raises ConflictError for a move that ``REQUEST_MOVES`` does not allow."""
        if status not in REQUEST_MOVES[self.status]:
            raise ConflictError(
                "request-move-refused",
                _("A request cannot go from “%(current)s” to “%(wanted)s”.")
                % {"current": RequestStatus(self.status).label, "wanted": RequestStatus(status).label},
                current=self.status,
                wanted=status,
            )
        self.status = status


class RequestLine(models.Model):
    """One item, or a stretch of it, that is asked for; and what the holder says to it."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    footage_request = models.ForeignKey(
        FootageRequest, models.CASCADE, related_name="lines", verbose_name=_("footage request")
    )
    item = models.ForeignKey(Item, models.PROTECT, related_name="request_lines", verbose_name=_("item"))
    segment = models.ForeignKey(
        Segment, models.PROTECT, null=True, blank=True, related_name="request_lines", verbose_name=_("segment")
    )
    seconds = models.PositiveIntegerField(_("seconds"))
    runs = models.PositiveIntegerField(_("runs"), default=1)
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    quoted_amount = models.DecimalField(_("price"), max_digits=14, decimal_places=2, null=True, blank=True)
    quoted_currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    status = models.CharField(_("status"), max_length=10, choices=LineStatus.choices, default=LineStatus.OPEN)
    reason = models.TextField(_("reason"), blank=True, default="")
    approved_seconds = models.PositiveIntegerField(_("approved seconds"), null=True, blank=True)
    approved_runs = models.PositiveIntegerField(_("approved runs"), null=True, blank=True)

    objects = RequestPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a request")
        verbose_name_plural = _("lines of a request")
        ordering = ["id"]
        constraints = [
            one_of("status", LineStatus, "archive_requestline_status"),
            models.CheckConstraint(name="archive_requestline_counts", condition=Q(seconds__gt=0, runs__gt=0)),
            models.CheckConstraint(
                name="archive_requestline_refused_why", condition=~Q(status="refused") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="archive_requestline_within",
                condition=(
                    Q(approved_seconds__isnull=True) | Q(approved_seconds__gt=0, approved_seconds__lte=F("seconds"))
                )
                & (Q(approved_runs__isnull=True) | Q(approved_runs__gt=0, approved_runs__lte=F("runs"))),
            ),
            models.CheckConstraint(
                name="archive_requestline_price",
                condition=Q(quoted_amount__isnull=True, quoted_currency="")
                | (Q(quoted_amount__gte=0) & Q(quoted_currency__regex="^[A-Z]{3}$")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} · {self.seconds} s"


class Licence(models.Model):
    """What came of a request: its grants carry the terms, each counted. Revoking it ends them and closes every link."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    number = models.CharField(pgettext_lazy("document", "number"), max_length=40, unique=True)
    footage_request = models.OneToOneField(
        FootageRequest, models.PROTECT, related_name="licence", verbose_name=_("footage request")
    )
    holder = models.ForeignKey(Broadcaster, models.PROTECT, related_name="licences_given", verbose_name=_("holder"))
    licensee = models.ForeignKey(Broadcaster, models.PROTECT, related_name="licences_taken", verbose_name=_("licensee"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    time_zone = models.CharField(_("time zone"), max_length=40, validators=[validate_time_zone])
    terms = models.TextField(_("further terms"), blank=True, default="")
    credit_line = models.CharField(_("credit line"), max_length=300, blank=True, default="")
    is_clip_only = models.BooleanField(_("only the approved stretch is delivered"), default=True)
    status = models.CharField(_("status"), max_length=10, choices=GrantStatus.choices, default=GrantStatus.ACTIVE)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    revocation_reason = models.TextField(_("reason of the revocation"), blank=True, default="", editable=False)
    expiry_announced_at = models.DateTimeField(_("warned of the expiry at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = LicenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        ordering = ["-id"]
        indexes = [models.Index(fields=["ends_at"], name="archive_licence_ends", condition=Q(status="active"))]
        constraints = [
            one_of("status", GrantStatus, "archive_licence_status"),
            models.CheckConstraint(name="archive_licence_period", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="archive_licence_revoked_when",
                condition=Q(status="active", revoked_at__isnull=True) | Q(status="revoked", revoked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number
