"""Sign-in for staff; what they may do in the admin follows from their memberships, not from Django's groups."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from broadcasters.permissions import permissions_of, roles_of
from mediaexchange.core.models import User


class RoleBackend(ModelBackend):
    """Passwords as usual; service accounts never sign in."""

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        return super().user_can_authenticate(user) and not (isinstance(user, User) and user.is_service)

    def get_all_permissions(self, user_obj: AbstractBaseUser | AnonymousUser, obj: Model | None = None) -> set[str]:
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return set()
        return permissions_of(user_obj)

    def standing_of(self, user: User) -> set[str]:
        """Each role with its broadcaster, as one word that a ledger may keep."""
        return {f"role:{broadcaster}:{role}" for broadcaster, roles in roles_of(user).items() for role in roles}
