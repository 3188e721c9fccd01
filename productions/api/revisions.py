"""Revisions of scripts and cuts, what the parties decided, and notes at their timecodes."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from archive.models import Instantiation, MediaFile
from broadcasters.models import Broadcaster
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import StrictSerializer
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.models import ApiKey
from productions.api.base import ProductionField
from productions.api.delivery_base import partner_for
from productions.constants import DecisionKind, RevisionKind
from productions.models import Decision, Note, Partner, Production, Revision
from productions.services.review import (
    DECIDE,
    add_note,
    decide_revision,
    resolve_note,
    standings,
    submit_revision,
    withdraw_decision,
)
from productions.services.review_media import Clock, viewing_link


class RevisionFilter(filters.FilterSet):
    production = filters.UUIDFilter(field_name="production__uid")
    kind = filters.ChoiceFilter(choices=RevisionKind.choices)
    is_current = filters.BooleanFilter(field_name="superseded_at", lookup_expr="isnull", label=_("superseded at"))
    is_overdue = filters.BooleanFilter(method="filter_overdue", help_text="Past its deadline, and a party is silent")

    class Meta:
        model = Revision
        fields: list[str] = []

    def filter_overdue(self, queryset: Any, name: str, value: bool) -> Any:
        overdue = Revision.objects.overdue().values("pk")
        return queryset.filter(pk__in=overdue) if value else queryset.exclude(pk__in=overdue)


class StandingSerializer(serializers.Serializer):
    """One party; ``decision`` is null while it has said nothing."""

    broadcaster = serializers.SlugField(source="broadcaster.slug")
    decision = serializers.ChoiceField(
        source="decision.decision", choices=DecisionKind.choices, default=None, allow_null=True
    )
    note = serializers.CharField(source="decision.note", default="")
    decided_at = serializers.DateTimeField(source="decision.decided_at", default=None, allow_null=True)


class RevisionSerializer(serializers.ModelSerializer):
    production = ProductionField()
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    instantiation = serializers.UUIDField(source="instantiation.uid", default=None, allow_null=True, read_only=True)
    content_type = serializers.CharField(source="file.content_type", default="", read_only=True)
    is_current = serializers.BooleanField(read_only=True)
    is_approved = serializers.SerializerMethodField()
    is_overdue = serializers.SerializerMethodField()
    standings = serializers.SerializerMethodField()

    class Meta:
        model = Revision
        fields = [
            "uid", "production", "kind", "number", "broadcaster", "instantiation", "content_type", "description",
            "due_at", "submitted_at", "superseded_at", "is_current", "is_approved", "is_overdue", "standings",
        ]  # fmt: skip

    def get_is_approved(self, revision: Revision) -> bool:
        """By every party, and by no later revision superseded."""
        rows = standings(revision)
        return revision.is_current and bool(rows) and all(row.has_approved for row in rows)

    def get_is_overdue(self, revision: Revision) -> bool:
        silent = any(row.decision is None for row in standings(revision))
        return revision.is_current and silent and revision.is_past_due()

    def get_standings(self, revision: Revision) -> list[dict[str, Any]]:
        return list(StandingSerializer(standings(revision), many=True).data)


class RevisionInput(StrictSerializer):
    production = UidOf(queryset=Production.objects.all())
    kind = serializers.ChoiceField(choices=RevisionKind.choices)
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all(), required=False)
    instantiation = UidOf(queryset=Instantiation.objects.all(), required=False)
    file = UidOf(queryset=MediaFile.objects.all(), required=False, help_text="A media file of one’s own house")
    description = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    due_at = serializers.DateTimeField(required=False, allow_null=True)


class RevisionDecisionInput(StrictSerializer):
    decision = serializers.ChoiceField(choices=DecisionKind.choices)
    note = serializers.CharField(max_length=20_000, required=False, allow_blank=True, default="")
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all(), required=False)


class WithdrawalInput(StrictSerializer):
    reason = serializers.CharField(max_length=500)
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all(), required=False)


class RevisionLinkSerializer(serializers.Serializer):
    url = serializers.CharField(help_text="Empty while there is no preview yet")
    expires_at = serializers.DateTimeField(allow_null=True)


class RevisionViewSet(ExchangeViewSet):
    queryset = Revision.objects.select_related("production", "broadcaster", "instantiation", "file").prefetch_related(
        "decisions", Prefetch("production__partners", Partner.objects.select_related("broadcaster"))
    )
    serializer_class = RevisionSerializer
    filterset_class = RevisionFilter
    resource = "productions"
    cursor_descending = True

    @extend_schema(request=RevisionInput, responses={201: RevisionSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Submit a revision. What the parties said of the last one of its kind is void from then on."""
        values = self.validated(RevisionInput)
        production = values.pop("production")
        house = partner_for(actor_of(request), "productions.add_revision", production, values.pop("broadcaster", None))
        revision = submit_revision(production, actor=actor_of(request), broadcaster=house, **values)
        return self._shown(revision, status=201)

    @extend_schema(request=RevisionDecisionInput, responses=RevisionSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Approve it, want changes or refuse it, for one party and once. Safe to repeat."""
        revision = self.get_object()
        values = self.validated(RevisionDecisionInput)
        house = partner_for(actor_of(request), DECIDE, revision.production, values.pop("broadcaster", None))
        decide_revision(revision, actor=actor_of(request), broadcaster=house, **values)
        return self._shown(revision)

    @extend_schema(request=WithdrawalInput, responses=RevisionSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take one’s own party’s decision back while the round is open; it stays on record."""
        revision = self.get_object()
        values = self.validated(WithdrawalInput)
        house = partner_for(actor_of(request), DECIDE, revision.production, values.pop("broadcaster", None))
        made = Decision.objects.filter(revision=revision, broadcaster=house, withdrawn_at__isnull=True).first()
        if made is None:
            raise ConflictError("nothing-decided", _("Your house has not decided."), current="silent")
        withdraw_decision(made, actor=actor_of(request), **values)
        return self._shown(revision)

    @extend_schema(responses=RevisionLinkSerializer, filters=False)
    @action(detail=True, pagination_class=None)
    def link(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """An address of five minutes at which this caller may look at it: own proxy, preview, or document."""
        refuse_unknown(request, ())
        key = request.auth if isinstance(request.auth, ApiKey) else None
        path, ends_at = viewing_link(self.get_object(), user=actor_of(request), key=key)
        return Response({"url": request.build_absolute_uri(path) if path else "", "expires_at": ends_at})

    def _shown(self, revision: Revision, status: int = 200) -> Response:
        found = self.get_queryset().get(pk=revision.pk)
        return self.answer(RevisionSerializer, found, status=status)


class NoteFilter(filters.FilterSet):
    revision = filters.UUIDFilter(field_name="revision__uid")
    production = filters.UUIDFilter(field_name="revision__production__uid")
    parent = filters.UUIDFilter(field_name="parent__uid")
    is_resolved = filters.BooleanFilter(
        field_name="resolved_at", lookup_expr="isnull", exclude=True, label=_("resolved at")
    )

    class Meta:
        model = Note
        fields: list[str] = []


class NoteSerializer(serializers.ModelSerializer):
    """Timecodes are those of the material, at its own rate and from its own first one."""

    revision = serializers.UUIDField(source="revision.uid", read_only=True)
    parent = serializers.UUIDField(source="parent.uid", default=None, allow_null=True, read_only=True)
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    author = serializers.SerializerMethodField()
    timecode_in = serializers.SerializerMethodField()
    timecode_out = serializers.SerializerMethodField()

    class Meta:
        model = Note
        fields = [
            "uid", "revision", "parent", "broadcaster", "author", "in_ms", "out_ms", "timecode_in", "timecode_out",
            "page", "text", "created_at", "resolved_at",
        ]  # fmt: skip

    def get_author(self, note: Note) -> str:
        return str(note.author) if note.author else ""

    def get_timecode_in(self, note: Note) -> str:
        return Clock(note.revision).timecode(note.in_ms)

    def get_timecode_out(self, note: Note) -> str:
        return Clock(note.revision).timecode(note.out_ms)


class NoteInput(StrictSerializer):
    revision = UidOf(queryset=Revision.objects.all())
    parent = UidOf(queryset=Note.objects.all(), required=False)
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all(), required=False)
    text = serializers.CharField(max_length=20_000)
    in_ms = serializers.IntegerField(min_value=0, max_value=2**53, required=False, allow_null=True)
    out_ms = serializers.IntegerField(min_value=0, max_value=2**53, required=False, allow_null=True)
    page = serializers.IntegerField(min_value=1, max_value=32_767, required=False, allow_null=True)


class NoteViewSet(ExchangeViewSet):
    queryset = Note.objects.select_related(
        "revision__production", "revision__file", "revision__instantiation", "parent", "broadcaster", "author"
    )
    serializer_class = NoteSerializer
    filterset_class = NoteFilter
    resource = "productions"

    @extend_schema(request=NoteInput, responses={201: NoteSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write a note at a moment, a stretch or a page, or of the whole; with ``parent``, answer one."""
        values = self.validated(NoteInput)
        revision = values.pop("revision")
        house = partner_for(
            actor_of(request), "productions.add_note", revision.production, values.pop("broadcaster", None)
        )
        return self._shown(add_note(revision, actor=actor_of(request), broadcaster=house, **values), status=201)

    @extend_schema(request=None, responses=NoteSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Settle its thread. Safe to repeat."""
        return self._shown(resolve_note(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=None, responses=NoteSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Open its thread again. Safe to repeat."""
        return self._shown(resolve_note(self.get_object(), actor=actor_of(request), is_resolved=False))

    def _shown(self, note: Note, status: int = 200) -> Response:
        return self.answer(NoteSerializer, self.get_queryset().get(pk=note.pk), status=status)
