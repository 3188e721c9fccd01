"""Whether a credential may do this at all. What it sees is up to ``visible_to``, what it moves up to services."""

from typing import TYPE_CHECKING

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from mediaexchange.core.models import ApiKey

if TYPE_CHECKING:
    from rest_framework.views import APIView


class ScopePermission(BasePermission):
    """Signed in, and for a key: holding ``<resource>:read`` or ``<resource>:write`` of the view's ``resource``."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not request.user.is_authenticated:
            return False
        resource = getattr(view, "resource", "")
        verb = "read" if request.method in SAFE_METHODS else "write"
        return not resource or _holds(request, f"{resource}:{verb}")


def require_scope(request: Request, scope: str) -> None:
    """For requests that do more than their view's resource says. Raises PermissionDenied."""
    if not _holds(request, scope):
        raise PermissionDenied


def _holds(request: Request, scope: str) -> bool:
    return not isinstance(request.auth, ApiKey) or scope in request.auth.scopes
