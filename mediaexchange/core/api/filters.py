"""Declared filters only: a parameter that nobody declared is an error, never ignored."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.languages.tags import shown_language

if TYPE_CHECKING:
    from rest_framework.views import APIView

COMMON = frozenset({"lang"})
LISTS = COMMON | {"cursor", "limit", "translations"}


def refuse_unknown(request: Request, allowed: Iterable[str]) -> None:
    """Raise BadParameterError for a query parameter that is not allowed; ``lang`` always is."""
    known = COMMON | set(allowed)
    if request.query_params.get("lang") and not shown_language(request.query_params["lang"]):
        raise BadParameterError("lang", _("This language is not spoken here."), "unknown-language")
    for name, values in request.query_params.lists():
        if name not in known:
            raise BadParameterError(
                name, _("There is no parameter “%(name)s” here.") % {"name": name[:60]}, "unknown-parameter"
            )
        if len(values) > 1 or "\0" in values[0] or len(values[0]) > 1000:
            raise BadParameterError(name, _("Give “%(name)s” once, with a sensible value.") % {"name": name[:60]})


def _said_by(view: "APIView") -> set[str]:
    """Parameters that only some answers know: sparse fields of a resource's own records, its counts and orderings."""
    action = getattr(view, "action", None)
    if action == "list":
        return {"fields", "count"} | ({"ordering"} if getattr(view, "orderings", None) else set())
    if action in getattr(view, "lists_below", ()):
        return {"fields", "count"}
    return {"fields"} if action == "retrieve" else set()


class DeclaredFilterBackend(DjangoFilterBackend):
    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: "APIView") -> QuerySet[Any]:
        filterset_class = self.get_filterset_class(view, queryset)
        declared = filterset_class.base_filters if filterset_class else {}
        refuse_unknown(request, LISTS | _said_by(view) | (set() if view.kwargs else set(declared)))
        if filterset_class is None:
            return queryset
        filterset = filterset_class(request.query_params, queryset=queryset, request=request)
        if not filterset.is_valid():
            name, errors = next(iter(filterset.errors.get_json_data().items()))
            raise BadParameterError(name, errors[0]["message"], "bad-filter")
        filtered: QuerySet[Any] = filterset.qs
        return filtered
