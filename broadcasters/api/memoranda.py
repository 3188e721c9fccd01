"""Memoranda in full: parties with signatures and sources, texts, clauses, terms and notices. Parties alone see them."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.api.serializers import PartySourceSerializer
from broadcasters.api.writable import WritableViewSet
from broadcasters.constants import SignatureStatus, SourceStance
from broadcasters.models import (
    Broadcaster,
    Clause,
    Memorandum,
    MemorandumText,
    Party,
    PartySource,
    Place,
    RenewalConsent,
    TerminationNotice,
)
from broadcasters.services.memorandum import add_party, save_memorandum, set_signature
from broadcasters.services.notice import consent_to_renewal, give_notice, withdraw_notice
from broadcasters.terms import ends_by_notice, next_term, term_of
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, TranslatedField, TranslatedSerializer
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.api.writing import StrictSerializer, TextsField


class PartySerializer(TranslatedSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    signatory_office = TranslatedField()
    sources = PartySourceSerializer(many=True, read_only=True)
    independent_sources = serializers.IntegerField(
        read_only=True, help_text="That report the signature; those of one house or one publisher count once"
    )

    class Meta:
        model = Party
        fields = [
            "broadcaster", "joined_on", "signature_status", "signed_on", "signatory_name", "signatory_office",
            "independent_sources", "sources", "text_languages",
        ]  # fmt: skip


class MemorandumTextSerializer(serializers.ModelSerializer):
    has_document = serializers.SerializerMethodField()

    class Meta:
        model = MemorandumText
        fields = [
            "uid", "language", "title", "body", "is_equally_valid", "url", "source", "has_document", "document_name",
            "document_type", "document_sha256", "document_bytes",
        ]  # fmt: skip

    def get_has_document(self, text: MemorandumText) -> bool:
        return bool(text.document_sha256)


class ClauseSerializer(TranslatedSerializer):
    heading = TranslatedField()
    text = TranslatedField()

    class Meta:
        model = Clause
        fields = ["uid", "number", "area", "heading", "text", "text_languages"]


class TerminationNoticeSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = TerminationNotice
        fields = ["uid", "broadcaster", "given_on", "last_on", "reason", "withdrawn_on"]


class RenewalConsentSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = RenewalConsent
        fields = ["uid", "broadcaster", "term_number", "consented_on"]


class TermSerializer(serializers.Serializer):
    """Both days included."""

    number = serializers.IntegerField()
    first_on = serializers.DateField()
    last_on = serializers.DateField(allow_null=True, help_text="Null: without an end")
    notice_by = serializers.DateField(allow_null=True, help_text="The last day for notice, so that it does not go on")
    is_ended = serializers.BooleanField(help_text="A notice has made it the last")


class MemorandumSerializer(TranslatedSerializer):
    name = TranslatedField()
    occasion = TranslatedField()
    summary = TranslatedField()
    place = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    parties = PartySerializer(many=True, read_only=True)
    texts = MemorandumTextSerializer(many=True, read_only=True)
    clauses = ClauseSerializer(many=True, read_only=True)
    notices = TerminationNoticeSerializer(many=True, read_only=True)
    consents = RenewalConsentSerializer(many=True, read_only=True)
    is_only_announced = serializers.BooleanField(
        read_only=True, help_text="No source confirms that any party has signed"
    )
    current_term = serializers.SerializerMethodField()
    next_term = serializers.SerializerMethodField()
    ends_by_notice_on = serializers.SerializerMethodField()

    class Meta:
        model = Memorandum
        fields = [
            "slug", "name", "occasion", "summary", "dated_on", "place", "languages", "in_force_on", "term_months",
            "renewal", "notice_days", "is_only_announced", "current_term", "next_term", "ends_by_notice_on", "parties",
            "texts", "clauses", "notices", "consents", "text_languages",
        ]  # fmt: skip

    @extend_schema_field(TermSerializer(allow_null=True))
    def get_current_term(self, memorandum: Memorandum) -> Any:
        term = term_of(memorandum, timezone.localdate())
        return TermSerializer(term).data if term else None

    @extend_schema_field(TermSerializer(allow_null=True))
    def get_next_term(self, memorandum: Memorandum) -> Any:
        term = term_of(memorandum, timezone.localdate())
        following = next_term(memorandum, term) if term else None
        return TermSerializer(following).data if following else None

    @extend_schema_field(OpenApiTypes.DATE)
    def get_ends_by_notice_on(self, memorandum: Memorandum) -> str | None:
        day = ends_by_notice(memorandum)
        return day.isoformat() if day else None


class ChangedMemorandumInput(StrictSerializer, serializers.ModelSerializer):
    """``texts`` are by BCP 47 tag; Serbian may be written in either script."""

    texts = TextsField({"name": 200, "occasion": 300, "summary": 20_000}, required=False)
    place = SeesOnly(slug_field="slug", queryset=Place.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Memorandum
        fields = [
            "texts", "place", "dated_on", "languages", "in_force_on", "term_months", "renewal", "notice_days"
        ]  # fmt: skip


class MemorandumInput(ChangedMemorandumInput):
    slug = serializers.SlugField(max_length=50)
    parties = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True), many=True)

    class Meta(ChangedMemorandumInput.Meta):
        fields = ["slug", "parties", *ChangedMemorandumInput.Meta.fields]


class PartyInput(StrictSerializer):
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True))


class PartySourceInput(StrictSerializer, serializers.ModelSerializer):
    url = serializers.URLField(max_length=500, required=False, allow_blank=True)
    stance = serializers.ChoiceField(choices=SourceStance.choices, help_text="What it says of this party's signature")
    belongs_to = SeesOnly(
        slug_field="slug", queryset=Broadcaster.objects.all(), required=False, allow_null=True,
        help_text="The house whose own source it is",
    )  # fmt: skip

    class Meta:
        model = PartySource
        fields = ["title", "publisher", "published_on", "url", "note", "stance", "belongs_to"]


class SignatureInput(PartyInput):
    signature_status = serializers.ChoiceField(choices=SignatureStatus.choices)
    signed_on = serializers.CharField(max_length=30, required=False, allow_blank=True, help_text="EDTF")
    signatory_name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    sources = PartySourceInput(many=True, required=False)


class TerminationNoticeInput(PartyInput):
    given_on = serializers.DateField(required=False, help_text="Today, unless told otherwise")
    reason = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class NoticeWithdrawalInput(StrictSerializer):
    notice = serializers.UUIDField()


class MemorandumViewSet(WritableViewSet):
    """Read by members of the parties; written by administrators of one of them."""

    queryset = Memorandum.objects.select_related("place")
    serializer_class = MemorandumSerializer
    parts = ("parties",)
    lookup_field = "slug"
    lookup_value_converter = "slug"
    cursor_fields = ("slug",)
    orderings = {"slug": (("slug",), False), "name": (("sort_key", "slug"), False)}
    uncounted = frozenset({"sort_keys"})

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().with_sort_key()  # type: ignore[attr-defined]
        return rows.prefetch_related(  # type: ignore[no-any-return]
            "parties__broadcaster", "parties__sources__belongs_to", "texts", "clauses", "notices__broadcaster",
            "consents__broadcaster",
        )  # fmt: skip

    @extend_schema(request=MemorandumInput, responses={201: MemorandumSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write a memorandum down. Its parties' signatures count as announced until sources say more."""
        return self.made(Memorandum(), self.validated(MemorandumInput), save_memorandum)

    @extend_schema(request=ChangedMemorandumInput, responses=MemorandumSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""
        return self.changed(ChangedMemorandumInput, save_memorandum)

    @extend_schema(request=PartyInput, responses=MemorandumSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def join(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Let another house join, from today on. 409 for what has ended. Safe to repeat."""
        memorandum = self.get_object()
        add_party(memorandum, actor=actor_of(request), **self.validated(PartyInput))
        return self.shown(memorandum)

    @extend_schema(request=SignatureInput, responses=MemorandumSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def signature(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say how far a party's signature is known. 409 for “corroborated” without two independent sources."""
        memorandum = self.get_object()
        set_signature(memorandum, actor=actor_of(request), **self.validated(SignatureInput))
        return self.shown(memorandum)

    @extend_schema(request=TerminationNoticeInput, responses=MemorandumSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="give-notice")
    def give_notice(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Leave: the last day follows from the term and the days of notice."""
        memorandum = self.get_object()
        give_notice(memorandum, actor=actor_of(request), **self.validated(TerminationNoticeInput))
        return self.shown(memorandum)

    @extend_schema(request=NoticeWithdrawalInput, responses=MemorandumSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="withdraw-notice")
    def withdraw_notice(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Stay after all. Safe to repeat."""
        memorandum = self.get_object()
        uid = self.validated(NoticeWithdrawalInput)["notice"]
        withdraw_notice(get_object_or_404(memorandum.notices, uid=uid), actor=actor_of(request))
        return self.shown(memorandum)

    @extend_schema(request=PartyInput, responses=MemorandumSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def consent(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Agree for one party to the next term; it begins when all have agreed that had joined before and stay. Safe to
        repeat."""
        memorandum = self.get_object()
        consent_to_renewal(memorandum, actor=actor_of(request), **self.validated(PartyInput))
        return self.shown(memorandum)
