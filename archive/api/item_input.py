"""What an archivist's software sends to write an item, and how it becomes fields and parts."""

from typing import Any

from rest_framework import serializers

from archive.models import (
    Collection,
    Credit,
    Item,
    ItemDate,
    ItemDescription,
    ItemIdentifier,
    ItemPlace,
    ItemTitle,
    Series,
)
from archive.services.item import PART_FIELDS
from broadcasters.models import Broadcaster, Person, Place
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.writing import StrictSerializer, TextsField, columns_of

_MOST = 200  # rows of one part; DRF's stubs do not know that lists may be bounded


class TitleInput(StrictSerializer, serializers.ModelSerializer):
    class Meta:
        model = ItemTitle
        fields = ["kind", "text", "language"]


class DescriptionInput(StrictSerializer, serializers.ModelSerializer):
    text = serializers.CharField(max_length=50_000)

    class Meta:
        model = ItemDescription
        fields = ["kind", "text", "language"]


class DateInput(StrictSerializer, serializers.ModelSerializer):
    class Meta:
        model = ItemDate
        fields = ["kind", "dated"]
        extra_kwargs = {"dated": {"allow_blank": False, "required": True}}


class IdentifierInput(StrictSerializer, serializers.ModelSerializer):
    class Meta:
        model = ItemIdentifier
        fields = ["source", "value"]


class CreditInput(StrictSerializer, serializers.ModelSerializer):
    person = SeesOnly(slug_field="slug", queryset=Person.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Credit
        fields = ["person", "name", "role", "note"]


class PlaceInput(StrictSerializer, serializers.ModelSerializer):
    place = SeesOnly(slug_field="slug", queryset=Place.objects.all())

    class Meta:
        model = ItemPlace
        fields = ["place", "relation"]


class ChangedItemInput(StrictSerializer, serializers.ModelSerializer):
    """``texts`` are by BCP 47 tag; Serbian may be written in either script. A part that is given is replaced whole."""

    texts = TextsField({"title": 500, "description": 50_000}, required=False)
    collection = SeesOnly(slug_field="slug", queryset=Collection.objects.all(), required=False, allow_null=True)
    series = SeesOnly(slug_field="slug", queryset=Series.objects.all(), required=False, allow_null=True)
    parent = UidOf(queryset=Item.objects.all(), required=False, allow_null=True)
    topics = serializers.ListField(child=serializers.RegexField(r"\Amedtop:\d{8}\Z"), max_length=50, required=False)
    genres = serializers.ListField(child=serializers.CharField(max_length=100), max_length=50, required=False)
    subjects = serializers.ListField(child=serializers.CharField(max_length=200), max_length=100, required=False)
    titles = TitleInput(many=True, required=False, max_length=_MOST)  # type: ignore[call-arg]
    descriptions = DescriptionInput(many=True, required=False, max_length=_MOST)  # type: ignore[call-arg]
    dates = DateInput(many=True, required=False, max_length=_MOST)  # type: ignore[call-arg]
    identifiers = IdentifierInput(many=True, required=False, max_length=_MOST)  # type: ignore[call-arg]
    credits = CreditInput(many=True, required=False, max_length=_MOST)  # type: ignore[call-arg]
    places = PlaceInput(many=True, required=False, max_length=_MOST)  # type: ignore[call-arg]

    class Meta:
        model = Item
        validators = ()  # the service knows what is taken
        fields = [
            "identifier", "texts", "category", "asset_type", "access", "embargoed_until", "dated", "collection",
            "series", "parent", "expected_children", "genres", "topics", "subjects", "speech_languages",
            "subtitle_languages", "credit_languages", "rights_statement", "rights_note", "credit_line", "source_note",
            *PART_FIELDS,
        ]  # fmt: skip
        extra_kwargs = {"identifier": {"required": False}, "category": {"required": False}}


class ItemInput(ChangedItemInput):
    broadcaster = SeesOnly(
        slug_field="slug",
        queryset=Broadcaster.objects.filter(is_active=True),
        required=False,
        help_text="Whose it is; needed by those who catalogue for several",
    )

    class Meta(ChangedItemInput.Meta):
        fields = ["broadcaster", *ChangedItemInput.Meta.fields]
        extra_kwargs = {}


_MODELS = {
    "titles": ItemTitle, "descriptions": ItemDescription, "dates": ItemDate, "identifiers": ItemIdentifier,
    "credits": Credit, "places": ItemPlace,
}  # fmt: skip


def split(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Fields by column, and the parts as rows that are not stored yet."""
    parts = {name: [_MODELS[name](**row) for row in values.pop(name)] for name in PART_FIELDS if name in values}
    return columns_of(values), parts


class WithdrawInput(StrictSerializer):
    reason = serializers.CharField(max_length=2000, default="", allow_blank=True, help_text="Readers are told")
