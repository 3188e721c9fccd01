"""Who calls: a partner's API key or a signed-in member of staff. Either way ``request.user`` is a User."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from mediaexchange.core.context import actor_id
from mediaexchange.core.keys import find_key
from mediaexchange.core.models import ApiKey, User

SCHEME = "Bearer"


class ApiKeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer mx_…`` (RFC 6750). A wrong, expired or revoked key is 401 and never falls through."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        key = find_key(text.strip())
        if key is None:
            raise AuthenticationFailed(_("The credentials are not valid."))
        actor_id.set(key.user_id)  # for logs and the audit trail; the request's context ends with the request
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="mediaexchange"'


class StaffSessionAuthentication(SessionAuthentication):
    """The admin's session, with CSRF for everything that writes."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        return found if found and isinstance(found[0], User) else None

    def authenticate_header(self, request: Request | HttpRequest) -> str:
        return f'{SCHEME} realm="mediaexchange"'
