"""Partners of a production and what part each of them has."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Broadcaster
from productions.constants import PartnerRole
from productions.models.base import one_of
from productions.models.production import Production
from productions.querysets import ProductionPartQuerySet


class Partner(models.Model):
    """A house with its share in per cent of the whole, brought partly in cash and partly in kind.

    The shares of one production total 100.00 at the end of every transaction; they are changed all at once.
    """

    production = models.ForeignKey(Production, models.CASCADE, related_name="partners", verbose_name=_("production"))
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="production_partnerships", verbose_name=_("broadcaster")
    )
    role = models.CharField(_("role"), max_length=15, choices=PartnerRole.choices, default=PartnerRole.CO_PRODUCER)
    share_percent = models.DecimalField(
        _("share, in per cent"), max_digits=5, decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(100)],
    )  # fmt: skip
    in_kind_percent = models.DecimalField(
        _("of it in kind, in per cent of the whole"), max_digits=5, decimal_places=2, default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Crews, studios, archive footage. The rest of the share is cash."),
    )  # fmt: skip
    is_editorial_lead = models.BooleanField(_("editorial lead"), default=False)
    holds_final_cut = models.BooleanField(_("holds the final cut"), default=False)

    objects = ProductionPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner of a production")
        verbose_name_plural = _("partners of productions")
        ordering = ["-share_percent", "id"]
        constraints = [
            models.UniqueConstraint(fields=["production", "broadcaster"], name="productions_partner_once"),
            models.UniqueConstraint(
                fields=["production"], name="productions_partner_one_lead", condition=Q(is_editorial_lead=True)
            ),
            one_of("role", PartnerRole, "productions_partner_role"),
            models.CheckConstraint(
                name="productions_partner_share", condition=Q(share_percent__gt=0, share_percent__lte=100)
            ),
            models.CheckConstraint(
                name="productions_partner_in_kind",
                condition=Q(in_kind_percent__gte=0, in_kind_percent__lte=F("share_percent")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.broadcaster)

    @property
    def cash_percent(self) -> Decimal:
        return self.share_percent - self.in_kind_percent
