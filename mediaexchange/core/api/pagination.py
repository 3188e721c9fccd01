"""Cursor paging that costs the same on every page: row values on an index, never OFFSET, never a full count."""

import base64
import binascii
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import orjson
from django.core.exceptions import ValidationError
from django.db.models import F, Field, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils.encoding import iri_to_uri
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.sparse import pick, wanted_fields

if TYPE_CHECKING:
    from rest_framework.views import APIView

MAX_LIMIT = 100
DEFAULT_LIMIT = 20
CAP = 1000  # no count goes further
EXACT_CAPPED = "exact-capped"


def limit_of(request: Request, *, default: int = DEFAULT_LIMIT, maximum: int = MAX_LIMIT) -> int:
    """``?limit=``, 1 to 100. More than that is refused, not cut: nobody shall believe they got everything."""
    text = request.query_params.get("limit", "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= maximum):
        raise BadParameterError(
            "limit", _("“limit” is a whole number from 1 to %(maximum)s.") % {"maximum": maximum}, "bad-limit"
        )
    return int(text)


def encode_cursor(*values: Any) -> str:
    """An opaque cursor; its inside may change at any time."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def decode_cursor(text: str, length: int) -> list[Any]:
    """What ``encode_cursor`` was given. Raises BadParameterError for anything it did not make."""
    try:
        values = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        values = None
    if not isinstance(values, list) or len(values) != length:
        raise BadParameterError("cursor", _("This is not a cursor that we gave out."), "bad-cursor")
    return values


class CursorPagination(BasePagination):
    """Orders by the view's ``cursor_fields``, the last one unique, all in one direction.

    A view may offer others as ``orderings``: name → (fields, whether descending). Pages of something below a view's own
    record have their order in a subclass.
    """

    cursor_fields: tuple[str, ...] = ("pk",)
    cursor_descending = False
    cursor_limit = DEFAULT_LIMIT

    def paginate_queryset(self, queryset: Any, request: Request, view: "APIView | None" = None) -> list[Any]:
        self.request = request
        self.wanted = wanted_fields(request, getattr(view, "list_serializer_class", None) or _serializer_of(view))
        self.fields, descending = ordering_of(request, view or self)
        self.count = _capped_count(queryset) if wants_count(request) else None
        limit = limit_of(request, default=self.cursor_limit)
        queryset = queryset.order_by(*(f"-{name}" if descending else name for name in self.fields))
        if text := request.query_params.get("cursor", ""):
            queryset = after(queryset, self.fields, decode_cursor(text, len(self.fields)), descending=descending)
        rows = list(queryset[: limit + 1])
        self.following = rows[limit - 1] if len(rows) > limit else None
        return rows[:limit]

    def resume(self, request: Request, fields: tuple[str, ...], following: Any) -> None:
        """For pages that were read another way: ``following`` is their last row if more come after it."""
        self.request, self.fields, self.following = request, fields, following
        self.count, self.wanted = None, frozenset()

    def get_paginated_response(self, data: Any) -> Response:
        count = {} if self.count is None else {"count": min(self.count, CAP), "count_is_capped": self.count > CAP}
        return Response({"results": [pick(row, self.wanted) for row in data], "next": self.next_link(), **count})

    def next_link(self) -> str | None:
        if self.following is None:
            return None
        query = {name: values for name, values in self.request.query_params.lists() if name != "cursor"}
        query["cursor"] = [encode_cursor(*(getattr(self.following, name) for name in self.fields))]
        inner = self.request._request  # a host that is not ours has been refused
        return f"{inner.scheme}://{inner.get_host()}{iri_to_uri(self.request.path)}?{urlencode(query, doseq=True)}"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {"type": ["string", "null"], "format": "uri", "description": "The next page, if there is one."},
                "count": {"type": "integer", "maximum": CAP, "description": "Of all pages, if asked for."},
                "count_is_capped": {"type": "boolean", "description": "There are more than “count” says."},
            },
        }

    def get_schema_operation_parameters(self, view: "APIView") -> list[dict[str, Any]]:
        return [
            {"name": "cursor", "in": "query", "schema": {"type": "string"}, "description": "From “next”; opaque."},
            {
                "name": "limit",
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
            },
            {
                "name": "count",
                "in": "query",
                "schema": {"type": "string", "enum": [EXACT_CAPPED]},
                "description": "Counts all pages, up to 1,000.",
            },
            {
                "name": "fields",
                "in": "query",
                "schema": {"type": "string"},
                "description": "Only these fields of each record, separated by commas.",
            },
            *(
                [{"name": "ordering", "in": "query", "schema": {"type": "string", "enum": list(orderings)}}]
                if (orderings := getattr(view, "orderings", None))
                else []
            ),
        ]


def _serializer_of(view: Any) -> Any:
    return getattr(view, "serializer_class", None)


def ordering_of(request: Request, view: Any) -> tuple[tuple[str, ...], bool]:
    """The fields that the request orders the view's rows by, and whether they descend."""
    name = request.query_params.get("ordering", "")
    if not name:
        return getattr(view, "cursor_fields", ("pk",)), getattr(view, "cursor_descending", False)
    orderings: dict[str, tuple[tuple[str, ...], bool]] = getattr(view, "orderings", {})
    if name not in orderings:
        raise BadParameterError(
            "ordering", _("Order by one of: %(names)s.") % {"names": ", ".join(orderings)}, "bad-ordering"
        )
    return orderings[name]


def wants_count(request: Request) -> bool:
    text = request.query_params.get("count", "")
    if text not in ("", EXACT_CAPPED):
        raise BadParameterError("count", _("“count” can only be “exact-capped”."), "bad-count")
    return bool(text)


def _capped_count(queryset: QuerySet[Any]) -> int:
    """Never counts further than one beyond the cap, whatever there is."""
    return queryset.order_by()[: CAP + 1].count()


def after(queryset: QuerySet[Any], fields: tuple[str, ...], values: list[Any], *, descending: bool) -> QuerySet[Any]:
    """Rows that come after these values, by PostgreSQL's row comparison: one index condition however many fields."""
    typed = typed_cursor(queryset.model, fields, values, queryset.query.annotations)
    comparison = TupleLessThan if descending else TupleGreaterThan
    return queryset.filter(comparison(Tuple(*(F(name) for name in fields)), typed))


def typed_cursor(
    model: type[Model], fields: tuple[str, ...], values: list[Any], computed: Mapping[str, Any] = MappingProxyType({})
) -> tuple[Any, ...]:
    """A cursor's values as the model's fields, or what is ``computed`` by the query, hold them.

    Raises BadParameterError for what they cannot hold.
    """
    try:
        columns = [
            computed[name].output_field if name in computed else cast("Field[Any, Any]", model._meta.get_field(name))
            for name in fields
        ]
        typed = tuple(column.to_python(value) for column, value in zip(columns, values, strict=True))
    except (TypeError, ValueError, ArithmeticError, ValidationError):
        typed = (None,)
    if None in typed or any("\0" in value for value in typed if isinstance(value, str)):
        raise BadParameterError("cursor", _("This is not a cursor that we gave out."), "bad-cursor")
    return typed
