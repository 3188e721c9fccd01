"""What the resources of review and delivery share: who acts for which partner, and changes that name what they saw."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core.api.preconditions import require_match
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import fill, revision_of, tagged
from mediaexchange.core.errors import DomainError, ForbiddenError
from mediaexchange.core.models import User
from productions.models import Production
from productions.services.production import houses_that_may, lock_production


def partner_for(actor: User, permission: str, production: Production, named: Broadcaster | None = None) -> Broadcaster:
    """The partner for which the actor does something: the one named, else the only one where they may.

    Raises ForbiddenError where they may not, DomainError where it must be said which one.
    """
    if named is not None:
        require(actor, permission, named)
        return named
    houses = houses_that_may(actor, permission, production)
    if not houses:
        raise ForbiddenError("role-missing", _("Your role does not allow this."), permission=permission)
    if len(houses) > 1:
        raise DomainError("broadcaster-missing", _("Say for which broadcaster."))
    return Broadcaster.objects.get(pk=houses[0])


class ProductionPartViewSet(ExchangeViewSet):
    """Parts of productions, seen through them. A change is stored under the production's lock, like every deed."""

    resource = "productions"
    serializer_class: Any

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One whole. Its ETag is what a change must bring as If-Match."""
        return tagged(super().retrieve(request, *args, **kwargs), self.get_object())

    def production_of(self, row: Any) -> Production:
        found: Production = row.production
        return found

    def changed(self, serializer_class: Any, save: Callable[[Any, dict[str, Any]], Model]) -> Response:
        """``save`` is given the locked row and the values that were sent."""
        with transaction.atomic():
            row = self.get_object()
            lock_production(self.production_of(row))
            row = self.get_queryset().get(pk=row.pk)
            require_match(self.request, revision_of(row))
            stored = save(row, self.validated(serializer_class))
        return self.shown(stored)

    def fill(self, row: Model, values: dict[str, Any]) -> set[str]:
        return fill(row, values)

    def actor(self) -> User:
        return actor_of(self.request)

    def shown(self, row: Any, status: int = 200) -> Response:
        found = self.get_queryset().get(pk=row.pk)
        return tagged(self.answer(self.serializer_class, found, status=status), found)
