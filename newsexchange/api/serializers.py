"""Stories and their way between broadcasters as partners' developers read them.

A story's card and detail are rendered when it is published (``newsexchange.formats.api``); their serializers here only
describe them for the schema, and a test holds both together.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from broadcasters.constants import Ownership
from broadcasters.models import Broadcaster, Module
from broadcasters.permissions import roles_of
from mediaexchange.core.api.serializers import SeesOnly
from newsexchange.api.usability import RestrictionSerializer
from newsexchange.constants import EditionOrigin, PubStatus, RecallKind, StoryStatus
from newsexchange.models import Feed, Offer, QuarantinedEntry, Recall, RecallNotice, Receipt, Take


class OriginSerializer(serializers.Serializer):
    slug = serializers.SlugField()
    name = serializers.CharField()
    ownership = serializers.ChoiceField(choices=Ownership.choices)


class StoryCardSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=StoryStatus.choices)
    pubstatus = serializers.ChoiceField(choices=PubStatus.choices)
    broadcaster = OriginSerializer()
    language = serializers.CharField(help_text="BCP 47 tag of the text given")
    text_origin = serializers.ChoiceField(choices=EditionOrigin.choices)
    text_is_stale = serializers.BooleanField()
    languages = serializers.ListField(child=serializers.CharField())
    original_language = serializers.CharField()
    headline = serializers.CharField()
    summary = serializers.CharField(help_text="HTML")
    slugline = serializers.CharField()
    topics = serializers.ListField(child=serializers.CharField())
    urgency = serializers.IntegerField(allow_null=True)
    embargoed_until = serializers.DateTimeField(allow_null=True)
    is_held = serializers.BooleanField()
    published_at = serializers.DateTimeField(allow_null=True)
    versioned_at = serializers.DateTimeField()


class StorySourceSerializer(serializers.Serializer):
    feed = serializers.SlugField(allow_null=True)
    guid = serializers.CharField()


class StorySerializer(StoryCardSerializer):
    body = serializers.CharField(help_text="HTML")
    editors_note = serializers.CharField()
    byline = serializers.CharField()
    dateline_place = serializers.CharField()
    link = serializers.CharField()
    keywords = serializers.ListField(child=serializers.CharField())
    credit = serializers.CharField()
    copyright_notice = serializers.CharField()
    usage_terms = serializers.CharField()
    is_open = serializers.BooleanField()
    renditions = serializers.ListField(child=serializers.DictField())
    shots = serializers.ListField(child=serializers.DictField())
    soundbites = serializers.ListField(child=serializers.DictField())
    restrictions = RestrictionSerializer(many=True)
    withheld_languages = serializers.ListField(
        child=serializers.CharField(), help_text="Texts not given out: their use of AI is not declared or not marked"
    )
    source = StorySourceSerializer()


class OfferInput(serializers.Serializer):
    """Partners by name, or all parties of a running module."""

    to = serializers.ListField(
        child=SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True)),
        max_length=50,
        default=list,
    )
    module = SeesOnly(slug_field="slug", queryset=Module.objects.all(), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["to"] and "module" not in attrs:
            raise serializers.ValidationError({"to": _("Choose at least one partner or module.")})
        return attrs


class TakeInput(serializers.Serializer):
    accepts_credit = serializers.BooleanField(default=False, help_text="The duty to credit the source")


class RecallInput(serializers.Serializer):
    kind = serializers.ChoiceField(choices=RecallKind.choices)
    reason = serializers.CharField(max_length=2000)


class OfferSerializer(serializers.ModelSerializer):
    story = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    from_broadcaster = serializers.SlugField(source="story.broadcaster.slug", read_only=True)
    to_broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    module = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Offer
        fields = [
            "uid", "story", "from_broadcaster", "to_broadcaster", "module", "status", "offered_at", "answered_at",
        ]  # fmt: skip


class TakeSerializer(serializers.ModelSerializer):
    story = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Take
        fields = ["uid", "story", "broadcaster", "story_version", "conditions", "taken_at"]


class RecallSerializer(serializers.ModelSerializer):
    story = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    broadcaster = serializers.SlugField(source="story.broadcaster.slug", read_only=True)

    class Meta:
        model = Recall
        fields = ["uid", "story", "broadcaster", "kind", "reason", "story_version", "recalled_at"]


class RoadSerializer(serializers.ModelSerializer):
    class Meta:
        model = Receipt
        fields = ["road", "first_version", "last_version", "first_at", "last_at"]


class RecipientSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    is_overdue = serializers.BooleanField(read_only=True)
    roads = RoadSerializer(many=True)

    class Meta:
        model = RecallNotice
        fields = ["broadcaster", "due_at", "acknowledged_at", "lifted_at", "is_overdue", "roads"]


class RecallDetailSerializer(RecallSerializer):
    recipients = serializers.SerializerMethodField()

    class Meta(RecallSerializer.Meta):
        fields = [*RecallSerializer.Meta.fields, "recipients"]

    @extend_schema_field(RecipientSerializer(many=True, allow_null=True))
    def get_recipients(self, recall: Recall) -> Any:
        """For the origin alone. Who could have read it without ever fetching it stands there without a road."""
        if recall.story.broadcaster_id not in roles_of(self.context["request"].user):
            return None
        receipts = list(recall.story.receipts.order_by("first_at"))
        notices = list(recall.notices.select_related("broadcaster").order_by("broadcaster__slug"))
        for notice in notices:
            roads = [receipt for receipt in receipts if receipt.broadcaster_id == notice.broadcaster_id]
            notice.roads = roads  # type: ignore[attr-defined]  # for the serializer alone
        return RecipientSerializer(notices, many=True).data


class RecallNoticeSerializer(serializers.ModelSerializer):
    recall = RecallSerializer(read_only=True)
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    is_overdue = serializers.BooleanField(read_only=True)

    class Meta:
        model = RecallNotice
        fields = ["uid", "recall", "broadcaster", "due_at", "acknowledged_at", "lifted_at", "is_overdue"]


class FeedSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    module = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    health = serializers.CharField(read_only=True)

    class Meta:
        model = Feed
        fields = [
            "slug", "name", "broadcaster", "url", "format", "language", "is_active", "is_open", "is_own_output",
            "module", "health", "last_success_at", "last_new_at", "last_error_at", "last_error", "failures",
            "next_sync_at",
        ]  # fmt: skip


class QuarantinedEntrySerializer(serializers.ModelSerializer):
    feed = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    reason_text = serializers.CharField(source="get_reason_display", read_only=True)

    class Meta:
        model = QuarantinedEntry
        fields = [
            "uid", "feed", "guid", "reason", "reason_text", "detail", "format", "status", "times_seen",
            "first_seen_at", "last_seen_at",
        ]  # fmt: skip


class SyncStartedSerializer(serializers.Serializer):
    feed = serializers.SlugField()
    started = serializers.BooleanField(help_text="False while another synchronisation of this feed is under way")


class ChangeSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="The same for every reader and every repetition")
    kind = serializers.CharField()
    at = serializers.DateTimeField()
    subject = serializers.CharField()
    uid = serializers.UUIDField()
    version = serializers.IntegerField(allow_null=True)
    is_retraction = serializers.BooleanField()
    url = serializers.CharField(allow_null=True)
    data = serializers.DictField()


class ChangesSerializer(serializers.Serializer):
    results = ChangeSerializer(many=True)
    cursor = serializers.CharField(help_text="Send it back as “after”, even if there were no results")
    has_more = serializers.BooleanField()
