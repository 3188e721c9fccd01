"""Items as partners' developers read them: rows of a list, and one with everything that hangs on it."""

from typing import Any

from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from archive.api.instantiation_serializers import InstantiationSerializer
from archive.api.segment_serializers import SegmentSerializer
from archive.api.text_serializers import TextCardSerializer
from archive.constants import RIGHTS_STATEMENT_URI, TextKind
from archive.models import Credit, Item, ItemDate, ItemDescription, ItemIdentifier, ItemPlace, ItemTitle
from archive.narrowing import SUBTITLES
from broadcasters.permissions import roles_of
from mediaexchange.core.api.serializers import TranslatedField, TranslatedSerializer
from mediaexchange.core.edtf_words import edtf_words
from mediaexchange.core.languages.localize import localized


class NamedSerializer(serializers.Serializer):
    slug = serializers.SlugField()
    name = serializers.CharField()


class HeldSerializer(TranslatedSerializer):
    """What only its own house is told of a record stands here as null for others."""

    def is_own(self, item: Item) -> bool:
        return item.broadcaster_id in roles_of(self.context["request"].user)


class ItemCardSerializer(HeldSerializer):
    broadcaster = serializers.SerializerMethodField()
    title = TranslatedField()
    description = TranslatedField()
    dated_words = serializers.SerializerMethodField(help_text="The date in the language of the answer")
    collection = serializers.SerializerMethodField(help_text="Of one’s own house; null for partners")
    series = serializers.SerializerMethodField(help_text="Of one’s own house; null for partners")
    duration_ms = serializers.SerializerMethodField()
    subtitle_tracks = serializers.SerializerMethodField(help_text="Languages in which subtitles are kept as text")
    transcripts = serializers.SerializerMethodField(help_text="Languages in which transcripts are kept")

    class Meta:
        model = Item
        fields = [
            "uid", "version", "identifier", "broadcaster", "status", "access", "embargoed_until", "category",
            "asset_type", "title", "description", "dated", "dated_words", "dated_first", "dated_last", "collection",
            "series", "speech_languages", "topics", "duration_ms", "subtitle_tracks", "transcripts", "changed_at",
            "text_languages",
        ]  # fmt: skip

    @extend_schema_field(NamedSerializer)
    def get_broadcaster(self, item: Item) -> dict[str, str]:
        return named(item.broadcaster)

    def get_dated_words(self, item: Item) -> str:
        return edtf_words(item.dated)

    @extend_schema_field(NamedSerializer(allow_null=True))
    def get_collection(self, item: Item) -> dict[str, str] | None:
        return named(item.collection) if item.collection and self.is_own(item) else None

    @extend_schema_field(NamedSerializer(allow_null=True))
    def get_series(self, item: Item) -> dict[str, str] | None:
        return named(item.series) if item.series and self.is_own(item) else None

    def get_duration_ms(self, item: Item) -> int | None:
        """Of the longest carrier or file."""
        return max((each.duration_ms for each in item.instantiations.all() if each.duration_ms), default=None)

    def get_subtitle_tracks(self, item: Item) -> list[str]:
        return sorted(text.language for text in item.texts.all() if text.kind in SUBTITLES)

    def get_transcripts(self, item: Item) -> list[str]:
        return sorted(text.language for text in item.texts.all() if text.kind == TextKind.TRANSCRIPT)


class ItemTitleSerializer(serializers.ModelSerializer):
    class Meta:
        model = ItemTitle
        fields = ["kind", "text", "language"]


class ItemDescriptionSerializer(serializers.ModelSerializer):
    class Meta:
        model = ItemDescription
        fields = ["kind", "text", "language"]


class ItemDateSerializer(serializers.ModelSerializer):
    dated_words = serializers.SerializerMethodField()

    class Meta:
        model = ItemDate
        fields = ["kind", "dated", "dated_words", "dated_first", "dated_last"]

    def get_dated_words(self, row: ItemDate) -> str:
        return edtf_words(row.dated)


class ItemIdentifierSerializer(serializers.ModelSerializer):
    class Meta:
        model = ItemIdentifier
        fields = ["source", "value"]


class CreditSerializer(serializers.ModelSerializer):
    person = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    name = serializers.SerializerMethodField(help_text="In the language of the answer, where the person has a record")
    role_text = serializers.CharField(source="get_role_display", read_only=True)

    class Meta:
        model = Credit
        fields = ["person", "name", "role", "role_text", "note"]

    def get_name(self, credit: Credit) -> str:
        return str(credit.person) if credit.person else credit.name


class ItemPlaceSerializer(serializers.ModelSerializer):
    place = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    name = serializers.CharField(source="place.__str__", read_only=True)

    class Meta:
        model = ItemPlace
        fields = ["place", "name", "relation"]


class ItemSerializer(ItemCardSerializer):
    """``parent`` and ``children`` are those that the caller reads; the last fields are null for partners."""

    parent = serializers.SerializerMethodField()
    children = serializers.SerializerMethodField()
    titles = ItemTitleSerializer(many=True)
    descriptions = ItemDescriptionSerializer(many=True)
    dates = ItemDateSerializer(many=True)
    identifiers = ItemIdentifierSerializer(many=True)
    credits = CreditSerializer(many=True)
    places = ItemPlaceSerializer(many=True)
    instantiations = InstantiationSerializer(many=True)
    segments = SegmentSerializer(many=True)
    texts = TextCardSerializer(many=True)
    rights_statement_uri = serializers.SerializerMethodField()
    validation = serializers.SerializerMethodField()
    validation_reasons = serializers.SerializerMethodField()
    source_note = serializers.SerializerMethodField()
    expected_children = serializers.SerializerMethodField()

    class Meta(ItemCardSerializer.Meta):
        fields = [
            *ItemCardSerializer.Meta.fields, "genres", "subjects", "subtitle_languages", "credit_languages", "titles",
            "descriptions", "dates", "identifiers", "credits", "places", "rights_statement", "rights_statement_uri",
            "rights_note", "credit_line", "parent", "children", "instantiations", "segments", "texts", "created_at",
            "validation", "validation_reasons", "source_note", "expected_children",
        ]  # fmt: skip

    @extend_schema_field({"type": ["string", "null"], "format": "uuid"})
    def get_parent(self, item: Item) -> str | None:
        return next((str(each.uid) for each in item.seen_parents), None)  # type: ignore[attr-defined]  # by the view

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_children(self, item: Item) -> list[str]:
        return [str(each.uid) for each in item.seen_children]  # type: ignore[attr-defined]  # by the view

    def get_rights_statement_uri(self, item: Item) -> str:
        return RIGHTS_STATEMENT_URI % item.rights_statement

    @extend_schema_field({"type": ["string", "null"]})
    def get_validation(self, item: Item) -> str | None:
        return item.validation if self.is_own(item) else None

    @extend_schema_field({"type": ["array", "null"], "items": {}})
    def get_validation_reasons(self, item: Item) -> list[Any] | None:
        return item.validation_reasons if self.is_own(item) else None

    @extend_schema_field({"type": ["string", "null"]})
    def get_source_note(self, item: Item) -> str | None:
        return item.source_note if self.is_own(item) else None

    @extend_schema_field({"type": ["integer", "null"]})
    def get_expected_children(self, item: Item) -> int | None:
        return item.expected_children if self.is_own(item) else None


def named(record: Model) -> dict[str, str]:
    return {"slug": record.slug, "name": localized(record, "name")}  # type: ignore[attr-defined]  # a NamedRecord
