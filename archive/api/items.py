"""Items: lists from an index however many there are, one whole in a fixed number of statements, and writing."""

from typing import Any

import orjson
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.http import http_date
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from archive.api.item_filters import ItemFilter
from archive.api.item_input import ChangedItemInput, ItemInput, WithdrawInput, split
from archive.api.item_pagination import ItemPagination
from archive.api.item_serializers import ItemCardSerializer, ItemSerializer
from archive.facets import TITLES, facets_of
from archive.models import Instantiation, Item, Segment, TimedText
from archive.services.item import locked, publish_item, save_item, withdraw_item
from broadcasters.permissions import house_of, require
from mediaexchange.core.api.preconditions import etag_of, require_match
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.sparse import pick, wanted_fields
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import fill

FacetValues = inline_serializer(
    "ItemFacetValue",
    {
        "value": serializers.CharField(help_text="What the filter of the facet’s name takes"),
        "label": serializers.CharField(),
        "count": serializers.IntegerField(help_text="1,000 at most"),
        "is_capped": serializers.BooleanField(help_text="There are, or may be, more"),
    },
    many=True,
)
FacetsSerializer = inline_serializer("ItemFacets", dict.fromkeys(TITLES, FacetValues))


class ItemViewSet(ExchangeViewSet):
    """The catalogue: all of one's own, and what others let their partners or everyone read.

    “dated” and “-dated” order by the first day that a date may mean; unknown dates come last either way. Where filters
    together leave few of very many items, a page may hold fewer than were asked for, even none: follow “next” to its
    end.
    """

    pagination_class = ItemPagination

    queryset = Item.objects.all()
    serializer_class = ItemSerializer
    list_serializer_class = ItemCardSerializer
    filterset_class = ItemFilter
    resource = "archive"
    cursor_descending = True
    orderings = {
        "dated": (("dated_key", "id"), False),
        "-dated": (("dated_key", "id"), True),
        "changed_at": (("changed_at", "id"), False),
        "-changed_at": (("changed_at", "id"), True),
    }

    @extend_schema(responses=ItemCardSerializer(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of rows, as they stand on an index card."""
        paginator = ItemPagination()
        narrow = self.filter_queryset(self.get_queryset()).only("id", "changed_at")
        page = paginator.paginate_queryset(narrow, request, self)
        # What is joined to them is asked of this page alone: over all items the planner would join first and cut then.
        cards = {card.pk: card for card in _cards(Item.objects.filter(pk__in=[item.pk for item in page]))}
        shown = [cards[item.pk] for item in page if item.pk in cards]
        rows = ItemCardSerializer(shown, many=True, context=self.get_serializer_context()).data
        return paginator.get_paginated_response(rows)

    @extend_schema(responses=ItemSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Everything that is known of the item. Its ETag is what a change must bring as If-Match."""
        wanted = wanted_fields(request, ItemSerializer)
        response = self.shown(self.get_object())
        response.data = pick(response.data, wanted)
        return response

    @extend_schema(request=ItemInput, responses={201: ItemSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Catalogue an item. Nobody else reads it until it is published."""
        values, parts = split(self.validated(ItemInput))
        house = house_of(actor_of(request), "archive.add_item", values.pop("broadcaster", None))
        item = Item(broadcaster=house)
        fill(item, values)
        stored = save_item(item, actor=actor_of(request), parts=parts)
        response = self.shown(stored, status=201)
        response.headers["Location"] = reverse("api:item-detail", args=[stored.uid], request=request)
        return response

    @extend_schema(request=ChangedItemInput, responses=ItemSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else. What changes something counts a new version."""
        with transaction.atomic():
            item = self.matching()
            values, parts = split(self.validated(ChangedItemInput))
            changed = fill(item, values)
            stored = save_item(item, actor=actor_of(request), changed=changed, parts=parts)
        return self.shown(stored)

    @extend_schema(request=None, responses=ItemSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="publish")
    def publish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Let those read it for whom its access is meant. Safe to repeat."""
        return self.shown(publish_item(self.own(), actor=actor_of(request)))

    @extend_schema(request=WithdrawInput, responses=ItemSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="withdraw")
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it back from all other readers, who are told. Safe to repeat."""
        return self.shown(withdraw_item(self.own(), actor=actor_of(request), **self.validated(WithdrawInput)))

    @extend_schema(responses=FacetsSerializer, filters=True)
    @action(detail=False, url_name="facets", pagination_class=None)
    def facets(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How many of the items that these filters leave are of which category, decade, house …

        Exact up to 1,000 items. Of more, values are counted among the newest 1,000, and categories, decades and holders
        also among 1,000 of their own; whatever is not known to be all is marked as capped.
        """
        items: Any = self.filter_queryset(self.get_queryset())
        facets = facets_of(items, actor_of(request))
        return Response(
            {
                name: [
                    {"value": each.value, "label": each.label, "count": each.count, "is_capped": each.is_capped}
                    for each in values
                ]
                for name, values in facets.items()
            }
        )

    def own(self) -> Item:
        """The item, if its own house is the caller's; ForbiddenError where the caller only reads it."""
        item: Item = self.get_object()
        require(actor_of(self.request), "archive.change_item", item.broadcaster_id)
        return item

    def matching(self) -> Item:
        """The caller's own item, locked, if it still is what they have read."""
        item = locked(self.own(), actor=actor_of(self.request))
        require_match(self.request, str(item.version), str(item.version))
        return item

    def shown(self, item: Item, status: int = 200) -> Response:
        whole = _whole(Item.objects.filter(pk=item.pk), self.request).get()
        above = Item.objects.visible_to(self.request.user).filter(children=whole.pk).only("uid")
        whole.seen_parents = list(above)  # type: ignore[attr-defined]  # for the serializer alone
        data = ItemSerializer(whole, context=self.get_serializer_context()).data
        content = orjson.dumps(data, default=str)
        headers = {
            "ETag": etag_of(str(whole.version), content + self.request.get_full_path().encode()),
            "Last-Modified": http_date(whole.changed_at.timestamp()),
        }
        return Response(data, headers=headers, status=status)


def _cards(items: QuerySet[Item]) -> QuerySet[Item]:
    parts: list[Any] = [
        Prefetch("instantiations", Instantiation.objects.only("item_id", "duration_ms")),
        Prefetch("texts", TimedText.objects.only("item_id", "kind", "language")),
    ]
    return items.select_related("broadcaster", "collection", "series").prefetch_related(*parts)


def _whole(items: QuerySet[Item], request: Request) -> QuerySet[Item]:
    """With all that hangs on them and is shown: a fixed number of statements."""
    seen = Item.objects.visible_to(request.user).order_by("id")
    parts: list[Any] = [
        "titles",
        "descriptions",
        "dates",
        "identifiers",
        "credits__person",
        "places__place",
        Prefetch("instantiations", Instantiation.objects.select_related("holder", "file").prefetch_related("tracks")),
        Prefetch("segments", Segment.objects.select_related("instantiation")),
        Prefetch("texts", TimedText.objects.defer("cues", "as_received")),
        Prefetch("children", seen.only("uid", "parent_id"), to_attr="seen_children"),
    ]
    return items.select_related("broadcaster", "collection", "series").prefetch_related(*parts)
