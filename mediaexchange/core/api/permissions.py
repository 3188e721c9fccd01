"""Whether a caller may do this at all. What it sees is up to ``visible_to``, what it moves up to services.

A key is asked for its scope, a member of staff for the permission that the admin asks for the same rows.
"""

from typing import TYPE_CHECKING

from django.contrib.auth import get_permission_codename
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from mediaexchange.core.errors import ForbiddenError
from mediaexchange.core.models import ApiKey

if TYPE_CHECKING:
    from rest_framework.views import APIView


class ScopePermission(BasePermission):
    """A key holds ``<resource>:read`` or ``<resource>:write`` of the view's ``resource``; staff may view such rows.

    Raises ForbiddenError for staff without a role that may.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not request.user.is_authenticated:
            return False
        resource = getattr(view, "resource", "")
        if not resource or getattr(view, "action", "") is None:  # a method that the view lacks is answered 405
            return True
        if isinstance(request.auth, ApiKey):
            return _holds(request, f"{resource}:{'read' if request.method in SAFE_METHODS else 'write'}")
        permission = permission_to_view(view)
        if not request.user.has_perm(permission):
            raise ForbiddenError("role-missing", _("Your role does not allow this."), permission=permission)
        return True


def permission_to_view(view: "APIView") -> str:
    """Django's name of it: the view's ``view_permission``, else its model's. Only superusers hold what has no name."""
    named: str = getattr(view, "view_permission", "")
    queryset = getattr(view, "queryset", None)
    if named or queryset is None:
        return named
    options = queryset.model._meta
    return f"{options.app_label}.{get_permission_codename('view', options)}"


def require_scope(request: Request, scope: str) -> None:
    """For requests that do more than their view's resource says. Raises PermissionDenied."""
    if not _holds(request, scope):
        raise PermissionDenied


def scopes_asked(request: Request) -> frozenset[str]:
    """The scopes that this request needed and had so far; none for a session."""
    asked: frozenset[str] = getattr(request, "_scopes_asked", frozenset())
    return asked


def _holds(request: Request, scope: str) -> bool:
    if not isinstance(request.auth, ApiKey):
        return True
    is_held = scope in request.auth.scopes
    if is_held:
        request._scopes_asked = scopes_asked(request) | {scope}  # type: ignore[attr-defined]  # kept with the request
    return is_held
