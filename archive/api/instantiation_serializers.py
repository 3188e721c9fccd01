"""Carriers and files, with the tracks inside them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from archive.constants import Generation
from archive.models import Instantiation, Item, MediaFile, Track
from broadcasters.models import Broadcaster
from broadcasters.permissions import roles_of
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.writing import StrictSerializer


class TrackSerializer(serializers.ModelSerializer):
    """Rates and aspects are fractions of two whole numbers; loudness is EBU R 128's."""

    class Meta:
        model = Track
        fields = [
            "position", "kind", "codec", "profile", "language", "duration_ms", "bit_rate", "rate_numerator",
            "rate_denominator", "width", "height", "rotation", "pixel_numerator", "pixel_denominator",
            "picture_numerator", "picture_denominator", "scan_order", "pixel_format", "bit_depth", "sample_rate_hz",
            "channels", "channel_layout", "loudness_lufs", "loudness_range_lu", "true_peak_dbtp",
        ]  # fmt: skip


class KeptFileSerializer(serializers.ModelSerializer):
    class Meta:
        model = MediaFile
        fields = ["uid", "status", "refusal", "sha256", "size_bytes", "content_type", "original_name", "checked_at"]


class InstantiationSerializer(serializers.ModelSerializer):
    """Where it lies and which file it is, only its own house is told; for others these are null."""

    item = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    holder = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    location = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()
    file = serializers.SerializerMethodField()
    tracks = TrackSerializer(many=True, read_only=True)

    class Meta:
        model = Instantiation
        fields = [
            "uid", "item", "kind", "generation", "identifier", "format", "holder", "location", "digitised_on",
            "start_timecode", "duration_ms", "colours", "note", "file", "tracks",
        ]  # fmt: skip

    @extend_schema_field({"type": ["string", "null"]})
    def get_location(self, row: Instantiation) -> str | None:
        return row.location if self._is_own(row) else None

    @extend_schema_field({"type": ["string", "null"]})
    def get_note(self, row: Instantiation) -> str | None:
        return row.note if self._is_own(row) else None

    @extend_schema_field(KeptFileSerializer(allow_null=True))
    def get_file(self, row: Instantiation) -> Any:
        return KeptFileSerializer(row.file).data if row.file is not None and self._is_own(row) else None

    def _is_own(self, row: Instantiation) -> bool:
        return row.item.broadcaster_id in roles_of(self.context["request"].user)


class ChangedCarrierInput(StrictSerializer, serializers.ModelSerializer):
    generation = serializers.ChoiceField(choices=Generation.choices, required=False)
    holder = SeesOnly(
        slug_field="slug", queryset=Broadcaster.objects.all(), required=False, allow_null=True, help_text="Who has it"
    )

    class Meta:
        model = Instantiation
        fields = [
            "generation", "identifier", "format", "holder", "location", "digitised_on", "start_timecode",
            "duration_ms", "colours", "note",
        ]  # fmt: skip


class CarrierInput(ChangedCarrierInput):
    item = UidOf(queryset=Item.objects.all())
    generation = serializers.ChoiceField(choices=Generation.choices)

    class Meta(ChangedCarrierInput.Meta):
        fields = ["item", *ChangedCarrierInput.Meta.fields]
