"""Correspondents: one's own people, and those who come. Where they are is a question of its own."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Broadcaster, Place
from broadcasters.permissions import house_of, roles_of
from broadcasters.querysets import member_ids
from correspondents.api.base import WritableViewSet
from correspondents.models import Correspondent, Skill, Whereabouts
from correspondents.services.export import export_of
from correspondents.services.person import erase_correspondent, note_whereabouts, save_correspondent
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly
from mediaexchange.core.api.views import PrivateMixin, actor_of
from mediaexchange.core.api.writing import StrictSerializer

# What the sending house keeps to itself.
_OF_THE_HOUSE = ("home_base", "data_region", "is_active", "created_at")


class CorrespondentSerializer(serializers.ModelSerializer):
    """What crosses: name, languages, skills. No e-mail, no telephone; what is the house's own is null for others."""

    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    home_base = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    skills = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    data_region = serializers.CharField(read_only=True, allow_null=True)
    is_active = serializers.BooleanField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = Correspondent
        fields = [
            "uid", "broadcaster", "name", "name_latn", "language", "languages", "skills", "home_base", "data_region",
            "is_active", "created_at", "anonymised_at",
        ]  # fmt: skip

    def to_representation(self, instance: Correspondent) -> dict[str, Any]:
        user, shown = actor_of(self.context["request"]), super().to_representation(instance)
        is_own = instance.broadcaster_id in roles_of(user) or instance.user_id == user.pk
        return shown if is_own else shown | dict.fromkeys(_OF_THE_HOUSE)


class CorrespondentStateSerializer(serializers.ModelSerializer):
    class Meta:
        model = Correspondent
        fields = ["uid", "is_active", "anonymised_at"]


class ChangedCorrespondentInput(StrictSerializer, serializers.ModelSerializer):
    home_base = SeesOnly(slug_field="slug", queryset=Place.objects.all(), required=False, allow_null=True)
    skills = SeesOnly(slug_field="slug", queryset=Skill.objects.all(), many=True, required=False)

    class Meta:
        model = Correspondent
        fields = ["name", "name_latn", "language", "languages", "skills", "home_base", "data_region", "is_active"]
        extra_kwargs = {"data_region": {"required": False}}


class CorrespondentInput(ChangedCorrespondentInput):
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True), required=False)

    class Meta(ChangedCorrespondentInput.Meta):
        fields = ["broadcaster", *ChangedCorrespondentInput.Meta.fields]


class WhereaboutsSerializer(serializers.ModelSerializer):
    place = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = Whereabouts
        fields = [
            "place", "address", "phone", "email", "emergency_contact", "local_contacts", "note", "changed_at",
        ]  # fmt: skip


class WhereaboutsInput(StrictSerializer):
    place = SeesOnly(slug_field="slug", queryset=Place.objects.all(), required=False, allow_null=True)
    address = serializers.CharField(max_length=500, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=100, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    emergency_contact = serializers.CharField(max_length=500, required=False, allow_blank=True)
    local_contacts = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class WhereaboutsStateSerializer(serializers.ModelSerializer):
    class Meta:
        model = Whereabouts
        fields = ["changed_at"]


class CorrespondentFilter(filters.FilterSet):
    is_active = filters.BooleanFilter(method="of_the_house", help_text="Of one's own house")

    class Meta:
        model = Correspondent
        fields = ["broadcaster__slug"]

    def of_the_house(self, rows: QuerySet[Correspondent], name: str, value: bool) -> QuerySet[Correspondent]:
        return rows.filter(is_active=value, broadcaster__in=member_ids(self.request.user))


class CorrespondentViewSet(WritableViewSet):
    queryset = Correspondent.objects.select_related("broadcaster", "home_base").prefetch_related("skills")
    serializer_class = CorrespondentSerializer
    written_class = CorrespondentStateSerializer
    parts = ("skills",)
    filterset_class = CorrespondentFilter
    cursor_descending = True

    @extend_schema(request=CorrespondentInput, responses={201: CorrespondentStateSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write somebody of the caller's house down."""
        values = self.validated(CorrespondentInput)
        house = house_of(actor_of(request), "correspondents.add_correspondent", values.pop("broadcaster", None))
        return self.made(Correspondent(broadcaster=house), values, save_correspondent)

    @extend_schema(
        request=ChangedCorrespondentInput, responses=CorrespondentStateSerializer, parameters=[IF_MATCH], filters=False
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""
        return self.changed(ChangedCorrespondentInput, save_correspondent)

    @extend_schema(responses=WhereaboutsSerializer, filters=False)
    @action(detail=True, view_permission="correspondents.view_correspondent", pagination_class=None)
    def whereabouts(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Where the person is and how to reach them: for the own desk, and for the host's while an assignment runs."""
        refuse_unknown(request, ())
        rows = Whereabouts.objects.visible_to(actor_of(request)).select_related("place")
        found = rows.filter(correspondent=self.get_object()).first()
        if found is None:
            raise Http404
        return self.answer(WhereaboutsSerializer, found)

    @extend_schema(request=WhereaboutsInput, responses=WhereaboutsStateSerializer, filters=False)
    @whereabouts.mapping.post
    def note_whereabouts(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write it down; what is not given stays. For the own desk, and for the person."""
        person = self.get_object()
        stored = note_whereabouts(person, actor=actor_of(request), **self.validated(WhereaboutsInput))
        return self.answer(WhereaboutsStateSerializer, stored)

    @extend_schema(request=None, responses=CorrespondentStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def erase(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take away everything that names the person, for good. Safe to repeat; 409 while an assignment runs."""
        return self.shown(erase_correspondent(self.get_object(), actor=actor_of(request)))

    @extend_schema(responses=OpenApiTypes.OBJECT, filters=False)
    @action(detail=True, pagination_class=None)
    def export(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Everything that is kept of the person, for the person."""
        refuse_unknown(request, ())
        return Response(export_of(self.get_object(), actor=actor_of(request)))


class OwnCorrespondenceView(PrivateMixin):
    """For whoever is signed in and is sent."""

    @extend_schema(operation_id="me_correspondent", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Everything that is kept of the caller as a correspondent."""
        refuse_unknown(request, ())
        user = actor_of(request)
        rows = Correspondent.objects.filter(user=user).select_related("broadcaster", "home_base", "user").order_by("pk")
        return Response({"correspondents": [export_of(row, actor=user) for row in rows]})
