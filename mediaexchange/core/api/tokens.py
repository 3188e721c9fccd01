"""OAuth 2 client credentials (RFC 6749 §4.4): an API key is exchanged for a token of 15 minutes.

What the RFC says is answered as it says: JSON with ``error`` and ``error_description``, which may only be ASCII and is
therefore never translated. Everything else, such as 405 and 429, are problem details as everywhere.
"""

import base64
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mediaexchange.core.access_tokens import SECONDS, issue_token
from mediaexchange.core.api.parsers import FormParser
from mediaexchange.core.guesses import count_wrong_guess, seconds_locked
from mediaexchange.core.keys import SCOPES, client_id_of, find_client
from mediaexchange.core.models import ApiKey

GRANT_TYPE = "client_credentials"
_NEVER_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="mediaexchange"'}


class TokenError(Exception):
    """A refusal by RFC 6749 §5.2; ``error`` is one of its words. The description never repeats what was sent."""

    def __init__(self, error: str, description: str, status: int = 400, headers: dict[str, str] | None = None) -> None:
        super().__init__(error)
        self.error, self.description, self.status, self.headers = error, description, status, headers or {}


class TokenView(APIView):
    """``POST`` of a form; the client says who it is by HTTP Basic or in the form (RFC 6749 §2.3.1)."""

    schema = None  # named in the security scheme, where OpenAPI has a place for it
    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (FormParser,)

    def post(self, request: Request) -> Response:
        form: dict[str, str] = dict(request.data)
        if "grant_type" not in form:
            raise TokenError("invalid_request", "Send grant_type=client_credentials.")
        if form["grant_type"] != GRANT_TYPE:
            raise TokenError("unsupported_grant_type", "The only grant type is client_credentials.")
        key = _authenticated(request._request, *_credentials(request, form))
        scopes = _granted(key, form.get("scope", ""))
        answer = {"access_token": issue_token(key, scopes), "token_type": "Bearer", "expires_in": SECONDS}
        return Response(answer | {"scope": " ".join(scopes)}, headers=_NEVER_KEPT)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """JSON, whatever the client says that it accepts: the RFC knows nothing else."""
        return super().perform_content_negotiation(request, force=True)

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, ParseError | UnsupportedMediaType):
            exc = TokenError("invalid_request", "Send a form (application/x-www-form-urlencoded), each parameter once.")
        if not isinstance(exc, TokenError):
            return super().handle_exception(exc)
        body = {"error": exc.error, "error_description": exc.description}
        return Response(body, status=exc.status, headers=_NEVER_KEPT | {"Content-Language": "en"} | exc.headers)


@require_safe
def metadata(request: HttpRequest) -> JsonResponse:
    """RFC 8414. No response type exists without an authorization endpoint, yet their list is required."""
    return JsonResponse(
        {
            "issuer": settings.PUBLIC_URL,
            "token_endpoint": settings.PUBLIC_URL + reverse("api:tokens"),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "grant_types_supported": [GRANT_TYPE],
            "response_types_supported": [],
            "scopes_supported": sorted(SCOPES),
            "service_documentation": settings.PUBLIC_URL + reverse("api:docs"),
        },
        headers={"Cache-Control": "public, max-age=3600"},
    )


def _credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """Client and secret as they were pasted. Raises TokenError for two ways at once, and for another scheme."""
    scheme, _space, encoded = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return form.get("client_id", "").strip(), form.get("client_secret", "").strip()
    if scheme.lower() != "basic":
        raise _invalid_client("Send client_id and client_secret by HTTP Basic or in the form.")
    if "client_secret" in form:
        raise TokenError("invalid_request", "Send the secret by HTTP Basic or in the form, not both.")
    try:
        name, _colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        raise _invalid_client("The header of HTTP Basic cannot be read.") from None
    return unquote_plus(name).strip(), unquote_plus(secret).strip()


def _authenticated(request: HttpRequest, name: str, secret: str) -> ApiKey:
    """Raises TokenError; unknown client, wrong secret, revoked and expired key are the same to whoever asks."""
    client_id = client_id_of(name)
    if not client_id:
        raise _invalid_client("client_id is the beginning of an API key: mx_ and twelve characters.")
    if seconds := seconds_locked(request, client_id):
        description = f"The secret was wrong too often. Try again in {seconds} seconds."
        raise TokenError("invalid_client", description, 429, {"Retry-After": str(seconds)})
    key = find_client(client_id, secret)
    if key is None:
        count_wrong_guess(request, client_id)
        raise _invalid_client("The client is unknown or its secret is wrong.")
    if not key.is_open_to(request.META.get("REMOTE_ADDR", "")):
        raise TokenError("unauthorized_client", "This key may not be used from the address you call from.")
    return key


def _granted(key: ApiKey, asked: str) -> list[str]:
    """What was asked for, or all that the key holds. Raises TokenError for more than that."""
    wanted = set(asked.split())
    if not wanted.issubset(key.scopes):
        raise TokenError("invalid_scope", f"This key holds no other scopes than: {' '.join(key.scopes)}")
    return sorted(wanted) or key.scopes


def _invalid_client(description: str) -> TokenError:
    return TokenError("invalid_client", description, 401, _CHALLENGE)
