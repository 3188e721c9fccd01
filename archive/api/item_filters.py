"""What lists and facets of items can be narrowed to. An unknown filter is an error."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from archive import narrowing
from archive.constants import AssetType, Category, ItemStatus, ValidationStatus
from archive.facets import FIXITY
from archive.models import Collection, Item, Series
from archive.querysets import ItemQuerySet, Narrowing
from broadcasters.models import Broadcaster
from mediaexchange.core.edtf import span_of, validate_edtf
from mediaexchange.core.validators import validate_language_tag

Items = ItemQuerySet[Item]
DECADES = [(str(year), f"{year}s") for year in range(narrowing.FIRST_DECADE, narrowing.LAST_DECADE + 1, 10)]
_DATE = _("A date in EDTF, such as 1961, 1961-09 or 1961-09-12")


class ItemFilter(filters.FilterSet):
    category = filters.ChoiceFilter(choices=Category.choices, method="with_category")
    asset_type = filters.ChoiceFilter(choices=AssetType.choices)
    decade = filters.ChoiceFilter(choices=DECADES, method="with_decade", help_text="Its first year")
    dated_from = filters.CharFilter(method="with_dates", validators=[validate_edtf], help_text=_DATE)
    dated_to = filters.CharFilter(method="with_dates", validators=[validate_edtf], help_text=_DATE)
    collection = filters.CharFilter(method="with_collection", help_text="A slug of one’s own house")
    series = filters.CharFilter(method="with_series", help_text="A slug of one’s own house")
    holder = filters.CharFilter(method="with_holder")
    language = filters.CharFilter(
        method="with_language", validators=[validate_language_tag], help_text="Spoken; a BCP 47 tag"
    )
    people = filters.CharFilter(method="with_person", help_text="A person’s slug")
    place = filters.CharFilter(method="with_place", help_text="A place’s slug; what is part of it is found too")
    topic = filters.CharFilter(method="with_topic")
    identifier = filters.CharFilter(method="with_identifier")
    cleared_for_me = filters.BooleanFilter(method="with_clearance", help_text="For use at home now, on some platform")
    has_subtitles = filters.BooleanFilter(method="with_subtitles")
    fixity = filters.ChoiceFilter(choices=list(FIXITY.items()), method="with_fixity", help_text="Of one’s own items")
    validation = filters.ChoiceFilter(choices=ValidationStatus.choices, method="with_validation")
    status = filters.ChoiceFilter(choices=ItemStatus.choices)
    updated_since = filters.IsoDateTimeFilter(method="with_changes")

    class Meta:
        model = Item
        fields: list[str] = []

    def with_decade(self, queryset: Items, _name: str, value: str) -> Items:
        return queryset.narrowed(narrowing.in_decade(int(value)))

    def with_dates(self, queryset: Items, name: str, value: str) -> Items:
        """Dates that may overlap the time between both; one condition where both are given."""
        if name == "dated_to" and self.data.get("dated_from"):
            return queryset
        first = span_of(self.data.get("dated_from", "")).first
        last = span_of(self.data.get("dated_to", "")).last
        if first is not None and last is not None and first > last:
            return queryset.none()
        return queryset.narrowed(narrowing.dated_between(first, last))

    def with_category(self, queryset: Items, _name: str, value: str) -> Items:
        return queryset.narrowed(narrowing.of_category(value))

    def with_collection(self, queryset: Items, _name: str, value: str) -> Items:
        return queryset.narrowed(narrowing.of_collection(value, Collection.objects.visible_to(self.request.user)))

    def with_series(self, queryset: Items, _name: str, value: str) -> Items:
        return queryset.narrowed(narrowing.of_series(value, Series.objects.visible_to(self.request.user)))

    def with_holder(self, queryset: Items, _name: str, value: str) -> Items:
        return queryset.narrowed(narrowing.held_by(Broadcaster.objects.filter(slug=value).values_list("pk", flat=True)))

    def with_language(self, queryset: Items, _name: str, value: str) -> Items:
        return queryset.narrowed(narrowing.speaking(value))

    def with_person(self, queryset: Items, _name: str, value: str) -> Items:
        return queryset.narrowed(narrowing.crediting(value))

    def with_place(self, queryset: Items, _name: str, value: str) -> Items:
        return queryset.narrowed(narrowing.at_place(value))

    def with_topic(self, queryset: Items, _name: str, value: str) -> Items:
        return queryset.narrowed(narrowing.of_topic(value))

    def with_identifier(self, queryset: Items, _name: str, value: str) -> Items:
        return queryset.narrowed(narrowing.identified(value))

    def with_changes(self, queryset: Items, _name: str, value: datetime) -> Items:
        return queryset.narrowed(narrowing.changed_since(value))

    def with_clearance(self, queryset: Items, _name: str, value: bool) -> Items:
        return self._with(queryset, narrowing.cleared_for(self.request.user), is_wanted=value)

    def with_subtitles(self, queryset: Items, _name: str, value: bool) -> Items:
        return self._with(queryset, narrowing.has_subtitles(), is_wanted=value)

    def with_fixity(self, queryset: Items, _name: str, value: str) -> Items:
        return queryset.narrowed(narrowing.with_fixity(value, self.request.user))

    def with_validation(self, queryset: Items, _name: str, value: str) -> Items:
        return queryset.narrowed(narrowing.with_validation(value, self.request.user))

    def _with(self, queryset: Items, wanted: Narrowing, *, is_wanted: bool) -> Items:
        return queryset.narrowed(wanted) if is_wanted else queryset.filter(~wanted.condition)
