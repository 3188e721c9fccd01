"""OpenAPI: what drf-spectacular cannot see by itself — keys, languages, problem details."""

from typing import Any, Literal

from django.urls import reverse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from mediaexchange.core.api.idempotency import HEADER, METHODS
from mediaexchange.core.api.serializers import TranslatedSerializer
from mediaexchange.core.keys import SCOPES
from mediaexchange.core.languages.tags import SHOWN, to_bcp47

TAGS = [to_bcp47(code) for code in SHOWN]


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """The key itself, or a token that it was exchanged for."""

    target_class = "mediaexchange.core.api.authentication.ApiKeyAuthentication"
    name = ["apiKey", "oauth2"]

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list[Any]]]:
        resource = getattr(auto_schema.view, "resource", "")
        scope = f"{resource}:{'read' if auto_schema.method in SAFE_METHODS else 'write'}"
        return [{"apiKey": []}, {"oauth2": [scope] if resource else []}]

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, Any]]:
        scopes = {name: str(does) for name, does in SCOPES.items()}
        flow = {"tokenUrl": reverse("api:tokens"), "scopes": scopes}
        return [
            {"type": "http", "scheme": "bearer", "bearerFormat": "mx_<prefix>_<secret>"},
            {"type": "oauth2", "flows": {"clientCredentials": flow}},
        ]


class StaffSessionScheme(OpenApiAuthenticationExtension):
    target_class = "mediaexchange.core.api.authentication.StaffSessionAuthentication"
    name = "staffSession"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


_IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="1 to 255 characters of your own; the same request again within 24 hours gets the same answer.",
)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag of what you have read."
)

PROBLEM = inline_serializer(
    "Problem",
    {
        "type": serializers.CharField(),
        "title": serializers.CharField(),
        "status": serializers.IntegerField(),
        "detail": serializers.CharField(),
        "code": serializers.CharField(),
        "instance": serializers.CharField(),
        "request_id": serializers.CharField(),
        "errors": serializers.ListField(child=serializers.DictField(), required=False),
    },
)


class ExchangeSchema(AutoSchema):
    """Adds the language parameter and the problem answers that every operation shares."""

    def get_override_parameters(self) -> Any:
        translations = OpenApiParameter("translations", str, enum=["all"], description="Adds every language.")
        serializer_class = getattr(self.view, "serializer_class", None)
        is_translated = serializer_class is not None and issubclass(serializer_class, TranslatedSerializer)
        return [
            *super().get_override_parameters(),
            *([translations] if is_translated and self.method == "GET" else []),
            *([_IDEMPOTENCY_KEY] if self.method in METHODS else []),
            OpenApiParameter("lang", str, enum=TAGS, description="Language of the answer; wins over Accept-Language."),
        ]

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        statuses = ["400", "401", "403", "429"]
        if "{" in self.path:
            statuses.append("404")
        if self.method in METHODS:
            statuses += ["409", "422"]
        if any(parameter is IF_MATCH for parameter in self.get_override_parameters()):
            statuses += ["412", "428"]
        for status in statuses:
            responses.setdefault(status, self._problem(status))
        return dict(sorted(responses.items()))

    def _problem(self, status: str) -> dict[str, Any]:
        response: dict[str, Any] = self._get_response_for_code(
            OpenApiResponse(PROBLEM, description="Problem details (RFC 9457)"), status, ["application/problem+json"]
        )
        return response
