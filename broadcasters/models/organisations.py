"""Member organisations, their channels, the institutions around them, and who belongs to whom."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.calendar_constants import Existence
from broadcasters.constants import ChannelKind, InstitutionKind, Ownership, Role
from broadcasters.models.base import NamedRecord, named_in_some_language, one_of
from broadcasters.models.dated import Spanned, edtf_field
from broadcasters.models.places import Place
from broadcasters.querysets import BroadcasterQuerySet, MembershipQuerySet, ReferenceQuerySet
from mediaexchange.core.validators import validate_language_tag, validate_time_zone

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


def language_tags(label: "StrPromise") -> ArrayField:
    """A list of open BCP 47 tags: no code changes when a partner works in Hungarian or Rusyn."""
    return ArrayField(
        models.CharField(max_length=35, validators=[validate_language_tag]),
        verbose_name=label,
        default=list,
        blank=True,
    )


class Broadcaster(NamedRecord):
    """A member organisation of the exchange, of any country; an agency can be one."""

    abbreviation = models.CharField(_("abbreviation"), max_length=20, blank=True)
    country_code = models.CharField(_("country code"), max_length=2)
    home_city = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("home city"))
    time_zone = models.CharField(_("time zone"), max_length=40, validators=[validate_time_zone])
    working_languages = language_tags(_("working languages"))
    ownership = models.CharField(
        _("ownership"), max_length=20, choices=Ownership.choices, help_text=_("Shown with everything it offers.")
    )
    website = models.URLField(_("web site"), blank=True, default="")
    data_region = models.CharField(_("data-home region"), max_length=2, help_text=_("Where personal data stays."))
    member_of = ArrayField(models.CharField(max_length=40), verbose_name=_("member of"), default=list, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = BroadcasterQuerySet.as_manager()

    class Meta:
        verbose_name = _("broadcaster")
        verbose_name_plural = _("broadcasters")
        ordering = ["slug"]
        constraints = [named_in_some_language("name", "broadcasters_broadcaster_named")]

    def today(self) -> date:
        """The day by the house's own clocks, by which its deeds are dated whoever asks for them and from where."""
        return timezone.localdate(timezone=ZoneInfo(self.time_zone))


class Channel(NamedRecord):
    broadcaster = models.ForeignKey(Broadcaster, models.CASCADE, related_name="channels", verbose_name=_("broadcaster"))
    kind = models.CharField(_("kind"), max_length=12, choices=ChannelKind.choices)
    languages = language_tags(_("languages"))
    foreign_share_cap_percent = models.DecimalField(
        _("foreign share cap"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Per cent of weekly minutes; empty means no cap."),
    )
    weekly_minutes = models.PositiveIntegerField(
        _("minutes a week"),
        default=7 * 24 * 60,
        validators=[MinValueValidator(1), MaxValueValidator(7 * 24 * 60)],
        help_text=_("How long it broadcasts; what the foreign share is a share of."),
    )
    is_live = models.BooleanField(_("on air"), default=True)
    note = models.TextField(
        _("note"), blank=True, default="", help_text=_("Where the cap and the languages come from.")
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["slug"]
        constraints = [
            named_in_some_language("name", "broadcasters_channel_named"),
            models.CheckConstraint(
                name="broadcasters_channel_weekly_minutes",
                condition=models.Q(weekly_minutes__range=(1, 7 * 24 * 60)),
            ),
            models.CheckConstraint(
                name="broadcasters_channel_cap_is_percent",
                condition=models.Q(foreign_share_cap_percent__isnull=True)
                | models.Q(foreign_share_cap_percent__range=(0, 100)),
            ),
        ]


class Institution(Spanned, NamedRecord):
    """An embassy, ministry, museum, ensemble, company …: whoever hosts, performs or is visited."""

    spans: ClassVar[dict[str, str]] = {"opened": "opened"}

    kind = models.CharField(_("kind"), max_length=12, choices=InstitutionKind.choices)
    country_code = models.CharField(
        _("country code"), max_length=2, blank=True, default="", help_text=_("Empty if it belongs to several.")
    )
    city = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("city"))
    existence = models.CharField(
        pgettext_lazy("place", "existence"), max_length=10, choices=Existence.choices, default=Existence.PRESENT,
        help_text=_("What is planned is not there yet, however often it is announced."),
    )  # fmt: skip
    opened = edtf_field(pgettext_lazy("institution", "opened"))
    opened_first = models.DateField(null=True, editable=False)
    opened_last = models.DateField(null=True, editable=False)
    note = models.TextField(_("note"), blank=True, default="")

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["slug"]
        constraints = [
            named_in_some_language("name", "broadcasters_institution_named"),
            one_of("kind", InstitutionKind, "broadcasters_institution_kind"),
            one_of("existence", Existence, "broadcasters_institution_existence"),
            models.CheckConstraint(
                name="broadcasters_institution_opens_once",
                condition=~models.Q(existence="planned") | models.Q(opened=""),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.existence == Existence.PLANNED and self.opened:
            raise ValidationError({"opened": _("What is only planned has not been opened.")})


class Membership(models.Model):
    """One role of one user at one broadcaster. Several rows give several roles."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    broadcaster = models.ForeignKey(Broadcaster, models.CASCADE, related_name="staff", verbose_name=_("broadcaster"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["broadcaster", "user", "role"]
        constraints = [
            models.UniqueConstraint(fields=["user", "broadcaster", "role"], name="broadcasters_membership_unique"),
            models.CheckConstraint(
                name="broadcasters_membership_role", condition=models.Q(role__in=[role.value for role in Role])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.broadcaster} · {self.get_role_display()}"
