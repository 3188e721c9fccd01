"""Segments: marked stretches, in frames and in milliseconds."""

from rest_framework import serializers

from archive.models import Instantiation, Item, Segment
from mediaexchange.core.api.serializers import TranslatedField, TranslatedSerializer, UidOf
from mediaexchange.core.api.writing import StrictSerializer, TextsField


class SegmentSerializer(TranslatedSerializer):
    """From ``in_frame`` up to, not including, ``out_frame``, counted from the first frame."""

    item = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    instantiation = serializers.SlugRelatedField(slug_field="uid", read_only=True, allow_null=True)
    title = TranslatedField()
    description = TranslatedField()
    in_ms = serializers.IntegerField(read_only=True)
    out_ms = serializers.IntegerField(read_only=True)
    duration_ms = serializers.IntegerField(read_only=True)

    class Meta:
        model = Segment
        fields = [
            "uid", "item", "instantiation", "in_frame", "out_frame", "rate_numerator", "rate_denominator", "in_ms",
            "out_ms", "duration_ms", "title", "description", "reel", "created_at", "text_languages",
        ]  # fmt: skip


class ChangedSegmentInput(StrictSerializer, serializers.ModelSerializer):
    """``texts`` are by BCP 47 tag; Serbian may be written in either script."""

    texts = TextsField({"title": 300, "description": 20_000}, required=False)
    instantiation = UidOf(queryset=Instantiation.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Segment
        fields = ["texts", "instantiation", "in_frame", "out_frame", "rate_numerator", "rate_denominator", "reel"]
        extra_kwargs = {"in_frame": {"required": False}, "out_frame": {"required": False}}


class SegmentInput(ChangedSegmentInput):
    item = UidOf(queryset=Item.objects.all())

    class Meta(ChangedSegmentInput.Meta):
        fields = ["item", *ChangedSegmentInput.Meta.fields]
        extra_kwargs = {}
