"""Digital development: initiatives with owners, milestones and results. Under a module that rests nothing begins."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.api.writable import WritableViewSet
from broadcasters.constants import InitiativeState
from broadcasters.models import (
    Broadcaster,
    Initiative,
    InitiativeMilestone,
    InitiativeMove,
    InitiativeOwner,
    Module,
    Result,
)
from broadcasters.services.initiative import (
    move_initiative,
    reach_milestone,
    save_initiative,
    save_milestone,
    save_result,
    who_may_answer,
)
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, TranslatedField, TranslatedSerializer
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.api.writing import StrictSerializer, TextsField
from mediaexchange.core.models import User

_INITIATIVE: dict[str, Any] = {"slug_field": "slug", "queryset": Initiative.objects.all()}
_HOUSE: dict[str, Any] = {"slug_field": "slug", "queryset": Broadcaster.objects.filter(is_active=True)}


class InitiativeFilter(filters.FilterSet):
    module = filters.CharFilter(field_name="module__slug")
    owner = filters.CharFilter(field_name="owners__broadcaster__slug", distinct=True)

    class Meta:
        model = Initiative
        fields = ["kind", "state"]


class InitiativeOwnerSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    responsible = serializers.SerializerMethodField()

    class Meta:
        model = InitiativeOwner
        fields = ["broadcaster", "responsible"]

    def get_responsible(self, owner: InitiativeOwner) -> str:
        """The person's name; empty for nobody."""
        return owner.responsible.get_full_name() if owner.responsible else ""


class InitiativeMilestoneSerializer(TranslatedSerializer):
    title = TranslatedField()
    owner = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = InitiativeMilestone
        fields = ["uid", "title", "owner", "planned_on", "actual_on", "is_cancelled", "sequence", "text_languages"]


class InitiativeResultSerializer(TranslatedSerializer):
    title = TranslatedField()

    class Meta:
        model = Result
        fields = ["uid", "title", "value", "unit", "as_of", "indicator", "url", "source", "text_languages"]


class InitiativeMoveSerializer(serializers.ModelSerializer):
    class Meta:
        model = InitiativeMove
        fields = ["from_state", "to_state", "reason", "at"]


class InitiativeSerializer(TranslatedSerializer):
    name = TranslatedField()
    summary = TranslatedField()
    module = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    owners = InitiativeOwnerSerializer(many=True, read_only=True)
    milestones = InitiativeMilestoneSerializer(many=True, read_only=True)
    results = InitiativeResultSerializer(many=True, read_only=True)
    moves = InitiativeMoveSerializer(many=True, read_only=True)

    class Meta:
        model = Initiative
        fields = [
            "uid", "slug", "name", "summary", "module", "kind", "state", "state_changed_at", "starts_on", "ends_on",
            "owners", "milestones", "results", "moves", "text_languages",
        ]  # fmt: skip


class ListedInitiativeMilestoneSerializer(InitiativeMilestoneSerializer):
    initiative = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta(InitiativeMilestoneSerializer.Meta):
        fields = ["initiative", *InitiativeMilestoneSerializer.Meta.fields]


class ListedInitiativeResultSerializer(InitiativeResultSerializer):
    initiative = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta(InitiativeResultSerializer.Meta):
        fields = ["initiative", *InitiativeResultSerializer.Meta.fields]


