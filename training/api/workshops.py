"""Workshops: what is planned and open, seats, and what their hosts do with them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Broadcaster, Place
from broadcasters.permissions import house_of, may
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, TranslatedField, TranslatedSerializer, UidOf
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.api.writing import StrictSerializer, TextsField
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import ApiKey
from training.api.base import LocalTimesField, NamedViewSet
from training.api.enrolments import EnrolmentStateSerializer
from training.constants import FormKind, WorkshopStatus
from training.formats import calendar
from training.models import FeedbackForm, Material, Participant, Programme, SeatQuota, Trainer, Workshop
from training.services.certificate import issue_certificates, standings
from training.services.enrolment import nominate_participant
from training.services.feedback import results_of
from training.services.material import material_link
from training.services.workshop import move_workshop, save_workshop, set_quota


class WorkshopFilter(filters.FilterSet):
    programme = filters.CharFilter(field_name="programme__slug")
    host = filters.CharFilter(field_name="broadcaster__slug")
    status = filters.ChoiceFilter(choices=WorkshopStatus.choices)
    starts_from = filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="lt")

    class Meta:
        model = Workshop
        fields: list[str] = []


class TrainerSerializer(serializers.ModelSerializer):
    person = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    name = serializers.SerializerMethodField()
    office = TranslatedField()

    class Meta:
        model = Trainer
        fields = ["person", "name", "office"]

    def get_name(self, trainer: Trainer) -> str:
        return trainer.name or localized(trainer.person, "name") if trainer.person else trainer.name


class QuotaSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = SeatQuota
        fields = ["broadcaster", "seats", "seats_taken"]


class MaterialSerializer(TranslatedSerializer):
    title = TranslatedField()
    content_type = serializers.CharField(source="file.content_type", default="")
    size_bytes = serializers.IntegerField(source="file.size_bytes", default=None, allow_null=True)

    class Meta:
        model = Material
        fields = ["uid", "title", "language", "url", "content_type", "size_bytes", "text_languages"]


class WorkshopSerializer(TranslatedSerializer):
    name = TranslatedField()
    description = TranslatedField()
    programme = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    host = serializers.SlugField(source="broadcaster.slug", read_only=True)
    place = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    is_online = serializers.SerializerMethodField()
    takes_enrolments = serializers.BooleanField(read_only=True)
    seats_free = serializers.IntegerField(read_only=True)
    local_times = LocalTimesField()
    quotas = QuotaSerializer(many=True, read_only=True)
    trainers = TrainerSerializer(many=True, read_only=True)
    materials = MaterialSerializer(many=True, read_only=True)

    class Meta:
        model = Workshop
        fields = [
            "uid", "slug", "name", "description", "programme", "host", "languages", "status", "status_reason",
            "takes_enrolments", "place", "venue", "is_online", "time_zone", "starts_at", "ends_at", "local_times",
            "capacity", "seats_taken", "seats_free", "needs_approval", "nominations_close_at", "offer_hours",
            "attendance_percent", "quotas", "trainers", "materials", "text_languages",
        ]  # fmt: skip

    def get_is_online(self, workshop: Workshop) -> bool:
        """Where exactly, only those with a seat are told."""
        return bool(workshop.online_url)


class ChangedWorkshopInput(StrictSerializer, serializers.ModelSerializer):
    """``texts`` are by BCP 47 tag; Serbian may be written in either script."""

    texts = TextsField({"name": 200, "description": 20_000}, required=False)
    place = SeesOnly(slug_field="slug", queryset=Place.objects.all(), required=False, allow_null=True)
    evaluation_form = SeesOnly(
        slug_field="slug", queryset=FeedbackForm.objects.filter(kind=FormKind.EVALUATION), required=False,
        allow_null=True,
    )  # fmt: skip
    follow_up_form = SeesOnly(
        slug_field="slug", queryset=FeedbackForm.objects.filter(kind=FormKind.FOLLOW_UP), required=False,
        allow_null=True,
    )  # fmt: skip

    class Meta:
        model = Workshop
        fields = [
            "texts", "languages", "place", "venue", "online_url", "time_zone", "capacity", "needs_approval",
            "nominations_close_at", "offer_hours", "attendance_percent", "evaluation_form", "follow_up_form",
            "follow_up_days",
        ]  # fmt: skip
        extra_kwargs = {"time_zone": {"required": False}}


class WorkshopInput(ChangedWorkshopInput):
    slug = serializers.SlugField(max_length=50)
    programme = SeesOnly(slug_field="slug", queryset=Programme.objects.all())
    host = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True), required=False)

    class Meta(ChangedWorkshopInput.Meta):
        fields = ["slug", "programme", "host", *ChangedWorkshopInput.Meta.fields]


class WorkshopMoveInput(StrictSerializer):
    status = serializers.ChoiceField(choices=WorkshopStatus.choices)
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class NominationInput(StrictSerializer):
    participant = UidOf(queryset=Participant.objects.all())


class QuotaInput(StrictSerializer):
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True))
    seats = serializers.IntegerField(
        min_value=0, max_value=1000, allow_null=True, help_text="null: no limit of its own"
    )


class StandingSerializer(serializers.Serializer):
    enrolment = serializers.UUIDField(source="enrolment.uid")
    broadcaster = serializers.SlugField(source="enrolment.broadcaster.slug")
    sessions_attended = serializers.IntegerField(source="attended")
    sessions_held = serializers.IntegerField(source="held")
    percent = serializers.IntegerField()
    certificate = serializers.CharField(source="certificate.number", default=None, allow_null=True)
    bar = serializers.CharField(help_text="Why no certificate can be issued; empty if one can")


class IssuedSerializer(serializers.Serializer):
    issued = serializers.IntegerField()


class ResultSerializer(serializers.Serializer):
    question = serializers.CharField()
    kind = serializers.CharField(source="question.kind")
    answers = serializers.IntegerField()
    counts = serializers.SerializerMethodField()
    mean = serializers.FloatField(allow_null=True)
    texts = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="null while too few have answered"
    )

    def get_counts(self, result: Any) -> dict[str, int]:
        return dict(result.counts)


class ResultsSerializer(serializers.Serializer):
    form = serializers.SlugField(source="form.slug")
    kind = serializers.CharField(source="form.kind")
    invited = serializers.IntegerField()
    responses = serializers.IntegerField()
    questions = ResultSerializer(many=True)


class WorkshopLinkSerializer(serializers.Serializer):
    url = serializers.URLField()
    expires_at = serializers.DateTimeField(allow_null=True)


class WorkshopViewSet(NamedViewSet):
    queryset = Workshop.objects.select_related("programme__module", "broadcaster", "place").prefetch_related(
        "programme__module__parties", "quotas__broadcaster", "trainers__person", "materials__file"
    )
    serializer_class = WorkshopSerializer
    filterset_class = WorkshopFilter
    uncounted = frozenset({"seats_taken", "queue_tail", "sequence", "told_at", "starts_at", "ends_at"})

    @extend_schema(request=WorkshopInput, responses={201: WorkshopSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Plan a workshop of a programme. It is a draft until it is opened."""
        values = self.validated(WorkshopInput)
        house = house_of(actor_of(request), "training.add_workshop", values.pop("host", None))
        values.setdefault("time_zone", house.time_zone)
        return self.made(Workshop(broadcaster=house, programme=values.pop("programme")), values, save_workshop)

    @extend_schema(request=ChangedWorkshopInput, responses=WorkshopSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else. New seats go to those who wait."""
        return self.changed(ChangedWorkshopInput, save_workshop)

    @extend_schema(request=WorkshopMoveInput, responses=WorkshopSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Open, begin, complete or cancel it; a cancellation needs a reason."""
        workshop = self.get_object()
        return self.shown(move_workshop(workshop, actor=actor_of(request), **self.validated(WorkshopMoveInput)))

    @extend_schema(request=NominationInput, responses={201: EnrolmentStateSerializer}, filters=False)
    @action(detail=True, methods=["post"])
    def nominate(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send somebody of the caller's house. Safe to repeat."""
        workshop = self.get_object()
        values = self.validated(NominationInput)
        enrolment = nominate_participant(workshop, values["participant"], actor=actor_of(request))
        return self.answer(EnrolmentStateSerializer, enrolment, status=201)

    @extend_schema(request=QuotaInput, responses=WorkshopSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def quota(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bind a house to a number of seats, or unbind it."""
        workshop = self.get_object()
        set_quota(workshop, actor=actor_of(request), **self.validated(QuotaInput))
        return self.shown(workshop)

    @extend_schema(responses=StandingSerializer(many=True), filters=False)
    @action(detail=True, view_permission="training.view_attendance", pagination_class=None)
    def standings(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Attendance of everybody with a seat: for the host's coordinator all, for a house its own people."""
        refuse_unknown(request, ())
        workshop = self.get_object()
        user = actor_of(request)
        hosts = may(user, "training.change_enrolment", workshop.broadcaster_id)
        rows = [
            row
            for row in standings(workshop)
            if hosts or may(user, "training.view_participant", row.enrolment.broadcaster_id)
        ]
        return Response(StandingSerializer(rows, many=True).data)

    @extend_schema(request=None, responses=IssuedSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="certificates")
    def certificates(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Issue certificates to everybody who has reached the threshold. Safe to repeat."""
        issued = issue_certificates(self.get_object(), actor=actor_of(request))
        return Response({"issued": len(issued)})

    @extend_schema(responses=ResultsSerializer(many=True), filters=False)
    @action(detail=True, view_permission="training.view_feedbackresponse", pagination_class=None)
    def feedback(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Results of its forms: counts and means; what was written once enough have answered, for the host."""
        refuse_unknown(request, ())
        workshop = self.get_object()
        forms = [form for form in (workshop.evaluation_form, workshop.follow_up_form) if form is not None]
        results = [results_of(workshop, form) for form in forms]
        if not may(actor_of(request), "training.change_workshop", workshop.broadcaster_id):
            for result in (each for found in results for each in found.questions):
                result.texts = None
        return Response(ResultsSerializer(results, many=True).data)

    @extend_schema(responses={(200, "text/calendar"): OpenApiTypes.STR}, filters=False)
    @action(detail=True, pagination_class=None)
    def calendar(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Its sessions as iCalendar. Calendars that cannot sign in are given “calendar-link”."""
        refuse_unknown(request, ())
        return HttpResponse(calendar.calendar_of(self.get_object()), content_type=calendar.CONTENT_TYPE)

    @extend_schema(responses=WorkshopLinkSerializer, filters=False)
    @action(detail=True, url_path="calendar-link", pagination_class=None)
    def calendar_link(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """An address for calendars, which whoever has it may read. It names no person."""
        refuse_unknown(request, ())
        path = reverse("training:calendar", args=[self.get_object().calendar_token])
        return Response({"url": request.build_absolute_uri(path), "expires_at": None})

    @extend_schema(responses=WorkshopLinkSerializer, filters=False)
    @action(detail=True, url_path="materials/<uuid:material>/link", pagination_class=None)
    def material(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """An address of five minutes for a material's file; for a link elsewhere, that link."""
        refuse_unknown(request, ())
        workshop = self.get_object()
        material = get_object_or_404(workshop.materials, uid=kwargs["material"])
        if material.url:
            return Response({"url": material.url, "expires_at": None})
        key = request.auth if isinstance(request.auth, ApiKey) else None
        path, ends_at = material_link(material, user=actor_of(request), key=key)
        return Response({"url": request.build_absolute_uri(path), "expires_at": ends_at})
