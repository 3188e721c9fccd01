"""What a house sets up for itself: made for a broadcaster at which one may, changed by those who may there."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from broadcasters.models import Broadcaster
from broadcasters.permissions import may, roles_of
from mediaexchange.core.admin_base import staff


class HouseMixin:
    """For admins of records with a ``broadcaster``; goes before the admin class."""

    model: type[Model]
    add_right: ClassVar[str]
    change_right: ClassVar[str]

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name != "broadcaster":
            rows: QuerySet[Any] | None = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
            return rows
        user = staff(request)
        allowed = [pk for pk in roles_of(user) if may(user, self.add_right, pk)]
        return Broadcaster.objects.filter(pk__in=allowed)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = list(roles_of(staff(request)))
        given: dict[str, Any] = super().get_changeform_initial_data(request)  # type: ignore[misc]
        return ({"broadcaster": own[0]} if len(own) == 1 else {}) | given

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not isinstance(obj, self.model):
            return bool(super().has_change_permission(request, obj))  # type: ignore[misc]
        return may(staff(request), self.change_right, obj.broadcaster_id)  # type: ignore[attr-defined]
