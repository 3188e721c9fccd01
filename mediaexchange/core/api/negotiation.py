"""Which renderer answers: nearly every caller takes JSON, and says so in one of few ways."""

from collections.abc import Iterable

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

_JSON = "application/json"
_TAKE_JSON = frozenset({"", "*/*", _JSON, "application/json, */*"})


class ContentNegotiation(DefaultContentNegotiation):
    """DRF's own, which reads the header in full, where there is anything to choose."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        all_of_them = list(renderers)
        is_json_alone = format_suffix is None and [renderer.media_type for renderer in all_of_them] == [_JSON]
        if is_json_alone and request.META.get("HTTP_ACCEPT", "") in _TAKE_JSON:
            return all_of_them[0], _JSON
        found: tuple[BaseRenderer, str] = super().select_renderer(request, all_of_them, format_suffix)
        return found
