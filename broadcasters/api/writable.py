"""Rows of which a change must name the state that was seen."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Model
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.preconditions import require_match
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import columns_of, fill, revision_of, tagged

Save = Callable[..., Any]


class WritableViewSet(ExchangeViewSet):
    """``uncounted`` columns change by themselves and do not count as a change."""

    resource = "broadcasters"
    uncounted: frozenset[str] = frozenset()
    serializer_class: Any

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One whole. Its ETag is what a change must bring as If-Match."""
        response = super().retrieve(request, *args, **kwargs)
        return tagged(response, self.get_object(), without=self.uncounted)

    def made(self, record: Model, values: dict[str, Any], save: Save, *options: str) -> Response:
        """``options`` name values that the deed takes besides the row's columns."""
        more = {name: values.pop(name) for name in options if name in values}
        for name, value in columns_of(values).items():
            setattr(record, name, value)
        return self.shown(save(record, actor=actor_of(self.request), **more), status=201)

    def changed(self, serializer_class: Any, save: Save, *options: str) -> Response:
        with transaction.atomic():
            record = self.get_object()
            locked = type(record)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
            require_match(self.request, revision_of(locked, without=self.uncounted))
            values = self._partly_validated(serializer_class)
            more = {name: values.pop(name) for name in options if name in values}
            names = fill(locked, columns_of(values))
            stored = save(locked, actor=actor_of(self.request), changed=names, **more)
        return self.shown(stored)

    def _partly_validated(self, serializer_class: Any) -> dict[str, Any]:
        """Only what is given; parts of lists are looked at as a whole by the deed."""
        serializer = serializer_class(data=self.request.data, partial=True, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        data: dict[str, Any] = serializer.validated_data
        return data

    def shown(self, record: Any, status: int = 200) -> Response:
        found = self.get_queryset().get(pk=record.pk)
        return tagged(self.answer(self.serializer_class, found, status=status), found, without=self.uncounted)
