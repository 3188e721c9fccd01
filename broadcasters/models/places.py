"""Countries, cities, venues and streets, with the names they had at other times and in other tongues."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.calendar_constants import Existence
from broadcasters.constants import PlaceKind
from broadcasters.models.base import NamedRecord, named_in_some_language, one_of
from broadcasters.querysets import ReferenceQuerySet
from mediaexchange.core.validators import validate_language_tag, validate_time_zone


class Place(NamedRecord):
    kind = models.CharField(_("kind"), max_length=10, choices=PlaceKind.choices)
    country_code = models.CharField(
        _("country code"), max_length=2, blank=True, default="",
        help_text=_("ISO 3166-1 alpha-2; Kosovo is XK. Empty for a region of several countries."),
    )  # fmt: skip
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True, default="", validators=[validate_time_zone])
    existence = models.CharField(
        pgettext_lazy("place", "existence"), max_length=10, choices=Existence.choices, default=Existence.PRESENT,
        help_text=_("What is planned is not there yet, however often it is announced."),
    )  # fmt: skip

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["slug"]
        constraints = [
            named_in_some_language("name", "broadcasters_place_named"),
            one_of("kind", PlaceKind, "broadcasters_place_kind"),
            one_of("existence", Existence, "broadcasters_place_existence"),
            models.CheckConstraint(
                name="broadcasters_place_lies_in_a_country",
                condition=models.Q(kind="region") | models.Q(country_code__gt=""),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.kind != PlaceKind.REGION and not self.country_code:
            raise ValidationError({"country_code": _("Only a region lies in several countries.")})


class PlaceName(models.Model):
    """A variant of a place's name: an exonym, or what it was called in a period (EDTF, open ends empty)."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="variants", verbose_name=_("place"))
    text = models.CharField(_("name"), max_length=200)
    language = models.CharField(
        _("language"), max_length=35, blank=True, default="", validators=[validate_language_tag]
    )
    valid_from = models.CharField(_("valid from"), max_length=30, blank=True, default="")
    valid_until = models.CharField(_("valid until"), max_length=30, blank=True, default="")
    note = models.CharField(_("note"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("name variant")
        verbose_name_plural = _("name variants")
        ordering = ["text", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "text", "language", "valid_from"], name="broadcasters_placename_unique"
            )
        ]

    def __str__(self) -> str:
        return self.text
