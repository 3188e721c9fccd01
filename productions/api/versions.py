"""Language versions of productions. Any BCP 47 tag may come; its script may be left out where it is known."""

from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Broadcaster
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.writing import StrictSerializer
from mediaexchange.core.rights.source_types import DIGITAL_SOURCE_TYPES
from mediaexchange.core.validators import validate_day
from productions.api.base import ProductionField
from productions.api.delivery_base import ProductionPartViewSet
from productions.constants import AiUse, DeliverableKind, VersionKind, VersionStatus
from productions.models import Deliverable, LanguageVersion, Production
from productions.services.deliverable import plan_deliverables
from productions.services.version import move_version, review_version, save_version


class LanguageVersionFilter(filters.FilterSet):
    production = filters.UUIDFilter(field_name="production__uid")
    language = filters.CharFilter(help_text="A tag with its script, such as hu-Latn")
    kind = filters.ChoiceFilter(choices=VersionKind.choices)
    status = filters.ChoiceFilter(choices=VersionStatus.choices)

    class Meta:
        model = LanguageVersion
        fields: list[str] = []


class OwedSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Deliverable
        fields = ["uid", "kind", "broadcaster", "status"]


class LanguageVersionSerializer(serializers.ModelSerializer):
    production = ProductionField()
    language_name = serializers.CharField(read_only=True, help_text="In the language of the answer")
    payer = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    owner = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    deliverables = OwedSerializer(many=True, read_only=True)

    class Meta:
        model = LanguageVersion
        fields = [
            "uid", "production", "language", "language_name", "autonym", "kind", "payer", "owner", "reuse_terms",
            "ai_use", "ai_tool", "digital_source_type", "ai_label", "reviewed_at", "status", "created_at",
            "deliverables",
        ]  # fmt: skip


class ChangedLanguageVersionInput(StrictSerializer):
    language = serializers.CharField(max_length=35, required=False, help_text="BCP 47: hu, hu-Latn, rue-Cyrl")
    kind = serializers.ChoiceField(choices=VersionKind.choices, required=False)
    autonym = serializers.CharField(max_length=100, required=False, allow_blank=True)
    payer = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all(), required=False)
    owner = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all(), required=False)
    reuse_terms = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    ai_use = serializers.ChoiceField(choices=AiUse.choices, required=False, allow_blank=True)
    ai_tool = serializers.CharField(max_length=200, required=False, allow_blank=True)
    digital_source_type = serializers.CharField(max_length=60, required=False, allow_blank=True)
    ai_label = serializers.CharField(max_length=300, required=False, allow_blank=True)

    def validate_digital_source_type(self, value: str) -> str:
        if value and value not in DIGITAL_SOURCE_TYPES:
            raise serializers.ValidationError(_("This is no digital source type of IPTC."))
        return value


class LanguageVersionInput(ChangedLanguageVersionInput):
    production = UidOf(queryset=Production.objects.all())
    language = serializers.CharField(max_length=35, help_text="BCP 47: hu, hu-Latn, rue-Cyrl")
    kind = serializers.ChoiceField(choices=VersionKind.choices)
    payer = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all())
    owner = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all())


class VersionMoveInput(StrictSerializer):
    status = serializers.ChoiceField(choices=VersionStatus.choices)


class PlanInput(StrictSerializer):
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all(), help_text="To whom they are owed")
    supplier = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all(), help_text="Who owes them")
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=DeliverableKind.choices), required=False, max_length=20,
        help_text="All kinds if there are none",
    )  # fmt: skip
    due_on = serializers.DateField(required=False, allow_null=True, validators=[validate_day])


class LanguageVersionViewSet(ProductionPartViewSet):
    queryset = LanguageVersion.objects.select_related("production", "payer", "owner").prefetch_related(
        Prefetch("deliverables", Deliverable.objects.select_related("broadcaster"))
    )
    serializer_class = LanguageVersionSerializer
    filterset_class = LanguageVersionFilter

    @extend_schema(request=LanguageVersionInput, responses={201: LanguageVersionSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Plan a version in any language."""
        version = LanguageVersion(**self.validated(LanguageVersionInput))
        return self.shown(save_version(version, actor=self.actor()), status=201)

    @extend_schema(
        request=ChangedLanguageVersionInput, responses=LanguageVersionSerializer, parameters=[IF_MATCH], filters=False
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else. A changed declaration of AI waits for a reviewer again."""

        def save(version: LanguageVersion, values: dict[str, Any]) -> LanguageVersion:
            return save_version(version, actor=self.actor(), changed=self.fill(version, values))

        return self.changed(ChangedLanguageVersionInput, save)

    @extend_schema(request=VersionMoveInput, responses=LanguageVersionSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it further. 409 with every reason while it cannot be delivered. Safe to repeat."""
        version = self.get_object()
        return self.shown(move_version(version, actor=self.actor(), **self.validated(VersionMoveInput)))

    @extend_schema(request=None, responses=LanguageVersionSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A person answers for what AI made of it. Safe to repeat."""
        return self.shown(review_version(self.get_object(), actor=self.actor()))

    @extend_schema(request=PlanInput, responses=LanguageVersionSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put what one partner owes another of it on the list. Safe to repeat: what is there stays."""
        version = self.get_object()
        values: dict[str, Any] = self.validated(PlanInput)
        due_on: date | None = values.pop("due_on", None)
        plan_deliverables(version, actor=self.actor(), due_on=due_on, **values)
        return self.shown(version)
