"""Assignments: those that one's house sends, those that come to it, and one's own."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from psycopg.types.range import Range
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from archive.models import Item
from broadcasters.models import Broadcaster, Institution, Module, Place
from broadcasters.permissions import house_of
from correspondents.api.base import WritableViewSet, ZonedField
from correspondents.constants import ACCESS_ANSWERS, AssignmentStatus, Priority, Sphere
from correspondents.findings import Finding, findings_of, say
from correspondents.models import AccessGranted, Assignment, Correspondent, CoverageWish, FootageFiled, PlannedEvent
from correspondents.services.access import answer_access, ask_access
from correspondents.services.assignment import (
    accept_assignment,
    cancel_assignment,
    complete_assignment,
    decline_assignment,
    give_assignment,
    redraft_assignment,
    save_assignment,
    start_assignment,
)
from correspondents.services.filing import file_footage
from correspondents.services.locking import lock_assignment
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, TranslatedField, TranslatedSerializer, UidOf
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.api.writing import StrictSerializer, TextsField
from mediaexchange.core.models import User
from mediaexchange.core.validators import validate_time_zone


class AssignmentFilter(filters.FilterSet):
    """``from`` and ``until`` are moments: what lasts into the time between them."""

    status = filters.ChoiceFilter(choices=AssignmentStatus.choices)
    priority = filters.ChoiceFilter(choices=Priority.choices)
    broadcaster = filters.CharFilter(field_name="broadcaster__slug")
    host = filters.CharFilter(field_name="host__slug")
    place = filters.CharFilter(field_name="place__slug")
    module = filters.CharFilter(field_name="module__slug")
    correspondent = filters.UUIDFilter(method="going")
    event = filters.UUIDFilter(field_name="event__uid")
    until = filters.IsoDateTimeFilter(field_name="period__startswith", lookup_expr="lt")

    class Meta:
        model = Assignment
        fields: list[str] = []

    def going(self, rows: Any, _name: str, uid: UUID) -> Any:
        """Only those of which the caller may know who goes."""
        return rows.telling_who().filter(correspondent__uid=uid)


AssignmentFilter.base_filters["from"] = filters.IsoDateTimeFilter(field_name="period__endswith", lookup_expr="gt")


class FindingSerializer(serializers.Serializer):
    """Something that stands in the way or is to be thought of; ``detail`` is for people."""

    code = serializers.CharField()
    effect = serializers.ChoiceField(choices=["block", "warn"])
    detail = serializers.SerializerMethodField()
    details = serializers.DictField()

    def get_detail(self, finding: Finding) -> str:
        return say(finding)


class AccessSerializer(serializers.ModelSerializer):
    institution = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = AccessGranted
        fields = ["uid", "sphere", "institution", "status", "conditions", "decided_at"]


class AssigneeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Correspondent
        fields = ["uid", "name", "name_latn", "languages"]


class AssignmentSerializer(TranslatedSerializer):
    title = TranslatedField()
    brief = TranslatedField()
    correspondent = AssigneeSerializer(source="told_person", read_only=True, allow_null=True)
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    host = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    host_institution = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    place = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    country_code = serializers.CharField(source="place.country_code", read_only=True)
    module = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    event = serializers.UUIDField(source="event.uid", read_only=True, default=None, allow_null=True)
    starts_at = serializers.DateTimeField(read_only=True)
    ends_at = serializers.DateTimeField(read_only=True)
    local_times = ZonedField("broadcaster", "host")
    status_reason = serializers.CharField(
        source="told_reason", read_only=True, help_text="For the own house and the person"
    )
    access = AccessSerializer(source="accesses", many=True, read_only=True)

    class Meta:
        model = Assignment
        fields = [
            "uid", "title", "brief", "correspondent", "broadcaster", "host", "host_institution", "place",
            "country_code", "module", "event", "time_zone", "starts_at", "ends_at", "local_times", "priority",
            "status", "status_reason", "assigned_at", "started_at", "ended_at", "access", "sequence", "changed_at",
            "text_languages",
        ]  # fmt: skip


class AssignmentStateSerializer(serializers.ModelSerializer):
    """What writes answer with. Answers to repeatable writes are kept for a day: they name nobody."""

    findings = serializers.SerializerMethodField()

    class Meta:
        model = Assignment
        fields = ["uid", "status", "sequence", "changed_at", "findings"]

    @extend_schema(responses=FindingSerializer(many=True))
    def get_findings(self, assignment: Assignment) -> list[dict[str, Any]]:
        found = findings_of([assignment], reader=actor_of(self.context["request"])).get(assignment.pk, [])
        return list(FindingSerializer(found, many=True).data)


class ChangedAssignmentInput(StrictSerializer):
    """``texts`` are by BCP 47 tag; Serbian may be written in either script. The period holds its first moment only."""

    texts = TextsField({"title": 200, "brief": 20_000}, required=False)
    correspondent = UidOf(queryset=Correspondent.objects.at_work(), required=False, allow_null=True)
    place = SeesOnly(slug_field="slug", queryset=Place.objects.all(), required=False)
    starts_at = serializers.DateTimeField(required=False)
    ends_at = serializers.DateTimeField(required=False)
    time_zone = serializers.CharField(
        max_length=40, required=False, validators=[validate_time_zone], help_text="The place’s, unless told otherwise"
    )
    host = SeesOnly(
        slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True), required=False, allow_null=True
    )
    host_institution = SeesOnly(slug_field="slug", queryset=Institution.objects.all(), required=False, allow_null=True)
    module = SeesOnly(slug_field="slug", queryset=Module.objects.all(), required=False, allow_null=True)
    event = UidOf(queryset=PlannedEvent.objects.all(), required=False, allow_null=True)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Both ends become the period; one alone is no period."""
        ends = [attrs.pop(name) for name in ("starts_at", "ends_at") if name in attrs]
        if len(ends) == 1:
            raise serializers.ValidationError({"ends_at": self.error_messages["required"]})
        if ends:
            starts_at, ends_at = ends
            if ends_at <= starts_at:
                raise serializers.ValidationError({"ends_at": self.error_messages["invalid"]}, "invalid")
            attrs["period"] = Range(starts_at, ends_at)
        return attrs


