"""People whom the caller's house sends, and their consents. Nothing of others' people stands here."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Broadcaster
from broadcasters.permissions import house_of
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly
from mediaexchange.core.api.views import PrivateMixin, actor_of
from mediaexchange.core.api.writing import StrictSerializer
from training.api.base import WritableViewSet
from training.constants import ConsentPurpose, ConsentRoad
from training.models import Consent, Participant
from training.services.export import export_of
from training.services.participant import record_consent, save_participant, withdraw_consent


class ConsentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Consent
        fields = ["purpose", "road", "given_at", "withdrawn_at"]


class ParticipantSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    consents = ConsentSerializer(many=True, read_only=True)

    class Meta:
        model = Participant
        fields = [
            "uid", "broadcaster", "name_cyrl", "name_latn", "email", "language", "data_region", "created_at",
            "anonymised_at", "consents",
        ]  # fmt: skip


class ParticipantStateSerializer(serializers.ModelSerializer):
    """What writes answer with. Answers to repeatable writes are kept for a day: they name nobody."""

    class Meta:
        model = Participant
        fields = ["uid", "anonymised_at"]


class ChangedParticipantInput(StrictSerializer, serializers.ModelSerializer):
    class Meta:
        model = Participant
        fields = ["name_cyrl", "name_latn", "email", "language", "data_region"]
        extra_kwargs = {"data_region": {"required": False}}


class ParticipantInput(ChangedParticipantInput):
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True), required=False)

    class Meta(ChangedParticipantInput.Meta):
        fields = ["broadcaster", *ChangedParticipantInput.Meta.fields]


class ConsentInput(StrictSerializer):
    purpose = serializers.ChoiceField(choices=ConsentPurpose.choices)
    road = serializers.ChoiceField(choices=ConsentRoad.choices)


class PurposeInput(StrictSerializer):
    purpose = serializers.ChoiceField(choices=ConsentPurpose.choices)


class ParticipantViewSet(WritableViewSet):
    queryset = Participant.objects.select_related("broadcaster").prefetch_related("consents")
    serializer_class = ParticipantSerializer
    cursor_descending = True

    def get_queryset(self) -> QuerySet[Any]:
        """Of one's own house alone: a host sees the names of others' people on their enrolments."""
        return super().get_queryset().own(self.request.user)  # type: ignore[attr-defined, no-any-return]

    def shown(self, record: Any, status: int = 200) -> Response:
        return self.answer(ParticipantStateSerializer, record, status=status)

    @extend_schema(request=ParticipantInput, responses={201: ParticipantStateSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write somebody down. The same e-mail at the same house is the same person."""
        values = self.validated(ParticipantInput)
        house = house_of(actor_of(request), "training.add_participant", values.pop("broadcaster", None))
        return self.made(Participant(broadcaster=house), values, save_participant)

    @extend_schema(
        request=ChangedParticipantInput, responses=ParticipantStateSerializer, parameters=[IF_MATCH], filters=False
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""
        return self.changed(ChangedParticipantInput, save_participant)

    @extend_schema(request=ConsentInput, responses={201: ParticipantStateSerializer}, filters=False)
    @action(detail=True, methods=["post"])
    def consent(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record what the person has agreed to. Safe to repeat."""
        participant = self.get_object()
        record_consent(participant, actor=actor_of(request), **self.validated(ConsentInput))
        return self.shown(participant, status=201)

    @extend_schema(request=PurposeInput, responses=ParticipantStateSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="withdraw-consent")
    def withdraw_consent(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that it is withdrawn; that to take part anonymises the person at once and for good."""
        participant = self.get_object()
        return self.shown(withdraw_consent(participant, actor=actor_of(request), **self.validated(PurposeInput)))

    @extend_schema(responses=OpenApiTypes.OBJECT, filters=False)
    @action(detail=True, pagination_class=None)
    def export(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Everything that is kept of the person, for the person."""
        refuse_unknown(request, ())
        return Response(export_of(self.get_object(), actor=actor_of(request)))


class OwnTrainingView(PrivateMixin):
    """For whoever is signed in and takes part."""

    @extend_schema(operation_id="me_training", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Everything that is kept of the caller as a participant."""
        refuse_unknown(request, ())
        user = actor_of(request)
        rows = Participant.objects.filter(user=user).select_related("broadcaster", "user").order_by("pk")
        return Response({"participations": [export_of(row, actor=user) for row in rows]})
