"""Lists narrowed to what waits for the reader: where the figures of the first page lead."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from mediaexchange.core.desks import PARAMETER, items_for
from mediaexchange.core.models import User


class DeskFilter(DropdownFilter):
    title, parameter_name = _("what waits for me"), PARAMETER

    def __init__(
        self, request: HttpRequest, params: dict[str, list[str]], model: type[Model], model_admin: Any
    ) -> None:
        user = request.user
        found = items_for(user, model=model._meta.label_lower) if isinstance(user, User) else []
        self.items = {item.code: item for item in found}
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, item.title) for code, item in self.items.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        item = self.items.get(self.value() or "")
        if item is None or not isinstance(request.user, User):
            return queryset.none()
        return queryset.filter(pk__in=item.rows(request.user).order_by().values("pk"))


def with_desk_filter(request: HttpRequest, model: type[Model], filters: Any) -> Any:
    """The filters of a list, and this one where something on the list may wait for the reader."""
    user = request.user
    if isinstance(user, User) and items_for(user, model=model._meta.label_lower):
        return [*filters, DeskFilter]
    return filters
