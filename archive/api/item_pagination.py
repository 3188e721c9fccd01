"""Pages of items, each in bounded time: a page may be short though more follow."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from rest_framework.request import Request
from rest_framework.response import Response

from archive.bounded import Order, first_items
from archive.models import Item
from mediaexchange.core.api.pagination import (
    CAP,
    CursorPagination,
    decode_cursor,
    limit_of,
    ordering_of,
    typed_cursor,
    wants_count,
)
from mediaexchange.core.api.sparse import wanted_fields
from mediaexchange.core.api.views import actor_of

if TYPE_CHECKING:
    from rest_framework.views import APIView


class ItemPagination(CursorPagination):
    """Takes what the reader sees, narrowed; its view names ``dated_key`` among its orderings as a field."""

    def paginate_queryset(self, queryset: Any, request: Request, view: "APIView | None" = None) -> list[Any]:
        self.request, user = request, actor_of(request)
        self.wanted = wanted_fields(request, getattr(view, "list_serializer_class", None))
        self.fields, is_descending = ordering_of(request, view)
        order = Order(self.fields, is_descending)
        self.count, self.is_count_short = None, False
        if wants_count(request):
            counted = first_items(queryset, user, wanted=CAP + 1)
            self.count, self.is_count_short = len(counted.items), counted.ended_at is not None
        limit = limit_of(request, default=self.cursor_limit)
        start = None
        if text := request.query_params.get("cursor", ""):
            computed = order.keyed(Item.objects.all()).query.annotations
            start = typed_cursor(Item, self.fields, decode_cursor(text, len(self.fields)), computed)
        found = first_items(queryset, user, order, wanted=limit + 1, start=start)
        rows = found.items
        if len(rows) > limit:
            self.following = rows[limit - 1]
        elif found.ended_at is not None:
            self.following = SimpleNamespace(**dict(zip(self.fields, found.ended_at, strict=True)))
        else:
            self.following = None
        return rows[:limit]

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        if self.is_count_short:
            response.data["count_is_capped"] = True
        return response
