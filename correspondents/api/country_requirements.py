"""What countries demand of correspondents: known to every house, corrected by administrators in the admin."""

from django_filters import rest_framework as filters
from rest_framework import serializers

from correspondents.constants import ForWhom, PaperKind
from correspondents.models import CountryRequirement
from mediaexchange.core.api.serializers import TranslatedField, TranslatedSerializer
from mediaexchange.core.api.views import ExchangeViewSet


class RequirementFilter(filters.FilterSet):
    country_code = filters.CharFilter()
    kind = filters.ChoiceFilter(choices=PaperKind.choices)
    for_whom = filters.ChoiceFilter(choices=ForWhom.choices)
    is_compulsory = filters.BooleanFilter()
    is_active = filters.BooleanFilter()

    class Meta:
        model = CountryRequirement
        fields: list[str] = []


class RequirementSerializer(TranslatedSerializer):
    name = TranslatedField()
    authority = TranslatedField()
    papers = TranslatedField()
    note = TranslatedField()
    sources = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = CountryRequirement
        fields = [
            "uid", "slug", "name", "country_code", "kind", "is_compulsory", "for_whom", "term", "validity_days",
            "lead_days", "decision_days", "counts_working_days", "time_zone", "authority", "papers", "note", "sources",
            "is_active", "text_languages",
        ]  # fmt: skip


class CountryRequirementViewSet(ExchangeViewSet):
    queryset = CountryRequirement.objects.all()
    serializer_class = RequirementSerializer
    filterset_class = RequirementFilter
    resource = "correspondents"
    lookup_field = "slug"
    lookup_value_converter = "slug"
    cursor_fields = ("slug",)
