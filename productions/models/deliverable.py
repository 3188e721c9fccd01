"""Deliverables: what one partner owes another of a language version, and whether it came and was taken."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.models import Instantiation, MediaFile
from broadcasters.models import Broadcaster
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.validators import validate_day
from productions.constants import DELIVERABLE_MOVES, DeliverableKind, DeliverableStatus
from productions.delivery_querysets import DeliverableQuerySet
from productions.models.base import one_of
from productions.models.version import LanguageVersion


class Deliverable(models.Model):
    """``supplier`` owes it to ``broadcaster``. A trigger lets none be delivered while anything stands against it."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    version = models.ForeignKey(
        LanguageVersion, models.PROTECT, related_name="deliverables", verbose_name=_("language version")
    )
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("owed to"))
    supplier = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("owed by"))
    kind = models.CharField(pgettext_lazy("deliverable", "kind"), max_length=20, choices=DeliverableKind.choices)
    specification = models.TextField(
        _("technical specification"), blank=True, default="", help_text=_("Format, loudness, what belongs to it.")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True, validators=[validate_day])
    instantiation = models.ForeignKey(
        Instantiation, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("carrier or file of the archive"),
    )  # fmt: skip
    file = models.ForeignKey(MediaFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file"))
    status = models.CharField(
        _("status"), max_length=10, choices=DeliverableStatus.choices, default=DeliverableStatus.DUE, editable=False
    )
    reason = models.TextField(_("reason of the rejection"), blank=True, default="", editable=False)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True, editable=False)
    delivered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("delivered by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip

    objects = DeliverableQuerySet.as_manager()

    class Meta:
        verbose_name = _("deliverable")
        verbose_name_plural = _("deliverables")
        ordering = ["version", "broadcaster", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "broadcaster", "kind"], name="productions_deliverable_once"),
            one_of("kind", DeliverableKind, "productions_deliverable_kind"),
            one_of("status", DeliverableStatus, "productions_deliverable_status"),
            models.CheckConstraint(name="productions_deliverable_to_another", condition=~Q(supplier=F("broadcaster"))),
            models.CheckConstraint(
                name="productions_deliverable_is_there",
                condition=Q(status="due") | Q(instantiation__isnull=False) | Q(file__isnull=False),
            ),
            models.CheckConstraint(
                name="productions_deliverable_one_link", condition=Q(instantiation__isnull=True) | Q(file__isnull=True)
            ),
            models.CheckConstraint(
                name="productions_deliverable_rejected_why", condition=~Q(status="rejected") | Q(reason__gt="")
            ),
            models.CheckConstraint(
                name="productions_deliverable_when", condition=Q(status="due") | Q(delivered_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.version} → {self.broadcaster}"

    @property
    def is_overdue(self) -> bool:
        """Still owed after its day, by the clocks of the active zone."""
        is_owed = self.status in (DeliverableStatus.DUE, DeliverableStatus.REJECTED)
        return is_owed and self.due_on is not None and self.due_on < timezone.localdate()

    def move_to(self, status: str) -> None:
        """Raises ConflictError for a move that ``DELIVERABLE_MOVES`` does not allow."""
        if status not in DELIVERABLE_MOVES[self.status]:
            raise ConflictError(
                "deliverable-move-refused",
                _("A deliverable cannot go from “%(current)s” to “%(wanted)s”.")
                % {"current": DeliverableStatus(self.status).label, "wanted": DeliverableStatus(status).label},
                current=self.status,
                wanted=status,
            )
        self.status = status
