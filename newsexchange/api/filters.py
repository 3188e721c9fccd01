"""The filters that the API declares. An unknown one is an error."""

from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from broadcasters.models import Broadcaster
from broadcasters.querysets import member_ids
from mediaexchange.core.languages.tags import SHOWN, STORED_AS, shown_language, to_bcp47
from mediaexchange.core.rights.territories import KNOWN
from newsexchange.constants import OfferStatus, Platform, PubStatus, StoryStatus
from newsexchange.models import Offer, QuarantinedEntry, Story
from newsexchange.rights import is_usable


def validate_territory(value: str) -> None:
    if value.upper() not in KNOWN:
        raise ValidationError(_("There is no such territory."), "unknown-territory")


RELATIONS = [("own", _("own")), ("offered", _("offered")), ("taken", _("taken"))]


class StoryFilter(filters.FilterSet):
    broadcaster = filters.CharFilter(field_name="broadcaster__slug")
    status = filters.ChoiceFilter(choices=StoryStatus.choices, help_text="Drafts are seen by their own newsroom")
    pubstatus = filters.ChoiceFilter(choices=PubStatus.choices)
    topic = filters.CharFilter(method="with_topic")
    language = filters.ChoiceFilter(
        method="with_language", choices=[(to_bcp47(code), to_bcp47(code)) for code in SHOWN]
    )
    relation = filters.ChoiceFilter(method="with_relation", choices=RELATIONS)
    usable_in = filters.CharFilter(
        method="with_use", validators=[validate_territory], help_text="A code or set, such as KZ or CIS"
    )
    platform = filters.ChoiceFilter(
        method="with_platform",
        choices=Platform.choices,
        help_text="May be used on it, in the own country or “usable_in”",
    )
    updated_since = filters.IsoDateTimeFilter(field_name="versioned_at", lookup_expr="gte")

    class Meta:
        model = Story
        fields: list[str] = []

    def with_topic(self, queryset: QuerySet[Story], _name: str, value: str) -> QuerySet[Story]:
        return queryset.filter(topics__contains=[value])

    def with_language(self, queryset: QuerySet[Story], _name: str, value: str) -> QuerySet[Story]:
        """Stories that have text of their own in this language, not by fallback."""
        column = STORED_AS[shown_language(value) or ""]
        return queryset.filter(Q(**{f"headline_{column}__gt": ""}) | Q(**{f"body_{column}__gt": ""}))

    def with_relation(self, queryset: QuerySet[Story], _name: str, value: str) -> QuerySet[Story]:
        members = member_ids(self.request.user)
        if value == "own":
            return queryset.filter(broadcaster__in=members)
        status = OfferStatus.OPEN if value == "offered" else OfferStatus.TAKEN
        offers: Any = Offer.objects.filter(to_broadcaster__in=members, status=status)
        return queryset.filter(pk__in=offers.values("story_id"))

    def with_use(self, queryset: QuerySet[Story], _name: str, value: str) -> QuerySet[Story]:
        """Stories that one of the caller's broadcasters may use in the territory, on the platform if one is given."""
        return queryset.filter(self._usable(territory=value.upper(), platform=self.data.get("platform", "")))

    def with_platform(self, queryset: QuerySet[Story], _name: str, value: str) -> QuerySet[Story]:
        return queryset if self.data.get("usable_in") else queryset.filter(self._usable(territory="", platform=value))

    def _usable(self, *, territory: str, platform: str) -> Q:
        members = Broadcaster.objects.of(self.request.user)
        answers = (is_usable(each, territory=territory, platform=platform) for each in members)
        return reduce(or_, answers, Q(pk__in=[]))


class OfferFilter(filters.FilterSet):
    direction = filters.ChoiceFilter(
        method="with_direction", choices=[("received", _("received")), ("sent", _("sent"))]
    )
    status = filters.ChoiceFilter(choices=OfferStatus.choices)

    class Meta:
        model = Offer
        fields: list[str] = []

    def with_direction(self, queryset: QuerySet[Offer], _name: str, value: str) -> QuerySet[Offer]:
        side = "to_broadcaster__in" if value == "received" else "story__broadcaster__in"
        return queryset.filter(**{side: member_ids(self.request.user)})


class QuarantineFilter(filters.FilterSet):
    feed = filters.CharFilter(field_name="feed__slug")

    class Meta:
        model = QuarantinedEntry
        fields = ["status", "reason"]
