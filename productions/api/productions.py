"""Productions: what they are, whose they are, where they stand and what is in their way."""

from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Broadcaster, Module
from broadcasters.permissions import house_of
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.preconditions import require_match
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, TranslatedField, TranslatedSerializer
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.api.writing import StrictSerializer, TextsField, columns_of, fill, revision_of
from productions.api.base import ProductionsViewSet
from productions.constants import PartnerRole, ProductionKind
from productions.models import Partner, Production, ProductionMove, RuleSet, Stage, Theme
from productions.services.partner import Share, advice_on, set_shares
from productions.services.production import lock_production, resume_production, save_production, share_production
from productions.services.stage import move_production, steps_of


class ProductionFilter(filters.FilterSet):
    stage = filters.CharFilter(field_name="stage__slug")
    kind = filters.ChoiceFilter(choices=ProductionKind.choices)
    module = filters.CharFilter(field_name="module__slug")
    theme = filters.CharFilter(field_name="themes__slug")
    partner = filters.CharFilter(field_name="partners__broadcaster__slug")
    is_pilot = filters.BooleanFilter()
    is_delivering = filters.BooleanFilter(field_name="stage__is_delivering")
    slate_from = filters.DateFilter(field_name="slate_on", lookup_expr="gte")
    slate_before = filters.DateFilter(field_name="slate_on", lookup_expr="lt")

    class Meta:
        model = Production
        fields: list[str] = []


class PartnerSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    cash_percent = serializers.DecimalField(max_digits=5, decimal_places=2, read_only=True)

    class Meta:
        model = Partner
        fields = [
            "broadcaster", "role", "share_percent", "cash_percent", "in_kind_percent", "is_editorial_lead",
            "holds_final_cut",
        ]  # fmt: skip


class AdviceSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()


class ProductionSerializer(TranslatedSerializer):
    """``warnings`` are advice in the reader's language and refuse nothing."""

    name = TranslatedField()
    logline = TranslatedField()
    objectives = TranslatedField()
    made_by = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    module = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    stage = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    themes = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    rule_set = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    partners = PartnerSerializer(many=True, read_only=True)
    warnings = serializers.SerializerMethodField()

    class Meta:
        model = Production
        fields = [
            "uid", "slug", "name", "logline", "objectives", "kind", "themes", "module", "made_by", "languages",
            "episodes", "episode_minutes", "slate_on", "is_pilot", "stage", "staged_at", "shared_at", "held_at",
            "partners", "shares_revision", "rule_set", "warnings", "created_at", "changed_at", "text_languages",
        ]  # fmt: skip

    @extend_schema_field(AdviceSerializer(many=True))
    def get_warnings(self, production: Production) -> list[dict[str, str]]:
        return [{"code": each.code, "message": each.message} for each in advice_on(production)]


class ChangedProductionInput(StrictSerializer, serializers.ModelSerializer):
    """``texts`` are by BCP 47 tag; Serbian may be written in either script."""

    texts = TextsField({"name": 200, "logline": 500, "objectives": 20_000}, required=False)
    themes = SeesOnly(slug_field="slug", queryset=Theme.objects.all(), many=True, required=False)
    module = SeesOnly(slug_field="slug", queryset=Module.objects.all(), required=False)
    rule_set = SeesOnly(slug_field="slug", queryset=RuleSet.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Production
        fields = [
            "texts", "kind", "themes", "module", "languages", "episodes", "episode_minutes", "slate_on", "is_pilot",
            "rule_set",
        ]  # fmt: skip
        extra_kwargs = {"kind": {"required": False}}


class ProductionInput(ChangedProductionInput):
    slug = serializers.SlugField(max_length=50)
    kind = serializers.ChoiceField(choices=ProductionKind.choices)
    module = SeesOnly(slug_field="slug", queryset=Module.objects.all())
    made_by = SeesOnly(
        slug_field="slug",
        queryset=Broadcaster.objects.filter(is_active=True),
        required=False,
        help_text="Whose idea it is; needed by those who act for several",
    )

    class Meta(ChangedProductionInput.Meta):
        fields = ["slug", "made_by", *ChangedProductionInput.Meta.fields]
        validators: list[Any] = []  # the service knows whose it is and says that a slug is taken


class ShareInput(StrictSerializer):
    """Per cent of the whole; ``in_kind_percent`` is a part of ``share_percent``."""

    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True))
    share_percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal("0.01"), max_value=Decimal(100)
    )
    in_kind_percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=Decimal(100), default=Decimal(0)
    )
    role = serializers.ChoiceField(choices=PartnerRole.choices, default=PartnerRole.CO_PRODUCER.value)
    is_editorial_lead = serializers.BooleanField(default=False)
    holds_final_cut = serializers.BooleanField(default=False)


