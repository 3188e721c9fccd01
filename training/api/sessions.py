"""Sessions of workshops, and who was there."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Place
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, TranslatedField, TranslatedSerializer, UidOf
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.api.writing import StrictSerializer, TextsField
from training.api.base import LocalTimesField, WritableViewSet
from training.constants import AttendanceStatus
from training.models import Attendance, Enrolment, Session, Workshop
from training.services.attendance import code_of, record_attendance
from training.services.seating import lock_workshop
from training.services.workshop import save_session


class SessionFilter(filters.FilterSet):
    workshop = filters.CharFilter(field_name="workshop__slug")

    class Meta:
        model = Session
        fields: list[str] = []


class SessionSerializer(TranslatedSerializer):
    title = TranslatedField()
    workshop = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    place = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    local_times = LocalTimesField("workshop")

    class Meta:
        model = Session
        fields = [
            "uid", "workshop", "title", "starts_at", "ends_at", "local_times", "place", "venue", "is_cancelled",
            "sequence", "text_languages",
        ]  # fmt: skip


class ChangedSessionInput(StrictSerializer, serializers.ModelSerializer):
    texts = TextsField({"title": 200}, required=False)
    place = SeesOnly(slug_field="slug", queryset=Place.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Session
        fields = ["texts", "starts_at", "ends_at", "place", "venue", "online_url", "is_cancelled"]
        extra_kwargs = {"starts_at": {"required": False}, "ends_at": {"required": False}}


class SessionInput(StrictSerializer, serializers.ModelSerializer):
    workshop = SeesOnly(slug_field="slug", queryset=Workshop.objects.all())
    texts = TextsField({"title": 200}, required=False)
    place = SeesOnly(slug_field="slug", queryset=Place.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Session
        fields = ["workshop", "texts", "starts_at", "ends_at", "place", "venue", "online_url"]


class MarkInput(StrictSerializer):
    enrolment = UidOf(queryset=Enrolment.objects.all())
    status = serializers.ChoiceField(choices=[*AttendanceStatus.choices, ("", "-")], allow_blank=True)


class AttendanceInput(StrictSerializer):
    marks = MarkInput(many=True, allow_empty=False)


class AttendanceSerializer(serializers.ModelSerializer):
    enrolment = serializers.SlugRelatedField(slug_field="uid", read_only=True)

    class Meta:
        model = Attendance
        fields = ["enrolment", "status", "is_by_code", "at"]


class CodeSerializer(serializers.Serializer):
    code = serializers.CharField()
    seconds_left = serializers.IntegerField()


class SessionViewSet(WritableViewSet):
    queryset = Session.objects.select_related("workshop__programme__module", "place").prefetch_related(
        "workshop__programme__module__parties"
    )
    serializer_class = SessionSerializer
    filterset_class = SessionFilter
    cursor_fields = ("starts_at", "id")
    uncounted = frozenset({"sequence", "told_at"})

    @extend_schema(request=SessionInput, responses={201: SessionSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add a session to a workshop of the caller's house."""
        values = self.validated(SessionInput)
        return self.made(Session(workshop=values.pop("workshop")), values, save_session)

    @extend_schema(request=ChangedSessionInput, responses=SessionSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Move a session or cancel it; calendars that have it follow."""
        return self.changed(ChangedSessionInput, save_session)

    def lock(self, record: Session) -> Session:
        """After the workshop, which is always the first lock."""
        lock_workshop(record.workshop_id)
        locked: Session = super().lock(record)
        return locked

    @extend_schema(request=AttendanceInput, responses=AttendanceSerializer(many=True), methods=["POST"], filters=False)
    @extend_schema(responses=AttendanceSerializer(many=True), methods=["GET"], filters=False)
    @action(detail=True, methods=["get", "post"], view_permission="training.view_attendance", pagination_class=None)
    def attendance(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who was there, as far as the caller may see the people; POST marks, over what stood there."""
        session = self.get_object()
        if request.method == "POST":
            marks = {mark["enrolment"]: mark["status"] for mark in self.validated(AttendanceInput)["marks"]}
            record_attendance(session, marks, actor=actor_of(request))
        else:
            refuse_unknown(request, ())
        rows = Attendance.objects.visible_to(request.user).filter(session=session).select_related("enrolment")
        return Response(AttendanceSerializer(rows.order_by("enrolment_id"), many=True).data)

    @extend_schema(responses=CodeSerializer, filters=False)
    @action(detail=True, view_permission="training.view_attendance", pagination_class=None)
    def code(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The check-in code of this moment, for whoever runs the session."""
        refuse_unknown(request, ())
        code, seconds_left = code_of(self.get_object(), actor=actor_of(request))
        return Response({"code": code, "seconds_left": seconds_left})
