"""Collections and series of one's own house."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from archive.models import Collection, Series
from archive.services.collection import save_collection
from broadcasters.models import Broadcaster
from broadcasters.permissions import house_of
from mediaexchange.core.api.preconditions import require_match
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, TranslatedField, TranslatedSerializer
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import StrictSerializer, TextsField, columns_of, fill, revision_of, tagged


class CollectionSerializer(TranslatedSerializer):
    name = TranslatedField()
    description = TranslatedField()
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    parent = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = Collection
        fields = ["uid", "slug", "name", "description", "broadcaster", "parent", "text_languages"]


class SeriesSerializer(TranslatedSerializer):
    name = TranslatedField()
    description = TranslatedField()
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    collection = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = Series
        fields = [
            "uid", "slug", "name", "description", "broadcaster", "collection", "expected_items", "text_languages"
        ]  # fmt: skip


class ChangedCollectionInput(StrictSerializer, serializers.ModelSerializer):
    """``texts`` are by BCP 47 tag; Serbian may be written in either script."""

    texts = TextsField({"name": 200, "description": 20_000}, required=False)
    parent = SeesOnly(slug_field="slug", queryset=Collection.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Collection
        fields = ["texts", "parent"]


class _New(serializers.Serializer):
    slug = serializers.SlugField(max_length=50)
    broadcaster = SeesOnly(
        slug_field="slug",
        queryset=Broadcaster.objects.filter(is_active=True),
        required=False,
        help_text="Whose it is; needed by those who catalogue for several",
    )


class CollectionInput(_New, ChangedCollectionInput):
    class Meta(ChangedCollectionInput.Meta):
        fields = ["slug", "broadcaster", *ChangedCollectionInput.Meta.fields]


class ChangedSeriesInput(StrictSerializer, serializers.ModelSerializer):
    """``texts`` are by BCP 47 tag; Serbian may be written in either script."""

    texts = TextsField({"name": 200, "description": 20_000}, required=False)
    collection = SeesOnly(slug_field="slug", queryset=Collection.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Series
        fields = ["texts", "collection", "expected_items"]


class SeriesInput(_New, ChangedSeriesInput):
    class Meta(ChangedSeriesInput.Meta):
        fields = ["slug", "broadcaster", *ChangedSeriesInput.Meta.fields]


class _OrderedViewSet(ExchangeViewSet):
    """What orders an archive above its items, by slug or by name in the alphabet of the answer's language."""

    lookup_field = "slug"
    lookup_value_converter = "slug"
    resource = "archive"
    cursor_fields = ("slug",)
    orderings = {"slug": (("slug",), False), "name": (("sort_key", "slug"), False)}
    serializer_class: Any

    def get_queryset(self) -> Any:
        return super().get_queryset().with_sort_key()  # type: ignore[attr-defined]

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One whole. Its ETag is what a change must bring as If-Match."""
        response = super().retrieve(request, *args, **kwargs)
        return tagged(response, self.get_object())

    def _create(self, model: Any, values: dict[str, Any]) -> Response:
        actor = actor_of(self.request)
        permission = f"archive.add_{model._meta.model_name}"
        record = model(broadcaster=house_of(actor, permission, values.pop("broadcaster", None)))
        fill(record, columns_of(values))
        return self._shown(save_collection(record, actor=actor), status=201)

    def _change(self, serializer_class: Any) -> Response:
        with transaction.atomic():
            record = self.get_object()
            locked = type(record).objects.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
            require_match(self.request, revision_of(locked))
            changed = fill(locked, columns_of(self.validated(serializer_class)))
            stored = save_collection(locked, actor=actor_of(self.request), changed=changed)
        return self._shown(stored)

    def _shown(self, record: Any, status: int = 200) -> Response:
        found = self.get_queryset().get(pk=record.pk)
        return tagged(self.answer(self.serializer_class, found, status=status), found)


class CollectionViewSet(_OrderedViewSet):
    queryset = Collection.objects.select_related("broadcaster", "parent")
    serializer_class = CollectionSerializer

    @extend_schema(request=CollectionInput, responses={201: CollectionSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Begin a collection."""
        return self._create(Collection, self.validated(CollectionInput))

    @extend_schema(request=ChangedCollectionInput, responses=CollectionSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""
        return self._change(ChangedCollectionInput)


class SeriesViewSet(_OrderedViewSet):
    queryset = Series.objects.select_related("broadcaster", "collection")
    serializer_class = SeriesSerializer

    @extend_schema(request=SeriesInput, responses={201: SeriesSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Begin a series."""
        return self._create(Series, self.validated(SeriesInput))

    @extend_schema(request=ChangedSeriesInput, responses=SeriesSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""
        return self._change(ChangedSeriesInput)
