"""Organisations and agreements as partners' developers read them."""

from rest_framework import serializers

from broadcasters.models import (
    Broadcaster,
    Channel,
    Institution,
    PartySource,
    Person,
    Place,
    PlaceName,
)
from mediaexchange.core.api.serializers import TranslatedField, TranslatedSerializer


class PlaceNameSerializer(serializers.ModelSerializer):
    class Meta:
        model = PlaceName
        fields = ["text", "language", "valid_from", "valid_until", "note"]


class PlaceSerializer(TranslatedSerializer):
    name = TranslatedField()
    parent = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    variants = PlaceNameSerializer(many=True, read_only=True)

    class Meta:
        model = Place
        fields = [
            "slug", "name", "kind", "country_code", "parent", "time_zone", "existence", "variants", "text_languages",
        ]  # fmt: skip


class ChannelSerializer(TranslatedSerializer):
    name = TranslatedField()
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Channel
        fields = [
            "slug", "name", "broadcaster", "kind", "languages", "foreign_share_cap_percent", "is_live",
            "text_languages",
        ]  # fmt: skip


class BroadcasterSerializer(TranslatedSerializer):
    name = TranslatedField()
    abbreviation = TranslatedField()
    home_city = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Broadcaster
        fields = [
            "slug", "name", "abbreviation", "country_code", "home_city", "time_zone", "working_languages", "ownership",
            "website", "data_region", "member_of", "is_active", "text_languages",
        ]  # fmt: skip


class PersonSerializer(TranslatedSerializer):
    name = TranslatedField()
    description = TranslatedField()
    aliases = serializers.SlugRelatedField(slug_field="text", many=True, read_only=True)

    class Meta:
        model = Person
        fields = ["slug", "name", "description", "aliases", "sources", "text_languages"]


class InstitutionSerializer(TranslatedSerializer):
    name = TranslatedField()
    city = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Institution
        fields = ["slug", "name", "kind", "country_code", "city", "existence", "opened", "text_languages"]


class PartySourceSerializer(serializers.ModelSerializer):
    belongs_to = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = PartySource
        fields = ["title", "publisher", "published_on", "url", "note", "stance", "belongs_to"]


class MeSerializer(serializers.Serializer):
    username = serializers.CharField()
    is_service = serializers.BooleanField()
    language = serializers.CharField()
    broadcasters = serializers.ListField(child=serializers.DictField())
    scopes = serializers.ListField(child=serializers.CharField(), allow_null=True)
    networks = serializers.ListField(
        child=serializers.CharField(),
        allow_null=True,
        help_text="Those the key may be used from (CIDR); empty for any address. Null for a session.",
    )
