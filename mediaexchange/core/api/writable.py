"""Rows that the API changes: a change must name the state that was seen (If-Match, RFC 9110)."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Model
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.preconditions import require_match
from mediaexchange.core.api.sparse import pick, wanted_fields
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import columns_of, fill, revision_of, tagged

Save = Callable[..., Any]


class WritableViewSet(ExchangeViewSet):
    """One row at a time, stored by a service.

    ``uncounted`` columns change by themselves and do not count as a change. ``parts`` are lists beside the row's
    columns that a change replaces whole: they go to the service by name and count as part of the row.
    ``written_class`` is what writes answer with, where that is less than what is read.
    """

    uncounted: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()
    serializer_class: Any
    written_class: Any = None

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One whole. Its ETag is what a change must bring as If-Match."""
        wanted = wanted_fields(request, self.get_serializer_class())
        record = self.get_object()
        return self._tagged(Response(pick(self.get_serializer(record).data, wanted)), record)

    def made(self, record: Model, values: dict[str, Any], save: Save) -> Response:
        """Store a new row."""
        parts = self._parts_of(values)
        for name, value in columns_of(values).items():
            setattr(record, name, value)
        return self.shown(save(record, actor=actor_of(self.request), **parts), status=201)

    def changed(self, serializer_class: Any, save: Save) -> Response:
        """Change what is given and nothing else. Raises what is answered as 412 or 428."""
        with transaction.atomic():
            locked = self.lock(self.get_object())
            require_match(self.request, revision_of(locked, without=self.uncounted, parts=self.parts))
            values = self.changes_in(serializer_class)
            parts = self._parts_of(values)
            names = fill(locked, columns_of(values))
            stored = save(locked, actor=actor_of(self.request), changed=names, **parts)
        return self.shown(stored)

    def lock(self, record: Any) -> Any:
        """The row, locked as the service that changes it locks: where that takes others first, so must this."""
        return type(record)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=record.pk)

    def changes_in(self, serializer_class: Any) -> dict[str, Any]:
        """What the body changes."""
        return self.validated(serializer_class)

    def shown(self, record: Any, status: int = 200) -> Response:
        """The row as it is now."""
        found = self.get_queryset().get(pk=record.pk)
        return self._tagged(self.answer(self.written_class or self.serializer_class, found, status=status), found)

    def _parts_of(self, values: dict[str, Any]) -> dict[str, Any]:
        return {name: values.pop(name) for name in self.parts if name in values}

    def _tagged(self, response: Response, record: Model) -> Response:
        return tagged(response, record, without=self.uncounted, parts=self.parts)
