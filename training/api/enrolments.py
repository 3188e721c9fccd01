"""Enrolments: of one's own people, and of everybody's in workshops that one coordinates."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import StrictSerializer
from training.constants import EnrolmentStatus
from training.models import Enrolment
from training.services.enrolment import accept_offer, confirm_enrolment, reject_enrolment, withdraw_enrolment


class EnrolmentFilter(filters.FilterSet):
    workshop = filters.CharFilter(field_name="workshop__slug")
    broadcaster = filters.CharFilter(field_name="broadcaster__slug")
    status = filters.ChoiceFilter(choices=EnrolmentStatus.choices)

    class Meta:
        model = Enrolment
        fields: list[str] = []


class EnrolmentStateSerializer(serializers.ModelSerializer):
    """What writes answer with. Answers to repeatable writes are kept for a day: they name nobody."""

    workshop = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Enrolment
        fields = ["uid", "workshop", "status", "queue_number", "offer_ends_at", "changed_at"]


class EnrolmentSerializer(serializers.ModelSerializer):
    """The name and the language cross to the host; the e-mail stays with the house."""

    workshop = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    participant = serializers.UUIDField(source="participant.uid", read_only=True)
    name = serializers.CharField(source="participant.name", read_only=True)
    language = serializers.CharField(source="participant.language", read_only=True)

    class Meta:
        model = Enrolment
        fields = [
            "uid", "workshop", "broadcaster", "participant", "name", "language", "status", "reason", "queue_number",
            "offer_ends_at", "nominated_at", "changed_at",
        ]  # fmt: skip


class RejectionInput(StrictSerializer):
    reason = serializers.CharField(max_length=500)


class EnrolmentViewSet(ExchangeViewSet):
    queryset = Enrolment.objects.select_related("workshop", "broadcaster", "participant")
    serializer_class = EnrolmentSerializer
    filterset_class = EnrolmentFilter
    resource = "training"
    cursor_descending = True

    @extend_schema(request=None, responses=EnrolmentStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give a nomination a seat, or a place on the waiting list if there is none. For the host. Safe to repeat."""
        return self._answer(confirm_enrolment(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=RejectionInput, responses=EnrolmentStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say no, with a reason. For the host. Safe to repeat."""
        enrolment = self.get_object()
        return self._answer(reject_enrolment(enrolment, actor=actor_of(request), **self.validated(RejectionInput)))

    @extend_schema(request=None, responses=EnrolmentStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give up the seat, offer, or place on the list; the next person is offered it. Safe to repeat."""
        return self._answer(withdraw_enrolment(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=None, responses=EnrolmentStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take an offered seat on behalf of the person. Safe to repeat; 409 once the offer has ended."""
        return self._answer(accept_offer(self.get_object(), actor=actor_of(request)))

    def _answer(self, enrolment: Enrolment) -> Response:
        return self.answer(EnrolmentStateSerializer, enrolment)
