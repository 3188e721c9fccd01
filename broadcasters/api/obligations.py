"""Obligations under the caller's memoranda, and how each stands at this moment."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Obligation
from broadcasters.obligations import Standing, progress_of
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.serializers import TranslatedField, TranslatedSerializer
from mediaexchange.core.api.views import ExchangeViewSet, actor_of


class ObligationFilter(filters.FilterSet):
    memorandum = filters.CharFilter(field_name="memorandum__slug")
    module = filters.CharFilter(field_name="module__slug")
    debtor = filters.CharFilter(field_name="debtor__slug")
    creditor = filters.CharFilter(field_name="creditor__slug")
    indicator = filters.CharFilter(field_name="indicator")

    class Meta:
        model = Obligation
        fields: list[str] = []


class ObligationSerializer(TranslatedSerializer):
    title = TranslatedField()
    memorandum = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    module = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    debtor = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    creditor = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    clause = serializers.SlugRelatedField(slug_field="uid", read_only=True, allow_null=True)

    class Meta:
        model = Obligation
        fields = [
            "uid", "title", "memorandum", "clause", "module", "debtor", "creditor", "indicator", "amount", "rhythm",
            "starts_on",
            "ends_on", "note", "text_languages",
        ]  # fmt: skip


class FigureSerializer(serializers.Serializer):
    """A stretch of whole days in the debtor's time zone, and what was done in it as the caller may see it."""

    first_on = serializers.DateField(source="stretch.first")
    last_on = serializers.DateField(source="stretch.last")
    wanted = serializers.IntegerField(source="stretch.wanted")
    done = serializers.IntegerField()
    is_met = serializers.BooleanField()


class ProgressSerializer(serializers.Serializer):
    standing = serializers.ChoiceField(choices=[standing.value for standing in Standing])
    current = FigureSerializer(allow_null=True)
    last = FigureSerializer(allow_null=True)
    forecast = serializers.IntegerField(
        allow_null=True, help_text="What the current stretch comes to if it goes on as it has begun"
    )


class ObligationViewSet(ExchangeViewSet):
    queryset = Obligation.objects.for_progress()
    serializer_class = ObligationSerializer
    filterset_class = ObligationFilter
    resource = "broadcasters"

    @extend_schema(responses=ProgressSerializer, filters=False)
    @action(detail=True)
    def progress(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What is done and wanted in the stretch that runs and in the one before; ``overdue`` when that fell short and
        the one that runs has not made up for it."""
        refuse_unknown(request, set())
        return self.answer(ProgressSerializer, progress_of(self.get_object(), actor_of(request)))
