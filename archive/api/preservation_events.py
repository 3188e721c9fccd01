"""What happened to the files of one's own house: fixity checks and the other events of PREMIS."""

from django_filters import rest_framework as filters
from rest_framework import serializers

from archive.constants import PremisOutcome, PremisType
from archive.models import PreservationEvent
from mediaexchange.core.api.views import ExchangeViewSet


class PreservationEventSerializer(serializers.ModelSerializer):
    file = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    kind_text = serializers.CharField(source="get_kind_display", read_only=True)

    class Meta:
        model = PreservationEvent
        fields = ["uid", "file", "kind", "kind_text", "outcome", "detail", "agent", "at"]


class PreservationEventFilter(filters.FilterSet):
    file = filters.UUIDFilter(field_name="file__uid")
    item = filters.UUIDFilter(field_name="file__instantiations__item__uid")
    kind = filters.ChoiceFilter(choices=PremisType.choices)
    outcome = filters.ChoiceFilter(choices=PremisOutcome.choices)
    since = filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")

    class Meta:
        model = PreservationEvent
        fields: list[str] = []


class PreservationEventViewSet(ExchangeViewSet):
    """Newest first. Rows are never changed."""

    queryset = PreservationEvent.objects.select_related("file")
    serializer_class = PreservationEventSerializer
    filterset_class = PreservationEventFilter
    resource = "archive"
    cursor_fields = ("at", "id")
    cursor_descending = True
