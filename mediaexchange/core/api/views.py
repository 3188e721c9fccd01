"""What the API's views share."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from mediaexchange.core.api.idempotency import RepeatableMixin
from mediaexchange.core.api.sparse import pick, wanted_fields
from mediaexchange.core.models import User


def actor_of(request: Request) -> User:
    """The authenticated account; permission classes have let nobody else through."""
    if not isinstance(request.user, User):
        raise TypeError("A view that acts needs a permission class that demands an account.")
    return request.user


class PrivateMixin(RepeatableMixin):
    """Answers differ by account: no shared cache may keep them. Each says how much its caller may still ask."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in getattr(request, "rate_headers", {}).items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers["Vary"] = "Accept, Accept-Language, Authorization, Cookie"
        return response


class ExchangeViewSet(PrivateMixin, viewsets.ReadOnlyModelViewSet):
    """A resource seen through ``visible_to``: what is not theirs does not exist for them."""

    lookup_field = "uid"
    lookup_value_converter = "uuid"
    resource = ""
    view_permission = ""  # what staff must hold, where it is not that of the model
    lists_below: frozenset[str] = frozenset()  # actions that answer with pages of what belongs to one record
    cursor_fields: tuple[str, ...] = ("id",)
    cursor_descending = False
    queryset: Any

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        wanted = wanted_fields(request, self.get_serializer_class())
        response = super().retrieve(request, *args, **kwargs)
        response.data = pick(response.data, wanted)
        return response

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        return queryset.visible_to(self.request.user)  # type: ignore[attr-defined, no-any-return]

    def validated(self, serializer_class: type[Serializer[Any]]) -> dict[str, Any]:
        """The body as this input serializer understands it; its errors are 400 with pointers."""
        serializer = serializer_class(data=self.request.data, context=self.get_serializer_context())
        if unknown := sorted(set(self.request.data) - set(serializer.fields)):
            raise ValidationError(
                {name[:60]: _("There is no such field here.") for name in unknown[:10]}, "unknown-field"
            )
        serializer.is_valid(raise_exception=True)
        data: dict[str, Any] = serializer.validated_data
        return data

    def answer(self, serializer_class: type[Serializer[Any]], instance: Any, status: int = 200) -> Response:
        return Response(serializer_class(instance, context=self.get_serializer_context()).data, status=status)
