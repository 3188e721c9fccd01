"""Organisations and agreements as partners' developers read them."""

from rest_framework import serializers

from broadcasters.constants import ModuleState
from broadcasters.models import (
    Broadcaster,
    Channel,
    Institution,
    Memorandum,
    Module,
    Party,
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
        fields = ["slug", "name", "kind", "country_code", "parent", "time_zone", "variants", "text_languages"]


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
        fields = ["slug", "name", "kind", "country_code", "city", "text_languages"]


class PartySourceSerializer(serializers.ModelSerializer):
    class Meta:
        model = PartySource
        fields = ["title", "publisher", "published_on", "url", "note"]


class PartySerializer(TranslatedSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    signatory_office = TranslatedField()
    sources = PartySourceSerializer(many=True, read_only=True)

    class Meta:
        model = Party
        fields = [
            "broadcaster", "signature_status", "signed_on", "signatory_name", "signatory_office", "sources",
            "text_languages",
        ]  # fmt: skip


class MemorandumSerializer(TranslatedSerializer):
    name = TranslatedField()
    occasion = TranslatedField()
    summary = TranslatedField()
    place = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    parties = PartySerializer(many=True, read_only=True)

    class Meta:
        model = Memorandum
        fields = [
            "slug", "name", "occasion", "summary", "dated_on", "place", "languages", "parties", "text_languages",
        ]  # fmt: skip


class ModuleSerializer(TranslatedSerializer):
    name = TranslatedField()
    state_reason = TranslatedField()
    demand_note = TranslatedField()
    feasibility_note = TranslatedField()
    parties = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    memoranda = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    is_running = serializers.BooleanField(read_only=True)

    class Meta:
        model = Module
        fields = [
            "slug", "name", "area", "state", "is_running", "state_reason", "state_changed_at", "demand_note",
            "feasibility_note", "parties", "memoranda", "text_languages",
        ]  # fmt: skip


class ModuleMoveInput(serializers.Serializer):
    state = serializers.ChoiceField(choices=ModuleState.choices)
    reason = serializers.CharField(max_length=2000)


class MeSerializer(serializers.Serializer):
    username = serializers.CharField()
    is_service = serializers.BooleanField()
    language = serializers.CharField()
    broadcasters = serializers.ListField(child=serializers.DictField())
    scopes = serializers.ListField(child=serializers.CharField(), allow_null=True)
