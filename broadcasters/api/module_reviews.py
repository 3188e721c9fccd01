"""Reviews of modules: demand, feasibility, verdict, and indicators counted as the caller may see them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.api.writable import WritableViewSet
from broadcasters.models import Broadcaster, DemandFigure, Module, ModuleReview, ReviewEvidence
from broadcasters.permissions import house_of
from broadcasters.review_evidence import counted
from broadcasters.services.review import save_review
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.api.writing import StrictSerializer


class DemandFigureSerializer(serializers.ModelSerializer):
    class Meta:
        model = DemandFigure
        fields = ["measure", "value", "language", "source", "url", "as_of"]


class ReviewEvidenceSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    partner = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    value = serializers.SerializerMethodField(
        method_name="counted_value", help_text="What the caller may see of it; null if nobody counts it"
    )

    class Meta:
        model = ReviewEvidence
        fields = ["indicator", "broadcaster", "partner", "value"]

    def counted_value(self, evidence: ReviewEvidence) -> int | None:
        figure = counted(evidence, self.context["request"].user)
        return figure.value if figure else None


class ListedModuleReviewSerializer(serializers.ModelSerializer):
    module = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    demand = DemandFigureSerializer(many=True, read_only=True)

    class Meta:
        model = ModuleReview
        fields = [
            "uid", "module", "broadcaster", "first_on", "last_on", "demand_note", "demand", "staff", "budget", "kit",
            "feasibility_note", "verdict", "verdict_reason", "written_at",
        ]  # fmt: skip


class ModuleReviewSerializer(ListedModuleReviewSerializer):
    """With the evidence, whose figures are counted when it is read."""

    evidence = ReviewEvidenceSerializer(many=True, read_only=True)

    class Meta(ListedModuleReviewSerializer.Meta):
        fields = [*ListedModuleReviewSerializer.Meta.fields, "evidence"]


class DemandFigureInput(StrictSerializer, serializers.ModelSerializer):
    class Meta:
        model = DemandFigure
        fields = ["measure", "value", "language", "source", "url", "as_of"]


class ReviewEvidenceInput(StrictSerializer):
    indicator = serializers.CharField(max_length=60)
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all())
    partner = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all(), required=False, allow_null=True)


class ChangedModuleReviewInput(StrictSerializer, serializers.ModelSerializer):
    demand = DemandFigureInput(many=True, required=False)
    evidence = ReviewEvidenceInput(many=True, required=False)

    class Meta:
        model = ModuleReview
        fields = [
            "first_on", "last_on", "demand_note", "demand", "staff", "budget", "kit", "feasibility_note", "verdict",
            "verdict_reason", "evidence",
        ]  # fmt: skip


class ModuleReviewInput(ChangedModuleReviewInput):
    module = SeesOnly(slug_field="slug", queryset=Module.objects.all())
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True), required=False)

    class Meta(ChangedModuleReviewInput.Meta):
        fields = ["module", "broadcaster", *ChangedModuleReviewInput.Meta.fields]


class ModuleReviewViewSet(WritableViewSet):
    queryset = ModuleReview.objects.select_related("module", "broadcaster").prefetch_related(
        "demand", "evidence__broadcaster", "evidence__partner", "evidence__review"
    )
    serializer_class = ModuleReviewSerializer
    parts = ("demand", "evidence")
    filterset_fields = ["module__slug", "verdict"]

    def get_serializer_class(self) -> Any:
        """Lists leave the counting out: a figure costs a query."""
        return ListedModuleReviewSerializer if self.action == "list" else ModuleReviewSerializer

    @extend_schema(responses=ListedModuleReviewSerializer(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=ModuleReviewInput, responses={201: ModuleReviewSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Review a module for one's own house."""
        values = self.validated(ModuleReviewInput)
        house = house_of(actor_of(request), "broadcasters.add_modulereview", values.pop("broadcaster", None))
        return self.made(ModuleReview(broadcaster=house), values, save_review)

    @extend_schema(
        request=ChangedModuleReviewInput, responses=ModuleReviewSerializer, parameters=[IF_MATCH], filters=False
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given; lists replace what was there. 409 once a move of the module rests on it."""
        return self.changed(ChangedModuleReviewInput, save_review)
