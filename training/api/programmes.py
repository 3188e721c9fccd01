"""Training programmes of the modules that the caller's house is a party of."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Broadcaster, Module
from broadcasters.permissions import house_of
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, TranslatedField, TranslatedSerializer
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.api.writing import StrictSerializer, TextsField
from training.api.base import NamedViewSet
from training.models import Programme
from training.services.programme import save_programme


class ProgrammeSerializer(TranslatedSerializer):
    name = TranslatedField()
    description = TranslatedField()
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    module = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Programme
        fields = [
            "uid", "slug", "name", "description", "broadcaster", "module", "topics", "languages", "is_active",
            "text_languages",
        ]  # fmt: skip


class ChangedProgrammeInput(StrictSerializer, serializers.ModelSerializer):
    """``texts`` are by BCP 47 tag; Serbian may be written in either script."""

    texts = TextsField({"name": 200, "description": 20_000}, required=False)
    module = SeesOnly(slug_field="slug", queryset=Module.objects.all(), required=False)

    class Meta:
        model = Programme
        fields = ["texts", "module", "topics", "languages", "is_active"]


class ProgrammeInput(ChangedProgrammeInput):
    slug = serializers.SlugField(max_length=50)
    module = SeesOnly(slug_field="slug", queryset=Module.objects.all())
    broadcaster = SeesOnly(
        slug_field="slug",
        queryset=Broadcaster.objects.filter(is_active=True),
        required=False,
        help_text="Who looks after it; needed by those who act for several",
    )

    class Meta(ChangedProgrammeInput.Meta):
        fields = ["slug", "broadcaster", *ChangedProgrammeInput.Meta.fields]


class ProgrammeViewSet(NamedViewSet):
    queryset = Programme.objects.select_related("broadcaster", "module")
    serializer_class = ProgrammeSerializer
    filterset_fields = ["is_active"]

    @extend_schema(request=ProgrammeInput, responses={201: ProgrammeSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Begin a programme under a module of journalist training."""
        values = self.validated(ProgrammeInput)
        house = house_of(actor_of(request), "training.add_programme", values.pop("broadcaster", None))
        return self.made(Programme(broadcaster=house, module=values.pop("module")), values, save_programme)

    @extend_schema(request=ChangedProgrammeInput, responses=ProgrammeSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""
        return self.changed(ChangedProgrammeInput, save_programme)