class AnsweringField(serializers.SlugRelatedField):
    """A person by account, among those who may answer for a house; anybody else does not exist."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or "\0" in data:
            self.fail("invalid")
        return super().to_internal_value(data)

    def get_queryset(self) -> Any:
        return who_may_answer(self.context["request"].user)


class InitiativeOwnerInput(StrictSerializer):
    broadcaster = SeesOnly(**_HOUSE)
    responsible = AnsweringField(
        slug_field="username", queryset=User.objects.all(), required=False, allow_null=True,
        help_text="Account of somebody who belongs to this house",
    )  # fmt: skip


class ChangedInitiativeInput(StrictSerializer, serializers.ModelSerializer):
    """``texts`` are by BCP 47 tag; Serbian may be written in either script."""

    texts = TextsField({"name": 200, "summary": 20_000}, required=False)
    owners = InitiativeOwnerInput(many=True, required=False)

    class Meta:
        model = Initiative
        fields = ["texts", "kind", "starts_on", "ends_on", "owners"]


class InitiativeInput(ChangedInitiativeInput):
    slug = serializers.SlugField(max_length=50)
    module = SeesOnly(slug_field="slug", queryset=Module.objects.all())

    class Meta(ChangedInitiativeInput.Meta):
        fields = ["slug", "module", *ChangedInitiativeInput.Meta.fields]


class InitiativeMoveInput(StrictSerializer):
    state = serializers.ChoiceField(choices=InitiativeState.choices)
    reason = serializers.CharField(max_length=2000)


class ChangedInitiativeMilestoneInput(StrictSerializer, serializers.ModelSerializer):
    texts = TextsField({"title": 200}, required=False)
    owner = SeesOnly(**_HOUSE)

    class Meta:
        model = InitiativeMilestone
        fields = ["texts", "owner", "planned_on", "is_cancelled"]


class InitiativeMilestoneInput(ChangedInitiativeMilestoneInput):
    initiative = SeesOnly(**_INITIATIVE)

    class Meta(ChangedInitiativeMilestoneInput.Meta):
        fields = ["initiative", *ChangedInitiativeMilestoneInput.Meta.fields]


class MilestoneReachedInput(StrictSerializer):
    actual_on = serializers.DateField(required=False, help_text="Today, unless told otherwise")


class ChangedInitiativeResultInput(StrictSerializer, serializers.ModelSerializer):
    texts = TextsField({"title": 200}, required=False)

    class Meta:
        model = Result
        fields = ["texts", "value", "unit", "as_of", "indicator", "url", "source"]


class InitiativeResultInput(ChangedInitiativeResultInput):
    initiative = SeesOnly(**_INITIATIVE)

    class Meta(ChangedInitiativeResultInput.Meta):
        fields = ["initiative", *ChangedInitiativeResultInput.Meta.fields]


class InitiativeViewSet(WritableViewSet):
    queryset = Initiative.objects.select_related("module").prefetch_related(
        "owners__broadcaster", "owners__responsible", "milestones__owner", "results", "moves"
    )
    serializer_class = InitiativeSerializer
    parts = ("owners",)
    filterset_class = InitiativeFilter
    lookup_field = "slug"
    lookup_value_converter = "slug"
    uncounted = frozenset({"sort_keys"})

    @extend_schema(request=InitiativeInput, responses={201: InitiativeSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Propose an initiative. 409 while the module rests."""
        return self.made(Initiative(), self.validated(InitiativeInput), save_initiative)

    @extend_schema(request=ChangedInitiativeInput, responses=InitiativeSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given; owners replace those that were there."""
        return self.changed(ChangedInitiativeInput, save_initiative)

    @extend_schema(request=InitiativeMoveInput, responses=InitiativeSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Start, pause, complete or abandon it, with a reason."""
        initiative = self.get_object()
        move_initiative(initiative, actor=actor_of(request), **self.validated(InitiativeMoveInput))
        return self.shown(initiative)


class InitiativeMilestoneViewSet(WritableViewSet):
    queryset = InitiativeMilestone.objects.select_related("initiative", "owner")
    serializer_class = ListedInitiativeMilestoneSerializer
    filterset_fields = ["initiative__slug", "owner__slug", "is_cancelled"]
    uncounted = frozenset({"sequence", "changed_at"})

    @extend_schema(
        request=InitiativeMilestoneInput, responses={201: ListedInitiativeMilestoneSerializer}, filters=False
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Plan a milestone. 409 while the module rests."""
        return self.made(InitiativeMilestone(), self.validated(InitiativeMilestoneInput), save_milestone)

    @extend_schema(
        request=ChangedInitiativeMilestoneInput,
        responses=ListedInitiativeMilestoneSerializer,
        parameters=[IF_MATCH],
        filters=False,
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given; calendars are told."""
        return self.changed(ChangedInitiativeMilestoneInput, save_milestone)

    @extend_schema(request=MilestoneReachedInput, responses=ListedInitiativeMilestoneSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def reach(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say for its owner that it is reached. Safe to repeat."""
        milestone = self.get_object()
        return self.shown(reach_milestone(milestone, actor=actor_of(request), **self.validated(MilestoneReachedInput)))


class ResultViewSet(WritableViewSet):
    queryset = Result.objects.select_related("initiative")
    serializer_class = ListedInitiativeResultSerializer
    filterset_fields = ["initiative__slug"]

    @extend_schema(request=InitiativeResultInput, responses={201: ListedInitiativeResultSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write down what came of an initiative."""
        return self.made(Result(), self.validated(InitiativeResultInput), save_result)

    @extend_schema(
        request=ChangedInitiativeResultInput,
        responses=ListedInitiativeResultSerializer,
        parameters=[IF_MATCH],
        filters=False,
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""
        return self.changed(ChangedInitiativeResultInput, save_result)
