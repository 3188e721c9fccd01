"""What a newsroom's developer sends to write a story, and how it becomes fields and texts."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from broadcasters.models import Broadcaster
from mediaexchange.core.api.serializers import SeesOnly
from mediaexchange.core.languages.tags import stored_language
from mediaexchange.core.validators import validate_language_tag
from newsexchange.constants import AiUse, EditionOrigin
from newsexchange.models import Edition, Story
from newsexchange.services.edition import TEXT_FIELDS, Text

MAX_AT_ONCE = 100
_LONGEST_TEXT = 500_000
_FIELDS = [
    "language", "kind", "slugline", "editors_note", "byline", "dateline_place", "dateline_on", "event_uri",
    "assignment_uri", "link", "topics", "keywords", "duration_ms", "urgency", "embargoed_until", "is_held",
    "expires_at", "credit", "copyright_notice", "usage_terms", "is_open",
]  # fmt: skip


class StrictSerializer(serializers.Serializer):
    """A field that nobody declared is an error here too, however deep it stands."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(map(str, data)) - set(self.fields))):
            raise serializers.ValidationError({name[:60]: [_("There is no such field here.")] for name in unknown[:10]})
        return super().to_internal_value(data)


class TextInput(StrictSerializer):
    """Of a stored text only what is given changes."""

    headline = serializers.CharField(max_length=500, allow_blank=True, required=False)
    summary = serializers.CharField(max_length=_LONGEST_TEXT, allow_blank=True, required=False, help_text="HTML")
    body = serializers.CharField(max_length=_LONGEST_TEXT, allow_blank=True, required=False, help_text="HTML")


class StoryInput(StrictSerializer, serializers.ModelSerializer):
    """``texts`` are by BCP 47 tag; Serbian may be written in either script."""

    texts = serializers.DictField(child=TextInput(), required=False)
    topics = serializers.ListField(child=serializers.RegexField(r"\Amedtop:\d{8}\Z"), max_length=50, required=False)
    keywords = serializers.ListField(child=serializers.CharField(max_length=200), max_length=100, required=False)

    class Meta:
        model = Story
        fields = ["texts", *_FIELDS]

    def validate_texts(self, value: dict[str, Any]) -> dict[str, Any]:
        homes = set()
        for tag in value:
            validate_language_tag(tag)
            home = stored_language(tag) or tag
            if home in homes:
                raise serializers.ValidationError(_("One language is given twice, in two scripts."))
            homes.add(home)
        return value


class NewStoryInput(StoryInput):
    broadcaster = SeesOnly(
        slug_field="slug",
        queryset=Broadcaster.objects.filter(is_active=True),
        required=False,
        help_text="For whom it is written; needed by those who write for several",
    )

    class Meta(StoryInput.Meta):
        fields = ["broadcaster", *StoryInput.Meta.fields]


class ChangedStoryInput(StoryInput):
    note = serializers.CharField(
        max_length=2000, required=False, default="", allow_blank=True, help_text="Partners read it beside the version"
    )

    class Meta(StoryInput.Meta):
        fields = ["note", *StoryInput.Meta.fields]


class CorrectionInput(ChangedStoryInput):
    note = serializers.CharField(max_length=2000, help_text="What was wrong; partners read it beside the version")


class BulkStoryInput(NewStoryInput):
    """One of many: written, and published and offered if that is asked for."""

    publish = serializers.BooleanField(default=False)
    offer_to = serializers.ListField(
        child=SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True)),
        max_length=50,
        default=list,
        help_text="Only with “publish”",
    )

    class Meta(NewStoryInput.Meta):
        fields = [*NewStoryInput.Meta.fields, "publish", "offer_to"]


class BulkInput(serializers.Serializer):
    """The items are checked one by one: a bad one does not sink the others."""

    stories = serializers.ListField(
        child=serializers.DictField(), min_length=1, max_length=MAX_AT_ONCE, help_text="Each as for a single story"
    )


class BulkOutcomeSerializer(serializers.Serializer):
    index = serializers.IntegerField()
    status = serializers.IntegerField(help_text="As for a single story: 201, 400, 403, 409, 422")
    uid = serializers.UUIDField(required=False)
    version = serializers.IntegerField(required=False)
    code = serializers.CharField(required=False)
    detail = serializers.CharField(required=False)
    errors = serializers.ListField(child=serializers.DictField(), required=False)  # as DRF's own


class BulkAnswerSerializer(serializers.Serializer):
    results = BulkOutcomeSerializer(many=True)


class EditionInput(StrictSerializer):
    headline = serializers.CharField(max_length=500, allow_blank=True, default="")
    summary = serializers.CharField(max_length=_LONGEST_TEXT, allow_blank=True, default="", help_text="HTML")
    body = serializers.CharField(max_length=_LONGEST_TEXT, allow_blank=True, default="", help_text="HTML")
    origin = serializers.ChoiceField(choices=EditionOrigin.choices, required=False)
    ai_use = serializers.ChoiceField(choices=AiUse.choices, default="", allow_blank=True)
    ai_tool = serializers.CharField(max_length=200, default="", allow_blank=True)
    digital_source_type = serializers.CharField(max_length=60, default="", allow_blank=True)
    ai_label = serializers.CharField(max_length=200, default="", allow_blank=True)
    is_reviewed = serializers.BooleanField(default=False, help_text="The caller has read and answers for it")
    translated_from_version = serializers.IntegerField(min_value=0, required=False)
    note = serializers.CharField(max_length=2000, default="", allow_blank=True)


class EditionSerializer(serializers.ModelSerializer):
    """Only how the text came about; the words are the story's, in that language."""

    is_reviewed = serializers.SerializerMethodField()

    class Meta:
        model = Edition
        fields = [
            "language", "origin", "script", "ai_use", "ai_tool", "digital_source_type", "ai_label",
            "translated_from_version", "is_stale", "is_reviewed", "changed_at",
        ]  # fmt: skip

    def get_is_reviewed(self, edition: Edition) -> bool:
        return edition.reviewed_by_id is not None


def fill(story: Story, values: dict[str, Any]) -> tuple[set[str], dict[str, Text]]:
    """Put what was sent into the row; returns the names of the fields that differ, and the texts without columns."""
    changed: set[str] = set()
    others: dict[str, Text] = {}
    for tag, given in values.get("texts", {}).items():
        home = stored_language(tag)
        if home is None:
            others[tag] = _merged(story, tag, given)
            continue
        changed |= _set(story, ((f"{name}_{home}", given[name]) for name in TEXT_FIELDS if name in given))
    changed |= _set(story, ((name, values[name]) for name in _FIELDS if name in values))
    return changed, others


def _set(story: Story, pairs: Iterable[tuple[str, Any]]) -> set[str]:
    changed = set()
    for name, value in pairs:
        if (getattr(story, name) or None) != (value or None):
            setattr(story, name, value)
            changed.add(name)
    return changed


def _merged(story: Story, tag: str, given: dict[str, str]) -> Text:
    known = story.editions.filter(language=tag).first() if story.pk else None
    before = {name: getattr(known, name) if known else "" for name in TEXT_FIELDS}
    return Text(**(before | given))
