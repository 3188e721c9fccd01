"""Timed texts: what there is of them, and their cues."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from archive.constants import TextKind, TextOrigin
from archive.formats.cues import MAX_CUES, MAX_MS
from archive.models import Item, TimedText
from mediaexchange.core.api.serializers import UidOf
from mediaexchange.core.api.writing import StrictSerializer
from mediaexchange.core.validators import validate_language_tag


class TextCardSerializer(serializers.ModelSerializer):
    """Without its cues: those stand at its own address."""

    item = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    kind_text = serializers.CharField(source="get_kind_display", read_only=True)

    class Meta:
        model = TimedText
        fields = ["uid", "item", "kind", "kind_text", "language", "origin", "tool", "format", "created_at"]


class CueSerializer(serializers.Serializer):
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    text = serializers.CharField()


class TextSerializer(TextCardSerializer):
    cues = serializers.SerializerMethodField()

    class Meta(TextCardSerializer.Meta):
        fields = [*TextCardSerializer.Meta.fields, "cues"]

    @extend_schema_field(CueSerializer(many=True))
    def get_cues(self, text: TimedText) -> list[dict[str, object]]:
        return [{"start_ms": start, "end_ms": end, "text": words} for start, end, words in text.cues]


class CueInput(StrictSerializer):
    start_ms = serializers.IntegerField(min_value=0, max_value=MAX_MS)
    end_ms = serializers.IntegerField(min_value=1, max_value=MAX_MS)
    text = serializers.CharField(max_length=5000, trim_whitespace=False)


class ChangedTextInput(StrictSerializer):
    """Who wrote it stays as it is where nothing is said of it: a machine's text that was corrected is a machine's."""

    cues = serializers.ListField(child=CueInput(), max_length=MAX_CUES, min_length=1)
    origin = serializers.ChoiceField(choices=TextOrigin.choices, required=False)
    tool = serializers.CharField(max_length=100, required=False, allow_blank=True, help_text="What wrote it")


class NewTextInput(ChangedTextInput):
    """Put a text; unless told otherwise people have written it."""

    origin = serializers.ChoiceField(choices=TextOrigin.choices, default=TextOrigin.HUMAN)
    tool = serializers.CharField(max_length=100, default="", allow_blank=True, help_text="What wrote it")
    item = UidOf(queryset=Item.objects.all())
    kind = serializers.ChoiceField(choices=TextKind.choices)
    language = serializers.CharField(
        max_length=35, validators=[validate_language_tag], help_text="BCP 47; Serbian in either script is one text"
    )
