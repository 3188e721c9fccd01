"""Claims with who says them and where, side by side. No answer holds a claim without its speaker and source."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from broadcasters.api.views import ReferenceViewSet
from broadcasters.attribution import attributed
from broadcasters.calendar_constants import ClaimKind, Confidence, Unit
from broadcasters.models import Claim, ClaimTopic
from broadcasters.models.claim import SUBJECTS
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.serializers import TranslatedField, TranslatedSerializer
from mediaexchange.core.api.views import ExchangeViewSet


class ClaimFilter(filters.FilterSet):
    """``about`` is a kind of record and its slug, as in ``event:…``; ``from`` and ``to`` narrow the period."""

    about = filters.CharFilter(method="_about")
    topic = filters.CharFilter(field_name="topic__slug")
    kind = filters.ChoiceFilter(choices=ClaimKind.choices)
    confidence = filters.ChoiceFilter(choices=Confidence.choices)
    person = filters.CharFilter(field_name="speaker_person__slug")
    institution = filters.CharFilter(field_name="speaker_institution__slug")
    to = filters.DateFilter(field_name="period_first", lookup_expr="lte")

    class Meta:
        model = Claim
        fields: list[str] = []

    def _about(self, rows: Any, name: str, text: str) -> Any:
        kind, _colon, slug = text.partition(":")
        if kind not in (*SUBJECTS, "topic") or not slug:
            known = ", ".join(f"{each}:slug" for each in (*SUBJECTS, "topic"))
            raise BadParameterError("about", _("Write one of %(known)s.") % {"known": known}, "bad-about")
        return rows.filter(**{f"{kind}__slug": slug})


ClaimFilter.base_filters["from"] = filters.DateFilter(field_name="period_last", lookup_expr="gte")


class ClaimSourceSerializer(serializers.Serializer):
    title = serializers.CharField()
    publisher = serializers.CharField()
    published = serializers.CharField(help_text="EDTF; empty if not known")
    url = serializers.CharField()


class ClaimFigureSerializer(serializers.Serializer):
    value = serializers.DecimalField(max_digits=24, decimal_places=4)
    unit = serializers.ChoiceField(choices=Unit.choices)
    is_approximate = serializers.BooleanField()
    text = serializers.CharField()


class ClaimStatementSerializer(serializers.Serializer):
    """One whole, which no sparse answer takes apart: what is said never stands without who says it and where."""

    text = serializers.CharField(help_text="The whole sentence with speaker and source")
    speaker = serializers.CharField()
    person = serializers.CharField(allow_null=True)
    institution = serializers.CharField(allow_null=True)
    language = serializers.CharField(help_text="BCP 47, of our wording; empty if there is only a quote")
    original_language = serializers.CharField(help_text="BCP 47, of the source")
    is_translation = serializers.BooleanField()
    quote = serializers.CharField(help_text="The very words in the original language, or empty")
    figure = ClaimFigureSerializer(allow_null=True)
    source = ClaimSourceSerializer()
    notice = serializers.CharField(help_text="Not empty for what is contested; show it with the statement")


class ClaimSerializer(TranslatedSerializer):
    about = serializers.SerializerMethodField()
    topic = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    statement = serializers.SerializerMethodField()
    note = TranslatedField()
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Claim
        fields = [
            "uid", "kind", "about", "topic", "statement", "confidence", "is_sensitive", "said", "period", "note",
            "broadcaster", "is_published", "sequence", "changed_at", "text_languages",
        ]  # fmt: skip

    @extend_schema_field({"type": "array", "items": {"type": "string"}, "description": "Such as event:slug"})
    def get_about(self, claim: Claim) -> list[str]:
        return [f"{name}:{record.slug}" for name in SUBJECTS if (record := getattr(claim, name)) is not None]

    @extend_schema_field(ClaimStatementSerializer)
    def get_statement(self, claim: Claim) -> dict[str, Any]:
        return statement_of(claim)


def statement_of(claim: Claim) -> dict[str, Any]:
    """What the API says of a claim, in the active language."""
    told = attributed(claim)
    figure = None
    if claim.value is not None:
        figure = {
            "value": str(claim.value),
            "unit": claim.unit,
            "is_approximate": claim.is_approximate,
            "text": told.figure,
        }
    return {
        "text": told.text,
        "speaker": told.speaker,
        "person": claim.speaker_person.slug if claim.speaker_person else None,
        "institution": claim.speaker_institution.slug if claim.speaker_institution else None,
        "language": told.language,
        "original_language": told.original_language,
        "is_translation": told.is_translation,
        "quote": told.quote,
        "figure": figure,
        "source": {
            "title": claim.source_title,
            "publisher": claim.source_publisher,
            "published": claim.source_published,
            "url": claim.source_url,
        },
        "notice": told.notice,
    }


class ClaimTopicSerializer(TranslatedSerializer):
    name = TranslatedField()
    note = TranslatedField()

    class Meta:
        model = ClaimTopic
        fields = ["slug", "name", "note", "text_languages"]


class ClaimViewSet(ExchangeViewSet):
    """Claims in the order in which they came in; those of one topic are asked for by ``topic``."""

    queryset = Claim.objects.with_attribution()
    serializer_class = ClaimSerializer
    filterset_class = ClaimFilter
    resource = "broadcasters"


class ClaimTopicViewSet(ReferenceViewSet):
    queryset = ClaimTopic.objects.all()
    serializer_class = ClaimTopicSerializer