class AssignmentInput(ChangedAssignmentInput):
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True), required=False)
    place = SeesOnly(slug_field="slug", queryset=Place.objects.all())
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class GiveInput(StrictSerializer):
    correspondent = UidOf(queryset=Correspondent.objects.at_work(), required=False)


class AssignmentReasonInput(StrictSerializer):
    reason = serializers.CharField(max_length=500)


class AccessInput(StrictSerializer):
    sphere = serializers.ChoiceField(choices=Sphere.choices)
    institution = SeesOnly(slug_field="slug", queryset=Institution.objects.all(), required=False, allow_null=True)
    conditions = serializers.CharField(max_length=500, required=False, allow_blank=True)


class AccessAnswerInput(StrictSerializer):
    access = UidOf(queryset=AccessGranted.objects.all())
    status = serializers.ChoiceField(choices=ACCESS_ANSWERS)
    conditions = serializers.CharField(max_length=500, required=False, allow_blank=True)


class FootageInput(StrictSerializer):
    item = UidOf(queryset=Item.objects.all())
    wish = UidOf(queryset=CoverageWish.objects.all(), required=False, allow_null=True)


class FootageFiledSerializer(serializers.ModelSerializer):
    item = serializers.UUIDField(source="item.uid", read_only=True)
    wish = serializers.UUIDField(source="wish.uid", read_only=True, default=None, allow_null=True)

    class Meta:
        model = FootageFiled
        fields = ["uid", "item", "wish", "filed_at"]


