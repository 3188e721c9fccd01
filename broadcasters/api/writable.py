"""Rows of agreements that the API changes."""

from typing import Any

from mediaexchange.core.api import writable


class WritableViewSet(writable.WritableViewSet):
    """A key needs ``broadcasters:read`` or ``:write``."""

    resource = "broadcasters"

    def changes_in(self, serializer_class: Any) -> dict[str, Any]:
        """Only what is given; parts of lists are looked at as a whole by the service."""
        serializer = serializer_class(data=self.request.data, partial=True, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        data: dict[str, Any] = serializer.validated_data
        return data