class SharesInput(StrictSerializer):
    shares = ShareInput(many=True, allow_empty=False)
    seen = serializers.IntegerField(
        required=False, min_value=0, help_text="The shares_revision that was read; 409 if it has changed since"
    )


class MoveInput(StrictSerializer):
    stage = SeesOnly(slug_field="slug", queryset=Stage.objects.all())
    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class BlockerSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()
    link = serializers.CharField(help_text="The page on which it can be cleared, below this server’s address")


class StepSerializer(serializers.Serializer):
    stage = serializers.SlugField(source="stage.slug")
    needs_reason = serializers.BooleanField(source="move.needs_reason")
    blockers = BlockerSerializer(many=True)


class ProductionMoveSerializer(serializers.ModelSerializer):
    from_stage = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    to_stage = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    actor = serializers.CharField(source="actor.username", default=None, allow_null=True)

    class Meta:
        model = ProductionMove
        fields = ["from_stage", "to_stage", "reason", "actor", "at"]


class ProductionViewSet(ProductionsViewSet):
    queryset = Production.objects.select_related("module", "made_by", "stage", "rule_set").prefetch_related(
        "themes", Prefetch("partners", Partner.objects.select_related("broadcaster"))
    )
    serializer_class = ProductionSerializer
    filterset_class = ProductionFilter
    cursor_descending = True
    uncounted = frozenset({"shares_revision", "sequence", "changed_at"})

    @extend_schema(request=ProductionInput, responses={201: ProductionSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Begin a production as an idea that its house alone sees, under a module of co-production."""
        values = self.validated(ProductionInput)
        house = house_of(actor_of(request), "productions.add_production", values.pop("made_by", None))
        save = partial(save_production, themes=values.pop("themes", None))
        return self.made(Production(made_by=house, module=values.pop("module")), values, save)

    @extend_schema(request=ChangedProductionInput, responses=ProductionSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""
        with transaction.atomic():
            locked = lock_production(self.get_object())
            require_match(request, revision_of(locked, without=self.uncounted))
            values = self.validated(ChangedProductionInput)
            themes = values.pop("themes", None)
            names = fill(locked, columns_of(values))
            stored = save_production(locked, actor=actor_of(request), changed=names, themes=themes)
        return self.shown(stored)

    @extend_schema(request=SharesInput, responses=ProductionSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def shares(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give it exactly these partners. The shares total 100.00, or nothing is stored."""
        production = self.get_object()
        values = self.validated(SharesInput)
        shares = [Share(**share) for share in values["shares"]]
        return self.shown(set_shares(production, shares, actor=actor_of(request), seen=values.get("seen")))

    @extend_schema(request=MoveInput, responses=ProductionSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it to another stage. 409 names in ``reasons`` everything that is in the way, with links."""
        production = self.get_object()
        move_production(production, actor=actor_of(request), **self.validated(MoveInput))
        return self.shown(production)

    @extend_schema(request=None, responses=ProductionSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def share(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show an idea to all its partners, for good. Safe to repeat."""
        return self.shown(share_production(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=None, responses=ProductionSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Go on with what a review of the pilot has put on hold. Safe to repeat."""
        return self.shown(resume_production(self.get_object(), actor=actor_of(request)))

    @extend_schema(responses=StepSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def steps(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Where it can go from here, and what is in the way of each step now."""
        refuse_unknown(request, ())
        return Response(StepSerializer(steps_of(self.get_object()), many=True).data)

    @extend_schema(responses=ProductionMoveSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def moves(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Its way so far, the youngest move first: who, when, why. At most a thousand."""
        refuse_unknown(request, ())
        rows = self.get_object().moves.select_related("from_stage", "to_stage", "actor")[:1000]
        return Response(ProductionMoveSerializer(rows, many=True).data)