class AssignmentViewSet(WritableViewSet):
    queryset = Assignment.objects.select_related(
        "correspondent", "broadcaster", "host", "host_institution", "place", "module", "event"
    ).prefetch_related(Prefetch("accesses", AccessGranted.objects.select_related("institution")))
    serializer_class = AssignmentSerializer
    written_class = AssignmentStateSerializer
    filterset_class = AssignmentFilter
    uncounted = frozenset({"sequence", "changed_at", "lane"})
    cursor_descending = True

    @extend_schema(request=AssignmentInput, responses={201: AssignmentStateSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Draft an assignment of one's own bureau. Nobody else sees it until it is given to somebody."""
        values = self.validated(AssignmentInput)
        house = house_of(actor_of(request), "correspondents.add_assignment", values.pop("broadcaster", None))
        return self.made(Assignment(broadcaster=house, place=values.pop("place")), values, save_assignment)

    @extend_schema(
        request=ChangedAssignmentInput, responses=AssignmentStateSerializer, parameters=[IF_MATCH], filters=False
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else; whoever has to do with it is told."""

        def save(row: Assignment, *, actor: User | None, changed: set[str]) -> Assignment:
            """A zone that is given counts, also the one that it has: the place's would take its turn."""
            return save_assignment(row, actor=actor, changed=changed | {"time_zone"} & set(request.data))

        return self.changed(ChangedAssignmentInput, save)

    def lock(self, record: Assignment) -> Assignment:
        """After the person: see ``services.locking``."""
        return lock_assignment(record.pk)

    @extend_schema(responses=FindingSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def findings(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What stands in its way now; the own house is also told of overlaps."""
        assignment = self.get_object()
        found = findings_of([assignment], reader=actor_of(request)).get(assignment.pk, [])
        return Response(FindingSerializer(found, many=True).data)

    @extend_schema(request=GiveInput, responses=AssignmentStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def give(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give it to its correspondent, or to the one named. Safe to repeat."""
        return self._do(give_assignment, GiveInput)

    @extend_schema(request=None, responses=AssignmentStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say yes: the person, or the own desk for them. Safe to repeat."""
        return self._do(accept_assignment)

    @extend_schema(request=AssignmentReasonInput, responses=AssignmentStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say no, with a reason for the own house. Safe to repeat."""
        return self._do(decline_assignment, AssignmentReasonInput)

    @extend_schema(request=None, responses=AssignmentStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def redraft(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a draft again of what was declined. Safe to repeat."""
        return self._do(redraft_assignment)

    @extend_schema(request=None, responses=AssignmentStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Begin it, with all that the country demands; 409 names the paper that is missing. Safe to repeat."""
        return self._do(start_assignment)

    @extend_schema(request=None, responses=AssignmentStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End it. Safe to repeat."""
        return self._do(complete_assignment)

    @extend_schema(request=AssignmentReasonInput, responses=AssignmentStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Call it off, with a reason. Safe to repeat."""
        return self._do(cancel_assignment, AssignmentReasonInput)

    @extend_schema(request=AccessInput, responses={201: AccessSerializer}, filters=False)
    @action(detail=True, methods=["post"])
    def access(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask the host for access, or, as the host, grant it. Safe to repeat."""
        assignment = self.get_object()
        asked = ask_access(assignment, actor=actor_of(request), **self.validated(AccessInput))
        return self.answer(AccessSerializer, asked, status=201)

    @extend_schema(request=AccessAnswerInput, responses=AccessSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="access-answers")
    def access_answers(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Grant, refuse or take back access, for the host. Safe to repeat."""
        assignment = self.get_object()
        values = self.validated(AccessAnswerInput)
        access = values.pop("access")
        if access.assignment_id != assignment.pk:
            raise serializers.ValidationError(
                {"access": AccessAnswerInput().fields["access"].error_messages["invalid"]}
            )
        return self.answer(AccessSerializer, answer_access(access, actor=actor_of(request), **values))

    @extend_schema(responses=FootageFiledSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def footage(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Items of the archive that came of it, as far as the caller sees them."""
        rows = FootageFiled.objects.visible_to(actor_of(request)).filter(assignment=self.get_object())
        return Response(FootageFiledSerializer(rows.select_related("item", "wish")[:500], many=True).data)

    @extend_schema(request=FootageInput, responses={201: FootageFiledSerializer}, filters=False)
    @footage.mapping.post
    def file_footage(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """File an item of the own house; a wish that it answers is delivered. Safe to repeat."""
        assignment = self.get_object()
        values = self.validated(FootageInput)
        filed = file_footage(assignment, values.pop("item"), actor=actor_of(request), **values)
        return self.answer(FootageFiledSerializer, filed, status=201)

    def _do(self, deed: Callable[..., Assignment], body: Any = None) -> Response:
        assignment = self.get_object()
        values = self.validated(body) if body else {}
        return self.shown(deed(assignment, actor=actor_of(self.request), **values))
