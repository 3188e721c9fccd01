"""What requests and grants say alike in the API: places, platforms, languages, days."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from archive.models import FootageRequest, Licence
from archive.periods import first_day, last_day
from mediaexchange.core.rights.territories import KNOWN
from mediaexchange.core.rights.words import PLATFORM_LABELS
from mediaexchange.core.validators import validate_language_tag, validate_time_zone

PLATFORM_CHOICES = list(PLATFORM_LABELS.items())


class TerritoryField(serializers.CharField):
    """A code or the name of a set, in any case."""

    default_error_messages = {"unknown": _("There is no such territory.")}

    def to_internal_value(self, data: Any) -> str:
        name = str(super().to_internal_value(data)).upper()
        if name not in KNOWN:
            self.fail("unknown")
        return name


class ScopeInput(serializers.Serializer):
    """Days are those of ``time_zone``; the last one counts to its end. An empty list is no limit."""

    territories = serializers.ListField(
        child=TerritoryField(max_length=40), default=list, max_length=300,
        help_text="ISO 3166-1 alpha-2, XK, or sets such as EU and CIS; none is the whole world",
    )  # fmt: skip
    platforms = serializers.ListField(
        child=serializers.ChoiceField(choices=PLATFORM_CHOICES), default=list, max_length=20
    )
    languages = serializers.ListField(
        child=serializers.CharField(max_length=35), default=list, max_length=50, help_text="BCP 47 tags"
    )
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="The last day, to its end")
    time_zone = serializers.CharField(
        max_length=40, default="", allow_blank=True, help_text="That of the own house, if not given"
    )

    def validate_languages(self, value: list[str]) -> list[str]:
        for tag in value:
            validate_language_tag(tag)
        return value

    def validate_time_zone(self, value: str) -> str:
        if value:
            validate_time_zone(value)
        return value


def days_of(period: FootageRequest | Licence) -> tuple[str, str]:
    """Its first and last day in its own zone, as ISO 8601 dates."""
    first, last = first_day(period.starts_at, period.time_zone), last_day(period.ends_at, period.time_zone)
    return first.isoformat(), last.isoformat()
