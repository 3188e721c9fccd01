"""Who calls: a partner's API key, a token made from it, or signed-in staff. ``request.user`` is a User each time."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from mediaexchange.core.access_tokens import find_key_of_token, is_token
from mediaexchange.core.context import actor_id
from mediaexchange.core.errors import ForbiddenError
from mediaexchange.core.keys import find_key
from mediaexchange.core.models import ApiKey, User

SCHEME = "Bearer"


class ApiKeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer`` (RFC 6750) with a key or an access token; ``request.auth`` is the key either way.

    What is wrong, expired or revoked is 401 and never falls through; what may not come from that address is 403.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        text = _brought(request)
        if text is None:
            return None
        key = find_key_of_token(text) if is_token(text) else find_key(text)
        if key is None:
            raise AuthenticationFailed(_("The credentials are not valid."))
        if not key.is_open_to(request.META.get("REMOTE_ADDR", "")):
            raise ForbiddenError("address-not-allowed", _("This key may not be used from the address you call from."))
        actor_id.set(key.user_id)  # for logs and the audit trail; the request's context ends with the request
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        """Who has brought nothing is told no error (RFC 6750 §3.1)."""
        challenge = f'{SCHEME} realm="mediaexchange"'
        return challenge if _brought(request) is None else f'{challenge}, error="invalid_token"'


class StaffSessionAuthentication(SessionAuthentication):
    """The admin's session, with CSRF for everything that writes."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        return found if found and isinstance(found[0], User) else None

    def authenticate_header(self, request: Request | HttpRequest) -> str:
        return f'{SCHEME} realm="mediaexchange"'


def _brought(request: Request) -> str | None:
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == SCHEME.lower() else None
