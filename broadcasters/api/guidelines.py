"""Guidelines with their versions, and who has adopted which."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.api.writable import WritableViewSet
from broadcasters.models import Broadcaster, Guideline, GuidelineAdoption, GuidelineVersion, Initiative, Module
from broadcasters.services.guideline import adopt_version, save_guideline, save_version
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, TranslatedField, TranslatedSerializer
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.api.writing import StrictSerializer, TextsField, columns_of, fill


class GuidelineAdoptionSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = GuidelineAdoption
        fields = ["broadcaster", "adopted_on"]


class GuidelineVersionSerializer(TranslatedSerializer):
    text = TranslatedField()
    adoptions = GuidelineAdoptionSerializer(many=True, read_only=True)

    class Meta:
        model = GuidelineVersion
        fields = ["number", "text", "change_note", "written_at", "adoptions", "text_languages"]


class GuidelineSerializer(TranslatedSerializer):
    name = TranslatedField()
    module = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    initiative = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    versions = GuidelineVersionSerializer(many=True, read_only=True)

    class Meta:
        model = Guideline
        fields = ["uid", "slug", "name", "module", "initiative", "kind", "versions", "text_languages"]


class ChangedGuidelineInput(StrictSerializer, serializers.ModelSerializer):
    texts = TextsField({"name": 200}, required=False)
    initiative = SeesOnly(slug_field="slug", queryset=Initiative.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Guideline
        fields = ["texts", "initiative", "kind"]


class GuidelineInput(ChangedGuidelineInput):
    slug = serializers.SlugField(max_length=50)
    module = SeesOnly(slug_field="slug", queryset=Module.objects.all())

    class Meta(ChangedGuidelineInput.Meta):
        fields = ["slug", "module", *ChangedGuidelineInput.Meta.fields]


class GuidelineVersionInput(StrictSerializer):
    texts = TextsField({"text": 100_000})
    change_note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class GuidelineAdoptionInput(StrictSerializer):
    number = serializers.IntegerField(min_value=1)
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True))
    adopted_on = serializers.DateField(required=False, help_text="Today, unless told otherwise")


class GuidelineViewSet(WritableViewSet):
    queryset = Guideline.objects.select_related("module", "initiative").prefetch_related(
        "versions__adoptions__broadcaster"
    )
    serializer_class = GuidelineSerializer
    filterset_fields = ["module__slug", "kind"]
    lookup_field = "slug"
    lookup_value_converter = "slug"
    uncounted = frozenset({"sort_keys"})

    @extend_schema(request=GuidelineInput, responses={201: GuidelineSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put a guideline before the parties of a module; its words are those of its versions."""
        return self.made(Guideline(), self.validated(GuidelineInput), save_guideline)

    @extend_schema(request=ChangedGuidelineInput, responses=GuidelineSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""
        return self.changed(ChangedGuidelineInput, save_guideline)

    @extend_schema(request=GuidelineVersionInput, responses={201: GuidelineSerializer}, filters=False)
    @action(detail=True, methods=["post"])
    def versions(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write the next version. Houses are told that it can be adopted."""
        guideline = self.get_object()
        version = GuidelineVersion(guideline=guideline)
        fill(version, columns_of(self.validated(GuidelineVersionInput)))
        save_version(version, actor=actor_of(request))
        return self.shown(guideline, status=201)

    @extend_schema(request=GuidelineAdoptionInput, responses=GuidelineSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def adopt(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that a house works by a version from a day on. Safe to repeat."""
        guideline, values = self.get_object(), self.validated(GuidelineAdoptionInput)
        version = get_object_or_404(guideline.versions, number=values.pop("number"))
        adopt_version(version, actor=actor_of(request), **values)
        return self.shown(guideline)
